"""What is wrong with a field is told as a stable code with its values, for every rule that there is."""

from typing import Any

import pytest

from tests import clips
from tests.world import Person, Refused, World, drawn
from tintype.domains.media import rules as media
from tintype.entry import openapi
from tintype.platform import errors, text
from tintype.platform.imaging.edits import SMALLEST_CROP

Told = dict[str, dict[str, Any]]

CUE = "00:00.000 --> 00:01.000\n"
NAME, ME, PASSWORD, POSTS, UPLOADS = (
    "/users/me/username",
    "/users/me",
    "/users/me/password",
    "/posts",
    "/media/upload-url",
)


def tag(**more: Any) -> dict[str, Any]:
    return {"user_id": "1", "x": 0.5, "y": 0.5, **more}


def media_of(*ids: str) -> list[dict[str, str]]:
    return [{"media_id": one} for one in ids]


def picture(n: int) -> list[dict[str, str]]:
    return media_of(*(str(one) for one in range(1, n + 1)))


def upload(kind: str, content_type: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "content_type": content_type, "size": 1000, **more}


def captions(words: str, language: str = "en") -> dict[str, Any]:
    return {"language": language, "text": words}


# What is asked, and what is told of it by field. `{video}`, `{picture}` and `{post}` are things of the one who asks.
CASES: list[tuple[str, str, Any, Told]] = [
    ("PUT", NAME, {"username": "x y"}, {"username": {"code": "NAME_CHARACTERS", "most": 30}}),
    ("PUT", NAME, {"username": "x..y"}, {"username": {"code": "NAME_DOTS"}}),
    ("PUT", NAME, {"username": "123"}, {"username": {"code": "NAME_DIGITS"}}),
    ("PUT", NAME, {"username": "admin"}, {"username": {"code": "NAME_RESERVED"}}),
    (
        "PUT",
        ME,
        {"website": "ftp://a.example", "bio": "x" * 151, "full_name": "a\0b", "phone": "x", "email": "x"},
        {
            "website": {"code": "NOT_AN_ADDRESS"},
            "bio": {"code": "TOO_LONG", "most": 150},
            "full_name": {"code": "CONTROL_CHARACTERS"},
            "phone": {"code": "NOT_A_PHONE"},
            "email": {"code": "NOT_AN_EMAIL"},
        },
    ),
    ("PUT", ME, {"email": "other@example.org"}, {"email": {"code": "WITH_PASSWORD"}}),
    ("PUT", PASSWORD, {"new": "short"}, {"new": {"code": "PASSWORD_LENGTH", "least": 8, "most": 1024}}),
    ("PUT", PASSWORD, {"new": "long enough\0"}, {"new": {"code": "PASSWORD_CHARACTERS"}}),
    ("GET", "/users/suggestions?limit=51", None, {"limit": {"code": "OUT_OF_RANGE", "least": 1, "most": 50}}),
    ("GET", "/users/lookup?q=a&limit=0", None, {"limit": {"code": "OUT_OF_RANGE", "least": 1, "most": 100}}),
    ("GET", "/hashtags/lookup?q=a&limit=0", None, {"limit": {"code": "OUT_OF_RANGE", "least": 1, "most": 100}}),
    ("GET", "/feed/home?limit=101", None, {"limit": {"code": "OUT_OF_RANGE", "least": 1, "most": 100}}),
    ("POST", POSTS, {"type": "POEM"}, {"type": {"code": "NOT_VALID"}}),
    ("POST", POSTS, b'{"type": "TEXT", "caption": "\\ud800"}', {"body": {"code": "NOT_UNICODE"}}),
    ("POST", POSTS, {"type": "TEXT"}, {"caption": {"code": "CAPTION_REQUIRED"}}),
    (
        "POST",
        POSTS,
        {"type": "TEXT", "caption": " ".join(f"#tag{n}" for n in range(31)), "media": picture(1)},
        {"caption": {"code": "HASHTAGS_MOST", "most": 30}, "media": {"code": "NO_PICTURES"}},
    ),
    (
        "POST",
        POSTS,
        {"type": "IMAGE", "caption": " ".join(f"@name{n}" for n in range(21)), "media": picture(11)},
        {"caption": {"code": "MENTIONS_MOST", "most": 20}, "media": {"code": "PICTURES", "most": 10}},
    ),
    ("POST", POSTS, {"type": "IMAGE", "media": media_of("1", "1")}, {"media": {"code": "PICTURE_TWICE"}}),
    ("POST", POSTS, {"type": "VIDEO"}, {"media": {"code": "ONE_VIDEO"}}),
    ("POST", POSTS, {"type": "VIDEO", "media": media_of("{picture}")}, {"media": {"code": "ONE_VIDEO"}}),
    ("POST", POSTS, {"type": "IMAGE", "media": media_of("{video}")}, {"media": {"code": "PICTURES_ONLY"}}),
    (
        "POST",
        POSTS,
        {"type": "IMAGE", "media": picture(1), "tagged": [tag()] * 21},
        {"tagged": {"code": "TAGGED_MOST", "most": 20}},
    ),
    (
        "POST",
        POSTS,
        {"type": "IMAGE", "media": picture(1), "tagged": [tag(x=2)]},
        {"tagged": {"code": "TAGGED_OUTSIDE"}},
    ),
    (
        "POST",
        POSTS,
        {"type": "IMAGE", "media": picture(1), "tagged": [tag()] * 2},
        {"tagged": {"code": "TAGGED_TWICE"}},
    ),
    (
        "POST",
        POSTS,
        {"type": "TEXT", "caption": "a", "location": {"name": " "}},
        {"location": {"code": "REQUIRED"}},
    ),
    (
        "POST",
        POSTS,
        {"type": "TEXT", "caption": "a", "location": {"name": "b", "lat": 1}},
        {"location": {"code": "COORDINATES"}},
    ),
    ("PUT", "/posts/{post}", {"media": picture(2)}, {"media": {"code": "SAME_PICTURES"}}),
    ("PUT", "/posts/{post}", {"author": "me"}, {"author": {"code": "FIELD_PROTECTED"}}),
    ("POST", UPLOADS, upload("VIDEO", "video/mp4", filter="juno"), {"filter": {"code": "FOR_PICTURES"}}),
    ("POST", UPLOADS, upload("IMAGE", "image/png", filter="none such"), {"filter": {"code": "NO_SUCH_FILTER"}}),
    (
        "PUT",
        "/media/{picture}/edit",
        {"crop": {"x": 0.5, "y": 0, "width": 1, "height": 1}},
        {"crop": {"code": "CROP_OUTSIDE"}},
    ),
    (
        "PUT",
        "/media/{picture}/edit",
        {"crop": {"x": 0, "y": 0, "width": 0.01, "height": 1}},
        {"crop": {"code": "CROP_SMALL", "least": SMALLEST_CROP}},
    ),
    ("PUT", "/media/{video}/captions", captions("WEBVTT", "e n"), {"language": {"code": "LANGUAGE"}}),
    ("PUT", "/media/{video}/captions", captions("x"), {"text": {"code": "CAPTIONS_HEAD"}}),
    ("PUT", "/media/{video}/captions", captions("WEBVTT"), {"text": {"code": "NO_CUE"}}),
    (
        "PUT",
        "/media/{video}/captions",
        captions("WEBVTT\n\n0 --> 1\na"),
        {"text": {"code": "CUE_TIME", "line": 3}},
    ),
    (
        "PUT",
        "/media/{video}/captions",
        captions("WEBVTT\n\n00:02.000 --> 00:01.000\na"),
        {"text": {"code": "CUE_ORDER", "line": 3}},
    ),
    (
        "PUT",
        "/media/{video}/captions",
        captions(f"WEBVTT\n\n{CUE}{'a' * 1001}"),
        {"text": {"code": "CUE_LONG", "line": 3, "most": 1000}},
    ),
    (
        "PUT",
        "/media/{video}/captions",
        captions("WEBVTT\n\n" + f"{CUE}a\n\n" * 3001),
        {"text": {"code": "CUES", "most": 3000}},
    ),
    (
        "PUT",
        "/media/{video}/captions",
        captions("W" * 200_001),
        {"text": {"code": "TOO_LONG", "most": 200_000}},
    ),
    (
        "PUT",
        "/media/{video}/captions",
        captions(f"WEBVTT\n\n{CUE}a", "fr"),
        {"language": {"code": "CAPTIONS_MOST", "most": 1}},
    ),
]
# What no request of theirs meets: a header, and a lower bound above one, which no field has today.
APART = {"KEY_CHARACTERS", "TOO_SHORT"}


async def refused(person: Person, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Refused:
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    given = {"content-type": "application/json"} | (headers or {})
    with pytest.raises(Refused) as found:
        await person.ask(method, path, headers=given, **({} if body is None else sent))
    return found.value


def filled(body: Any, things: dict[str, str]) -> Any:
    """The body with the ids of one's things in the place of their names."""
    match body:
        case str():
            return things.get(body[1:-1], body) if body.startswith("{") else body
        case list():
            return [filled(one, things) for one in body]
        case dict():
            return {name: filled(one, things) for name, one in body.items()}
    return body


async def test_every_rule_tells_its_code_and_its_values(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "CAPTION_TRACKS", 1)
    (ana,) = await world.people("ana")
    things = {"video": await clips.upload(ana, clips.clip()), "picture": await ana.upload(drawn())}
    things["post"] = (await ana.post(pictures=1))["post_id"]
    await ana.ask("PUT", f"/media/{things['video']}/captions", json=captions(f"WEBVTT\n\n{CUE}a"))
    for method, path, body, told in CASES:
        found = await refused(ana, method, path.format(**things), filled(body, things))
        assert found.details["rules"] == told, (method, path)
        sentences = found.details["fields"]
        assert sentences.keys() == told.keys()
        for field, rule in told.items():
            for value in (value for name, value in rule.items() if name != "code"):
                assert str(value) in sentences[field]


async def test_a_header_has_its_rule_too(world: World) -> None:
    (ana,) = await world.people("ana")
    body = {"type": "TEXT", "caption": "a"}
    found = await refused(ana, "POST", POSTS, body, {"Idempotency-Key": "k" * 256})
    assert found.details["rules"] == {"Idempotency-Key": {"code": "KEY_CHARACTERS", "most": 255}}


def test_a_text_may_be_too_short() -> None:
    with pytest.raises(errors.Invalid) as found:
        text.clean("abc", "word", 10, least=4)
    assert found.value.details["rules"] == {"word": {"code": "TOO_SHORT", "least": 4}}


def test_no_rule_was_left_out() -> None:
    driven = {rule["code"] for _, _, _, told in CASES for rule in told.values()} - set(openapi.codes())
    assert driven | APART == set(openapi.field_codes())


async def test_problem_json_has_the_rules_too(world: World) -> None:
    (ana,) = await world.people("ana")
    answer = await ana.http.post(
        f"/api/v1{POSTS}", json={"type": "TEXT"}, headers={"Accept": "application/problem+json"}
    )
    assert answer.json()["rules"] == {"caption": {"code": "CAPTION_REQUIRED"}}


def test_two_rules_have_two_codes() -> None:
    with pytest.raises(ValueError, match="NOT_VALID"):
        errors.Rule("NOT_VALID", "is something else")
