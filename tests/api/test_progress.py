"""Progress is a line now and then where nobody watches, with rate and time left."""

import io

from api.progress import Lines, line, rebuilding, shown
from index.build import Progress


def progress(done: int, total: int | None, seconds: float, **other: int) -> Progress:
    values = {"failed": 0, "unchanged": 0, "bytes_done": 0, "bytes_total": 0, **other}
    return Progress(done=done, total=total, seconds=seconds, rate=done / seconds, **values)


def test_a_line_has_rate_and_time_left() -> None:
    assert line(progress(6_000, 60_000, 10)) == "6,000 of 60,000 articles, 600/s, 1 min 30 s left"
    assert line(progress(10, 20, 1, failed=2)) == "12 of 20 articles, 10/s, 1 s left, 2 failed"


def test_without_a_total_the_share_of_bytes_says_how_many() -> None:
    guessed = progress(100, None, 1, bytes_done=25, bytes_total=100)
    assert line(guessed) == "100 of about 400 articles, 100/s, 3 s left"
    assert line(progress(100, None, 1)) == "100 articles, 100/s"


def test_lines_are_some_seconds_apart() -> None:
    written = io.StringIO()
    lines = Lines(written)
    for second in range(1, 31):
        lines.show(progress(second, 30, second))
    assert written.getvalue().count("\n") == 6


def test_elsewhere_than_on_a_terminal_there_are_lines() -> None:
    written = io.StringIO()
    with shown(written) as show:
        show(progress(50, 100, 60))
    assert written.getvalue() == "50 of 100 articles, 1/s, 1 min 0 s left\n"


def test_on_a_terminal_there_is_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    written = Terminal()
    with shown(written) as show:
        show(progress(50, 100, 1))
    assert "50 articles, 50/s" in written.getvalue()
    assert "50%" in written.getvalue()


def test_rebuilding_is_told_at_its_start_and_not_at_every_batch() -> None:
    stream = io.StringIO()
    tell = rebuilding(stream)
    for done in range(0, 1_000, 200):
        tell("vectors", done, 1_000)
    tell("bm25", 0, 1_000)
    assert stream.getvalue().splitlines() == [
        "rebuilding vectors: 0 of 1,000 articles",
        "rebuilding bm25: 0 of 1,000 articles",
    ]
