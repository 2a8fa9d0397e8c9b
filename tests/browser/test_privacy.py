"""Who sees whom, in browsers: private accounts and their requests, blocks, mutes, followers sent away, members."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.town import DESKTOP, PASSWORD, PHONE, Person, Town, written
from tests.engines.product import installed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
async def test_a_private_account_is_asked_and_shows_its_posts_to_whom_it_accepts(
    town: Town, size: dict[str, int]
) -> None:
    ana, ben, eve = [await town.person(name) for name in ("ana", "ben", "eve")]
    await ana.post("For friends only")
    author = await ana.page("/settings/privacy", viewport=size)
    private = author.get_by_role("checkbox", name="Private account")
    async with author.expect_response(written("/users/me")):
        await private.check()
    await expect(private).to_be_checked()

    reader = await ben.page(f"/@{ana.username}", viewport=size)
    await expect(reader.get_by_role("heading", name="This account is private")).to_be_visible()
    await expect(reader.get_by_role("link", name="0 followers")).to_have_count(0)
    async with reader.expect_response("**/follow"):  # the button turns before
        await reader.get_by_role("button", name="Follow", exact=True).click()
    await expect(reader.get_by_role("button", name="Requested")).to_be_visible()
    await expect(reader.get_by_role("heading", name="You asked to follow")).to_be_visible()
    await eve.follow(ana)

    await author.evaluate("window.dispatchEvent(new Event('focus'))")
    await author.get_by_role("link", name="Requests, 2 waiting").click()
    await author.get_by_role("button", name=f"Decline {eve.username}").click()
    await author.get_by_role("button", name=f"Accept {ben.username}").click()
    await expect(author.get_by_role("heading", name="Nobody is waiting")).to_be_visible()
    await expect(author.get_by_role("link", name="Requests", exact=True)).to_be_visible()

    await town.settled()
    await reader.reload()
    await expect(reader.get_by_role("button", name="Following")).to_be_visible()
    await expect(reader.get_by_role("link", name=re.compile("^For friends only"))).to_be_visible()
    await reader.goto("/")
    await expect(reader.get_by_role("article")).to_contain_text("For friends only")
    outsider = await eve.page(f"/@{ana.username}")
    await expect(outsider.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    town.foresee("403")
    await outsider.goto(f"/@{ana.username}/followers")
    await expect(outsider.get_by_role("heading", name="This account is private")).to_be_visible()


async def test_a_request_is_taken_back(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    await ana.ask("PUT", "/users/me", {"is_private": True})
    page = await ben.page(f"/@{ana.username}")
    await page.get_by_role("button", name="Follow", exact=True).click()
    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await page.get_by_role("button", name="Requested").click()
    await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    assert await ana.ask("GET", "/users/me/follow-requests") == []


async def test_a_block_hides_each_from_the_other_until_it_is_lifted(town: Town) -> None:
    town.foresee("404")
    ana, ben = await friends(town)
    page = await ben.page()
    await expect(page.get_by_role("article")).to_have_count(1)
    await page.get_by_role("link", name=ana.username, exact=True).click()
    await act(page, ana, "Block")
    await page.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    await expect(page.get_by_role("heading", name=f"You have blocked {ana.username}")).to_be_visible()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("article")).to_have_count(0)
    await page.goto(f"/@{ana.username}")
    await expect(page.get_by_role("heading", name=f"You have blocked {ana.username}")).to_be_visible()
    theirs = await ana.page(f"/@{ben.username}")
    await expect(theirs.get_by_role("heading", name="This person is not here")).to_be_visible()

    await page.goto("/settings/blocked")
    await page.get_by_role("button", name=f"Unblock {ana.username}").click()
    await expect(page.get_by_role("heading", name="You have blocked nobody")).to_be_visible()
    await page.goto(f"/@{ana.username}")
    await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    await theirs.reload()
    await expect(theirs.get_by_role("button", name="Follow", exact=True)).to_be_visible()


async def test_a_block_is_lifted_where_it_was_made(town: Town) -> None:
    town.foresee("404")
    ana, ben = await friends(town)
    page = await ben.page(f"/@{ana.username}")
    await act(page, ana, "Block")
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("button", name="Following")).to_be_visible()
    await act(page, ana, "Block")
    await page.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    for _ in ("as it was left", "loaded anew"):
        await page.get_by_role("button", name="Unblock").click()
        await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
        await ben.ask("POST", f"/users/{ana.id}/block")
        await page.reload()
        await expect(page.get_by_role("heading", name=f"You have blocked {ana.username}")).to_be_visible()


async def test_who_is_muted_leaves_home_and_comes_back(town: Town) -> None:
    ana, ben = await friends(town)
    page = await ben.page()
    card = page.get_by_role("article")
    await card.get_by_role("button", name="More about this post").click()
    await page.get_by_role("button", name=f"Mute {ana.username}").click()
    await expect(card).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(card).to_contain_text("Among friends")

    await card.get_by_role("link", name=ana.username, exact=True).click()
    await act(page, ana, "Mute")
    await expect(page.get_by_text("Muted: not in your home feed")).to_be_visible()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Your feed starts here")).to_be_visible()
    await page.goto("/settings/muted")
    await page.get_by_role("button", name=f"Unmute {ana.username}").click()
    await expect(page.get_by_role("heading", name="You have muted nobody")).to_be_visible()
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(card).to_contain_text("Among friends")


async def test_a_follower_is_sent_away(town: Town) -> None:
    ana, ben = await friends(town)
    page = await ana.page(f"/@{ana.username}/followers")
    await page.get_by_role("button", name=f"Remove {ben.username}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    await expect(page.get_by_role("heading", name="No followers yet")).to_be_visible()
    assert (await ben.ask("GET", f"/users/{ana.id}"))["viewer"]["following"] == "NONE"
    assert await ben.ask("GET", "/feed/home") == []
    others = await ana.page(f"/@{ben.username}/followers")
    await expect(others.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)


async def test_visitors_of_a_members_only_place_get_the_log_in_page(chromium: Browser) -> None:
    with installed(MEMBERS_ONLY="on") as product:
        product.start()
        town = Town(product, chromium)
        town.foresee("401")
        ana = await town.person("ana")
        post = await ana.post("Inside only")
        visitor = await town.visitor()
        for address in (
            "/",
            f"/@{ana.username}",
            f"/@{ana.username}/followers",
            f"/posts/{post['post_id']}",
            "/people",
        ):
            await visitor.goto(address)
            await expect(visitor.get_by_role("heading", name="Log in")).to_be_visible()
            assert "Inside only" not in await visitor.content()
        await visitor.goto(f"/posts/{post['post_id']}")
        await visitor.get_by_label("Username or e-mail").fill(ana.username)
        await visitor.get_by_label("Password").fill(PASSWORD)
        await visitor.get_by_role("button", name="Log in").click()
        await expect(visitor).to_have_url(re.compile(f"/posts/{post['post_id']}$"))
        await expect(visitor.get_by_text("Inside only").first).to_be_visible()
        await town.leave()


async def friends(town: Town) -> tuple[Person, Person]:
    """Somebody with a post, and who follows them and is followed."""
    ana, ben = await town.person("ana"), await town.person("ben")
    await ben.follow(ana)
    await ana.follow(ben)
    await ana.post("Among friends")
    await town.settled()
    return ana, ben


async def act(page: Page, about: Person, name: str) -> None:
    await page.get_by_role("button", name=f"More about {about.username}").click()
    await page.get_by_role("button", name=name, exact=True).click()
