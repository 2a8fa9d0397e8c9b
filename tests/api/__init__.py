"""The API as clients meet it: the wire, the contract, the document, what operators see."""
