"""Here is a request, or an answer; tell a collector how long it took, where one is named.

On where OpenTelemetry's own variables name a collector and the extra `otel` is installed. No span
holds what was asked or said: routes, methods, statuses, doors and times are all there is.
"""

import logging
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Door
from api.settings import traces_wanted
from rag.answer import Answer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

LOG = logging.getLogger("unionqa")
NOT_INSTALLED = (
    "a collector for traces is named, but OpenTelemetry is not installed and none are sent; "
    "pip install 'unionqa[otel]', or unset OTEL_EXPORTER_OTLP_ENDPOINT"
)
NS_PER_MS = 1_000_000


class Tracing:
    """Spans on their way to a collector, sent from a thread of their own."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self.tracer = provider.get_tracer("unionqa", version("unionqa"))

    @classmethod
    def open(cls) -> Self | None:
        """Tracing as the environment says; None, with a warning, where it cannot be."""
        if not traces_wanted():
            return None
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
                OTLPSpanExporter,
            )
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra
        except ImportError:
            LOG.warning(NOT_INSTALLED)
            return None
        provider = TracerProvider(resource=Resource.create({"service.name": "unionqa"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def answered(self, answer: Answer, door: Door) -> None:
        """Send an answer's span, which ends now, and in it one for each step, one after another."""
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 - an extra

        ended = time.time_ns()
        at = ended - _ns(answer.timings_ms.get("total", 0.0))
        told = {"unionqa.status": answer.status, "unionqa.door": door, "unionqa.mode": answer.mode}
        whole = self.tracer.start_span("answer", start_time=at, attributes=told)
        for step, milliseconds in answer.timings_ms.items():
            if step != "total":
                inside = set_span_in_context(whole)
                part = self.tracer.start_span(step, context=inside, start_time=at)
                at += _ns(milliseconds)
                part.end(at)
        whole.end(ended)

    def close(self) -> None:
        """Send what is left, for as long as the server has to end."""
        self._provider.shutdown()


class Traced:
    """ASGI middleware with a span for every request, named by its route."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracer = tracing.tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry.propagate import extract  # noqa: PLC0415 - an extra
        from opentelemetry.trace import SpanKind  # noqa: PLC0415 - an extra

        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        with self._tracer.start_as_current_span(
            scope["method"],
            context=extract(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": scope["method"]},
            # the message of an error may repeat what was sent
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            async def send_told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, send_told)
            # of an unknown path nothing is told
            if route := getattr(scope.get("route"), "path", None):
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)


def _ns(milliseconds: float) -> int:
    return round(milliseconds * NS_PER_MS)
