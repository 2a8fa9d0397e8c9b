"""What hands do in the compose dialog: choosing, dropping and pasting files, writing, sharing."""

import base64
import re
from typing import Literal

from playwright.async_api import FilePayload, Locator, Page, expect

GIVE = """
(target, [name, body, event]) => {
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const about = { bubbles: true, cancelable: true };
  if (event === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { ...about, clipboardData: transfer }));
  } else {
    for (const kind of ["dragenter", "dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(kind, { ...about, dataTransfer: transfer }));
    }
  }
}
"""


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="New post")


async def open_compose(page: Page) -> Locator:
    """The dialog, opened by the entry of the bar or the rail."""
    await page.get_by_role("button", name="New post", exact=True).click()
    await expect(dialog(page)).to_be_visible()
    return dialog(page)


async def give(target: Locator, picture: bytes, by: Literal["drop", "paste"], name: str = "IMG_0001.jpg") -> None:
    """Drop a file on a place of the page, or paste it there."""
    await target.evaluate(GIVE, [name, base64.b64encode(picture).decode(), by])


def jpeg(name: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": body}


async def choose(page: Page, *files: FilePayload) -> None:
    await dialog(page).get_by_label("Choose photos").set_input_files(list(files))


async def share(page: Page) -> None:
    """Share as soon as nothing stands in the way."""
    await expect(dialog(page).get_by_text("Ready to share.")).to_be_visible()
    await dialog(page).get_by_role("button", name="Share").click()
    await expect(dialog(page)).to_be_hidden()


async def sent(page: Page, files: int = 1) -> None:
    """Wait until all files have arrived."""
    await expect(dialog(page).get_by_role("progressbar")).to_have_count(0)
    await expect(dialog(page).get_by_role("button", name=re.compile(r"^Photo \d"))).to_have_count(files)
