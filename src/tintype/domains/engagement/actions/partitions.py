"""How reactions and comments are partitioned: by ranges of ids, which are in order of time (decision 17)."""

from datetime import timedelta

from tintype.platform.partitions import Ranges

REACTIONS = Ranges("reactions", "month", ahead=timedelta(days=92))
COMMENTS = Ranges("comments", "quarter", ahead=timedelta(days=92))
