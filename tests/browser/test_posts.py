"""What one does with posts in a browser: change them, tag people, save, share, pin, put away, download."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.town import PHONE, Person, Town
from tests.photos import taken
from tests.world import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def two(town: Town) -> tuple[Person, Person]:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    return ana, ben


async def choose(page: Page, act: str) -> None:
    """An act from the menu of the post on this page."""
    await page.get_by_role("button", name="More about this post").first.click()
    await page.get_by_role("button", name=act, exact=True).click()


async def editing(page: Page) -> Locator:
    await choose(page, "Edit post")
    dialog = page.get_by_role("dialog", name="Edit post")
    await expect(dialog).to_be_visible()
    return dialog


async def test_a_post_is_changed_and_others_see_it_once_it_is_checked(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.post("low tyde", drawn(1, 640, 480), drawn(2, 640, 480), alt_text="First words")
    page = await ana.page(f"/posts/{post['post_id']}")
    dialog = await editing(page)
    assert await violations(page) == []
    await dialog.get_by_label("Caption").fill("low tide #sea")
    await dialog.get_by_label("Description of picture 1").fill("Waves that go out")
    await dialog.get_by_role("button", name="Move picture 1 back").click()
    await expect(dialog.get_by_label("Description of picture 2")).to_have_value("Waves that go out")
    await dialog.get_by_label("Location").fill("The old pier")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Others see new words as soon as they are checked.")).to_be_visible()
    await expect(page.get_by_role("article").first).to_contain_text("low tide #sea")
    await town.settled()
    page = await ben.page(f"/posts/{post['post_id']}")
    article = page.get_by_role("article").first
    await expect(article).to_contain_text("low tide #sea")
    await expect(article).to_contain_text("The old pier")
    await expect(article).to_contain_text("Edited")
    await expect(article.get_by_role("listitem", name="2 of 2").get_by_role("img")).to_have_attribute(
        "alt", "Waves that go out"
    )


async def test_the_photos_place_is_offered_and_used_only_when_asked_for(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.post("here", taken())
    page = await ana.page(f"/posts/{post['post_id']}")
    dialog = await editing(page)
    await dialog.get_by_label("Show when the photo was taken").check()
    await expect(dialog.get_by_role("button", name="Use the photo's place")).to_be_visible()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("Taken on June 1, 2024").first).to_be_attached()
    seen = await ben.ask("GET", f"/posts/{post['post_id']}")
    assert (seen["location"], seen["media"][0]["taken_at"]) == (None, "2024-06-01T09:30:00.000Z")
    dialog = await editing(page)
    await dialog.get_by_label("Location").fill("Bilbao")
    await dialog.get_by_role("button", name="Use the photo's place").click()
    await expect(dialog.get_by_label("Latitude")).to_have_value("43.263")
    await dialog.get_by_label("Longitude").fill("200")
    await dialog.get_by_label("Longitude").blur()
    await expect(dialog.get_by_text("A latitude lies within")).to_be_visible()
    await dialog.get_by_label("Longitude").fill("-2,935")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await town.settled()
    seen = await ben.ask("GET", f"/posts/{post['post_id']}")
    assert seen["location"] == {"name": "Bilbao", "lat": 43.263, "lng": -2.935}


async def test_people_are_tagged_where_the_picture_is_tapped_and_shown_on_tap(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.photo("a friend")
    page = await ana.page(f"/posts/{post['post_id']}")
    dialog = await editing(page)
    picture = dialog.locator("img.cursor-crosshair")
    box = await picture.bounding_box()
    assert box is not None
    await picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    await expect(dialog.get_by_label("Find somebody to tag")).to_be_focused()
    await page.keyboard.type(ben.username)
    await dialog.get_by_role("list", name="People to tag").get_by_role("button", name=ben.username).click()
    await dialog.get_by_role("button", name=f"{ben.username}, tagged at").focus()
    await page.keyboard.press("ArrowRight")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    (tag,) = (await ben.ask("GET", f"/posts/{post['post_id']}"))["tagged"]
    assert (tag["user"]["username"], tag["n"]) == (ben.username, 1)
    assert abs(tag["x"] - 0.27) < 0.01
    assert abs(tag["y"] - 0.75) < 0.01
    page = await ben.page()
    name = page.get_by_role("article").first.get_by_role("link", name=ben.username)
    await expect(page.get_by_role("button", name="Show who is in the picture")).to_be_visible()
    await expect(name).to_have_count(0)
    await page.get_by_role("article").first.get_by_role("img", name="A picture").click()
    await expect(name).to_be_visible()
    await page.get_by_role("button", name="Hide who is in the picture").click()
    await expect(name).to_have_count(0)


async def test_a_post_is_saved_for_later_and_let_go(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.photo("worth keeping")
    page = await ben.page("/", viewport=PHONE)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Only you can see what you save")).to_be_visible()
    await expect(page.get_by_role("button", name="No longer save")).to_have_attribute("aria-pressed", "true")
    await page.goto(f"/@{ben.username}")
    await page.get_by_role("link", name="Saved").click()
    await expect(page.get_by_role("heading", name="Saved", level=1)).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("main").get_by_role("link", name="A picture").click()
    await expect(page).to_have_url(f"{town.product.url}/posts/{post['post_id']}")
    await page.get_by_role("button", name="No longer save").first.click()
    await expect(page.get_by_role("button", name="Save", exact=True).first).to_be_visible()
    await page.goto("/saved")
    await expect(page.get_by_text("Nothing saved yet")).to_be_visible()


async def test_a_link_is_copied_counts_once_and_leads_to_the_post(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.photo("hand me on")
    page = await ben.page(permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.get_by_text("Link copied.")).to_be_visible()
    await expect(page.get_by_role("button", name="Share, Shared 1 time")).to_be_visible()
    await page.get_by_role("button", name="Share, Shared 1 time").click()
    link = await page.evaluate("navigator.clipboard.readText()")
    assert link == f"{town.product.url}/p/{post['post_id']}"
    assert (await ana.ask("GET", f"/posts/{post['post_id']}"))["share_count"] == 1
    await page.goto(link)
    await expect(page.get_by_role("article").first).to_contain_text("hand me on")


async def test_a_public_post_and_profile_read_without_script(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.post("words for <everybody>", drawn(5, 640, 480), alt_text="Waves")
    await ben.ask("POST", f"/posts/{post['post_id']}/comments", {"text": "so still"})
    await town.settled()
    page = await town.visitor(java_script_enabled=False)
    await page.goto(f"/p/{post['post_id']}")
    await expect(page).to_have_title("Ana Example (@" + ana.username + ") · Tintype")
    read = page.locator("noscript main")
    await expect(read).to_contain_text("words for <everybody>")
    await expect(read).to_contain_text("so still")
    await expect(read.locator("img[alt=Waves]")).to_be_visible()
    await read.locator("h1 a").click()
    await expect(read.locator("h1")).to_have_text(f"Ana Example (@{ana.username})")
    await read.locator("li a").click()
    await expect(page).to_have_url(f"{town.product.url}/p/{post['post_id']}")


async def test_pinned_posts_stand_first_with_a_mark(town: Town) -> None:
    ana, _ = await two(town)
    posts = [await ana.post(f"Note {n}") for n in range(4)]
    await town.settled()
    page = await ana.page(f"/posts/{posts[0]['post_id']}")
    await choose(page, "Pin to your profile")
    await expect(page.get_by_text("Pinned to your profile.")).to_be_visible()
    await page.goto(f"/@{ana.username}")
    cells = page.get_by_role("main").get_by_role("link", name="Note")
    await expect(cells).to_have_count(4)
    await expect(cells.first).to_have_accessible_name("Pinned, Note 0, 0 likes, 0 comments")
    await cells.first.click()
    await choose(page, "Unpin from your profile")
    await expect(page.get_by_text("No longer pinned.")).to_be_visible()
    await page.go_back()
    await expect(cells.first).to_have_accessible_name("Note 3, 0 likes, 0 comments")


async def test_an_archived_post_is_found_and_brought_back(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.post("put away")
    page = await ana.page(f"/posts/{post['post_id']}")
    await choose(page, "Archive")
    await page.goto("/archive")
    assert await violations(page) == []
    await page.get_by_role("main").get_by_role("link", name="put away").click()
    await choose(page, "Bring back from the archive")
    await expect(page.get_by_text("Post is back.")).to_be_visible()
    await page.goto("/archive")
    await expect(page.get_by_text("Nothing in the archive")).to_be_visible()
    assert (await ben.ask("GET", f"/posts/{post['post_id']}"))["status"] == "published"


async def test_pictures_are_downloaded_where_their_author_allows_it(town: Town, tmp_path: Path) -> None:
    ana, ben = await two(town)
    body = taken(3)
    post = await ana.post("take it", body)
    page = await ana.page(f"/posts/{post['post_id']}")
    await choose(page, "Download pictures")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Your original").click()
    await (await started.value).save_as(tmp_path / "original.jpg")
    assert (tmp_path / "original.jpg").read_bytes() == body
    page = await ben.page(f"/posts/{post['post_id']}")
    await page.get_by_role("button", name="More about this post").click()
    await expect(page.get_by_role("button", name="Download pictures")).to_have_count(0)
    await ana.ask("PUT", f"/posts/{post['post_id']}", {"download_allowed": True})
    await page.reload()
    await choose(page, "Download pictures")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="As it is shown").click()
    await (await started.value).save_as(tmp_path / "shown.jpg")
    assert (tmp_path / "shown.jpg").read_bytes().startswith(b"\xff\xd8")


async def test_people_and_hashtags_are_offered_while_a_caption_is_edited(town: Town) -> None:
    ana, ben = await two(town)
    post = await ana.post("low tide")
    page = await ana.page(f"/posts/{post['post_id']}")
    dialog = await editing(page)
    caption = dialog.get_by_label("Caption")
    await caption.focus()
    await page.keyboard.press("Control+End")
    await caption.press_sequentially(f" with @{ben.username[:-1]}")
    offer = dialog.get_by_role("option", name=ben.username)
    await expect(offer).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(offer).to_have_count(0)
    await expect(caption).to_be_visible()
    await caption.press_sequentially(ben.username[-1])
    await expect(offer).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(caption).to_have_value(f"low tide with @{ben.username} ")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("link", name=f"@{ben.username}")).to_be_visible()


async def test_what_is_wrong_with_a_post_is_said_in_german(town: Town) -> None:
    ana = await town.person("ana")
    post = await ana.post("low tide")
    page = await ana.page(f"/posts/{post['post_id']}", locale="de-AT")
    await page.get_by_role("button", name="Mehr zu diesem Beitrag").first.click()
    await page.get_by_role("button", name="Beitrag bearbeiten", exact=True).click()
    dialog = page.get_by_role("dialog", name="Beitrag bearbeiten")
    caption = dialog.get_by_label("Text", exact=True)
    await caption.fill(" ".join(f"#tag{n}" for n in range(31)))
    town.foresee("422")
    await dialog.get_by_role("button", name="Speichern").click()
    await expect(caption).to_have_accessible_description("Höchstens 30 Hashtags.")


async def test_likes_are_kept_to_oneself_and_comments_to_few(town: Town) -> None:
    ana, ben = await two(town)
    eve = await town.person("eve")
    post = await ana.post("quietly")
    await ben.ask("POST", f"/posts/{post['post_id']}/like", {})
    await town.settled()
    page = await ana.page(f"/posts/{post['post_id']}")
    dialog = await editing(page)
    await dialog.get_by_label("Keep the number of likes to myself").check()
    await dialog.get_by_label("Comments").select_option("People who follow me")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("Others do not see how many like this.").first).to_be_attached()
    await expect(page.get_by_role("button", name="1 like").first).to_be_attached()
    page = await eve.page(f"/posts/{post['post_id']}")
    await expect(page.get_by_text(f"Only people who follow {ana.username} may comment.")).to_be_visible()
    await expect(page.get_by_role("button", name="1 like")).to_have_count(0)
    town.foresee("403")
    await page.get_by_role("textbox", name="Comment").fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Not everybody may comment on this post.")
    await expect(page.get_by_role("textbox", name="Comment")).to_have_value("hello")


async def test_a_post_is_composed_with_place_people_and_choices(town: Town, tmp_path: Path) -> None:
    ana, ben = await two(town)
    (tmp_path / "photo.jpg").write_bytes(taken(4))
    page = await ana.page(viewport=PHONE)
    await page.get_by_role("button", name="New post", exact=True).click()
    dialog = page.get_by_role("dialog", name="New post")
    await dialog.locator("input[type=file]").first.set_input_files(tmp_path / "photo.jpg")
    await dialog.get_by_text("Place, people and who may do what").click()
    await dialog.get_by_role("button", name="Use the photo's place").click()
    await expect(dialog.get_by_label("Location")).to_have_value("43.263, -2.935")
    await dialog.get_by_label("Find somebody to tag").fill(ben.username)
    await dialog.get_by_role("list", name="People to tag").get_by_role("button", name=ben.username).click()
    await dialog.get_by_label("Others may download the pictures").check()
    await dialog.get_by_label("Comments").select_option("Nobody")
    assert await violations(page) == []
    async with page.expect_response(lambda answer: answer.url.endswith("/api/v1/posts")) as shared:
        await dialog.get_by_role("button", name="Share").click()
    made = (await (await shared.value).json())["data"]
    assert made["location"] == {"name": "43.263, -2.935", "lat": 43.263, "lng": -2.935}
    assert [(one["user"]["username"], one["x"], one["y"], one["n"]) for one in made["tagged"]] == [
        (ben.username, 0.5, 0.5, 1)
    ]
    assert (made["download_allowed"], made["comments_enabled"]) == (True, False)
