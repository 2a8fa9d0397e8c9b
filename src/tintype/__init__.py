"""Tintype: a photo-sharing platform people can own."""

__version__ = "0.1.0"
