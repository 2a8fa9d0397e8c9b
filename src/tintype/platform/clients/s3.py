"""A bucket of an S3 store by its HTTP interface: what obstore does not speak of. Signatures are AWS's version 4.

AWS documents them as "Signature Version 4 for API requests", "Authenticating requests: using query parameters" and
"Browser-based uploads using POST". Every S3-compatible store takes the same.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx2
import msgspec

from tintype.platform import clock
from tintype.platform.clients import trust

ALGORITHM, SERVICE = "AWS4-HMAC-SHA256", "s3"
EMPTY = hashlib.sha256(b"").hexdigest()
LONGEST_SECONDS = 7 * 24 * 3600  # for which the store takes an address
CONNECTIONS = 64


class Bucket(msgspec.Struct, frozen=True):
    """Where a bucket is, and who asks: `https://store.example/bucket`, or `https://bucket.store.example`."""

    url: str
    key: str
    secret: str
    region: str = "us-east-1"

    @property
    def name(self) -> str:
        """The bucket's name, which stands in the path or at the beginning of the host."""
        parts = urlsplit(self.url)
        return parts.path.strip("/") or (parts.hostname or "").partition(".")[0]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """What stands before every key: `/bucket`, or nothing."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class Listed(msgspec.Struct, frozen=True):
    """A part that the store holds, as it tells of it."""

    number: int
    size: int
    etag: str


class Failure(Exception):
    """The store's answer is that it failed; `code` is its name for why."""

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}: {text}"[:300])


class Refusal(Failure):
    """The store will not do this, like `NoSuchUpload`: asking again changes nothing."""


def post_form(bucket: Bucket, key: str, content_type: str, most: int, expires: datetime) -> dict[str, str]:
    """The fields of a form that may upload one object: under this key, of this type, of 1 to `most` bytes."""
    moment, scope = _moment(clock.now()), _scope(bucket, clock.now())
    fields = {
        "key": key,
        "Content-Type": content_type,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{bucket.key}/{scope}",
        "x-amz-date": moment,
    }
    conditions: list[Any] = [{"bucket": bucket.name}, ["content-length-range", 1, most]]
    conditions += [{name: value} for name, value in fields.items()]
    until = expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    policy = base64.b64encode(json.dumps({"expiration": until, "conditions": conditions}).encode()).decode()
    return fields | {"policy": policy, "x-amz-signature": _signature(bucket, scope, policy)}


def presigned(
    bucket: Bucket, method: str, key: str, expires: datetime, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """An address that is good for one request like this, with these headers, until then."""
    now = clock.now()
    scope, covered = _scope(bucket, now), {"host": bucket.host, **headers}
    seconds = min(max(int((expires - now).total_seconds()), 1), LONGEST_SECONDS)
    whole = {
        **query,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{bucket.key}/{scope}",
        "X-Amz-Date": _moment(now),
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": ";".join(sorted(covered)),
    }
    path = _path(bucket, key)
    request = _canonical(method, path, whole, covered, "UNSIGNED-PAYLOAD")
    whole["X-Amz-Signature"] = _signature(bucket, scope, _to_sign(_moment(now), scope, request))
    return f"{bucket.origin}{path}?{urlencode(sorted(whole.items()), quote_via=quote)}"


class Client:
    """Requests to a bucket, signed, over connections of its own."""

    def __init__(self, bucket: Bucket, seconds: float) -> None:
        self.bucket = bucket
        limits = httpx2.Limits(max_connections=CONNECTIONS)
        self._http = httpx2.AsyncClient(timeout=seconds, limits=limits, trust_env=False, verify=trust.context())

    async def close(self) -> None:
        await self._http.aclose()

    async def request(
        self,
        method: str,
        key: str,
        query: Mapping[str, str],
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of a successful answer. Raises Refusal, Failure, and httpx2's errors of the connection."""
        now, digest = clock.now(), hashlib.sha256(body).hexdigest() if body else EMPTY
        covered = {"host": self.bucket.host, "x-amz-date": _moment(now), "x-amz-content-sha256": digest}
        covered |= {name.lower(): value for name, value in (headers or {}).items()}
        path, scope = _path(self.bucket, key), _scope(self.bucket, now)
        request = _canonical(method, path, query, covered, digest)
        signature = _signature(self.bucket, scope, _to_sign(_moment(now), scope, request))
        signed = f"{ALGORITHM} Credential={self.bucket.key}/{scope}, SignedHeaders={';'.join(sorted(covered))}"
        sent = covered | {"authorization": f"{signed}, Signature={signature}"}
        del sent["host"]
        url = f"{self.bucket.origin}{path}" + (f"?{_query(query)}" if query else "")
        answer = await self._http.request(method, url, content=body, headers=sent)
        if not answer.is_success or b"<Error>" in answer.content[:200]:  # also after a 200: it was sent too early
            raise _refusal(answer)
        return answer.content

    async def begin(self, key: str) -> str:
        """Open an upload in parts, and return what the store calls it."""
        return _text(_root(await self.request("POST", key, {"uploads": ""})), "UploadId")

    async def list_parts(self, key: str, upload_id: str) -> list[Listed]:
        """What has arrived, by number. Raises Refusal(NoSuchUpload)."""
        found: list[Listed] = []
        after = "0"
        while True:
            query = {"uploadId": upload_id, "part-number-marker": after}
            page = _root(await self.request("GET", key, query))
            found += [
                Listed(int(_text(one, "PartNumber")), int(_text(one, "Size")), _text(one, "ETag"))
                for one in _all(page, "Part")
            ]
            if _text(page, "IsTruncated") != "true":
                return found
            after = _text(page, "NextPartNumberMarker")

    async def copy_part(self, key: str, upload_id: str, number: int, source: str) -> Listed:
        """Have the store take an object of its own as a part."""
        headers = {"x-amz-copy-source": f"/{self.bucket.name}/{quote(source)}"}
        query = {"partNumber": str(number), "uploadId": upload_id}
        answer = _root(await self.request("PUT", key, query, headers=headers))
        return Listed(number, 0, _text(answer, "ETag"))

    async def complete(self, key: str, upload_id: str, parts: list[Listed]) -> None:
        """Make the parts one object. Raises Refusal."""
        listed = "".join(
            f"<Part><PartNumber>{one.number}</PartNumber><ETag>{escape(one.etag)}</ETag></Part>" for one in parts
        )
        body = f'<CompleteMultipartUpload xmlns="{NAMESPACE}">{listed}</CompleteMultipartUpload>'.encode()
        await self.request("POST", key, {"uploadId": upload_id}, body)

    async def abort(self, key: str, upload_id: str) -> None:
        """Forget an upload in parts; that there was none is no error."""
        try:
            await self.request("DELETE", key, {"uploadId": upload_id})
        except Refusal as refusal:
            if refusal.status != 404:
                raise

    async def begun_before(self, moment: datetime) -> list[tuple[str, str]]:
        """Keys and names of uploads in parts that were begun before then, a thousand at most."""
        page = _root(await self.request("GET", "", {"uploads": ""}))
        return [
            (_text(one, "Key"), _text(one, "UploadId"))
            for one in _all(page, "Upload")
            if datetime.fromisoformat(_text(one, "Initiated")) < moment
        ]

    async def holds(self, prefix: str) -> bool:
        """Whether there is anything under a prefix. Raises Refusal where there is no such bucket, or it is closed."""
        page = _root(await self.request("GET", "", {"list-type": "2", "max-keys": "1", "prefix": prefix}))
        return any(True for _ in _all(page, "Contents"))

    async def configure(self, what: str, body: bytes) -> None:
        """Set one of the bucket's configurations (`cors`, `lifecycle`, `replication`), as XML. Raises Refusal."""
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        await self.request("PUT", "", {what: ""}, body, {"content-md5": digest, "content-type": "application/xml"})


NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def _moment(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")


def _scope(bucket: Bucket, now: datetime) -> str:
    return f"{now:%Y%m%d}/{bucket.region}/{SERVICE}/aws4_request"


def _path(bucket: Bucket, key: str) -> str:
    return f"{bucket.path}/{quote(key)}" if key else bucket.path or "/"


def _query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query.items()))


def _canonical(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], digest: str) -> str:
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    return "\n".join([method, path, _query(query), lines, ";".join(sorted(headers)), digest])


def _to_sign(moment: str, scope: str, request: str) -> str:
    return "\n".join([ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()])


def _signature(bucket: Bucket, scope: str, text: str) -> str:
    key = f"AWS4{bucket.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def _refusal(answer: httpx2.Response) -> Failure:
    kind = Refusal if 400 <= answer.status_code < 500 or answer.status_code == 501 else Failure
    try:
        error = _root(answer.content)
        return kind(answer.status_code, _text(error, "Code"), _text(error, "Message"))
    except ElementTree.ParseError:
        return kind(answer.status_code, "", answer.text)


def _root(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 - of the operator's own store, and expat bounds what entities do


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (one for one in element.iter() if one.tag.rpartition("}")[2] == name)


def _text(element: ElementTree.Element, name: str) -> str:
    return next((one.text or "" for one in _all(element, name)), "")
