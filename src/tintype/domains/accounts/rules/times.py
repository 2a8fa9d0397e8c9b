"""How long what lives."""

from datetime import timedelta

NAME_BLOCKED = timedelta(days=14)
GRACE = timedelta(seconds=10)
RESET_LINK_LIVES = timedelta(hours=24)
EMAIL_LINK_LIVES = timedelta(hours=24)
WAY_IN_LIVES = timedelta(minutes=10)
FRESH = timedelta(minutes=10)
LEAVING = timedelta(days=7)
OVERDUE = timedelta(hours=1)
