"""Here is a value of a room below; give me the contract's object for it, and the way back."""

from collections.abc import Sequence

from api import wire, wire_page
from api.addresses import page_path
from api.state import StoredConversation, StoredTurn
from index.chunk import chunk
from index.document import Document
from index.index import Filters, Stored
from rag.answer import Answer, Citation
from rag.conversation import Conversation, Turn
from rag.search import SearchHit

TURNS = 20
"""How many turns a follow-up may lean on."""


def filters(given: wire.Filters | None) -> Filters:
    """The index's filters."""
    if given is None:
        return Filters()
    return Filters(
        regions=tuple(given.region or ()),
        date_from=given.date_from,
        date_to=given.date_to,
        sources=tuple(given.source or ()),
    )


def conversation(turns: Sequence[StoredTurn]) -> Conversation:
    """What was said before, of the last turns."""
    return Conversation(
        tuple(
            Turn(turn.question, turn.standalone_question, turn.answer_text)
            for turn in turns[-TURNS:]
        )
    )


def answer_body(
    answer: Answer,
    conversation_id: str | None = None,
    answer_id: str | None = None,
) -> wire.Answer:
    """The answer as the contract has it."""
    values = {
        "status": answer.status,
        "answer": answer.text,
        "short_answers": answer.short_answers,
        "citations": [citation_body(citation) for citation in answer.citations],
        "related": answer.related,
        "table": answer.table,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "conversation_id": conversation_id,
        "answer_id": answer_id,
        "mode": answer.mode,
        "degraded": answer.degraded,
        "timings_ms": answer.timings_ms,
    }
    return wire.Answer.model_validate(values, from_attributes=True)


def citation_body(citation: Citation) -> wire.Citation:
    """A citation with the address of its mark."""
    return wire.Citation(
        id=citation.id,
        document_id=citation.document_id,
        chunk_id=citation.chunk_id,
        title=citation.title,
        date=citation.date,
        date_inferred=citation.date_inferred,
        region=citation.region,
        source=citation.source,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        source_start=citation.source_start,
        source_end=citation.source_end,
        url=page_path(citation.document_id, citation.start, citation.end),
    )


def search_body(hits: Sequence[SearchHit], took_ms: float) -> wire.SearchResponse:
    """The passages found, as the contract has them."""
    return wire.SearchResponse(hits=[_hit_body(hit) for hit in hits], took_ms=round(took_ms, 2))


def _hit_body(hit: SearchHit) -> wire.SearchHit:
    return wire.SearchHit(
        rank=hit.rank,
        score=hit.score,
        document_id=hit.document.document_id,
        chunk_id=hit.chunk.chunk_id,
        title=hit.document.title,
        date=hit.document.date,
        region=hit.document.region,
        source=hit.document.source,
        text=hit.chunk.text,
        start=hit.chunk.start,
        end=hit.chunk.end,
        retrievers={
            name: wire.RetrieverHit(rank=found.rank, score=found.score)
            for name, found in hit.retrievers.items()
        },
    )


def document_body(stored: Stored) -> wire.Document:
    """A document as a list shows it."""
    return wire.Document.model_validate({**_fields(stored), "chunks": stored.chunks})


def full_document_body(stored: Stored) -> wire.FullDocument:
    """A document with its text and passages."""
    passages = [
        wire.Chunk(
            chunk_id=one.chunk_id, start=one.start, end=one.end, text=one.text, heading=one.heading
        )
        for one in chunk(stored.document)
    ]
    return wire.FullDocument.model_validate(
        {**_fields(stored), "chunks": passages, "text": stored.document.text}
    )


def preview_body(document: Document, *, replaces: bool) -> wire_page.Preview:
    """A document that is not kept yet, beside its source."""
    return wire_page.Preview.model_validate(
        {
            **_own_fields(document),
            "text": document.text,
            "source_text": document.source_text,
            "dropped": document.dropped,
            "replaces": replaces,
        },
        from_attributes=True,
    )


def _fields(stored: Stored) -> dict[str, str | int | bool | None]:
    """What both forms of a stored document have."""
    times = {"added_at": stored.added_at, "updated_at": stored.updated_at}
    return {**_own_fields(stored.document), **times}


def _own_fields(document: Document) -> dict[str, str | int | bool | None]:
    """What is known of a document itself."""
    return {
        "document_id": document.document_id,
        "title": document.title,
        "date": document.date,
        "date_inferred": document.date_inferred,
        "region": document.region,
        "source": document.source,
        "publisher": document.publisher,
        "author": document.author,
        "url": document.url,
        "characters": len(document.text),
    }


def conversation_body(stored: StoredConversation) -> wire.Conversation:
    """A conversation as it is kept."""
    return wire.Conversation(
        conversation_id=stored.conversation_id,
        created_at=stored.created_at,
        turns=[_turn_body(turn) for turn in stored.turns],
    )


def _turn_body(turn: StoredTurn) -> wire.Turn:
    feedback = None
    if turn.vote:
        feedback = {
            "answer_id": turn.answer_id,
            "vote": turn.vote.vote,
            "comment": turn.vote.comment,
        }
    return wire.Turn.model_validate(
        {
            "answer_id": turn.answer_id,
            "asked_at": turn.asked_at,
            "question": turn.question,
            "standalone_question": turn.standalone_question,
            "answer": wire.Answer.model_validate_json(turn.answer) if turn.answer else None,
            "feedback": feedback,
        }
    )
