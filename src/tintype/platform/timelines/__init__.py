"""Timelines: who has which post in the home feed, as the fan-out wrote it."""
