"""A real transaction pooler before PostgreSQL for the tests: few servers behind it, so that sessions do mix."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.cache import Missing
from tests.engines.replica import Server
from tintype.platform.embedded_postgres import ROLE

MISSING = "needs pgbouncer: apt-get install pgbouncer"
SERVERS = 3
START_SECONDS = 20.0

CONF = """\
[databases]
* = host=127.0.0.1 port={server} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
"""


class NotThere(Missing):
    """This machine has no pgbouncer."""


@contextmanager
def running(folder: Path, server: Server) -> Iterator[int]:
    """The port of a pooler before a server, until the block ends. Raises NotThere."""
    program = shutil.which("pgbouncer")
    if program is None:
        raise NotThere(MISSING)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    conf = folder / "pgbouncer.ini"
    conf.write_text(CONF.format(server=server.port, port=port, role=ROLE, size=SERVERS))
    as_user = ["-u", "nobody"] if os.getuid() == 0 else []  # it refuses root
    for one in (folder, *folder.parents):
        if as_user and one.owner() == "root" and one != Path("/"):
            one.chmod(one.stat().st_mode | 0o011)
    conf.chmod(0o644)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([program, *as_user, conf], stdout=log, stderr=log)
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            said = (folder / "log").read_text(errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
