"""Here is one file on standard input; give me its text as JSON, within the limits I name.

Run by `index.parser` as `python -m index.parser_child html|pdf|docx LIMITS`. A failure that no
ReadError describes ends the process with its traceback, whose last line becomes the reason.
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict

from index.errors import ReadError
from index.parser import Extracted, Limits


def main(kind: str, limits: Limits) -> None:
    """Nothing; one JSON object goes to standard output."""
    _limit(limits)
    data = sys.stdin.buffer.read()
    try:
        answer = asdict(_extractor(kind)(data))
    except ReadError as exc:
        answer = {"error": type(exc).__name__, "message": str(exc)}
    sys.stdout.buffer.write(json.dumps(_whole(answer), ensure_ascii=False).encode("utf-8"))


def _limit(limits: Limits) -> None:
    """Bind this process before any parser is loaded; no core file holds the article's text."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.result, limits.result))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _extractor(kind: str) -> Callable[[bytes], Extracted]:
    """The one parser this process needs; the others stay unloaded."""
    if kind == "pdf":
        from index.pdf import extract_pdf  # noqa: PLC0415 - each child loads one parser

        return extract_pdf
    if kind == "docx":
        from index.word import extract_docx  # noqa: PLC0415 - each child loads one parser

        return extract_docx
    from index.webpage import extract_webpage  # noqa: PLC0415 - each child loads one parser

    return lambda data: extract_webpage(data.decode("utf-8"))


def _whole(answer: dict[str, object]) -> dict[str, object]:
    """The answer with surrogate pairs joined and lone surrogates made U+FFFD (PDFs hold both)."""
    return {
        key: value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if isinstance(value, str)
        else value
        for key, value in answer.items()
    }


if __name__ == "__main__":
    main(sys.argv[1], Limits(**json.loads(sys.argv[2])))
