"""Here is a BEIR corpus.jsonl; give me its articles one by one, and every line that is none.

A line is a JSON object with `_id` and `text`, perhaps `title`, `date`, `region`, `source` and
`url`; other fields are ignored. Memory stays that of one line, plus 8 bytes' hash for each `_id`
seen. Format: https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

import datetime
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NoReturn

from index.align import Aligned
from index.document import Article
from index.errors import BadLine, DamagedFile, ReadError, UnsupportedFile

# One line: an article of a million characters, escaped; the longest of the news set is 0.1 MB.
MAX_LINE_BYTES = 8_000_000
# `_id` becomes the document's id, part of addresses and keys.
MAX_ID_CHARACTERS = 256
# So many lines without one document and the file is something else.
PROBE_LINES = 20

_OPTIONAL = ("title", "date", "region", "source", "url")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[月日年]?(?:[T ].*)?")


def read_corpus(path: Path, name: str) -> Iterator[Article | ReadError]:
    """The articles of a corpus.jsonl or .jsonl.gz in file order, with a BadLine for each bad line.

    A file in which no document is found among its first lines gives one UnsupportedFile. Raises
    OSError where the file cannot be opened.
    """
    bad: list[ReadError] = []
    found = False
    for result in _read_lines(path, name):
        if found:
            yield result
        elif isinstance(result, Article):
            found = True
            yield from bad
            yield result
        else:
            bad.append(result)
            if len(bad) >= PROBE_LINES:
                break
    if not found:
        yield _no_corpus(name, bad)


def _no_corpus(name: str, bad: list[ReadError]) -> ReadError:
    """Why the file as a whole is refused; its damage if that is why."""
    if not bad:
        return UnsupportedFile(f"{name}: holds no line, expected one document a line")
    if isinstance(bad[-1], DamagedFile):
        return bad[-1]
    return UnsupportedFile(
        f'{name}: is no BEIR corpus, expected lines such as {{"_id": "1", "text": "…"}}; '
        f"first fault: {bad[0]}"
    )


def _read_lines(path: Path, name: str) -> Iterator[Article | ReadError]:
    """Each line as an Article or its BadLine; at the end a DamagedFile if the gzip breaks off."""
    seen: set[int] = set()
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        try:
            for number, line in _lines(stream):
                try:
                    article = _article(line, name, number)
                    _check_new(article.document_id, seen)
                except ValueError as exc:
                    yield BadLine(f"{name}, line {number}: {exc}")
                else:
                    yield article
        except (gzip.BadGzipFile, EOFError, zlib.error) as exc:
            yield DamagedFile(f"{name}: its gzip data is damaged ({exc}); pack it again")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, bytes without line end) of each line that is not blank; None if too long."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line := line.strip():
            yield number, line


def _article(line: bytes | None, name: str, number: int) -> Article:
    """The Article of one line; ValueError, for a person, where it is none."""
    if line is None:
        raise ValueError(f"is longer than {MAX_LINE_BYTES // 1_000_000} MB; split the article")
    record = _record(line)
    document_id = _text_of(record, "_id")
    text = _text_of(record, "text")
    if document_id is None or text is None:
        missing = "_id" if document_id is None else "text"
        raise ValueError(f'has no "{missing}"; expected a text there')
    _check_id(document_id)
    title, date, region, source, url = (_text_of(record, key) for key in _OPTIONAL)
    if url and not url.startswith(("http://", "https://")):
        raise ValueError(f'"url" is {_shown(url)}, expected http:// or https://')
    return Article(
        source=_CONTROL.sub("", source or "") or name,
        source_text=text,
        body=Aligned.identity(text),
        digest=blake2b(line, digest_size=16).hexdigest(),
        document_id=document_id,
        title=title or None,
        date=iso_date(date) if date else None,
        region=region or None,
        url=url or None,
    )


def _record(line: bytes) -> dict[str, object]:
    """The JSON object of a line; ValueError where it is none or holds half a character."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ValueError(f"is not UTF-8 (byte {exc.start}); convert the file") from exc
    try:
        record = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as exc:
        raise ValueError(f"is not JSON ({exc.msg} at character {exc.pos})") from exc
    except RecursionError as exc:
        raise ValueError("is JSON nested too deeply") from exc
    if not isinstance(record, dict):
        raise ValueError(
            f'is JSON of type {type(record).__name__}, expected {{"_id": …, "text": …}}'
        )
    return record


def _text_of(record: dict[str, object], key: str) -> str | None:
    """The text under `key`, None where it is absent or null; ValueError for another type."""
    value = record.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f'"{key}" is of type {type(value).__name__}, expected a text')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise ValueError(f'"{key}" holds half a character (a lone surrogate)') from exc
    return value


def _check_id(document_id: str) -> None:
    """Nothing; ValueError where the id is blank, too long or holds control characters."""
    if not document_id.strip() or _CONTROL.search(document_id):
        raise ValueError('"_id" is blank or holds control characters; expected a printable id')
    if len(document_id) > MAX_ID_CHARACTERS:
        raise ValueError(f'"_id" is longer than {MAX_ID_CHARACTERS} characters')


def _check_new(document_id: str | None, seen: set[int]) -> None:
    """Nothing, and `seen` grows; ValueError where an earlier line has this id."""
    key = hash(document_id)
    if key in seen:
        raise ValueError(f'"_id" {_shown(str(document_id))} was on an earlier line; it is kept')
    seen.add(key)


def iso_date(text: str) -> str:
    """A date in ISO 8601, of reduced precision where only that is given; ValueError for no date.

    2021 → 2021, 2021-3 → 2021-03, 2020年11月2日 → 2020-11-02, 2020-11-02T08:00:00Z → 2020-11-02
    """
    match = _DATE.fullmatch(text.strip())
    parts = [int(part) for part in match.groups() if part] if match else []
    try:
        datetime.date(*[*parts, 1, 1][:3])
    except (TypeError, ValueError) as exc:
        raise ValueError(f'"date" is {_shown(text)}, expected YYYY, YYYY-MM or YYYY-MM-DD') from exc
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def _shown(text: str) -> str:
    """A value as a message shows it: quoted, one line, at most 40 characters."""
    return json.dumps(text[:40], ensure_ascii=False)


def _refuse_constant(constant: str) -> NoReturn:
    """Never: JSON has no NaN or Infinity, though Python reads them."""
    raise ValueError(f"holds {constant}, which is no JSON")
