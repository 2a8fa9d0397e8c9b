"""Tests of the repository itself: what is written about it is so."""
