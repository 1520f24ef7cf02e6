"""Here is something that happened; write it down on one line, without what anybody asked.

A line for programs is one JSON object, a line for people is text; both have the same in them. What
an exception or a library says may quote a question or a key, so it is left out unless the message
is of a kind that cannot, or `UNIONQA_LOG_QUESTIONS` allows it; where it happened always stands.
"""

import json
import logging
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from api.settings import Settings
from api.sqlite import StateError
from index.errors import IndexingError

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered here, in its threads too."""
TELLING = (OSError, sqlite3.Error, IndexingError, StateError)
"""Exceptions whose messages name files, statements and addresses, never what was asked."""
TRUSTED = ("unionqa", "uvicorn", "asyncio")
"""Loggers whose first lines never quote anybody."""
WITHHELD = "(withheld: UNIONQA_LOG_QUESTIONS=1 shows it)"
FRAMES = 40
LONGEST = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Write what this process logs to `stream`, the standard error output as a rule."""
    stream = stream or sys.stderr
    form = settings.log or ("text" if stream.isatty() else "json")
    handler = logging.StreamHandler(stream)
    handler.setFormatter((JsonLine if form == "json" else TextLine)(settings.log_questions))
    level = settings.log_level.upper()
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # of libraries no more than warnings: what they log below that holds headers and bodies
    root.setLevel(logging.WARNING)
    logging.getLogger("unionqa").setLevel(level)


class Line(logging.Formatter):
    """What both forms have in common."""

    def __init__(self, questions: bool) -> None:
        super().__init__()
        self._questions = questions

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """A record's fields in order; `error` has the traceback."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
            "request_id": REQUEST_ID.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = "".join(trace(record.exc_info[1], self._questions))
        return {name: value for name, value in line.items() if value is not None}

    def _message(self, record: logging.LogRecord) -> str:
        place = f"{record.filename}:{record.lineno}"
        if self._questions:
            return record.getMessage()
        if record.name.split(".")[0] not in TRUSTED:
            return f"{place} {WITHHELD}"
        message = record.getMessage()
        # beyond its first line, asyncio shows the values it worked on
        return message if record.name.startswith("unionqa") else message.split("\n")[0]


class JsonLine(Line):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object without a line break."""
        return json.dumps(self.told(record), ensure_ascii=False, default=str)


class TextLine(Line):
    """A line for people; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and message, then the fields as name=value."""
        line = self.told(record)
        head = f"{line.pop('time')} {line.pop('level'):<7} {line.pop('message')[:LONGEST]}"
        error = line.pop("error", "")
        del line["logger"]
        rest = " ".join(f"{name}={value}" for name, value in line.items())
        text = _CONTROL.sub(" ", f"{head}  {rest}".rstrip())
        return f"{text}\n{error}".rstrip()


def trace(exc: BaseException, questions: bool) -> Iterator[str]:
    """The traceback, causes first; with the messages of `TELLING` alone, or of all."""
    before = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    if before is not None:
        yield from trace(before, questions)
        yield "which led to:\n"
    yield from traceback.format_tb(exc.__traceback__, limit=-FRAMES)
    kind = type(exc)
    message = str(exc)[:LONGEST] if questions or isinstance(exc, TELLING) else WITHHELD
    yield f"{kind.__module__}.{kind.__qualname__}: {message}\n"
    if isinstance(exc, BaseExceptionGroup):
        for one in exc.exceptions:
            yield from trace(one, questions)
