"""Blocks and mutes. They may be set and lifted also where one is blocked oneself."""

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as card
from tintype.domains.accounts import reads as accounts
from tintype.domains.accounts.reads import Account
from tintype.domains.graph import actions, reads
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.paging import Page, place


class Blocking(msgspec.Struct):
    blocking: bool


class Muting(msgspec.Struct):
    muting: bool


@post("/users/{user_id:str}/block", operation_id="block", status_code=200)
async def block(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Blocking:
    """Block an account: neither sees anything of the other any more, and follows of each other end."""
    async with db.act(actor) as tx:
        await actions.block(tx, actor, (await accounts.find(tx, user_id, actor.id)).id)
        return Blocking(True)


@delete("/users/{user_id:str}/block", operation_id="unblock", status_code=200)
async def unblock(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Blocking:
    """Block an account no longer."""
    async with db.act(actor) as tx:
        await actions.unblock(tx, actor, (await accounts.find(tx, user_id, actor.id)).id)
        return Blocking(False)


@post("/users/{user_id:str}/mute", operation_id="mute", status_code=200)
async def mute(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Muting:
    """Keep an account's posts out of one's home feed. It is not told."""
    async with db.act(actor) as tx:
        await actions.mute(tx, actor, (await accounts.find(tx, user_id, actor.id)).id)
        return Muting(True)


@delete("/users/{user_id:str}/mute", operation_id="unmute", status_code=200)
async def unmute(actor: NamedDependency[Actor], user_id: FromPath[str]) -> Muting:
    """Have an account's posts in one's home feed again."""
    async with db.act(actor) as tx:
        await actions.unmute(tx, actor, (await accounts.find(tx, user_id, actor.id)).id)
        return Muting(False)


@get("/users/me/blocks", operation_id="listBlocks")
async def blocks(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Account]:
    """Accounts that one has blocked, newest first."""
    async with db.read() as r:
        return await card.page(r, await reads.blocks(r, actor.id, place("blocks", actor.id, cursor, limit)))


@get("/users/me/mutes", operation_id="listMutes")
async def mutes(
    actor: NamedDependency[Actor], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 20
) -> Page[Account]:
    """Accounts that one has muted, newest first."""
    async with db.read() as r:
        return await card.page(r, await reads.mutes(r, actor.id, place("mutes", actor.id, cursor, limit)))


ROUTES = [block, unblock, mute, unmute, blocks, mutes]
