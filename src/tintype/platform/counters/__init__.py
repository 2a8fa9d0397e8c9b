"""Counts of likes, comments and shares where every process has them at hand."""
