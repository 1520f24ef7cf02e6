"""A line of the log holds what happened and where, and nothing that anybody asked."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.log import REQUEST_ID, WITHHELD, configure, trace
from api.settings import Settings
from index.errors import FolderBusy
from tests.api.running import Json

ASKED = "双鸭山金秋助学筹了多少钱"


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, "unionqa")]
    before = [(one, one.level, one.handlers[:]) for one in loggers]
    token = REQUEST_ID.set(None)
    yield
    REQUEST_ID.reset(token)
    for one, level, handlers in before:
        one.setLevel(level)
        one.handlers[:] = handlers


def logging_to(**settings: object) -> io.StringIO:
    stream = io.StringIO()
    configure(Settings.model_validate(settings), stream)
    return stream


def lines(stream: io.StringIO) -> list[Json]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failure(message: str) -> Exception:
    """An exception with a cause, as it is caught."""
    try:
        try:
            raise FolderBusy(7)
        except FolderBusy as exc:
            raise ValueError(message) from exc
    except ValueError as exc:
        return exc


def test_elsewhere_than_on_a_terminal_a_line_is_one_json_object() -> None:
    stream = logging_to()
    REQUEST_ID.set("r-1")
    log = logging.getLogger("unionqa.requests")
    log.info("request", extra={"fields": {"path": "/v1/ask", "key": None, "ms": 1.5}})
    log.debug("too fine")
    (line,) = lines(stream)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "unionqa.requests",
        "message": "request",
        "request_id": "r-1",
        "path": "/v1/ask",
        "ms": 1.5,
    }


def test_on_a_terminal_it_is_text() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    configure(Settings(), stream)
    logging.getLogger("unionqa").warning("two\nlines", extra={"fields": {"path": "/v1/ask"}})
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(" warning two lines  path=/v1/ask")


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_has_its_traceback_but_not_what_was_asked(form: str) -> None:
    stream = logging_to(log=form)
    exc = failure(ASKED)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=exc)
    text = stream.getvalue()
    assert ASKED not in text
    assert f"builtins.ValueError: {WITHHELD}" in text
    assert "in failure" in text
    # this one names a process, and nothing that anybody asked
    assert str(FolderBusy(7)) in text
    assert len(text.splitlines()) == 1 or form == "text"


def test_every_exception_of_a_group_is_told() -> None:
    group = ExceptionGroup(ASKED, [failure(ASKED), KeyError(ASKED), OSError(28, "disk full")])
    text = "".join(trace(group, questions=False))
    assert ASKED not in text
    assert "ExceptionGroup" in text
    assert "KeyError" in text
    assert "disk full" in text


@pytest.mark.parametrize("name", ["mcp.server", "httpx", "somebody"])
def test_what_a_library_says_is_withheld_but_not_where(name: str) -> None:
    stream = logging_to()
    log = logging.getLogger(name)
    log.warning("cannot validate %s", ASKED)
    log.info("never below a warning")
    (line,) = lines(stream)
    assert line["message"].startswith("test_log.py:")
    assert line["message"].endswith(WITHHELD)


def test_asyncio_is_told_to_its_first_line() -> None:
    stream = logging_to()
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {ASKED}")
    assert lines(stream)[0]["message"] == "Task exception was never retrieved"


def test_where_it_is_wished_everything_is_told() -> None:
    stream = logging_to(log_questions=True)
    logging.getLogger("mcp.server").warning("cannot validate %s", ASKED, exc_info=failure(ASKED))
    (line,) = lines(stream)
    assert ASKED in line["message"]
    assert f"ValueError: {ASKED}" in line["error"]


@pytest.mark.parametrize(("level", "told"), [("debug", 3), ("info", 2), ("error", 0)])
def test_the_level_is_a_setting(level: str, told: int) -> None:
    stream = logging_to(log_level=level)
    log = logging.getLogger("unionqa")
    for say in (log.debug, log.info, log.warning):
        say("so")
    assert len(lines(stream)) == told


def test_a_line_break_does_not_make_two_lines(tmp_path: Path) -> None:
    stream = logging_to(log="text")
    logging.getLogger("unionqa").error("%s\r\nis gone\u2028", tmp_path / "a\nb")
    assert len(stream.getvalue().splitlines()) == 1
