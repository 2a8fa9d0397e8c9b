"""Accounts in a browser: forgotten passwords, addresses, second steps, passkeys, providers, leaving."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests import provider
from tests.browser.axe import violations
from tests.browser.town import DESKTOP, PASSWORD, PHONE, Person, Town
from tests.engines.product import Product, free_ports, installed
from tintype.platform.mail.outbox import letters

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW = "another quiet harbour"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def product(chromium_path: str) -> AsyncIterator[Product]:
    """A product by the name of localhost, whose people may come from a provider."""
    port = free_ports()
    with installed() as found:
        address = f"http://localhost:{found.port}"
        about = (
            f'"issuer":"http://127.0.0.1:{port}","client_id":"{provider.CLIENT}","client_secret":"{provider.SECRET}"'
        )
        found.set(PUBLIC_URL=address, OIDC='[{"name":"family","label":"Family log-in",' + about + "}]")
        async with provider.running(port, f"{address}/api/v1/auth/oidc/family/callback"):
            found.start()
            yield found


@pytest.fixture
def town(town: Town) -> Town:
    town.foresee("status of (401|403|409|422)")
    town.foresee("favicon.ico")
    return town


def at(town: Town) -> dict[str, str]:
    return {"base_url": f"http://localhost:{town.product.port}"}


async def letter(town: Town, to: str, subject: str) -> EmailMessage:
    for _ in range(100):
        for _, found in letters(town.product.folder / "data" / "outbox"):
            if to in str(found["To"]) and subject in str(found["Subject"]):
                return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"no letter to {to} about {subject}")


def link(found: EmailMessage) -> str:
    text = found.get_body(("plain",))
    assert text is not None
    address = re.search(r"https?://localhost:\d+(/\S+)", text.get_content())
    assert address
    return address.group(1)


async def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    await page.get_by_label("Username or e-mail").fill(login)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Log in", exact=True).click()


async def settings(town: Town, person: Person, section: str) -> Page:
    return await person.page(f"/settings/{section}", **at(town))


async def is_in(page: Page) -> None:
    await expect(page.get_by_role("link", name="Profile")).to_be_visible()


async def said(page: Page, text: str) -> None:
    await expect(page.get_by_text(text)).to_be_visible()


async def test_a_forgotten_password_is_set_anew_by_letter(town: Town) -> None:
    ana = await town.person("ana")
    page = await town.visitor(**at(town))
    await page.goto("/login")
    await page.get_by_role("link", name="Forgot your password?").click()
    await expect(page.get_by_role("heading", name="A new password")).to_be_visible()
    await page.get_by_label("Username or e-mail").fill(ana.username)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await page.goto(link(await letter(town, ana.username, "new password")))
    await page.get_by_label("Password", exact=True).fill(NEW)
    await page.get_by_role("button", name="Set password").click()
    await page.get_by_role("link", name="Log in").click()
    await log_in(page, ana.username, NEW)
    await is_in(page)


async def test_name_address_and_password_are_changed_and_nothing_typed_is_lost(town: Town) -> None:
    ana, ben = await town.person("ana"), await town.person("ben")
    page = await settings(town, ana, "account")
    name = page.get_by_role("region", name="Username")
    await name.get_by_label("Username").fill(ben.username)
    await name.get_by_role("button").click()
    await expect(name.get_by_label("Username")).to_have_value(ben.username)
    await expect(name.get_by_label("Username")).to_have_accessible_description(re.compile("taken"))
    fresh = town.new_name("anna")
    await name.get_by_label("Username").fill(fresh)
    await name.get_by_role("button").click()
    await said(page, f"You are @{fresh} now.")
    await page.goto(f"/@{ana.username}")
    await expect(page).to_have_url(re.compile(rf"/@{re.escape(fresh)}$"))

    await page.goto("/settings/profile")
    await page.get_by_label("Bio").fill("hello")
    await expect(page.get_by_label("Username")).to_have_count(0)
    await page.get_by_role("button", name="Save", exact=True).click()
    await said(page, "Saved")
    assert (await ana.ask("GET", "/users/me"))["username"] == fresh, "a profile says nothing of the name"

    await page.goto("/settings/account")
    address = page.get_by_role("region", name="E-mail address")
    await expect(address).to_contain_text("Not confirmed yet")
    await address.get_by_label("New e-mail address").fill(f"{fresh}@new.example")
    await address.get_by_label("Your password").fill("wrong wrong")
    await address.get_by_role("button", name="Change address").click()
    await expect(address.get_by_label("Your password")).to_have_accessible_description("This is not your password.")
    await expect(address.get_by_label("New e-mail address")).to_have_value(f"{fresh}@new.example")
    await address.get_by_label("Your password").fill(PASSWORD)
    await address.get_by_role("button", name="Change address").click()
    await expect(address).to_contain_text("waits for its link")
    await page.goto(link(await letter(town, f"{fresh}@new.example", "new address")))
    await page.get_by_role("button", name="Yes, this is my address").click()
    await said(page, "Your address is confirmed.")
    await page.goto("/settings/account")
    await expect(address).to_contain_text(f"{fresh}@new.example")
    await expect(address.get_by_text("Confirmed", exact=True)).to_be_visible()

    secret = page.get_by_role("region", name="Password")
    await secret.get_by_label("Present password").fill(PASSWORD)
    await secret.get_by_label("New password").fill(NEW)
    await secret.get_by_role("button", name="Change password").click()
    await said(page, "Password changed.")


async def test_an_app_is_set_up_and_asked_for(town: Town) -> None:
    ana = await town.person("ana")
    page = await settings(town, ana, "security")
    await page.get_by_role("button", name="Set up").click()
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("dialog").get_by_role("button", name="Set up").click()
    await expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    secret = await page.get_by_role("dialog").locator("code").inner_text()
    assert await violations(page) == []
    await page.get_by_label("Code that the app shows").fill("000000")
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_label("Code that the app shows")).to_have_accessible_description(re.compile("wrong"))
    await page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Switch on").click()
    shown = page.get_by_role("dialog", name="Recovery codes").get_by_role("listitem")
    await expect(shown).to_have_count(10)
    codes = await shown.all_inner_texts()
    await page.get_by_role("button", name="I have kept them").click()
    await expect(page.get_by_role("region", name="Recovery codes")).to_contain_text("10 codes left")

    other = await town.visitor(**at(town))
    await other.goto("/login")
    await log_in(other, ana.username)
    await expect(other.get_by_role("heading", name="One more step")).to_be_visible()
    assert await violations(other) == []
    soon = pyotp.TOTP(secret).at(int(datetime.now(UTC).timestamp()) + 30)
    await other.get_by_label("Code").fill(soon)
    await other.get_by_role("button", name="Go on").click()
    await is_in(other)

    third = await town.visitor(**at(town))
    await third.goto("/login")
    await log_in(third, ana.username)
    await third.get_by_role("button", name="Use a recovery code").click()
    await third.get_by_label("Recovery code").fill(codes[3])
    await third.get_by_role("button", name="Go on").click()
    await is_in(third)


async def with_authenticator(page: Page) -> None:
    """A device that holds passkeys and verifies its owner."""
    client = await page.context.new_cdp_session(page)
    await client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_a_passkey_opens_the_account(town: Town) -> None:
    ana = await town.person("ana")
    page = await settings(town, ana, "security")
    await with_authenticator(page)
    await page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("This laptop")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="I have kept them").click()
    await page.get_by_role("button", name="Rename This laptop").click()
    await dialog.get_by_label("Name").fill("My laptop")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Remove My laptop")).to_be_visible()

    await page.get_by_role("button", name="Log out").click()
    await page.get_by_role("button", name="Log in with a passkey").click()
    await is_in(page)

    await page.goto("/settings/security")
    await page.get_by_role("button", name="Log out").click()
    await log_in(page, ana.username)
    await page.get_by_role("button", name="Use a passkey").click()
    await is_in(page)

    await page.goto("/settings/security")
    await page.get_by_role("button", name="Remove My laptop").click()
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Remove").click()
    await said(page, "The passkey opens nothing any more.")


async def test_somebody_comes_from_elsewhere_and_chooses_a_name(town: Town) -> None:
    page = await town.visitor(**at(town))
    await page.goto("/login")
    await page.get_by_role("link", name="Continue with Family log-in").click()
    await page.get_by_label("Name", exact=True).fill("cy")
    await page.get_by_role("button", name="Log in", exact=True).click()
    await expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Username").fill("x y")
    await page.get_by_label("E-mail").fill(f"{town.new_name('cy')}@example.org")
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_label("Username")).to_have_accessible_description(re.compile("characters"))
    await page.get_by_label("Username").fill(town.new_name("cyril"))
    await page.get_by_role("button", name="Create account").click()
    await is_in(page)

    await page.goto("/settings/connected")
    await page.get_by_role("button", name="Disconnect Family log-in").click()
    await said(page, "Without this you could not log in any more. Set a password first.")
    await page.goto("/settings/account")
    secret = page.get_by_role("region", name="Password")
    await secret.get_by_label("New password").fill(NEW)
    await secret.get_by_role("button", name="Set a password").click()
    await said(page, "Password changed.")
    await page.goto("/settings/connected")
    await page.get_by_role("button", name="Disconnect Family log-in").click()
    await page.get_by_role("button", name="Connect Family log-in", exact=True).click()
    await page.get_by_label("Name", exact=True).fill("cy")
    await page.get_by_role("button", name="Log in", exact=True).click()
    await said(page, "Connected.")


async def test_what_a_provider_refuses_is_said_on_the_log_in_page(town: Town) -> None:
    page = await town.visitor(**at(town))
    await page.goto("/login")
    await page.get_by_role("link", name="Continue with Family log-in").click()
    await page.get_by_role("button", name="No").click()
    await said(page, "The other service did not let you in, or its answer cannot be trusted.")


async def test_one_leaves_comes_back_and_asks_to_be_deleted(town: Town) -> None:
    ana = await town.person("ana")
    page = await settings(town, ana, "leaving")
    await page.get_by_role("button", name="Hide my account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Hide my account").click()
    await said(page, "Your account is hidden")
    await log_in(page, ana.username)
    await is_in(page)
    await page.goto("/settings/leaving")
    await page.get_by_role("button", name="Delete everything").click()
    await dialog.get_by_label("Your password").fill("wrong wrong")
    await dialog.get_by_role("button", name="Delete everything").click()
    await expect(dialog.get_by_label("Your password")).to_have_accessible_description("This is not your password.")
    await dialog.get_by_label("Your password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Delete everything").click()
    await said(page, "Your account will be deleted")
    await log_in(page, ana.username)
    await is_in(page)


@pytest.mark.parametrize("view", [DESKTOP, PHONE | {"width": 360}], ids=["wide", "360"])
async def test_every_page_is_for_everybody(town: Town, view: dict[str, int]) -> None:
    ana = await town.person("ana")
    look = at(town) | {"viewport": view}
    page = await ana.page("/settings/account", **look)
    for section in ("account", "security", "connected", "leaving", "sessions"):
        await page.goto(f"/settings/{section}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await violations(page) == [], section
        assert await page.evaluate("document.documentElement.scrollWidth") <= view["width"], section
    visitor = await town.visitor(**look)
    for address in ("/login", "/forgot", "/verify?token=x"):
        await visitor.goto(address)
        await expect(visitor.get_by_role("heading", level=1)).to_be_visible()
        assert await violations(visitor) == [], address


async def test_settings_speak_german(town: Town) -> None:
    ana = await town.person("ana")
    page = await ana.page("/settings/security", locale="de-AT", **at(town))
    await expect(page.get_by_role("heading", name="Sicherheit")).to_be_visible()
    await expect(page.get_by_role("region", name="Authenticator-App")).to_be_visible()
    await page.get_by_role("button", name="Einrichten").click()
    await page.get_by_label("Dein Passwort").fill("falsch falsch")
    await page.get_by_role("dialog").get_by_role("button", name="Einrichten").click()
    await expect(page.get_by_label("Dein Passwort")).to_have_accessible_description("Das ist nicht dein Passwort.")
