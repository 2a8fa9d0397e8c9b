"""Connections to engines that several adapters share."""
