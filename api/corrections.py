"""Here is an article, or a file that may become one; show it before it is kept, or correct it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict

from api import wire, wire_page
from api.addresses import DocumentId
from api.bodies import document_body, preview_body
from api.conversations import NO_SUCH
from api.documents import Line, Upload, described, read_upload, stored_document
from api.errors import RequestError
from api.questions import REFUSALS, Opened
from api.strict import StrictRoute
from index.clean import clean

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["documents"])


class Correction(BaseModel):
    """What is right; a field that is left out stays, null takes a date or place away."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Line | None = None
    date: wire.IsoDate | None = None
    region: Line | None = None


@router.post(
    "/documents/preview",
    summary="What an upload would become; nothing is kept",
    responses={**REFUSALS, 400: {"model": wire.Error, "description": "The form is damaged."}},
)
def preview_document(
    upload: Annotated[Upload, Form(media_type="multipart/form-data")], opened: Opened
) -> wire_page.Preview:
    """The clean text beside its source, with what was left out and why."""
    document = clean(
        described(read_upload(upload, opened.settings.upload_bytes), upload), opened.index.gazetteer
    )
    known = opened.index.snapshot().get_stored(document.document_id) is not None
    return preview_body(document, replaces=known)


@router.patch(
    "/documents/{document_id}",
    summary="Correct an article's title, date or place",
    responses={**REFUSALS, **NO_SUCH},
)
def correct_document(document_id: DocumentId, body: Correction, opened: Opened) -> wire.Document:
    """The article as stored; answers use the correction from now on."""
    document = stored_document(document_id, opened).document
    given = body.model_fields_set
    if "title" in given and body.title is None:
        raise RequestError(422, "title: expected one line of text", field="title")
    if "title" in given and body.title is not None:
        document = replace(document, title=body.title)
    if "date" in given:
        document = replace(document, date=body.date, date_inferred=False)
    if "region" in given:
        named = opened.index.gazetteer.by_name(body.region) if body.region else []
        document = replace(
            document,
            region=named[0].name if named else body.region,
            region_code=named[0].code if named else None,
        )
    return document_body(opened.index.add(document))


@router.post(
    "/documents/{document_id}/restore",
    summary="Undo a delete or a replacement of the last ten minutes",
    status_code=201,
    responses={**NO_SUCH, 503: REFUSALS[503]},
)
def restore_document(document_id: DocumentId, opened: Opened) -> wire.Document:
    """The article as it was, searchable again; 404 once ten minutes or a restart have passed."""
    document = opened.removed.take(document_id)
    if document is None:
        raise RequestError(404, "nothing to restore under this id", field="document_id")
    return document_body(opened.index.add(document))


@router.get("/removed", summary="What can be restored, the last that went first")
def list_removed(opened: Opened) -> wire_page.RemovedList:
    """The articles deleted or replaced in the last ten minutes, as far as this process knows."""
    snapshot = opened.index.snapshot()
    return wire_page.RemovedList(
        documents=[
            wire_page.RemovedDocument(
                document_id=one.document_id,
                title=one.title or one.source,
                replaced=snapshot.get_stored(one.document_id) is not None,
            )
            for one in opened.removed.listed()
        ]
    )
