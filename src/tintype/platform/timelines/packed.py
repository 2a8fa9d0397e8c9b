"""Feeds in Redis: how an entry is packed, and what is done to a feed on the server, in one step each.

A feed is a sorted set whose scores are all 0, so that its order is that of its members: 8 bytes of feed_id, and how far
post_id lies below it in as few bytes as that takes. 900 of them are one listpack of 16 KB. The author is not in it: 8
more bytes would make it 24 KB. The first member is the mark: eight zeros, and `B` with a token of 8 bytes while
somebody builds it or nobody may, or `E` with the epoch, the server's identity, the token of who built it, and whether
older entries are missing. Another token tells that it is not the feed of before.
"""

from collections.abc import Sequence

from tintype.platform.clients.redis import IDENTITY, Script
from tintype.platform.timelines.port import Entry

NOTHING = b"\0" * 8
TOKEN = 8
BUILDING = NOTHING + b"B"
WHOLE, TRIMMED = b"1", b"0"


def packed(one: Entry) -> bytes:
    """An entry as a member."""
    below = one.feed_id - one.post_id
    return one.feed_id.to_bytes(8, "big") + below.to_bytes((below.bit_length() + 8) // 8, "big", signed=True)


def unpacked(member: bytes) -> tuple[int, int]:
    """feed_id and post_id of a member."""
    feed_id = int.from_bytes(member[:8], "big")
    return feed_id, feed_id - int.from_bytes(member[8:], "big", signed=True)


def dated(epoch: bytes) -> bytes:
    """The mark of a feed of this epoch; the server's identity, the token and WHOLE or TRIMMED follow."""
    return NOTHING + b"E" + epoch


def page_bounds(before: int | None, since: int) -> tuple[bytes, bytes]:
    """From where to where members are in since <= feed_id < before."""
    return b"+" if before is None else b"(" + before.to_bytes(8, "big"), b"[" + max(since, 1).to_bytes(8, "big")


def parts(members: Sequence[bytes]) -> list[bytes]:
    """Arguments of ZADD."""
    return [part for member in members for part in (b"0", member)]


TRIM = """
local function trim(key, full, keep)
  if redis.call('ZCARD', key) > full + 1 then
    redis.call('ZREMRANGEBYRANK', key, 1, -keep - 1)
    local mark = redis.call('ZRANGE', key, 0, 0)[1]
    if string.sub(mark, 9, 9) == 'E' and string.sub(mark, -1) == '1' then
      redis.call('ZREM', key, mark)
      redis.call('ZADD', key, 0, string.sub(mark, 1, -2) .. '0')
    end
  end
end
"""

MARKED = """
local function token(mark)
  return string.sub(mark, 9, 9) == 'B' and string.sub(mark, 10) or string.sub(mark, -9, -2)
end
"""

# many keys; full, keep, member, mark, milliseconds: the feeds' tokens; what is not there is closed by the mark
ADD = Script(
    TRIM
    + MARKED
    + """
local found = {}
for n, key in ipairs(KEYS) do
  local mark = redis.call('ZRANGE', key, 0, 0)[1]
  if mark then
    redis.call('ZADD', key, 0, ARGV[3])
    trim(key, tonumber(ARGV[1]), tonumber(ARGV[2]))
    found[n] = token(mark)
  else
    redis.call('ZADD', key, 0, ARGV[4])
    redis.call('PEXPIRE', key, ARGV[5])
    found[n] = token(ARGV[4])
  end
end
return table.concat(found)
"""
)

# many keys; mark, tokens: takes away what the mark has closed, and what is not the feed of that token any more
ENDED = Script(
    MARKED
    + """
for n, key in ipairs(KEYS) do
  local mark = redis.call('ZRANGE', key, 0, 0)[1]
  if mark and (mark == ARGV[1] or token(mark) ~= string.sub(ARGV[2], n * 8 - 7, n * 8)) then
    redis.call('UNLINK', key)
  end
end
"""
)

# dated, highest, lowest, how many: the last byte of the mark, and members; nothing where no such feed is there
READ = Script(
    IDENTITY
    + """
local mark = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not mark or string.sub(mark, 1, -10) ~= ARGV[1] .. identity() then
  return {}
end
return {string.sub(mark, -1), redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[3], 'BYLEX', 'REV', 'LIMIT', 0, ARGV[4])}
"""
)

# mark, milliseconds, dated: 1, or 0 where somebody else is at it or has done it
BEGIN = Script(
    IDENTITY
    + """
local mark = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if mark and (string.sub(mark, 9, 9) == 'B' or string.sub(mark, 1, -10) == ARGV[3] .. identity()) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
)

# full, keep, mark, dated, whole or trimmed, milliseconds, score, member, …: 0 where the mark is not there any more
FILL = Script(
    IDENTITY
    + TRIM
    + """
if not redis.call('ZSCORE', KEYS[1], ARGV[3]) then
  return 0
end
redis.call('ZREM', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[1], 0, ARGV[4] .. identity() .. string.sub(ARGV[3], 10) .. ARGV[5])
if ARGV[7] then
  redis.call('ZADD', KEYS[1], unpack(ARGV, 7))
end
trim(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1
"""
)

# mark, milliseconds: nobody builds it until then
CLOSE = Script("""
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
""")

# lowest, highest: what lies between goes; and all of what somebody is building
REMOVE = Script("""
local mark = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not mark then
  return 0
end
if string.sub(mark, 9, 9) == 'B' then
  return redis.call('DEL', KEYS[1])
end
return redis.call('ZREMRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2])
""")

SCRIPTS = (ADD, ENDED, READ, BEGIN, FILL, CLOSE, REMOVE)
