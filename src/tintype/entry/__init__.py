"""What runs: the API, the worker, the supervisor, the command line."""
