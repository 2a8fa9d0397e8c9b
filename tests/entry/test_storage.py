"""`tintype storage apply`: what is on the bucket afterwards, and what is said where the store does not take it."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest

from tests.engines import s3
from tintype.entry import storage
from tintype.entry.command import Failed
from tintype.platform.config import CHECKOUT, Settings

FOLDER = CHECKOUT / "deploy/storage"
ORIGIN = "https://tintype.example"
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@pytest.fixture(scope="module")
def engine() -> Iterator[s3.Store]:
    with s3.running() as store:
        yield store


def given(engine: s3.Store, folder: Path) -> Settings:
    return Settings(data_dir=folder, public_url=f"{ORIGIN}/", s3_url=engine.url, s3_key=s3.KEY, s3_secret=s3.SECRET)


async def preflight(url: str, origin: str) -> httpx2.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-digest",
    }
    async with httpx2.AsyncClient(trust_env=False) as http:
        return await http.request("OPTIONS", f"{url}/uploads/7", headers=asked)


async def test_browsers_may_upload_afterwards_from_the_public_address_alone(engine: s3.Store, tmp_path: Path) -> None:
    assert (await preflight(engine.url, ORIGIN)).status_code == 403
    done = await storage.applied(given(engine, tmp_path), FOLDER, ["cors"])
    assert done == [storage.Applied("cors")]
    allowed = await preflight(engine.url, ORIGIN)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert (await preflight(engine.url, "https://other.example")).status_code == 403


async def test_what_a_store_does_not_take_is_said(engine: s3.Store, tmp_path: Path) -> None:
    done = await storage.applied(
        given(engine, tmp_path),
        FOLDER,
        ["cors", "lifecycle", "replication"],
        "arn:aws:s3:::other",
        "arn:aws:iam::1:role/r",
    )
    assert [one.rules for one in done if one.refused] == ["lifecycle", "replication"]
    assert all("NotImplemented" in str(one.refused) for one in done[1:])


async def test_what_cannot_be_applied_is_told_in_a_sentence(engine: s3.Store, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="TINTYPE_S3_URL"):
        await storage.applied(Settings(data_dir=tmp_path), FOLDER, ["cors"])
    with pytest.raises(Failed, match="--replicate-to"):
        await storage.applied(given(engine, tmp_path), FOLDER, ["replication"])
    with pytest.raises(Failed, match="--folder"):
        await storage.applied(given(engine, tmp_path), tmp_path, ["cors"])
    nobody = given(engine, tmp_path).model_copy(update={"s3_url": "http://127.0.0.1:9/media"})
    with pytest.raises(Failed, match="does not answer"):
        await storage.applied(nobody, FOLDER, ["cors"])


def test_rules_are_about_prefixes_that_the_product_uses() -> None:
    for name in ("lifecycle", "replication"):
        root = ElementTree.parse(FOLDER / f"{name}.xml").getroot()
        prefixes = {one.text or "" for one in root.iter(f"{NAMESPACE}Prefix")}
        assert prefixes <= {"", "uploads/", "files/", "landing/"}
    lifecycle = ElementTree.parse(FOLDER / "lifecycle.xml").getroot()
    classes = {one.text for one in lifecycle.iter(f"{NAMESPACE}StorageClass")}
    assert classes == {"STANDARD_IA", "GLACIER_IR"}, "classes that answer at once"
