"""A page in Chromium sends straight to the bucket, as the client does: its policy, CORS and the signatures agree."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.town import Town
from tests.engines import s3
from tests.engines.product import Product, installed
from tests.world import drawn
from tintype.platform.objects.port import PART_BYTES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CORS = "blocked by CORS policy"

# What features/compose/sending.ts does: a form with its fields first, or the bare parts with their checksums.
SEND = """
async ([upload, bytes]) => {
  const file = new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], "a.jpg", { type: "image/jpeg" });
  const send = (method, url, body, headers) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.onload = () => resolve(request.status);
    request.onerror = () => resolve("blocked");
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
  if (upload.method === "POST") {
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file, file.name);
    return [await send("POST", upload.url, form, {})];
  }
  const statuses = [];
  for (const { number, url } of upload.parts) {
    const part = file.slice((number - 1) * upload.part_size, number * upload.part_size);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
    const digest = `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
    statuses.push(await send("PUT", url, part, { "Content-Digest": digest }));
  }
  return statuses;
}
"""


@pytest.fixture(scope="module")
def product(chromium_path: str) -> Iterator[Product]:
    with s3.running() as engine, installed(S3_URL=engine.url, S3_KEY=s3.KEY, S3_SECRET=s3.SECRET) as found:
        found.start()
        yield found


async def test_a_page_uploads_to_the_bucket_once_its_rules_are_applied(product: Product, town: Town) -> None:
    town.foresee(f"{CORS}|ERR_FAILED")
    ana, page = await town.person("ana"), await town.visitor()
    await page.goto("/docs/api")

    async def send(kind: str, content_type: str, data: bytes) -> tuple[str, Any]:
        asked = {"kind": kind, "content_type": content_type, "size": len(data)}
        ticket = await ana.ask("POST", "/media/upload-url", asked)
        return ticket["media_id"], await page.evaluate(SEND, [ticket["upload"], base64.b64encode(data).decode()])

    assert (await send("IMAGE", "image/jpeg", drawn()))[1] == ["blocked"], "the bucket lets no page in yet"
    applied = product.command("storage", "apply", "--only", "cors")
    assert applied.returncode == 0, applied.stderr
    media_id, statuses = await send("IMAGE", "image/jpeg", drawn())
    assert statuses == [204]
    assert (await ana.http.post(f"/api/v1/media/{media_id}/complete")).status_code == 202
    assert (await ana.ask("GET", f"/media/{media_id}/wait?seconds=25"))["status"] == "ready"
    media_id, statuses = await send("VIDEO", "video/mp4", bytes(PART_BYTES * 2 + 5))
    assert statuses == [200, 200, 200]
    assert (await ana.http.post(f"/api/v1/media/{media_id}/complete")).status_code == 202
    refused = await ana.ask("GET", f"/media/{media_id}/wait?seconds=25")
    assert refused["status"] == "rejected", "what was joined is no video, and was looked at"
