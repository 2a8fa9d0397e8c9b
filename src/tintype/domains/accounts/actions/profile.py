"""Changes that people make to their own account."""

from typing import Any

from tintype.domains.accounts import rules
from tintype.domains.accounts.actions.audit import audit
from tintype.domains.accounts.actions.register import claim_username
from tintype.domains.accounts.events import AccountPrivacyChanged, ProfileChanged
from tintype.platform import clock, textpolicy
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import NotFound
from tintype.platform.event_log.port import publish
from tintype.platform.mail import port as mail

JUDGED = ("username", "full_name", "bio", "website")


async def update(tx: Tx, actor: Actor, change: rules.ProfileChange) -> None:
    """Change what was sent of the actor's account; the same again changes nothing.

    Raises Invalid, FieldProtected, TextBlocked or UsernameTaken.
    """
    wanted = rules.profile_change(change)
    for field in JUDGED:
        if wanted.get(field):
            textpolicy.check(wanted[field], field)
    row = await tx.row(LOCK, actor.id)
    if row is None:
        raise NotFound
    before: dict[str, Any] = dict(row)
    if "preferences" in wanted:
        wanted["preferences"] = rules.merge_preferences(before["preferences"], wanted["preferences"])
    changed = {name for name, value in wanted.items() if before[name] != value}
    if "email" in changed:
        raise rules.FieldProtected.fields(email=rules.WITH_PASSWORD())
    if not changed:
        return
    after = {**before, **wanted}
    if "username" in changed:
        await claim_username(tx, actor.id, after["username"])
        await tx.run(RELEASE_USERNAME, before["username"], actor.id, clock.now())
        await audit(tx, "account.username_changed", f"account {actor.id}")
        language = before["preferences"].get("language") or "en"
        names = {"username": after["username"], "before": before["username"]}
        await mail.send(tx, before["email"], "username_changed", language, **names)
    await tx.run(UPDATE, actor.id, *(after[name] for name in COLUMNS))
    if changed - {"is_private"}:
        await publish(tx, ProfileChanged(account_id=actor.id))
    if "is_private" in changed:
        await publish(tx, AccountPrivacyChanged(account_id=actor.id, is_private=after["is_private"]))


COLUMNS = ("username", "full_name", "bio", "website", "phone", "is_private", "preferences")

LOCK = """
-- accounts: one's own account, to change it
select username, full_name, bio, website, email, phone, is_private, preferences
from accounts where id = $1 and deleted_at is null and status = 'active' for update
"""

UPDATE = """
-- accounts: change a profile
update accounts set username = $2, full_name = $3, bio = $4, website = $5, phone = $6, is_private = $7,
  preferences = $8
where id = $1
"""

RELEASE_USERNAME = """
-- accounts: let go of a username; it stays blocked for others for a while
update usernames set released_at = $3 where username = $1 and account_id = $2
"""
