"""Metrics, logs and traces: names and shapes in one place (product prefix, base units, route templates only)."""

import logging
import random
import re
import sys
import time
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from prometheus_client import Counter, Gauge, Histogram

from tintype.platform.metrics import FastCounter, FastHistogram

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10)

REQUESTS = FastCounter(
    "tintype_http_requests_total", "Requests by route and status class", ["method", "route", "status"]
)
REQUEST_TIME = FastHistogram(
    "tintype_http_request_duration_seconds", "Time to answer", ["method", "route"], buckets=_FAST
)
DATABASE_TIME = FastHistogram(
    "tintype_database_statement_duration_seconds", "Statements by domain", ["domain"], buckets=_FAST
)
POOL_WAIT = Histogram("tintype_database_pool_wait_seconds", "Waiting for a pooled connection", buckets=_FAST)
IN_FLIGHT = Gauge(
    "tintype_http_in_flight_requests", "Requests that are being answered, long polls and uploads left out"
)
SHED = Counter("tintype_http_shed_total", "Requests refused because too much was asked", ["kind"])
CACHE = FastCounter("tintype_cache_requests_total", "Cache look-ups", ["cache", "outcome"])
LOG_LAG = Gauge("tintype_log_lag_events", "Events a group has not handled", ["group"])
LOG_AGE = Gauge("tintype_log_lag_seconds", "Age of the oldest event a group has not handled", ["group"])
LOG_PARKED = Gauge("tintype_log_parked_events", "Events parked behind a failure", ["group"])
LOG_MOVED = Counter("tintype_log_events_total", "Events moved from the inbox to the log")
HANDLED = Counter("tintype_log_handled_total", "Events handled", ["group", "outcome"])
HANDLE_TIME = Histogram("tintype_log_handle_duration_seconds", "Time for one batch", ["group"], buckets=_FAST)
FEED_LOAD = FastHistogram(
    "tintype_feed_load_seconds", "Time to get a feed's ids, by where from", ["source"], buckets=_FAST
)
FAN_OUT_LAG = Histogram(
    "tintype_feed_fan_out_lag_seconds", "From a post's publication to a chunk's commit", buckets=_FAST
)
DIFFERENCES = Counter("tintype_verify_differences_total", "Lasting differences that verify found, by kind", ["kind"])
MEDIA_TIME = Histogram("tintype_media_duration_seconds", "Media work by step", ["step"], buckets=(*_FAST, 30, 60))
MEDIA_DONE = Counter("tintype_media_finished_total", "Media by how they ended", ["outcome"])
UPLOADED = Counter("tintype_media_upload_bytes_total", "Bytes received in uploads")
WRITE_BEHIND = Counter(
    "tintype_write_behind_items_total", "Items of write-behind buffers, written or dropped", ["buffer", "outcome"]
)
LOG_RECORDS = Counter("tintype_log_records_total", "Log records by level", ["level"])

database_seconds: ContextVar[float] = ContextVar("database_seconds", default=0.0)
_PASSWORD = re.compile(r"(://[^\s:/@]*):[^\s@/]+@")
_LEVELS = {"warning": "WARN", "critical": "ERROR", "exception": "ERROR"}

tracer = trace.get_tracer("tintype")


@contextmanager
def statement(sql: str) -> Iterator[None]:
    """Time one statement under the domain that its first comment names."""
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        database_seconds.set(database_seconds.get() + took)
        DATABASE_TIME.labels(domain_of(sql)).observe(took)


_domains: dict[str, str] = {}


def domain_of(sql: str) -> str:
    """The word between `--` and `:` in the statement's first line."""
    known = _domains.get(sql)
    if known is None:
        title = sql.lstrip()[:80].partition("\n")[0]
        known = title[2:].partition(":")[0].strip() if title.startswith("--") else "other"
        if len(_domains) < 4096:
            _domains[sql] = known
    return known


def request_id() -> str:
    """A name for one request, in answers and logs; no secret."""
    return f"{random.getrandbits(128):032x}"


def outgoing_trace() -> bytes | None:
    """The present trace as event headers, so that a consumer's span belongs to the request's trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    found = carrier.get("traceparent")
    return found.encode() if found else None


@contextmanager
def span(
    name: str,
    headers: bytes | None = None,
    *,
    links: Sequence[trace.Link] = (),
    **attributes: str | int,
) -> Iterator[trace.Span]:
    """A span; with an event's headers it continues the trace of the request that published it."""
    context = propagate.extract({"traceparent": headers.decode()}) if headers else None
    with tracer.start_as_current_span(name, context=context, links=links, attributes=attributes) as opened:
        yield opened


def context_of(headers: bytes) -> trace.SpanContext | None:
    """The span that published an event."""
    found = trace.get_current_span(propagate.extract({"traceparent": headers.decode()})).get_span_context()
    return found if found.is_valid else None


def trace_id() -> str:
    """The present trace as 32 hexadecimal digits, or empty."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


def start(
    service: str, *, level: str = "info", form: str = "auto", otlp_url: str = "", exporter: SpanExporter | None = None
) -> None:
    """Set up logs and traces for this process: JSON for machines, readable lines on a terminal."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"tintype-{service}"}))
    if otlp_url:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint=f"{otlp_url.rstrip('/')}/v1/traces", timeout=5)
    if exporter is not None:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    readable = form == "text" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _count,
        _fields(service),
        structlog.processors.format_exc_info,
        _without_passwords,
    ]
    last: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(timestamp_key="timestamp") if readable else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.processors.TimeStamper(fmt="iso", utc=True), last],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(_Plain("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[plain])


def _fields(service: str) -> structlog.types.Processor:
    def add(_: Any, __: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        record["service"] = service
        record["level"] = _LEVELS.get(record["level"], record["level"].upper())
        if found := trace_id():
            record["trace_id"] = found
        return record

    return add


def redacted(text: str) -> str:
    """The text without the passwords of addresses in it."""
    return _PASSWORD.sub(r"\1:…@", text) if "://" in text else text


def _without_passwords(_: Any, __: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in record.items():
        if isinstance(value, str) and "://" in value:
            record[name] = redacted(value)
    return record


class _Plain(logging.Formatter):
    """Lines of libraries, without passwords either."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def _count(_: Any, __: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    LOG_RECORDS.labels(record["level"]).inc()
    return record


log = structlog.get_logger()


class Outage:
    """Of what is tried again and again: that it is lost is told once, and once that it goes on."""

    def __init__(self, back: str, **about: object) -> None:
        """`back` is the event that tells that it goes on."""
        self._back, self._about, self._is_out = back, about, False

    def lost(self, event: str, error: BaseException) -> None:
        """A try has failed."""
        tell = log.debug if self._is_out else log.warning
        tell(event, error=repr(error), **self._about)
        self._is_out = True

    def over(self) -> None:
        """A try has not."""
        if self._is_out:
            log.info(self._back, **self._about)
            self._is_out = False
