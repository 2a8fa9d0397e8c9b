"""Pictures: untrusted bytes are decoded in child processes that can do nothing else."""
