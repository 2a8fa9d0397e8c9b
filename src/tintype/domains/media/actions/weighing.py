"""Setting right what a row says that its files take."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tintype.platform.db import Tx
from tintype.platform.video.streams import Stream


async def weigh(tx: Tx, media_id: int, upload: int, sizes: Mapping[str, int]) -> None:
    """Take the sizes of the upload and of the files, by name, as the store holds them."""
    row = await tx.row(LOCK, media_id)
    if row is None:
        return
    prefix = f"{row['render']}/" if row["render"] else ""
    renditions: dict[str, dict[str, Any]] = {
        size: made | {"bytes": sum(sizes.get(prefix + name, 0) for name in made["files"])}
        for size, made in row["renditions"].items()
    }
    captions = [one | {"size": sizes.get(one["name"], 0)} for one in row["captions"]]
    files = msgspec.convert(row["stream"], Stream).files() if row["stream"] is not None else ()
    await tx.run(SET, media_id, upload, renditions, captions, sum(sizes.get(name, 0) for name in files))


LOCK = """
-- media: verify: one whose sizes are to be set right
select renditions, render, captions, stream from media where id = $1 for update
"""

SET = """
-- media: verify: its sizes
update media set size = case when size is null and $2 = 0 then null else $2 end, renditions = $3, captions = $4,
  stream_size = $5
where id = $1
"""
