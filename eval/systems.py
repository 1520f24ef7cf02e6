"""Here is a question; give me what the system under test says, in process or over HTTP."""

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

import httpx

from eval.answers import Texts
from eval.errors import SystemFailed
from eval.reply import Found, Reply, Weighed, read_found, read_reply
from index.errors import IndexingError
from index.index import Index
from rag.ask import Findings, RetrievalSettings, look
from rag.conversation import Conversation, Turn
from rag.search import search

# Seconds an HTTP call may take before it is a failed row.
TIMEOUT_S = 60.0
# Sentences told of each place asked for, beside what was answered.
WEIGHED = 3


class System(Protocol):
    """Something that answers and searches; the two real sides are `Local` and `Http`."""

    def ask(self, text: str, history: Sequence[str]) -> Reply:
        """The reply to a question after earlier ones; SystemFailed where there is none."""
        ...

    def search(self, query: str, k: int) -> list[Found]:
        """The k best passages, best first; SystemFailed where there are none to be had."""
        ...

    def texts(self, document_id: str) -> Texts | None:
        """A document's clean and source text; None where there is no such document."""
        ...

    def described(self) -> dict[str, Any]:
        """What a result file says about the system."""
        ...


class Local:
    """The system in this process, over one open index."""

    def __init__(self, index: Index, settings: RetrievalSettings | None = None) -> None:
        self._index = index
        self._settings = settings or RetrievalSettings()
        self._texts: dict[str, Texts | None] = {}

    def ask(self, text: str, history: Sequence[str]) -> Reply:
        """The reply; only the last question is timed."""
        conversation = Conversation()
        for earlier in history:
            answer = self._look(earlier, conversation).answer
            conversation = conversation.add(Turn(earlier, answer.standalone_question, answer.text))
        started = time.perf_counter()
        found = self._look(text, conversation)
        took = 1000 * (time.perf_counter() - started)
        reply = read_reply({**asdict(found.answer), "answer": found.answer.text}, took)
        return replace(reply, weighed=_weighed(found))

    def _look(self, text: str, conversation: Conversation) -> Findings:
        try:
            return look(
                text,
                self._index.snapshot(),
                conversation=conversation,
                settings=self._settings,
            )
        except (IndexingError, ValueError, LookupError, TypeError, AttributeError) as exc:
            raise SystemFailed(f"ask failed: {exc!r}") from exc

    def search(self, query: str, k: int) -> list[Found]:
        """The passages of `rag.search`."""
        try:
            hits = search(
                query,
                self._index.snapshot(),
                top_k=k,
                how=self._settings.how,
            )
        except (IndexingError, ValueError, LookupError, TypeError, AttributeError) as exc:
            raise SystemFailed(f"search failed: {exc!r}") from exc
        return [
            Found(
                hit.chunk.chunk_id,
                hit.document.document_id,
                hit.document.source,
                hit.chunk.text,
                hit.score,
                {name: found.rank for name, found in hit.retrievers.items()},
            )
            for hit in hits
        ]

    def texts(self, document_id: str) -> Texts | None:
        """Both texts, read once."""
        if document_id not in self._texts:
            documents = self._index.snapshot().get_documents([document_id])
            document = documents.get(document_id)
            self._texts[document_id] = (
                Texts(document.text, document.source_text) if document else None
            )
        return self._texts[document_id]

    def described(self) -> dict[str, Any]:
        """Index size and retrieval settings."""
        snapshot = self._index.snapshot()
        return {
            "system": "local",
            "documents": snapshot.documents,
            "chunks": snapshot.chunks,
            "encoder": snapshot.encoder.name,
            "settings": asdict(self._settings),
        }


def _weighed(found: Findings) -> tuple[Weighed, ...]:
    """The best sentences that the answer was chosen from, for each place asked for."""
    return tuple(
        Weighed(
            one.sentence.document.source,
            one.sentence.text,
            one.span.text if one.span else "",
            one.region,
            one.closed,
            round(one.context, 3),
        )
        for evidence in found.evidence
        for one in evidence[:WEIGHED]
    )


class Http:
    """A running server, asked as an outside script would."""

    def __init__(
        self, url: str, key: str | None = None, client: httpx.Client | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url
        self._client = client or httpx.Client(base_url=url, timeout=TIMEOUT_S)
        self._client.headers.update(headers)
        self._texts: dict[str, Texts | None] = {}

    def ask(self, text: str, history: Sequence[str]) -> Reply:
        """The reply of /v1/ask, in one conversation with the earlier questions."""
        conversation: str | None = None
        for earlier in history:
            before = self._post("/v1/ask", {"question": earlier, "conversation_id": conversation})
            conversation = before.get("conversation_id")
        started = time.perf_counter()
        answer = self._post("/v1/ask", {"question": text, "conversation_id": conversation})
        return read_reply(answer, 1000 * (time.perf_counter() - started))

    def search(self, query: str, k: int) -> list[Found]:
        """The hits of /v1/search."""
        found = self._post("/v1/search", {"query": query, "top_k": k})
        return [read_found(hit) for hit in found.get("hits", [])]

    def texts(self, document_id: str) -> Texts | None:
        """Both texts of /v1/documents/{id}, read once."""
        if document_id not in self._texts:
            path = f"/v1/documents/{document_id}"
            whole, source = self._get(path), self._get(f"{path}/source")
            self._texts[document_id] = (
                Texts(whole.json()["text"], source.content.decode("utf-8"))
                if whole is not None and source is not None
                else None
            )
        return self._texts[document_id]

    def described(self) -> dict[str, Any]:
        """The server's address, without its key."""
        return {"system": "http", "url": self._url}

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = self._client.post(
                path, json={name: value for name, value in body.items() if value is not None}
            )
            reply = response.json()
        except (httpx.HTTPError, ValueError) as exc:
            raise SystemFailed(f"{path}: {exc!r}") from exc
        if response.status_code != 200 or not isinstance(reply, dict):
            raise SystemFailed(f"{path}: status {response.status_code}, {str(reply)[:200]}")
        return reply

    def _get(self, path: str) -> httpx.Response | None:
        try:
            response = self._client.get(path)
        except httpx.HTTPError as exc:
            raise SystemFailed(f"{path}: {exc!r}") from exc
        return response if response.status_code == 200 else None
