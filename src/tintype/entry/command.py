"""What every command of `tintype` is made of: the program, its groups, settings, and how it speaks."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from cyclopts import App, Group, Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.table import Table

from tintype import __version__
from tintype.platform import config
from tintype.platform.clients import trust
from tintype.platform.config import Settings

RUN = Group("Run", sort_key=1)
PEOPLE = Group("People and posts", sort_key=2)
LOOK_AFTER = Group("Look after", sort_key=3)

app = App(
    name="tintype",
    help="A photo-sharing platform people can own. Settings are TINTYPE_… variables or a tintype.toml.",
    version=__version__,
    help_epilogue="`tintype COMMAND --help` tells more; docs/operations.md is the operator's first page.",
)

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON for programs.")]
Who = Annotated[str, Parameter(help="Username (with or without @), e-mail address or id.")]
Positive = Annotated[int, Parameter(validator=Number(gte=1))]


class Failed(RuntimeError):
    """What went wrong, in a sentence."""


def settings() -> Settings:
    """The settings as the environment and tintype.toml give them. Raises Failed, naming each that is wrong."""
    try:
        given = config.read()
    except config.Unusable as error:
        raise Failed("These settings cannot be used:\n" + "\n".join(f"  {one}" for one in error.problems)) from None
    trust.use(given.engines_ca)
    return given


def say(text: str) -> None:
    """A line for whoever ran the command."""
    sys.stdout.write(f"{text}\n")


def say_json(value: Any) -> None:
    """The same for programs."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def say_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The same for eyes."""
    table = Table(*columns, box=None, header_style="bold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(highlight=False, markup=False).print(table)
