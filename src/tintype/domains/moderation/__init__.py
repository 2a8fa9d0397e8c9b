"""Judging posts before others see them."""
