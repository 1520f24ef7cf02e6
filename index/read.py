"""Here are files; give me an Article for each, or one line saying why it is none.

The file's ending says what to expect; the bytes must agree. A corpus.jsonl gives many articles,
every other file one. What a parser could choke on is read in a child process (`index.parser`).
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from index.align import Aligned, Alignment
from index.beir import iso_date, read_corpus
from index.dates import find_date
from index.document import Article
from index.encoding import decode
from index.errors import DamagedFile, ReadError, TooLarge, UnsupportedFile
from index.markdown import read_markdown
from index.parser import Extracted, Kind, parse

# Limits on one file's bytes; a .jsonl corpus has none, since it streams.
MAX_FILE_BYTES = 20_000_000
MAX_TEXT_BYTES = 5_000_000

_MARKDOWN = (".md",)
_TEXT = (".txt", *_MARKDOWN)
_PAGE = (".html", ".htm")
_PARSED: dict[str, Kind] = {".pdf": "pdf", ".docx": "docx"}
_CORPUS = (".jsonl", ".jsonl.gz")
_EXPECTED = ", ".join((*_TEXT, *_PAGE, *_PARSED, *_CORPUS))
# A manifest lists files and BEIR's queries.jsonl holds questions: neither is an article, so inside
# a folder they are passed over in silence. Named on the command line they are read like any other.
_NO_ARTICLES = frozenset(("manifest.jsonl", "queries.jsonl"))

MAX_NAME_CHARACTERS = 200
_SLASHES = re.compile("[/\\\\\uff0f\uff3c\u2044\u2215\u29f5\ufe68]")
_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{1,40})""", re.I)
# HTML 5 looks for the charset in the first 1,024 bytes; older Chinese pages put it later.
_CHARSET_WITHIN = 4_096


def iter_paths(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named and those below the folders named, sorted by path within each folder.

    Hidden files, MANIFEST.jsonl and queries.jsonl inside a folder are left out. Everything else is
    yielded, also what `read_path` will refuse (types we do not read, links to folders, folders
    that cannot be opened), so that it is reported and not lost in silence.
    """
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder, depth first; links to folders are not followed, so none loops."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower() in _NO_ARTICLES:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
        else:
            yield Path(entry.path)


def name_apart(path: Path, taken: Mapping[str, Path]) -> str:
    """The name of a file, safe to show; with its folders in front where `taken` has another's.

    Of 2021/简报.txt and 2022/简报.txt the second is 2022-简报.txt, so that neither is lost.
    """
    name = clean_name(path.name)
    whole = Path(os.path.realpath(path))
    for folder in whole.parents:
        if taken.get(name, whole) == whole:
            return name
        name = clean_name(f"{folder.name}-{name}")
    return name


def read_path(path: Path, name: str = "") -> Iterator[Article | ReadError]:
    """The articles of one file, a ReadError in place of each that cannot be had.

    `source` is `name`, or without one the file's own without its folders: what comes later under
    the same name takes its place.
    """
    name = name or clean_name(path.name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
            if kind == "a folder":
                os.scandir(path).close()
            yield ReadError(f"{name}: is {kind}, expected a file ({_EXPECTED})")
        elif name.lower().endswith(_CORPUS):
            yield from read_corpus(path, name)
        else:
            yield _read_file(path, name, found.st_size)
    except FileNotFoundError:
        yield ReadError(f"{_one_line(str(path))}: no such file or folder; check the path")
    except OSError as exc:
        yield ReadError(f"{_one_line(str(path))}: cannot be read: {exc.strerror}")


def _read_file(path: Path, name: str, size: int) -> Article | ReadError:
    """The article of a file that holds one; OSError where it cannot be opened."""
    try:
        _check_size(name, _ending(name), size)
        return read_bytes(name, read_regular(path, MAX_FILE_BYTES))
    except ReadError as exc:
        return exc


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a regular file, opened without waiting (a FIFO without a writer would hang).

    Raises OSError, ReadError where it is anything else, and TooLarge above `limit` bytes.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ReadError(f"{clean_name(path.name)}: is no regular file, expected a file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(f"{clean_name(path.name)}: has more than {limit / 1e6:.0f} MB; split it")
    return data


def read_bytes(name: str, data: bytes) -> Article:
    """The article of one uploaded file; raises ReadError.

    `name` may be anything a client sends: `source` is its last part, cleaned.
    """
    name = clean_name(name)
    ending = _ending(name)
    _check_size(name, ending, len(data))
    digest = blake2b(data, digest_size=16).hexdigest()
    if ending in _MARKDOWN:
        return _of_markdown(name, decode(data, name), digest)
    if ending in _TEXT:
        text = decode(data, name)
        return Article(name, text, Aligned.identity(text), digest)
    if ending in _PAGE:
        page = decode(data, name, _declared(data))
        found = parse("html", page.encode("utf-8"), name)
        rows = np.array(found.runs, dtype=np.int32).reshape(-1, 4)
        return _article(name, page, Aligned(found.text, Alignment(rows)), digest, found)
    found = parse(_PARSED[ending], data, name)
    return _article(name, found.text, Aligned.identity(found.text), digest, found)


def _of_markdown(name: str, text: str, digest: str) -> Article:
    """An Article with what its front matter says."""
    found = read_markdown(text)
    stated = found.stated
    return Article(
        source=name,
        source_text=text,
        body=found.body,
        digest=digest,
        title=stated.get("title"),
        date=find_date(stated.get("date", "")) or _date(stated.get("date")),
        region=stated.get("region"),
        publisher=stated.get("publisher"),
        author=stated.get("author"),
        url=stated.get("url"),
    )


def _article(name: str, source: str, body: Aligned, digest: str, found: Extracted) -> Article:
    """An Article with what its container says of itself."""
    return Article(
        source=name,
        source_text=source,
        body=body,
        digest=digest,
        title=found.title or None,
        date=_date(found.date),
        publisher=found.publisher or None,
        author=found.author or None,
        url=found.url or None,
    )


def _date(text: str | None) -> str | None:
    """A container's date in ISO 8601, None where it states none that exists."""
    try:
        return iso_date(text) if text else None
    except ValueError:
        return None


def _ending(name: str) -> str:
    """The ending of a file that holds one article; raises UnsupportedFile for another."""
    ending = os.path.splitext(name)[1].lower()
    if ending in _TEXT or ending in _PAGE or ending in _PARSED:
        return ending
    if name.lower().endswith(_CORPUS):
        raise UnsupportedFile(
            f"{name}: holds many articles, expected one; add it with `unionqa index {name}`"
        )
    found = f"files of type {ending}" if ending else "files without a type"
    raise UnsupportedFile(f"{name}: {found} are not read, expected one of {_EXPECTED}")


def _check_size(name: str, ending: str, size: int) -> None:
    """Nothing; TooLarge over the limit of the file's type, DamagedFile for an empty file."""
    limit = MAX_FILE_BYTES if ending in _PARSED else MAX_TEXT_BYTES
    if size > limit:
        raise TooLarge(
            f"{name}: has {size / 1e6:.1f} MB, the limit for {ending} is {limit / 1e6:.0f} MB; "
            "split it"
        )
    if size == 0:
        raise DamagedFile(f"{name}: is empty (0 bytes), expected an article")


def _declared(data: bytes) -> str | None:
    """The charset that a page names in a meta element, if any."""
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    return match[1].decode("ascii") if match else None


def clean_name(name: str) -> str:
    """A file name that is safe to show and compare: its last part, NFC, without control characters.

    ../../etc/passwd → passwd, a．．／b.txt → b.txt, "" → unnamed. Undecodable bytes of a file
    system are read as GB18030 where they are that.
    """
    try:
        raw = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "replace")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        whole = raw.decode("gb18030", "replace")
    parts = [_one_line(part).strip() for part in _SLASHES.split(whole)]
    named = [part for part in parts if unicodedata.normalize("NFKC", part).strip(". ")]
    last = unicodedata.normalize("NFC", named[-1]) if named else "unnamed"
    stem, ending = os.path.splitext(last)
    return stem[: MAX_NAME_CHARACTERS - len(ending)] + ending if len(ending) < 20 else last[:200]


def _one_line(text: str) -> str:
    """The text without control, format and surrogate characters."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
