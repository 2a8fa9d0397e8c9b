"""Migrations expand first and contract a release later; the rule itself is tested on what it must refuse and allow."""

import re

import pytest
from alembic.script import ScriptDirectory

from tests.repository.expansion import broken
from tests.repository.tree import ROOT
from tintype.platform import migrations

SQL = ROOT / "migrations" / "sql"
INDEXES_FROM = "0013"  # no version was out before
APART = ("_indexes.sql", "_apart.sql")  # beside a migration's file: what it runs outside its transaction

BREAKS = {
    "drops a table": "drop table follows;",
    "drops a view": "drop view live_posts;",
    "drops a function": "drop function is_blocked(bigint, bigint);",
    "drops a column": "alter table posts drop column caption;",
    "renames": "alter table posts rename column caption to text;",
    "changes a type": "alter table posts alter column id type text;",
    "forbids null": "alter table posts alter caption set not null;",
    "takes a default away": "alter table posts alter column caption drop default;",
    "adds a column that must be given": "alter table posts add column tone text not null;",
    "adds a rule to rows": "alter table posts add constraint short check (length(caption) < 10) not valid;",
    "truncates a table": "truncate posts;",
    "locks a table": "lock table posts;",
    "holds up writes while it makes an index": "create index posts_caption on posts (caption);",
}
OVER = {"0005_posts.sql": "create view live_posts as select * from posts where not gone;"}
PARTED = """
alter table posts rename to posts_before;
alter index posts_pkey rename to posts_before_pkey;
create table posts (like posts_before including defaults, primary key (id)) partition by range (id);
create index posts_author on posts (author_id);
create or replace view live_posts as select * from posts where not gone;
select partition_first('posts', 'month');
"""
EXPANDS = [
    "create table tones (post_id bigint primary key, tone text not null); create unique index one on tones (tone);",
    "create table tones (post_id bigint); alter table tones add column tone text not null, drop column post_id;",
    "alter table posts add column tone text, add column loud boolean not null default false;",
    "alter table posts add column size int not null generated always as (length(caption)) stored;",
    "alter table posts alter column caption set default 'a, b', alter column caption drop not null;",
    "alter table posts drop constraint posts_check;",
    "create index concurrently posts_caption on posts (caption);",
    "drop index posts_caption;",
    "-- drop table posts;\nselect 1;",
    "create function f() returns void language plpgsql as $$ begin drop table if exists t; end $$;",
    "create or replace view live_posts as select * from posts;",
]


def test_no_migration_breaks_the_version_that_runs() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in SQL.glob("*.sql")}
    assert files
    assert not broken(files, indexes_from=INDEXES_FROM)


def test_the_files_stand_in_their_order() -> None:
    script = ScriptDirectory.from_config(migrations.config())
    assert [one.revision for one in script.walk_revisions("base", "heads")] == migrations.known()


@pytest.mark.parametrize(("what", "statement"), BREAKS.items(), ids=BREAKS.keys())
def test_what_breaks_is_refused(what: str, statement: str) -> None:
    found = broken({"0099_change.sql": f"select 1;\n{statement.upper() if 'view' in what else statement}"})
    assert [line.split(": ")[1] for line in found] == [what]


@pytest.mark.parametrize(
    "statement", ["alter table posts rename to entries;", "create unique index one on posts (id);"]
)
def test_other_ways_to_break_are_refused(statement: str) -> None:
    assert broken({"0099_change.sql": statement})


@pytest.mark.parametrize("statement", EXPANDS)
def test_what_only_adds_is_allowed(statement: str) -> None:
    assert broken({"0099_change.sql": statement}) == []


def test_a_table_may_become_a_partition_of_one_of_its_name() -> None:
    assert broken(OVER | {"0099_change.sql": PARTED}) == []


@pytest.mark.parametrize(
    "left_out",
    [
        "including defaults",
        "partition by range (id)",
        "select partition_first('posts', 'month');",
        "create or replace view live_posts as select * from posts where not gone;",
    ],
)
def test_but_not_with_less_than_that(left_out: str) -> None:
    assert left_out in PARTED
    found = broken(OVER | {"0099_change.sql": PARTED.replace(left_out, "")})
    assert [line.split(": ")[1] for line in found] == ["renames", "renames"]


def test_a_table_of_its_name_does_not_excuse_that_one_was_renamed() -> None:
    swapped = "alter table posts rename to entries; create table posts (id bigint primary key);"
    assert broken({"0099_change.sql": swapped})


def test_a_contracting_file_says_so_in_its_name() -> None:
    assert broken({"0099_posts_contract.sql": BREAKS["drops a table"]}) == []


def test_a_file_of_its_own_does_not_make_an_older_table_new() -> None:
    files = {"0098_new.sql": "create table tones (id int);", "0099_change.sql": "alter table tones drop column id;"}
    assert len(broken(files)) == 1


def test_each_migration_runs_the_file_of_its_number_after_the_one_before() -> None:
    names = sorted(path.name for path in SQL.glob("*.sql"))
    count = int(names[-1][:4])
    assert [name[:4] for name in names if not name.endswith(APART)] == [f"{n:04}" for n in range(1, count + 1)]
    for name in names:
        n = int(name[:4])
        (version,) = (ROOT / "migrations" / "versions").glob(f"{n:04}_*.py")
        text = version.read_text(encoding="utf-8")
        assert re.search(rf'^revision = "{n:04}"$', text, re.MULTILINE), version.name
        assert n == 1 or re.search(rf'^down_revision = "{n - 1:04}"$', text, re.MULTILINE), version.name
        assert f'("{name}")' in text, version.name
