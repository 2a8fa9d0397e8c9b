"""The log carried by Kafka: a relay produces what is in PostgreSQL, lanes read it from there.

What makes it safe is said end to end, by each record, and rests neither on the producer nor on the broker. `pos` is its
place in the log and `after` the place of the one before it in its partition: who reads drops what is not behind what it
has seen, and what does not follow on that. So a relay that should be gone, a batch that was sent twice, one that was
lost and sent after the next: none does harm, and what is missing is seen and asked for. `incarnation` tells records
from before a restore of the database, which are dropped too.
"""
