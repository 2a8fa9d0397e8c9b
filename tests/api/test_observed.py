"""What operators see: health, metrics, log lines, and one trace from a request to the consumer of its event."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import httpx2
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from tests.engines.product import Product, installed
from tests.world import World, drawn
from tintype.entry import health
from tintype.platform import telemetry

UNITS = ("_requests", "_seconds", "_bytes", "_total", "_events", "_info", "_created", "_up")
SHORT = re.compile(r"_(ms|msec|millis|sec|secs|min|kb|mb|kilobytes|minutes|hours|percent)(_|$)")
LONG_NUMBER = re.compile(r"\d{6,}")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with installed(LOG_FORMAT="json") as found:
        found.start()
        yield found


def page(product: Product, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{product.port + 1}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def used(product: Product) -> str:
    """Somebody registers, posts a picture and looks at the feed; returns the account's id."""
    with httpx2.Client(base_url=f"{product.url}/api/v1", timeout=30) as http:
        form = {"username": "ana", "email": "ana@example.org", "password": "a long password", "session": "token"}
        data = http.post("/users/register", json=form).json()["data"]
        http.headers["Authorization"] = f"Bearer {data['access_token']}"
        body = drawn()
        wanted = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(body)}
        ticket = http.post("/media/upload-url", json=wanted).json()["data"]
        sent = {"file": ("photo.jpg", body, "image/jpeg")}
        http.post(product.url + ticket["upload"]["url"], data=ticket["upload"]["fields"], files=sent)
        http.post(f"/media/{ticket['media_id']}/complete")
        post = {"type": "IMAGE", "media": [{"media_id": ticket["media_id"]}]}
        post_id = http.post("/posts", json=post).json()["data"]["post_id"]
        assert http.get(f"/posts/{post_id}/wait").json()["data"]["status"] == "published"
        http.get("/feed/home")
        http.request("BREW", "/feed/home")
        http.get("/no/such/route")
    return str(data["user"]["user_id"])


def test_health_metrics_and_logs(product: Product) -> None:
    assert page(product, "/livez") == (200, "alive\n")
    assert page(product, "/readyz") == (200, "ready\n")
    assert page(product, "/nothing")[0] == 404
    user_id = used(product)
    _, text = page(product, "/metrics")
    check_metrics(text)
    check_what_is_measured(text)
    check_log(product.said(), user_id)


def check_metrics(text: str) -> None:
    """What promtool checks, and quality.md's rules for names and labels."""
    about = [line.split(" ", 3) for line in text.splitlines() if line.startswith("# ")]
    helped = [line[2] for line in about if line[1] == "HELP"]
    assert len(helped) == len(set(helped)), "a family is told twice"
    assert all(len(line) == 4 and line[3] for line in about)
    families = list(text_string_to_metric_families(text))
    assert len(families) == len({family.name for family in families})
    for family in families:
        standard = family.name.startswith(("python_", "process_"))
        assert standard or family.name.startswith("tintype_"), family.name
        assert not SHORT.search(family.name), family.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", family.name)
        if not standard:
            assert family.type in {"counter", "gauge", "histogram"}
            assert family.type == "counter" or family.name.endswith(UNITS), family.name
        if family.type == "counter" and not standard:
            assert all(one.name.endswith(("_total", "_created")) for one in family.samples)
        for sample in family.samples:
            assert sample.labels["process"] in {"api", "worker"}
            for name, value in sample.labels.items():
                assert name not in {"user_id", "account_id", "post_id", "path"}
                assert not LONG_NUMBER.search(value), (sample.name, value)


def check_what_is_measured(text: str) -> None:
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]

    def value(name: str, **labels: str) -> float:
        return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())

    requests = "tintype_http_requests_total"
    assert value(requests, process="api", method="POST", route="/api/v1/posts", status="2xx") == 1
    assert value(requests, method="other") >= 1
    assert value(requests, route="other", status="4xx") >= 1
    assert {one.labels["method"] for one in samples if one.name == requests} <= {"GET", "POST", "other"}
    assert value("tintype_http_request_duration_seconds_count", route="/api/v1/feed/home", method="GET") == 1
    assert value("tintype_database_statement_duration_seconds_count", process="api", domain="posts") > 0
    assert value("tintype_database_statement_duration_seconds_count", process="worker") > 0
    assert value("tintype_database_statement_duration_seconds_count", domain="other") == 0
    assert value("tintype_cache_requests_total", outcome="hit") > 0
    assert value("tintype_cache_requests_total", outcome="miss") > 0
    groups = {one.labels["group"] for one in samples if one.name == "tintype_log_lag_events"}
    assert {"moderation", "timelines"} <= groups
    assert {one.labels["group"] for one in samples if one.name == "tintype_log_lag_seconds"} == groups
    assert value("tintype_log_events_total", process="worker") > 0
    assert value("tintype_media_duration_seconds_count", process="worker", step="upload_to_ready") == 1
    assert value("tintype_media_finished_total", outcome="ready") == 1
    assert value("tintype_media_upload_bytes_total", process="api") == len(drawn())


def check_log(said: str, user_id: str) -> None:
    records = []
    for line in said.splitlines():
        with suppress(ValueError):
            records.append(json.loads(line))
    assert records
    for record in records:
        assert {"timestamp", "level", "service", "event"} <= set(record), record
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", record["timestamp"])
        assert record["level"] in {"DEBUG", "INFO", "WARN", "ERROR"}
    (posted,) = [one for one in records if one["event"] == "request" and one["route"] == "/api/v1/posts"]
    assert posted["service"] == "api"
    assert re.fullmatch(r"[0-9a-f]{32}", posted["trace_id"])
    assert posted["user_id"] == user_id
    assert posted["duration_ms"] >= posted["database_ms"] > 0
    assert (posted["method"], posted["status"]) == ("POST", 201)
    assert "a long password" not in said
    assert "ana@example.org" not in said


def test_not_ready_while_the_database_is_away() -> None:
    with installed() as product:
        product.start()
        postmaster = product.pid_of("postgres")
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, check=True)
        frozen = [postmaster, *map(int, listed.stdout.split())]
        try:
            for pid in frozen:
                os.kill(pid, signal.SIGSTOP)
            assert page(product, "/readyz") == (503, "not ready\n")
            assert page(product, "/livez") == (200, "alive\n")
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        product.wait_until_ready()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("tintype"))
    return exporter


async def test_one_trace_from_the_request_to_the_consumer(world: World, spans: InMemorySpanExporter) -> None:
    (ana,) = await world.people("ana")
    await world.settle()
    spans.clear()
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent: dict[str, Any] = {"type": "TEXT", "caption": "hello"}
    await ana.ask("POST", "/posts", json=sent, headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    await world.settle()
    found = {
        span.name
        for span in spans.get_finished_spans()
        if span.context is not None
        and (
            f"{span.context.trace_id:032x}" == trace
            or any(f"{link.context.trace_id:032x}" == trace for link in span.links)
        )
    }
    assert "POST /api/v1/posts" in found
    assert [name for name in found if "moderation" in name], found
    assert [name for name in found if "timelines" in name or "fan-out" in name], found


def test_metrics_of_several_processes_are_one_page() -> None:
    one = b'# HELP a_total A\n# TYPE a_total counter\na_total{x="1"} 1.0\n# HELP b B\n# TYPE b gauge\nb 2.0\n'
    text = health.merged({"api": one, "worker": one, "worker-2": one}).decode()
    assert text.count("# HELP a_total A") == text.count("# TYPE b gauge") == 1
    families = {family.name: family.samples for family in text_string_to_metric_families(text)}
    assert [sample.labels["process"] for sample in families["b"]] == ["api", "worker", "worker-2"]
    assert families["a"][0].labels == {"process": "api", "x": "1"}
