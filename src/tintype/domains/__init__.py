"""One folder a domain, the same rooms in each."""
