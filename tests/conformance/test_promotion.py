"""A replica that takes over may lack what its primary did last: to stores outside the log is another one then."""

from tests.engines import replica
from tintype.platform import migrations
from tintype.platform.event_log.sequencer import Sequencer


async def test_a_replica_that_took_over_is_another_incarnation() -> None:
    with replica.running() as pair:
        await migrations.upgrade(pair.url)
        before = await _elected(pair.url)
        assert await _elected(pair.url) == before
        await replica.caught_up(pair.url, pair.replica.url)
        pair.primary.kill()
        await replica.asked(pair.replica.url, "select pg_promote()")
        after = await _elected(pair.replica.url)
        assert after != before
        assert await _elected(pair.replica.url) == after


async def test_what_an_older_release_wrote_is_the_same_incarnation(replicated: replica.Pair) -> None:
    before = await _elected(replicated.url)
    await replica.asked(replicated.url, "update log_state set system = split_part(system, '/', 1)")
    assert await _elected(replicated.url) == before


async def _elected(url: str) -> object:
    """The incarnation that a new sequencer finds, or makes."""
    sequencer = Sequencer(url, lambda _: None)
    await sequencer.elect()
    await sequencer.close()
    return await replica.asked(url, "select incarnation from log_state")
