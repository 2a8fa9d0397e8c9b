"""The cache that processes share: bytes by key, each with its time to live."""
