"""`tintype storage apply`: puts the rules of deploy/storage on the bucket."""

from pathlib import Path
from string import Template
from typing import Annotated, Literal
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import httpx2
import msgspec
from cyclopts import App, Parameter

from tintype.entry.command import LOOK_AFTER, Failed, Json, app, say, say_json, settings
from tintype.platform.clients.s3 import Bucket, Client, Failure
from tintype.platform.config import CHECKOUT, Settings

SECONDS = 30.0
PACKAGED = Path(__file__).resolve().parents[1] / "deploy" / "storage"
FOLDER = PACKAGED if PACKAGED.exists() else CHECKOUT / "deploy" / "storage"

Rules = Literal["cors", "lifecycle", "replication"]

storage = App(name="storage", help="The bucket that media are in.", group=LOOK_AFTER)
app.command(storage)


class Applied(msgspec.Struct, frozen=True):
    """What became of one file of rules: `refused` is why the store did not take it."""

    rules: Rules
    refused: str | None = None


@storage.command(name="apply")
async def apply_(
    *,
    folder: Path = FOLDER,
    only: Annotated[list[Rules] | None, Parameter(negative="")] = None,
    replicate_to: str = "",
    role: str = "",
    json: Json = False,
) -> int:
    """Put CORS, lifecycle and, where a second bucket is named, replication rules on the bucket, in place of its own.

    Exits with 1 where the store takes one of them not: many take no lifecycle or replication.

    Parameters
    ----------
    folder
        Where cors.xml, lifecycle.xml and replication.xml are, to be changed as one likes.
    only
        These alone; may be given again.
    replicate_to
        The second bucket, as the store names it: arn:aws:s3:::name.
    role
        As what the store acts when it replicates: arn:aws:iam::…:role/….
    """
    done = await applied(settings(), folder, only or _usual(replicate_to), replicate_to, role)
    if json:
        say_json([msgspec.to_builtins(one) for one in done])
    else:
        for one in done:
            say(f"{one.rules}: " + (f"not taken: {one.refused}" if one.refused else "applied"))
    return 1 if any(one.refused for one in done) else 0


async def applied(
    given: Settings, folder: Path, which: list[Rules], destination: str = "", role: str = ""
) -> list[Applied]:
    """Put these rules on the bucket. Raises Failed where there is no bucket, no file, or no answer."""
    if not given.s3_url:
        raise Failed("TINTYPE_S3_URL is not set: media are in a folder, which has no rules")
    if "replication" in which and not destination:
        raise Failed("replication needs --replicate-to")
    public = urlsplit(given.public_url)
    names = {"origin": f"{public.scheme}://{public.netloc}", "destination": destination, "role": role}
    filled = {one: _filled(folder / f"{one}.xml", names) for one in which}
    client = Client(Bucket(given.s3_url, given.s3_key, given.s3_secret, given.s3_region), SECONDS)
    try:
        return [await _put(client, rules, body) for rules, body in filled.items()]
    except httpx2.HTTPError as error:
        raise Failed(f"The store does not answer: {error!r}") from error
    finally:
        await client.close()


def _usual(destination: str) -> list[Rules]:
    return ["cors", "lifecycle", "replication"] if destination else ["cors", "lifecycle"]


def _filled(file: Path, names: dict[str, str]) -> bytes:
    try:
        text = file.read_text()
    except OSError as error:
        raise Failed(f"{file} cannot be read: name the folder of rules with --folder") from error
    return Template(text).substitute({name: escape(value) for name, value in names.items()}).encode()


async def _put(client: Client, rules: Rules, body: bytes) -> Applied:
    try:
        await client.configure(rules, body)
    except Failure as refusal:
        return Applied(rules, str(refusal))
    return Applied(rules)
