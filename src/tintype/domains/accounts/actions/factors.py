"""Second steps of a log-in: an authenticator app, passkeys, and codes on paper for when they are lost."""

from collections.abc import Sequence

from tintype.domains.accounts import reads, rules
from tintype.domains.accounts.actions.audit import audit
from tintype.platform import clock, ids, sealing
from tintype.platform.db import Actor, Tx
from tintype.platform.mail import port as mail


async def set_up_totp(tx: Tx, actor: Actor) -> str:
    """A new secret for an app; it counts once a code of it was confirmed. Raises TotpAlreadyOn."""
    secret = rules.new_secret()
    sealed = sealing.seal(secret.encode(), _purpose(actor.id))
    if not await tx.run(SET_UP, actor.id, sealed, clock.now()):
        raise rules.TotpAlreadyOn
    return secret


async def confirm_totp(tx: Tx, actor: Actor, code: str) -> list[str]:
    """The app works: from now on it is asked for. Returns recovery codes if these are the first.

    Raises SecondFactorFailed, NoSecondFactor where nothing was set up.
    """
    row = await tx.row(TOTP, actor.id)
    if row is None or row["confirmed_at"] is not None:
        raise rules.NoSecondFactor
    step = _step(actor.id, row["secret"], code, row["last_step"])
    if step is None:
        raise rules.SecondFactorFailed.about("code")
    await tx.run(CONFIRM, actor.id, step, clock.now())
    return await _added(tx, actor, "totp")


async def remove_totp(tx: Tx, actor: Actor) -> None:
    """The app is asked for no longer. Raises NoSecondFactor."""
    if not await tx.run(REMOVE_TOTP, actor.id):
        raise rules.NoSecondFactor
    await _removed(tx, actor, "totp")


async def add_passkey(
    tx: Tx, actor: Actor, name: str, credential_id: bytes, public_key: bytes, sign_count: int, transports: Sequence[str]
) -> tuple[int, list[str]]:
    """A verified passkey is the actor's. Returns its id, and recovery codes if it is the first second step.

    Raises PasskeyRefused where it is somebody's already, PasskeyLimit.
    """
    await tx.run(LOCK, actor.id)
    if len(await reads.passkeys(tx, actor.id)) >= rules.PASSKEYS_MOST:
        raise rules.PasskeyLimit
    passkey_id = ids.new(actor.id)
    given = (credential_id, public_key, sign_count, list(transports), name, clock.now())
    if not await tx.run(ADD_PASSKEY, actor.id, passkey_id, *given):
        raise rules.PasskeyRefused
    return passkey_id, await _added(tx, actor, "passkey")


async def rename_passkey(tx: Tx, actor: Actor, passkey_id: int, name: str) -> None:
    """Call a passkey otherwise. Raises NoSecondFactor."""
    if not await tx.run(RENAME_PASSKEY, actor.id, passkey_id, name):
        raise rules.NoSecondFactor


async def remove_passkey(tx: Tx, actor: Actor, passkey_id: int) -> None:
    """A passkey opens nothing any more. Raises NoSecondFactor, or LastWayIn if there were no other."""
    if not await tx.run(REMOVE_PASSKEY, actor.id, passkey_id):
        raise rules.NoSecondFactor
    await check_way_in(tx, actor.id)
    await _removed(tx, actor, "passkey")


async def use_passkey(tx: Tx, account_id: int, passkey_id: int, sign_count: int) -> None:
    """A passkey was used. Raises PasskeyRefused if it was removed, or its counter went back: it was copied."""
    if not await tx.run(USE_PASSKEY, account_id, passkey_id, sign_count, clock.now()):
        raise rules.PasskeyRefused


async def use_code(tx: Tx, account_id: int, code: str) -> bool:
    """Whether a code is right: of the app, each step once; or a recovery code, once."""
    row = await tx.row(TOTP, account_id)
    if row is not None and row["confirmed_at"] is not None:
        step = _step(account_id, row["secret"], code, row["last_step"])
        if step is not None:
            await tx.run(TAKE_STEP, account_id, step)
            return True
    if await tx.run(USE_CODE, account_id, rules.code_hash(account_id, code), clock.now()):
        await audit(tx, "account.recovery_code_used", f"account {account_id}")
        return True
    return False


async def new_recovery_codes(tx: Tx, actor: Actor) -> list[str]:
    """Fresh codes, shown once; those of before are void. Raises NoSecondFactor where there is none to recover."""
    if not await reads.methods(tx, actor.id):
        raise rules.NoSecondFactor
    await audit(tx, "account.recovery_codes_made", f"account {actor.id}")
    return await _make_codes(tx, actor.id)


async def check_way_in(tx: Tx, account_id: int) -> None:
    """Raise LastWayIn unless the account can still be entered by password, passkey or from elsewhere."""
    if not await tx.value(HAS_WAY_IN, account_id):
        raise rules.LastWayIn


async def _added(tx: Tx, actor: Actor, kind: str) -> list[str]:
    await audit(tx, f"account.{kind}_added", f"account {actor.id}")
    await _tell(tx, actor, "second_factor_added", kind)
    has_codes = "recovery" in await reads.methods(tx, actor.id)
    return [] if has_codes else await _make_codes(tx, actor.id)


async def _removed(tx: Tx, actor: Actor, kind: str) -> None:
    await audit(tx, f"account.{kind}_removed", f"account {actor.id}")
    await _tell(tx, actor, "second_factor_removed", kind)
    if not await reads.methods(tx, actor.id):
        await tx.run(DROP_CODES, actor.id)


async def _tell(tx: Tx, actor: Actor, text: str, kind: str) -> None:
    owner = await reads.owner(tx, actor.id)
    await mail.send(tx, owner.email, text, owner.language or "en", username=owner.username, what=kind)


async def _make_codes(tx: Tx, account_id: int) -> list[str]:
    codes = rules.new_codes()
    await tx.run(DROP_CODES, account_id)
    await tx.run(ADD_CODES, account_id, [rules.code_hash(account_id, code) for code in codes])
    return codes


def _step(account_id: int, sealed: bytes, code: str, after: int) -> int | None:
    secret = sealing.unseal(sealed, _purpose(account_id)).decode()
    return rules.totp_step(secret, code, clock.now().timestamp(), after)


def _purpose(account_id: int) -> str:
    return f"totp {account_id}"


LOCK = """
-- accounts: one's own account, so that of its passkeys one is added at a time
select from accounts where id = $1 for update
"""

SET_UP = """
-- accounts: a secret for an app, in place of one that was never confirmed
insert into totp_secrets as t (account_id, secret, created_at) values ($1, $2, $3)
on conflict (account_id) do update set secret = excluded.secret, last_step = 0, created_at = excluded.created_at
where t.confirmed_at is null
"""

TOTP = """
-- accounts: the secret of an account's app, held, so that a code is taken once
select secret, confirmed_at, last_step from totp_secrets where account_id = $1 for update
"""

CONFIRM = """
-- accounts: an app works
update totp_secrets set confirmed_at = $3, last_step = $2 where account_id = $1
"""

TAKE_STEP = """
-- accounts: a code was taken
update totp_secrets set last_step = $2 where account_id = $1
"""

REMOVE_TOTP = """
-- accounts: an app is asked for no longer
delete from totp_secrets where account_id = $1 and confirmed_at is not null
"""

ADD_PASSKEY = """
-- accounts: a new passkey
insert into passkeys (account_id, id, credential_id, public_key, sign_count, transports, name, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing
"""

RENAME_PASSKEY = """
-- accounts: call a passkey otherwise
update passkeys set name = $3 where account_id = $1 and id = $2
"""

REMOVE_PASSKEY = """
-- accounts: remove a passkey
delete from passkeys where account_id = $1 and id = $2
"""

USE_PASSKEY = """
-- accounts: a passkey was used; its counter, if it has one, only grows
update passkeys set sign_count = $3, last_used_at = $4
where account_id = $1 and id = $2 and (sign_count < $3 or (sign_count = 0 and $3 = 0))
"""

USE_CODE = """
-- accounts: use a recovery code once
update recovery_codes set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null
"""

DROP_CODES = """
-- accounts: recovery codes that are void
delete from recovery_codes where account_id = $1
"""

ADD_CODES = """
-- accounts: new recovery codes
insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])
"""

HAS_WAY_IN = """
-- accounts: whether an account can be entered at all
select exists (select from accounts where id = $1 and password_hash is not null)
  or exists (select from passkeys where account_id = $1) or exists (select from identities where account_id = $1)
"""
