"""The object store: uploads, private to their owners, and the files made of them."""
