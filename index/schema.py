"""Here is the layout of the store's file, and the number that tells it from others."""

from index.figure_table import SCHEMA as FIGURES

APPLICATION_ID = 0x55514131
"""Says whose file this is ("UQA1", in the place SQLite has for it)."""
FORMAT = 2
"""The layout below. Format 1, which has no figures, is brought up to it by `upgrade`; any other
number is refused."""
WITHOUT_FIGURES = 1

SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
CREATE TABLE state (
    store TEXT NOT NULL, generation INTEGER NOT NULL, documents INTEGER NOT NULL,
    chunks INTEGER NOT NULL
);
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL, first_chunk INTEGER NOT NULL, chunks INTEGER NOT NULL,
    added_at TEXT NOT NULL, updated_at TEXT NOT NULL, revision TEXT NOT NULL,
    received TEXT NOT NULL,
    document_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title TEXT NOT NULL, date TEXT,
    date_inferred INTEGER NOT NULL, region TEXT, region_code TEXT, publisher TEXT, author TEXT,
    url TEXT, digest TEXT NOT NULL, first_day INTEGER, last_day INTEGER,
    headings TEXT NOT NULL, dropped TEXT NOT NULL, text TEXT NOT NULL, alignment BLOB NOT NULL,
    source_text BLOB NOT NULL, figures INTEGER
);
CREATE INDEX documents_received ON documents (received);
CREATE INDEX documents_generation ON documents (generation);
CREATE INDEX documents_code ON documents (region_code, first_chunk, chunks);
CREATE INDEX documents_region ON documents (region, first_chunk, chunks);
CREATE INDEX documents_days ON documents (first_day, last_day, first_chunk, chunks);
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY AUTOINCREMENT, chunk_id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT NOT NULL
);
CREATE TABLE encoders (
    key INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL
);
CREATE TABLE vectors (
    encoder INTEGER NOT NULL, chunk INTEGER NOT NULL, row BLOB NOT NULL,
    PRIMARY KEY (encoder, chunk)
) WITHOUT ROWID;
CREATE TABLE removals (
    generation INTEGER NOT NULL, document INTEGER NOT NULL, first_chunk INTEGER NOT NULL,
    chunks INTEGER NOT NULL
);
CREATE INDEX removals_generation ON removals (generation);
{FIGURES}"""
