"""The table of docs/data.md is the schema of a migrated database."""

from tests.repository.tree import ROOT, table
from tintype.platform import db


def documented() -> dict[str, list[str]]:
    return {row[0]: row for row in table("docs/data.md", "## Every table")}


async def test_every_table_and_its_primary_key(database: str) -> None:
    async with db.read() as r:
        rows = await r.rows(PRIMARY_KEYS)
    actual = {row["name"]: ", ".join(row["columns"]) for row in rows}
    actual.pop("alembic_version", None)
    assert {name: row[2] for name, row in documented().items()} == actual


async def test_the_second_access_path_is_an_index(database: str) -> None:
    async with db.read() as r:
        indexes = {row["name"] for row in await r.rows(INDEXES)}
    named = {name for row in documented().values() for name in row[3].replace(",", " ").split() if name != "-"}
    assert named <= indexes
    assert {name for name in indexes if not name.startswith("pgqueuer")} <= named


def test_every_row_says_who_owns_it_how_it_goes_and_how_it_is_exported() -> None:
    for name, row in documented().items():
        assert len(row) == 6, f"{name}: six cells are wanted"
        assert all(row), f"{name} has an empty cell"


def test_owners_are_domains_or_the_platform() -> None:
    domains = {path.name for path in (ROOT / "src/tintype/domains").iterdir() if path.is_dir()}
    assert {row[1].split(":")[0] for row in documented().values()} <= domains | {"platform"}


PRIMARY_KEYS = """
-- tests: tables with the columns of their primary keys, without partitions
select c.relname as name,
       coalesce(array_agg(a.attname::text order by k.n) filter (where a.attname is not null), '{}') as columns
from pg_class c
join pg_namespace s on s.oid = c.relnamespace and s.nspname = 'public'
left join pg_constraint p on p.conrelid = c.oid and p.contype = 'p'
left join lateral unnest(p.conkey) with ordinality as k(column_number, n) on true
left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.column_number
where c.relkind in ('r', 'p') and not c.relispartition
group by c.relname
"""
INDEXES = """
-- tests: indexes that are no primary keys
select i.relname as name
from pg_index x join pg_class i on i.oid = x.indexrelid
join pg_namespace s on s.oid = i.relnamespace and s.nspname = 'public'
where not x.indisprimary and not i.relispartition
"""
