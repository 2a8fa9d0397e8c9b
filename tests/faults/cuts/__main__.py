"""Every engine cut in every way in the middle of mixed traffic, and what came of it: a row each.

    python -m tests.faults.cuts --engine kafka,redis --cut kill,wipe --write docs/operations/faults.md

Without arguments it is all engines and all cuts, and nothing is written. The engines are started on this machine,
without Docker. Whatever a cut leaves wrong is told, and ends it with 1.
"""

import argparse
import asyncio
import re
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from tests.engines import big
from tests.engines.big import Big
from tests.engines.product import Product, installed
from tests.faults.cuts import cutting, table, truth
from tests.faults.cuts.cutting import CUTS, SETTINGS, WIPED
from tests.faults.cuts.traffic import RATE, Traffic

EVENT = re.compile(r'"event": "([^"]*)"')


def main() -> int:
    """Returns 1 where anything is lost, doubled or wrong afterwards."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults.cuts", description="Cut engines, and see what comes.")
    asked.add_argument("--engine", type=_listed, default=list(table.NAMES), help=f"of {', '.join(table.NAMES)}")
    asked.add_argument("--cut", type=_listed, default=list(CUTS), help=f"of {', '.join(CUTS)}")
    asked.add_argument("--rate", type=float, default=RATE, help="acts of people a second")
    asked.add_argument("--tell", action="store_true", help="feeds that failed or took over a second, and the log, too")
    asked.add_argument("--write", type=Path, help="the page whose table gets the rows")
    given = asked.parse_args()
    began = time.monotonic()
    wrong = 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # with what it has started
    with big.running() as engines:
        _say(f"all engines run after {time.monotonic() - began:.0f} s")
        for name in given.engine:
            cuts = [one for one in given.cut if one != "wipe" or name in WIPED]
            rows, failures = _cut(engines, name, cuts, given)
            wrong += failures
            if given.write is not None:
                table.write(given.write, rows)
    return int(wrong > 0)


def _cut(engines: Big, name: str, cuts: list[str], given: argparse.Namespace) -> tuple[list[str], int]:
    """The rows of one engine, cut in an installation of its own, and how many of them are not as they have to be."""
    place = engines.place()
    with installed(**SETTINGS, **place.environment) as product:
        _say(f"{name}: ready after {product.start():.1f} s")
        return asyncio.run(_each(engines, product, place.url, name, cuts, given))


async def _each(
    engines: Big, product: Product, database: str, name: str, cuts: list[str], given: argparse.Namespace
) -> tuple[list[str], int]:
    traffic = Traffic(product, rate=given.rate)
    rows, failures = [], 0
    try:
        await traffic.come()
        for kind in cuts:
            await traffic.log_in()
            engine = cutting.engines(engines)[name]
            seen = await cutting.cut(traffic, product, database, engine, name, kind)
            found = await truth.found(traffic, product, database)
            rows.append(table.row(seen, found))
            _say(rows[-1])
            if given.tell:
                slow = [one for one in traffic.seen if one.kind == "feed" and (one.failed or one.took > 1)]
                _say("\n".join(f"{one.sent:.1f} s: {one.status} after {one.took:.2f} s" for one in slow))
                _say(str(Counter(EVENT.findall(product.said())).most_common(20)))
                traffic.seen.clear()
            if not found.is_right:
                failures += 1
                _say("\n".join([*found.lost, *found.doubled, *found.differs]))
    except TimeoutError:
        failures += 1
        _say(f"not well again: {await cutting.what_is_wrong(product, database)}\n{product.said()[-6_000:]}")
    finally:
        await traffic.close()
    return rows, failures


def _listed(text: str) -> list[str]:
    known = [*table.NAMES, *CUTS]
    found = [one.strip() for one in text.split(",") if one.strip()]
    if unknown := [one for one in found if one not in known]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
