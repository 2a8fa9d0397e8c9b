"""What looks for malware in uploads before anything else reads them."""
