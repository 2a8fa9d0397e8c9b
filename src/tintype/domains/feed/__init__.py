"""The home feed: fan-out on write, a recipe on read."""
