"""Here is an article's id, or an article as an upload; show, list, add, replace or delete it."""

import unicodedata
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi import Response as HttpResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from api import wire
from api.addresses import DocumentId
from api.bodies import document_body, full_document_body
from api.conversations import NO_SUCH
from api.errors import RequestError
from api.questions import REFUSALS, Opened
from api.resources import Resources
from api.strict import StrictRoute
from index.clean import clean
from index.document import Article
from index.index import Filters, Stored
from index.read import read_bytes

router = APIRouter(prefix="/v1/documents", route_class=StrictRoute, tags=["documents"])

CREATED = {"model": wire.Document, "description": "It replaced an article, or changed nothing."}


def _one_line(text: str) -> str:
    """The text, if it can be shown in a line; ValueError otherwise."""
    # not `isprintable` alone: to Python the wide space of Chinese titles is not printable
    if not all(one.isprintable() or unicodedata.category(one) == "Zs" for one in text):
        raise ValueError("expected one line without control characters")
    return text


def _web_address(url: str) -> str:
    """An http or https address; ValueError for any other, which a page must not link to."""
    parts = urlsplit(url)
    # reading the port raises ValueError where it is none
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or " " in url:
        raise ValueError("expected an http or https address")
    return url


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2000),
    AfterValidator(_one_line),
    AfterValidator(_web_address),
]


class ListQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Query(ge=1, le=100)] = 20
    cursor: Annotated[str | None, Query(max_length=200)] = None
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=200, description="Words that title, source or text hold"),
    ] = None
    region: Annotated[wire.Name | None, Query(description="株洲, 株洲市 or 湖南")] = None
    date_from: Annotated[wire.IsoDate | None, Query()] = None
    date_to: Annotated[wire.IsoDate | None, Query()] = None


class Upload(BaseModel):
    """An article's file, and what the caller knows better than the file says."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[UploadFile, File(description=".txt .md .html .pdf .docx, up to 20 MB")]
    title: Annotated[Line | None, Form()] = None
    date: Annotated[wire.IsoDate | None, Form()] = None
    region: Annotated[
        Line | None, Form(description="A place; one that no list has, as a new zone, is kept too")
    ] = None
    source: Annotated[Line | None, Form(description="Identity; default: the file's name")] = None
    url: Annotated[Url | None, Form()] = None


@router.get("", summary="List the articles", responses={422: REFUSALS[422]})
def list_documents(query: Annotated[ListQuery, Query()], opened: Opened) -> wire.DocumentList:
    """A page of articles, last written first; of those that hold words, those so named first."""
    limits = Filters(
        regions=(query.region,) if query.region else (),
        date_from=query.date_from,
        date_to=query.date_to,
    )
    try:
        snapshot = opened.index.snapshot()
        if query.q is None:
            page, cursor = snapshot.list_documents(query.limit, query.cursor, filters=limits)
        else:
            page, cursor = snapshot.find_documents(query.q, query.limit, query.cursor, limits)
    except ValueError as exc:
        raise RequestError(
            422, "cursor: expected a next_cursor of this list", field="cursor"
        ) from exc
    return wire.DocumentList(
        documents=[document_body(stored) for stored in page], next_cursor=cursor
    )


@router.get("/{document_id}", summary="An article with its text and passages", responses=NO_SUCH)
def read_document(document_id: DocumentId, opened: Opened) -> wire.FullDocument:
    """The article."""
    return full_document_body(stored_document(document_id, opened))


@router.get(
    "/{document_id}/source",
    summary="The untouched source text, as an attachment",
    response_class=HttpResponse,
    responses={**NO_SUCH, 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def read_source(document_id: DocumentId, opened: Opened) -> HttpResponse:
    """The decoded source as UTF-8 text; citations' source_start and source_end count in it."""
    document = stored_document(document_id, opened).document
    # A web page is sent as text, never as a page: it would run in our origin.
    name = quote(f"{document.source}.txt".replace(".txt.txt", ".txt"), safe="")
    return HttpResponse(
        document.source_text.encode("utf-8", "replace"),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@router.post(
    "",
    summary="Add an article, or replace the one of the same source",
    status_code=201,
    responses={
        **REFUSALS,
        200: CREATED,
        400: {"model": wire.Error, "description": "The form is damaged."},
        412: {"model": wire.Error, "description": "`If-None-Match: *`, and the source is there."},
    },
)
def add_document(
    upload: Annotated[Upload, Form(media_type="multipart/form-data")],
    opened: Opened,
    request: Request,
    response: HttpResponse,
) -> wire.Document:
    """The article as stored; it is searchable now. 201 where it is new, else 200.

    What it replaces can be brought back for ten minutes. With `If-None-Match: *` it replaces none.
    """
    document = clean(
        described(read_upload(upload, opened.settings.upload_bytes), upload), opened.index.gazetteer
    )
    known = opened.index.snapshot().get_stored(document.document_id)
    if known and request.headers.get("if-none-match") == "*":
        raise RequestError(412, "an article of this source is there already", field="source")
    stored = opened.index.add(document)
    if known and known.document != stored.document:
        opened.removed.put(known.document)
    opened.metrics.uploaded(new=known is None)
    response.status_code = 200 if known else 201
    return document_body(stored)


def read_upload(upload: Upload, limit: int) -> Article:
    """The article of the uploaded file as its file tells it; raises ReadError, RequestError.

    `limit` is in bytes.
    """
    data = upload.file.file.read(limit + 1)
    if len(data) > limit:
        found = f"{upload.file.size:,}" if upload.file.size else f"more than {limit:,}"
        raise RequestError(
            413,
            f"the file has {found} bytes, over the limit of {limit:,} bytes (UNIONQA_UPLOAD_BYTES)",
            field="file",
        )
    name = upload.file.filename or ""
    if any(unicodedata.category(one) == "Cc" for one in name):
        raise RequestError(422, "file: expected a name without control characters", field="file")
    return read_bytes(name, data)


def described(article: Article, upload: Upload) -> Article:
    """The article with what the caller states in place of what its file says."""
    return replace(
        article,
        source=upload.source or article.source,
        title=upload.title or article.title,
        date=upload.date or article.date,
        region=upload.region or article.region,
        url=upload.url or article.url,
    )


@router.delete(
    "/{document_id}",
    summary="Delete an article; it is gone from every answer",
    status_code=204,
    responses={**NO_SUCH, 503: REFUSALS[503]},
)
def delete_document(document_id: DocumentId, opened: Opened) -> HttpResponse:
    """Nothing: the article is gone, also from the answers of earlier conversations."""
    stored = opened.index.snapshot().get_stored(document_id)
    gone = opened.index.delete(document_id)
    if gone and stored:
        opened.removed.put(stored.document)
    # also where it is gone already: a crash between the two lines is made good by asking again
    opened.state.forget_document(document_id)
    if not gone:
        raise RequestError(404, "no such document", field="document_id")
    return HttpResponse(status_code=204)


def stored_document(document_id: str, opened: Resources) -> Stored:
    """The document of that id; RequestError where there is none."""
    stored = opened.index.snapshot().get_stored(document_id)
    if stored is None:
        raise RequestError(404, "no such document", field="document_id")
    return stored
