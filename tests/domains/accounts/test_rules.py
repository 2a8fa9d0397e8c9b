"""What names, addresses and preferences may be."""

import re

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import UNSET

from tintype.domains.accounts import rules
from tintype.domains.accounts.rules import ProfileChange, Registration
from tintype.domains.accounts.tables import RESERVED
from tintype.platform.errors import Invalid


def wrong(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(error.value.details["fields"])


@pytest.mark.parametrize("name", ["a", "ana", "ana.b", "_", "a_b.c", "1a", "x" * 30, "1.2", "Ana", " ana "])
def test_usernames_that_may_be(name: str) -> None:
    assert rules.username(name) == name.strip().lower()


@pytest.mark.parametrize(
    "name", ["", "x" * 31, ".a", "a.", "a..b", "123", "a b", "a-b", "ána", "\u212aa", "admin", "Me", "a\n", "@ana", "."]
)
def test_usernames_that_may_not_be(name: str) -> None:
    if name == "a\n":
        assert rules.username(name) == "a"
        return
    with pytest.raises(Invalid) as refused:
        rules.username(name)
    assert wrong(refused) == {"username"}


@given(st.text(max_size=40))
def test_a_username_is_what_the_design_says_or_is_refused(text: str) -> None:
    try:
        name = rules.username(text)
    except Invalid:
        return
    assert re.fullmatch(r"[a-z0-9._]{1,30}", name)
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert ".." not in name
    assert not name.isdigit()
    assert name not in RESERVED


@given(st.from_regex(r"[a-z0-9_][a-z0-9._]{0,28}[a-z0-9_]", fullmatch=True))
def test_every_name_of_the_right_form_is_allowed(name: str) -> None:
    assume(".." not in name and not name.isdigit() and name not in RESERVED)
    assert rules.username(name) == rules.username(name.upper()) == name


@pytest.mark.parametrize("text", ["a@b.co", "Ana.B+tag@Example.org", "o'neil@example.co.uk", "ü@müller.example"])
def test_addresses_that_may_be(text: str) -> None:
    assert rules.email(text) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@b", "@b.co", "a@", "a@@b.co", "a b@c.de", "a@b..co", "a@-b.co", "a@b.co\nbcc: x@y.zz"),
        *("a\0@b.co", "<a@b.co>", "a,b@c.de", "x" * 65 + "@b.co", "a@" + "b" * 250 + ".co", "a@b_.co"),
    ],
)
def test_addresses_that_may_not_be(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.email(text)
    assert wrong(refused) == {"email"}


@given(st.text(max_size=300))
def test_an_address_is_bounded_and_in_one_line_or_refused(text: str) -> None:
    try:
        found = rules.email(text)
    except Invalid:
        return
    assert len(found) <= 254
    assert found.count("@") == 1
    assert not re.search(r"\s", found)
    assert rules.email(found) == found


@pytest.mark.parametrize("text", ["x" * 8, "x" * 1024, "🔑" * 8, "        "])
def test_passwords_that_may_be(text: str) -> None:
    assert rules.password(text) == text


@pytest.mark.parametrize("text", ["", "x" * 7, "x" * 1025, "🔑" * 7, "\0" * 9, "\ud800" * 9])
def test_passwords_that_may_not_be(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.password(text)
    assert wrong(refused) == {"password"}


@pytest.mark.parametrize(
    "text", ["", "http://a.example", "https://a.example/p?q=1#f", "HTTPS://A.example:8443/", "http://[::1]/"]
)
def test_websites_that_may_be(text: str) -> None:
    assert rules.website(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a.example", "javascript:alert(1)", "ftp://a.example", "http://", "http:///p", "https://u:p@a.example"),
        *("http://a b", "data:text/html,x", "http://a:99999", 'http://a/"onload=', "http://a/<b>", "http://[::1"),
        "http://" + "a" * 200,
    ],
)
def test_websites_that_may_not_be(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.website(text)
    assert wrong(refused) == {"website"}


@pytest.mark.parametrize(
    ("text", "found"), [("", None), ("+49 30 1234567", "+49 30 1234567"), ("030/1234-56", "030/1234-56")]
)
def test_telephone_numbers(text: str, found: str | None) -> None:
    assert rules.phone(text) == found


@pytest.mark.parametrize("text", ["call me", "12", "+" + "1" * 20, "++49 123456", "1" * 500])
def test_what_is_no_telephone_number(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.phone(text)
    assert wrong(refused) == {"phone"}


def test_all_mistakes_of_a_registration_are_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        rules.registration(Registration("..", "nobody", "short", full_name="x" * 101))
    assert wrong(refused) == {"username", "email", "password", "full_name"}


def test_a_registration_comes_out_normalised() -> None:
    found = rules.registration(Registration("Ana", "ANA@Example.org", "correct horse", full_name=" Ana\u0301 "))
    assert (found.username, found.email, found.full_name) == ("ana", "ana@example.org", "Aná")
    assert found.password == "correct horse"


def test_only_what_was_sent_changes() -> None:
    assert rules.profile_change(ProfileChange()) == {}
    assert rules.profile_change(ProfileChange(bio="  hi ")) == {"bio": "hi"}
    assert rules.profile_change(ProfileChange(full_name=None, bio=None, website=None, phone=None)) == {
        "full_name": "",
        "bio": "",
        "website": "",
        "phone": None,
    }


def test_long_and_wrong_fields_are_told_at_once() -> None:
    change = ProfileChange(full_name="x" * 101, bio="x" * 151, website="x", phone="x", username="", email="")
    with pytest.raises(Invalid) as refused:
        rules.profile_change(change)
    assert wrong(refused) == {"full_name", "bio", "website", "phone", "username", "email"}


@pytest.mark.parametrize("change", [ProfileChange(is_verified=False), ProfileChange(role="user")])
def test_protected_fields_are_refused_whatever_their_value(change: ProfileChange) -> None:
    with pytest.raises(rules.FieldProtected) as refused:
        rules.profile_change(change)
    assert refused.value.status == 422


def test_preferences_that_are_unknown_are_ignored_and_wrong_ones_refused() -> None:
    change = msgspec.json.decode(b'{"preferences":{"theme":"dark","font":"huge"},"shoe_size":43}', type=ProfileChange)
    assert rules.profile_change(change) == {"preferences": {"theme": "dark"}}
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"preferences":{"theme":"pink"}}', type=ProfileChange)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"preferences":{"language":"pt-BR"}}', type=ProfileChange)


def test_preferences_merge_and_null_takes_one_back() -> None:
    assert rules.merge_preferences({"theme": "dark", "language": "de"}, {"language": None, "feed_order": "ranked"}) == {
        "theme": "dark",
        "feed_order": "ranked",
    }
    assert rules.preferences({}) == rules.Preferences("system", None, "ranked")
    stored = {"theme": "from the future", "language": "pt-BR", "impressions": False}
    assert rules.preferences(stored) == rules.Preferences(impressions=False), "what is understood stays"
    assert rules.PreferencesChange().theme is UNSET
