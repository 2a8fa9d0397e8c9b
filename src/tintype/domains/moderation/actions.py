"""Judge a post and record the decision on its row."""

from tintype.domains.moderation import rules
from tintype.domains.posts import actions as posts
from tintype.domains.posts import reads
from tintype.platform import clock
from tintype.platform.db import Tx


async def judge(tx: Tx, post_id: int, revision: int) -> None:
    """Judge one revision. An event that comes late, for a post that is gone or was edited again, does nothing."""
    post = await reads.judged_text(tx, post_id)
    if post is None or post["revision"] != revision:
        return
    same = await reads.same_caption(tx, post["author_id"], post_id, post["caption"])
    verdict = rules.judge([post["caption"], *post["other_texts"]], same)
    decision = {
        "verdict": "blocked" if verdict.code else "approved",
        "reason": verdict.reason,
        "rule": verdict.rule,
        "revision": revision,
        "by": "text-policy",
        "at": clock.iso(clock.now()),
    }
    if verdict.code is None:
        await posts.approve(tx, post_id, revision, decision)
    else:
        await posts.block(tx, post_id, revision, verdict.code, decision)
