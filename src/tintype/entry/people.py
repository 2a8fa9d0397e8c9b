"""`tintype user …` and `tintype post …`: what operators do to people and posts, as the product itself."""

import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from getpass import getpass
from typing import Annotated, Literal

from cyclopts import App, Parameter

from tintype.domains.accounts import actions as accounts
from tintype.domains.accounts import reads, rules
from tintype.domains.accounts.reads import LoginRow
from tintype.domains.posts import actions as posts
from tintype.entry import running
from tintype.entry.command import PEOPLE, Failed, Positive, Who, app, say, settings
from tintype.platform import db, ids, passwords
from tintype.platform.db import Tx

Role = Literal["user", "moderator", "admin"]

user = App(name="user", help="Make accounts, give roles, suspend, let in again.", group=PEOPLE)
post = App(name="post", help="Take posts out of view.", group=PEOPLE)
app.command(user)
app.command(post)


@user.command
async def create(
    username: str,
    email: str,
    *,
    full_name: str = "",
    role: Role = "user",
    admin: Annotated[bool, Parameter(negative="")] = False,
    password: str | None = None,
) -> None:
    """Make an account; without a password, print the link by which its owner sets one.

    Parameters
    ----------
    username
        What it is called.
    email
        Its e-mail address.
    full_name
        Its owner's name.
    role
        What it may do.
    admin
        The same as --role admin.
    password
        `prompt` asks for it, `generated` makes one and prints it; anything else is the password itself, which others
        on this machine may see in the list of processes.
    """
    given = _password(password)
    async with running.opened(settings(), "user create"):
        passwords.use_cost(settings().bcrypt_cost)
        hashed = await passwords.hash(given) if given is not None else None
        token = None
        async with db.act(db.SYSTEM) as tx:
            account_id = await accounts.create(tx, username, email, hashed, full_name, "admin" if admin else role)
            if hashed is None:
                token = await accounts.reset_link(tx, account_id)
    there = f"@{username.removeprefix('@').lower()} is there, with id {account_id}."
    if token is not None:
        say(f"{there} Its password is set, within a day, at\n  {_reset_url(token)}")
    else:
        say(f"{there} Its password: {given}" if password == "generated" else there)  # noqa: S105 - a word for us


@user.command
async def promote(who: Who, role: Role = "admin") -> None:
    """Give an account a role: admin unless another is named."""
    async with _acting("user promote") as tx:
        found = await _find(tx, who)
        await accounts.promote(tx, found.id, role)
    say(f"@{found.username} is {role}. Whoever is logged in with it logs in again to use it.")


@user.command
async def suspend(who: Who) -> None:
    """Hide an account from everybody and log it out."""
    async with _acting("user suspend") as tx:
        found = await _find(tx, who)
        await accounts.suspend(tx, found.id)
    say(f"@{found.username} is suspended.")


@user.command
async def unsuspend(who: Who) -> None:
    """Bring a suspended account back."""
    async with _acting("user unsuspend") as tx:
        found = await _find(tx, who)
        await accounts.unsuspend(tx, found.id)
    say(f"@{found.username} is no longer suspended.")


@user.command
async def approve(who: Who) -> None:
    """Let in an account that waits for approval."""
    async with _acting("user approve") as tx:
        found = await _find(tx, who)
        await accounts.approve(tx, found.id)
    say(f"@{found.username} is let in.")


@user.command(name="reset-link")
async def reset_link(who: Who) -> None:
    """Print a link, good once and for a day, that sets a new password."""
    async with _acting("user reset-link") as tx:
        found = await _find(tx, who)
        token = await accounts.reset_link(tx, found.id)
    say(_reset_url(token))


@user.command
async def invite(*, uses: Positive = 1, days: Positive = 14) -> None:
    """Print a code to register with, where registration is by invitation.

    Parameters
    ----------
    uses
        How many may use it.
    days
        For how long.
    """
    async with _acting("user invite") as tx:
        code = await accounts.invite(tx, uses, days)
    say(code)


@post.command
async def remove(post_id: str) -> None:
    """Take a post out of view; its author still sees it, with the reason."""
    async with _acting("post remove") as tx:
        await posts.remove(tx, db.SYSTEM, ids.parse(post_id))
    say(f"The post {post_id} is removed.")


@asynccontextmanager
async def _acting(who: str) -> AsyncIterator[Tx]:
    async with running.opened(settings(), who), db.act(db.SYSTEM) as tx:
        yield tx


async def _find(tx: Tx, who: str) -> LoginRow:
    """The account of a username, e-mail address or id, whatever its state."""
    found = await reads.by_login(tx, who)
    if found is None and who.isascii() and who.isdigit():
        profile = await reads.profile(tx, ids.parse(who), live=False)
        found = await reads.by_login(tx, profile.username)
    if found is None:
        raise Failed(f"There is no account {who}.")
    return found


def _password(asked: str | None) -> str | None:
    """The password that the option means. Raises Invalid for one that is too short or long."""
    if asked == "generated":
        return secrets.token_urlsafe(15)
    if asked != "prompt":
        return rules.password(asked) if asked is not None else None
    if not sys.stdin.isatty():
        return rules.password(sys.stdin.readline().rstrip("\n"))
    typed = rules.password(getpass("Password: "))
    if getpass("Again: ") != typed:
        raise Failed("The two are not the same.")
    return typed


def _reset_url(token: str) -> str:
    return f"{settings().public_url}/reset?token={token}"
