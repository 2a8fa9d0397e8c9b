"""`tintype plan` and docs/scale.md: one arithmetic, from figures that stand where they were measured."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repository.tree import ROOT, table
from tintype.entry import plan, plan_figures
from tintype.entry.plan_figures import DAY, GB, MACHINES, PEAK, TB, Cpu, Measured

PAGE = ROOT / "docs" / "scale.md"
USERS = st.integers(min_value=1, max_value=500_000_000)
SOURCED = {name: one for name, one in vars(plan_figures).items() if isinstance(one, Measured | Cpu)}


def printed(*arguments: str) -> str:
    command = [sys.executable, "-m", "tintype", "plan", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_the_page_shows_what_the_command_prints() -> None:
    shown = PAGE.read_text().partition("```text\n")[2].partition("```")[0]
    assert shown == printed(*(word for dau in plan.DAUS for word in ("--dau", str(dau))))


def test_without_numbers_it_prints_those_of_the_page() -> None:
    assert printed() == plan.shown(plan.DAUS) + "\n"


def test_programs_get_the_same_plan_as_json() -> None:
    document = json.loads(printed("--dau", "10000000", "--json"))
    (one,) = document["plans"]
    assert one["servers"] == plan.plan(10_000_000).servers
    assert [limit["dau"] for limit in document["limits"]] == [limit.dau for limit in plan.limits()]


def test_a_plan_for_nobody_is_refused() -> None:
    command = [sys.executable, "-m", "tintype", "plan", "--dau", "0"]
    assert subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode != 0


@pytest.mark.parametrize("name", sorted(SOURCED))
def test_a_figure_stands_where_it_was_measured(name: str) -> None:
    one = SOURCED[name]
    text = " ".join((ROOT / one.source).read_text().split())
    assert one.words in text


def test_the_page_says_what_each_figure_is_and_from_where() -> None:
    text = PAGE.read_text()
    assert {one.source for one in SOURCED.values() if f"`{one.source}`" not in text} == {"docs/scale.md"}


def test_a_hundred_million_are_as_the_sources_reckon_them() -> None:
    one = plan.plan(100_000_000)
    assert one.load.timeline_entries == pytest.approx(104_000, rel=0.01)
    assert one.load.feed_pages / PEAK == pytest.approx(23_000, rel=0.01)
    assert one.bytes.cassandra == pytest.approx(13.5 * TB, rel=0.01)
    assert one.dau * plan_figures.FEED_MEMORY.value == pytest.approx(1.6 * TB, rel=0.01)
    assert one.dau * plan_figures.LIKES * plan_figures.LIKE_BYTES == pytest.approx(400 * GB, rel=0.01)
    assert one.bytes.media_a_day == pytest.approx(24 * TB, rel=1.0)


def test_the_cost_of_a_million_is_within_the_stated_factor_of_the_sources() -> None:
    ours = sum(plan.plan(plan_figures.SOURCES_DAU).cost.values())
    theirs = sum(plan_figures.SOURCES_COST.values())
    assert theirs == 14_500
    assert 1 / plan_figures.SOURCES_FACTOR <= ours / theirs <= plan_figures.SOURCES_FACTOR
    rows = {row[0]: row[2] for row in table("docs/scale.md", "## Cost, beside the sources")}
    cost = plan.plan(plan_figures.SOURCES_DAU).cost
    assert rows == {name: f"{value:,.0f}" for name, value in {**cost, "all": ours}.items()}
    assert f"within a factor of {plan_figures.SOURCES_FACTOR:g}" in PAGE.read_text()


@given(USERS)
def test_the_servers_carry_the_load(dau: int) -> None:
    one = plan.plan(dau)
    carried = {kind: one.servers[kind] * MACHINES[kind].cpus * MACHINES[kind].most for kind in MACHINES}
    assert carried["api"] >= one.cores.api * 0.999
    assert carried["workers"] >= one.cores.workers * 0.999
    assert carried["media workers"] >= one.cores.media * 0.999
    assert carried["PostgreSQL"] / plan_figures.DATABASE_COPIES >= one.cores.database * 0.999
    assert one.servers["Redis"] * MACHINES["Redis"].memory >= one.bytes.redis * 0.999
    assert one.servers["Cassandra"] * MACHINES["Cassandra"].disk >= one.bytes.cassandra / 0.5 * 0.999
    assert all(one.servers[kind] >= machine.least for kind, machine in MACHINES.items())


@given(USERS, USERS)
def test_more_users_never_take_less(some: int, others: int) -> None:
    few, many = plan.plan(min(some, others)), plan.plan(max(some, others))
    assert all(few.servers[kind] <= many.servers[kind] for kind in MACHINES)
    assert sum(few.cost.values()) <= sum(many.cost.values())
    assert sum(many.reserved.values()) < sum(many.cost.values())


def test_a_limit_is_where_it_says() -> None:
    ids = next(one for one in plan.limits() if "ids" in one.what)
    cores = plan.cores_of(ids.dau)
    assert (cores.api + cores.workers) / MACHINES["api"].most == pytest.approx(31, rel=0.01)
    log = next(one for one in plan.limits() if "sequencer" in one.what)
    assert plan.load_of(log.dau).events == pytest.approx(plan_figures.LOG_EVENTS.value, rel=0.01)
    videos = next(one for one in plan.limits() if "video" in one.what)
    seconds = plan.load_of(videos.dau).videos / PEAK * DAY * plan_figures.VIDEO_SECONDS * plan_figures.VIDEO_CPU.value
    assert seconds / plan_figures.VIDEO_CPUS == pytest.approx(DAY, rel=0.01)
