"""A collector sees each request and its steps, and not a word of what was asked."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.settings import traces_wanted
from api.tracing import Tracing
from tests.api.running import serving

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
QUESTION = "双鸭山金秋助学筹了多少钱"


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as the collector got it."""

    name: str
    trace: str
    identity: str
    parent: str
    times: tuple[int, int]
    told: dict[str, Any] = field(default_factory=dict)


@contextmanager
def _collector() -> Iterator[tuple[str, list[Seen], list[bytes]]]:
    """Its address, the spans it got, and the bodies they came in."""
    seen: list[Seen] = []
    bodies: list[bytes] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["content-length"]))
            bodies.append(body)
            seen.extend(_spans(body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen, bodies
    server.shutdown()
    server.server_close()


def _spans(body: bytes) -> Iterator[Seen]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                told = {
                    one.key: one.value.string_value or one.value.int_value
                    for one in span.attributes
                }
                times = (span.start_time_unix_nano, span.end_time_unix_nano)
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                yield Seen(span.name, *ids, times, told)


def test_a_request_its_answer_and_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _collector() as (url, seen, bodies):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with serving(tmp_path / "data") as server, server.client() as client:
            client.post("/v1/ask", json={"question": QUESTION}, headers={"traceparent": PARENT})
            client.get(f"/{QUESTION}")
            client.post("/v1/ask", json={"question": QUESTION, "nothing": QUESTION})
            server.process.terminate()
            # what is left is sent before the process ends
            assert server.process.wait(timeout=10) == 0
        named = {span.name: span for span in seen}
    request, answer = named["POST /v1/ask"], named["answer"]
    asked = next(span for span in seen if span.identity == answer.parent)
    assert (asked.trace, asked.parent) == (PARENT[3:35], PARENT[36:52])
    assert asked.told["http.response.status_code"] == 200
    assert request.told["http.route"] == "/v1/ask"
    assert answer.told == {
        "unionqa.status": "answered", "unionqa.door": "http", "unionqa.mode": "extractive",
    }  # fmt: skip
    steps = [named[name] for name in ("understand", "retrieve", "evidence")]
    assert {step.parent for step in steps} == {answer.identity}
    ends = [step.times[1] for step in steps]
    assert ends == sorted(ends)
    assert all(step.times[0] <= step.times[1] for step in [asked, answer, *steps])
    roots = [span for span in seen if not span.parent]
    assert {span.told["http.response.status_code"] for span in roots} == {404, 422}
    for word in (QUESTION, "金秋", "163", "nothing"):
        assert all(word.encode() not in body for body in bodies)


def test_it_is_on_where_a_collector_is_named() -> None:
    assert traces_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    assert traces_wanted({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"})
    assert not traces_wanted({})
    assert not traces_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": " "})
    both = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}
    assert not traces_wanted(both)


def test_without_the_extra_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with caplog.at_level(logging.WARNING):
        assert Tracing.open() is None
    (record,) = caplog.records
    assert "pip install 'unionqa[otel]'" in record.getMessage()
    assert "\n" not in record.getMessage()
