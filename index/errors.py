"""Here is what can go wrong while reading and indexing; give me one name for each.

    IndexingError
    ├── ReadError              a file could not become an Article
    │   ├── UnsupportedFile    its type is none we read
    │   ├── UnknownEncoding    its bytes are text in no encoding we can be sure of
    │   ├── DamagedFile        its parser refused it, ran too long or grew too large
    │   ├── TooLarge           it is over a stated limit
    │   └── BadLine            one line of a corpus.jsonl is not a document
    ├── EmptyDocument          nothing is left after cleaning
    ├── StoreError             the data folder cannot be used
    │   ├── FolderBusy         another process is writing (carries its pid)
    │   ├── ForeignFormat      made by another version; nothing was changed
    │   └── DamagedStore       the truth itself (SQLite) fails its check
    ├── TermsError             a list of terms cannot be read (names file and line)
    ├── EncoderError           the encoder cannot be loaded or gives wrong rows
    └── ForbiddenData          a file of a test set was given to train on

Messages say what was found, what was expected and what to do.
"""


class IndexingError(Exception):
    """Anything this room refuses; the message is one line for a person."""


class ReadError(IndexingError):
    """A file could not become an Article."""


class UnsupportedFile(ReadError):
    """The file's type is none we read."""


class UnknownEncoding(ReadError):
    """The bytes are text in no encoding we can be sure of."""


class DamagedFile(ReadError):
    """The parser refused the file, ran too long or grew too large."""


class TooLarge(ReadError):
    """The file, or what it unpacks to, is over a stated limit."""


class BadLine(ReadError):
    """One line of a corpus.jsonl is not a document."""


class EmptyDocument(IndexingError):
    """Nothing is left after cleaning."""


class StoreError(IndexingError):
    """The data folder cannot be used."""


class FolderBusy(StoreError):
    """Another process is writing to the data folder."""

    def __init__(self, pid: int | None) -> None:
        self.pid = pid
        super().__init__(f"data folder is being written by process {pid or 'unknown'}; try again")


class ForeignFormat(StoreError):
    """The data folder was made by another version; nothing was changed."""


class DamagedStore(StoreError):
    """The SQLite store fails its own check."""


class TermsError(IndexingError):
    """A list of terms cannot be read; the message names file and line."""


class EncoderError(IndexingError):
    """The encoder cannot be loaded, or gives rows of the wrong shape."""


class ForbiddenData(IndexingError):
    """A file that may only be tested on was given to train on."""
