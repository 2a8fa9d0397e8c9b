"""The rule of expand and contract: while a migration runs, and after it, the version before it still serves.

So a migration adds. What takes away or tightens waits for a release in which nothing uses it any more, in a file whose
name ends in `_contract.sql`.

One thing looks like more: a table may make room for a partitioned one of its name, of which it becomes the first
partition. The version that runs finds the same rows under the same name; views, which follow the old table, are made
anew.
"""

import re
from collections.abc import Mapping

CONTRACT = "_contract.sql"
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
CREATED = re.compile(r"\bcreate (?:unlogged )?table (?:if not exists )?([\w.\"]+)")
ALTERED = re.compile(r"^alter table (?:if exists )?(?:only )?([\w.\"]+) (.*)", re.DOTALL)
INDEXED = re.compile(r"^create (unique )?index (concurrently )?(?:if not exists )?(?:[\w\"]+ )?on (?:only )?([\w.\"]+)")
VIEWED = re.compile(r"^create (?:or replace )?view ([\w\"]+) as (.*)", re.DOTALL)
RENAMED = re.compile(r"^alter (table|index) ([\w\"]+) rename to ([\w\"]+)$")
DROPPED = re.compile(r"^drop (table|view|materialized view|function|procedure|type|domain|sequence|schema|trigger)\b")

# What a clause of `alter table` on a table that is in use must not do.
CLAUSES = {
    "renames": re.compile(r"^rename\b"),
    "drops a column": re.compile(r"^drop (?:column )?(?!constraint\b|default\b)\w"),
    "changes a type": re.compile(r"^alter (?:column )?[\w\"]+ (?:set data )?type\b"),
    "forbids null": re.compile(r"^alter (?:column )?[\w\"]+ set not null\b"),
    "takes a default away": re.compile(r"^alter (?:column )?[\w\"]+ drop default\b"),
    "adds a column that must be given": re.compile(
        r"^add (?:column )?(?!constraint\b|check\b|unique\b|primary\b|foreign\b|exclude\b)"
        r"(?!.*\b(?:default|generated)\b).*\b(?:not null|primary key)\b",
        re.DOTALL,
    ),
    "adds a rule to rows": re.compile(
        r"^add (?:constraint [\w\"]+ )?(?:check|unique|primary|foreign|exclude)\b", re.DOTALL
    ),
    "moves": re.compile(r"^set (?:schema|tablespace)\b"),
}


def broken(files: Mapping[str, str], *, indexes_from: str = "") -> list[str]:
    """What in these migrations, in the order of their names, would break the version that runs.

    From the file `indexes_from` on, an index on a table in use is made concurrently.
    """
    found: list[str] = []
    views: dict[str, str] = {}
    for name, text in sorted(files.items()):
        if name.endswith(CONTRACT):
            continue
        statements = _statements(text)
        parted = _parted(statements, views)
        new: set[str] = set()
        for one in statements:
            new.update(CREATED.findall(one))
            if viewed := VIEWED.match(one):
                views[viewed.group(1)] = viewed.group(2)
            if not _makes_room(one, parted):
                found += [f"{name}: {what}: {one[:80]}" for what in _wrongs(one, new, strict=name >= indexes_from)]
    return found


def _parted(statements: list[str], views: Mapping[str, str]) -> set[str]:
    """The tables that become the first partition of a new one of their name, with every view over them made anew."""
    found = set()
    for at, one in enumerate(statements):
        renamed = RENAMED.match(one)
        if renamed is None or renamed.group(1) != "table":
            continue
        name, later = renamed.group(2), statements[at + 1 :]
        shell = re.compile(
            rf"^create table {name} \(like {name}_before including defaults\b.*\) partition by range \(\w+\)$"
        )
        made = [n for n, other in enumerate(later) if shell.match(other)]
        filled = any(other.startswith(f"select partition_first('{name}'") for other in later)
        over = {view for view, text in views.items() if re.search(rf"\b{name}\b", text)}
        anew = {viewed.group(1) for other in later[made[0] :] if (viewed := VIEWED.match(other))} if made else set()
        if renamed.group(3) == f"{name}_before" and made and filled and over <= anew:
            found.add(name)
    return found


def _makes_room(statement: str, parted: set[str]) -> bool:
    """Whether it renames a table that becomes a partition, or an index of it."""
    renamed = RENAMED.match(statement)
    return renamed is not None and any(
        renamed.group(3) == f"{name}_before"
        if renamed.group(1) == "table"
        else renamed.group(3) == renamed.group(2).replace(name, f"{name}_before", 1)
        for name in parted
        if renamed.group(2).startswith(name)
    )


def _statements(text: str) -> list[str]:
    """The statements, in small letters and on one line each, without comments and bodies of functions."""
    plain = BODY.sub("''", COMMENT.sub(" ", text)).lower()
    return [" ".join(one.split()) for one in plain.split(";") if one.strip()]


def _wrongs(statement: str, new: set[str], *, strict: bool) -> list[str]:
    if dropped := DROPPED.match(statement):
        return [f"drops a {dropped.group(1)}"]
    if re.match(r"^alter (?!table\b|role\b|default\b)[\w ]+ rename\b", statement):
        return ["renames"]
    if re.match(r"^(truncate|lock)\b", statement):
        return [f"{statement.split()[0]}s a table"]
    if (indexed := INDEXED.match(statement)) and indexed.group(3) not in new:
        unique, concurrently = indexed.group(1), indexed.group(2)
        if unique:
            return ["adds a rule to rows"]
        return ["holds up writes while it makes an index"] if strict and not concurrently else []
    if (altered := ALTERED.match(statement)) and altered.group(1) not in new:
        clauses = _clauses(altered.group(2))
        return [what for what, pattern in CLAUSES.items() if any(pattern.match(one) for one in clauses)]
    return []


def _clauses(text: str) -> list[str]:
    """The clauses of an `alter table`, parted at commas outside parentheses."""
    clauses, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            clauses.append("")
        else:
            clauses[-1] += character
    return [one.strip() for one in clauses]
