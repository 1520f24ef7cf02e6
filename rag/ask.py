"""Here is a question; give me an answer that shows its sources, or say what the articles lack."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.gazetteer import Place
from index.index import Filters, Snapshot
from index.sentences import Sentence, sentences_of
from rag.admit import Inquiry, with_programmes
from rag.answer import Answer, Related, ShortAnswer
from rag.article import prints_it
from rag.asks import DIGITS, NUMBER_OF_A_THING, asked_of_article
from rag.cite import Citations
from rag.compare import Entry, survey, tabulate
from rag.compose import falls_short, list_answers, say, short_answer
from rag.conversation import Conversation
from rag.errors import RerankerError
from rag.evidence import Evidence, evidence_of, weigh
from rag.follow import standalone
from rag.names import ROLE
from rag.parts import Part, parts_of, parts_within
from rag.query import Query, understand
from rag.refuse import refusal, related
from rag.rerank import RERANKED, UNAVAILABLE, Reranker, rerank
from rag.retold import REPRINT, conflicting, reprints
from rag.retrieve import Retrieval, ranked, retrieve, within_places
from rag.signs import features_of
from rag.spelling import mended, places_mended
from rag.trust import read_trust, signs_of

# Passages read for evidence: the fused list, and for each place named as many of its own.
READ = 24
# Least probability that the best evidence answers: see `rag.trust`.
ENOUGH = 0.15
# What is answered by a name alone, never by a sentence that has none.
NAMED = frozenset({"person", "date", "place", "organisation"})
# Where none has one, a whole sentence does that holds so much of the question itself, unless the
# holder of an office is asked for.
WHOLE = 0.9
_TRUST = read_trust()


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """What retrieval does, as a value: an evaluation varies it, the service uses the defaults.

    `gates` False lets a sentence of any place answer (for measuring what the gates are worth);
    `enough` is the least probability that what would be answered is right (a higher one refuses
    more); `reranker` orders the passages read, where there is one.
    """

    how: Retrieval = field(default_factory=Retrieval)
    read: int = READ
    gates: bool = True
    enough: float = ENOUGH
    reranker: Reranker | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """The answer to a question, and all that it was chosen from.

    `evidence` has, for each of the `inquiries` (one for each place asked for, or one in all), the
    spans found, best first, gates noted.
    """

    answer: Answer
    inquiries: tuple[Inquiry, ...]
    evidence: tuple[tuple[Evidence, ...], ...]


def ask(
    question: str,
    snapshot: Snapshot,
    *,
    conversation: Conversation | None = None,
    filters: Filters | None = None,
    top_k: int = 5,
    settings: RetrievalSettings | None = None,
) -> Answer:
    """The answer to a question from one snapshot, with a citation for all it says.

    `top_k` bounds the citations and what is near. The same question on the same snapshot gives the
    same answer.
    """
    return look(
        question,
        snapshot,
        conversation=conversation,
        filters=filters,
        top_k=top_k,
        settings=settings,
    ).answer


def look(
    question: str,
    snapshot: Snapshot,
    *,
    conversation: Conversation | None = None,
    filters: Filters | None = None,
    top_k: int = 5,
    settings: RetrievalSettings | None = None,
) -> Findings:
    """The same answer with what it was chosen from; arguments as for `ask`."""
    started = time.perf_counter()
    before = conversation or Conversation()
    placed = places_mended(question, snapshot.window_df, snapshot.analyzer, snapshot.gazetteer)
    meant = mended(placed, snapshot.window_df, snapshot.analyzer)
    alone = standalone(meant, before, snapshot.analyzer, snapshot.gazetteer)
    search = _Search(snapshot, filters or Filters(), settings or RetrievalSettings())
    return _look(question, alone, search, top_k, started)


def look_as(
    question: str,
    alone: str,
    snapshot: Snapshot,
    *,
    filters: Filters | None = None,
    top_k: int = 5,
    settings: RetrievalSettings | None = None,
) -> Findings:
    """The same for a question that reads `alone` where it stands alone, as somebody else says; the
    answer is in the question's own language.
    """
    started = time.perf_counter()
    told = understand(question, question, snapshot.analyzer, snapshot.gazetteer).language
    search = _Search(snapshot, filters or Filters(), settings or RetrievalSettings(), told)
    return _look(question, alone, search, top_k, started)


def _look(question: str, alone: str, search: "_Search", top_k: int, started: float) -> Findings:
    """The findings for a question that reads `alone` where it stands alone."""
    analyzer, gazetteer = search.snapshot.analyzer, search.snapshot.gazetteer
    enough = search.settings.enough
    parts = parts_within(alone, search.filters.regions, analyzer, gazetteer) or parts_of(
        alone, analyzer, gazetteer
    )
    understood = time.perf_counter() - started
    studies = [(part, _study(question, part.question, search)) for part in parts]
    whole = search.saying(understand(question, alone, analyzer, gazetteer))
    answer = tabulate(whole, _entries(studies, enough)) if studies else None
    if answer is None:
        study = _study(question, alone, search)
        studies = [(Part(alone, "", "", 0), study)]
        answer = _answer(study, top_k, enough)
    ended = time.perf_counter() - started
    retrieving = sum(study.retrieving for _, study in studies)
    understood += sum(study.understanding for _, study in studies)
    timings = {
        "understand": understood,
        "retrieve": retrieving,
        "evidence": max(0.0, ended - understood - retrieving),
        "total": ended,
    }
    answer = replace(
        answer,
        degraded=tuple(dict.fromkeys(d for _, study in studies for d in study.degraded)),
        timings_ms={step: round(1000 * seconds, 2) for step, seconds in timings.items()},
    )
    found = [(i, tuple(e)) for _, study in studies for i, e in study.found]
    return Findings(answer, tuple(i for i, _ in found), tuple(e for _, e in found))


@dataclass(frozen=True, slots=True)
class _Search:
    """Where one question looks, and how; `told` is the answer's language, "" where it is that of
    the question as it is read.
    """

    snapshot: Snapshot
    filters: Filters
    settings: RetrievalSettings
    told: str = ""

    def saying(self, query: Query) -> Query:
        """A query, once all is found for it, in the language that its answer is told in."""
        return replace(query, language=self.told) if self.told else query


@dataclass(frozen=True, slots=True)
class _Study:
    """A single question as understood, and the evidence for each place it names; seconds taken."""

    query: Query
    found: list[tuple[Inquiry, list[Evidence]]]
    degraded: tuple[str, ...]
    understanding: float
    retrieving: float

    @property
    def inquiry(self) -> Inquiry:
        """The first of its inquiries."""
        return self.found[0][0]


def _study(question: str, alone: str, search: _Search) -> _Study:
    """What the articles have on one single question."""
    snapshot, settings = search.snapshot, search.settings
    started = time.perf_counter()
    query = understand(question, alone, snapshot.analyzer, snapshot.gazetteer)
    understood = time.perf_counter()
    chunks, degraded = _read(query, snapshot, search.filters, settings)
    retrieved = time.perf_counter()
    query = with_programmes(query, chunks)
    terms = {term for word in query.words for term in (word.text, *word.parts)}
    weights = weigh(query.words, {term: snapshot.df(term) for term in terms}, snapshot.chunks)
    places: Sequence[tuple[Place, ...] | None] = query.places if settings.gates else ()
    inquiries = [
        Inquiry(query, place, weights, snapshot.analyzer, snapshot.gazetteer)
        for place in places or (None,)
    ]
    features = features_of(chunks, query, weights, snapshot.encoder)
    evidence = [evidence_of(chunks, features, inquiry) for inquiry in inquiries]
    query = search.saying(query)
    found = [(replace(i, query=query), e) for i, e in zip(inquiries, evidence, strict=True)]
    return _Study(query, found, degraded, understood - started, retrieved - understood)


def _read(
    query: Query, snapshot: Snapshot, filters: Filters, settings: RetrievalSettings
) -> tuple[list[Sentence], tuple[str, ...]]:
    """The sentences of the best passages, of the whole index and of each place named; and what
    could not be done for it.
    """
    ids: list[str] = []
    depth = max(settings.read, RERANKED) if settings.reranker else settings.read
    within = within_places(query, filters)
    wanted = settings.how.retrievers
    for narrowed in (*within, filters):
        # within a place few passages are left, and the encoder would cost as much time again as
        # BM25: without it 5 of the gate's 607 answers were other, as many of them good
        words_only = narrowed is not filters and query.language == "zh" and "bm25" in wanted
        how = replace(settings.how, retrievers=("bm25",)) if words_only else settings.how
        rankings = retrieve(query, snapshot, filters=narrowed, how=how)
        # subtle: within its own list every place has its turn; the last is also for the others
        hits = ranked(query, snapshot, rankings, depth, settings.how, by_place=not within)
        ids.extend(hit.chunk_id for hit in hits)
    unique = list(dict.fromkeys(ids))
    chunks = snapshot.get_chunks(unique)
    ordered = [chunks[chunk_id] for chunk_id in unique if chunk_id in chunks]
    degraded: tuple[str, ...] = ()
    if settings.reranker is not None:
        try:
            ordered = rerank(query.standalone, ordered, settings.reranker)
        except RerankerError:
            degraded = (UNAVAILABLE,)
    documents = snapshot.get_documents(list(dict.fromkeys(c.document_id for c in ordered)))
    return sentences_of(ordered, documents, lists=query.ask.kind == "list"), degraded


def _entries(studies: Sequence[tuple[Part, _Study]], enough: float) -> list[Entry]:
    """What each part of a question over several things has found.

    One figure does not answer two of its columns: it goes to the one it answers more likely.
    """
    every = [[e for _, evidence in study.found for e in evidence] for _, study in studies]
    best = [_best(study.inquiry, e, enough) for (_, study), e in zip(studies, every, strict=True)]
    for at, (part, study) in enumerate(studies):
        for other, (beside, rival) in enumerate(studies[:at]):
            one, two = best[at], best[other]
            if part.column == beside.column or not (one and two and _same_span(one, two)):
                continue
            worse = (
                at
                if _likely(study.inquiry, one, every[at])
                < _likely(rival.inquiry, two, every[other])
                else other
            )
            left = [e for e in every[worse] if not _same_span(e, one)]
            best[worse] = _best(studies[worse][1].inquiry, left, enough)
    return [
        Entry(part.side, found, study.query, part.kind, part.column)
        for (part, study), found in zip(studies, best, strict=True)
    ]


def _same_span(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces of evidence are the same figure of the same sentence."""
    if one.span is None or other.span is None or one.span.quantity is None:
        return False
    at = (one.sentence.document.document_id, one.sentence.start + one.span.start)
    return at == (other.sentence.document.document_id, other.sentence.start + other.span.start)


def _answer(study: _Study, top_k: int, enough: float) -> Answer:
    """The answer to a single question from its evidence."""
    query = study.query
    everything = [e for _, evidence in study.found for e in evidence]
    if query.ask.surveys and not query.places:
        entries = survey(query, everything)
        return tabulate(query, entries) or _refuse(query, everything, top_k)
    if len(study.found) > 1:
        entries = [
            Entry(i.place[0].name if i.place else "", _best(i, evidence, enough), query)
            for i, evidence in study.found
        ]
        return tabulate(query, entries) or _refuse(query, everything, top_k)
    chosen = _best(study.inquiry, everything, enough)
    if chosen is None:
        return _refuse(query, everything, top_k)
    told = conflicting(chosen, everything) or [chosen]
    citations = Citations()
    said: list[str] = []
    shorts: list[ShortAnswer] = []
    for e in told:
        number = citations.add_sentence(e.sentence)
        dated = f"{e.sentence.document.date}: " if len(told) > 1 else ""
        said.append(f"{dated}{say(e, query, number)}")
        single = short_answer(e, number)
        shorts += list_answers(e, number) or ([single] if single else [])
    again = [
        Related(
            f"{e.sentence.document.title}({REPRINT[query.language]})",
            citations.add_sentence(e.sentence),
        )
        for e in reprints(chosen, everything)[: max(0, top_k - len(told))]
    ]
    short = falls_short(chosen, query)
    return Answer(
        status="partial" if short else "answered",
        text="\n".join([*said, *([short] if short else [])]),
        short_answers=tuple(shorts),
        citations=citations.all(),
        related=tuple(again),
        table=None,
        question=query.question,
        standalone_question=query.standalone,
    )


def candidate(query: Query, evidence: Sequence[Evidence]) -> Evidence | None:
    """The best evidence that all gates let through and that has what is asked for, if there is."""
    if query.ask.kind == "order" or query.says_nothing:
        return None
    fit = [e for e in evidence if not e.closed]
    what = asked_of_article(query.text)
    if what:
        return next((e for e in fit if prints_it(what, e)), None)
    if NUMBER_OF_A_THING.search(query.text):
        fit = [e for e in fit if DIGITS.search(e.sentence.text)]
    named = query.ask.wants_quantity or query.ask.kind in NAMED
    spanned = (e for e in fit if e.span is not None or not named)
    whole = [] if query.ask.wants_quantity or ROLE.search(query.text) else fit
    return next(spanned, None) or next((e for e in whole if e.coverage >= WHOLE), None)


def _best(inquiry: Inquiry, evidence: Sequence[Evidence], enough: float) -> Evidence | None:
    """The best evidence, where it answers likely enough."""
    query = inquiry.query
    best = candidate(query, evidence)
    if best is None:
        return None
    return best if _likely(inquiry, best, evidence) >= enough else None


def _likely(inquiry: Inquiry, chosen: Evidence, evidence: Sequence[Evidence]) -> float:
    """How likely a piece of evidence answers, in [0, 1]."""
    return _TRUST.of(signs_of(chosen, evidence, inquiry.query, inquiry.weights))


def _refuse(query: Query, evidence: Sequence[Evidence], top_k: int) -> Answer:
    """An answer that says what is missing, with what is near labelled."""
    citations = Citations()
    text, _ = refusal(query, evidence, citations)
    cited = len(citations.all())
    of_article = bool(asked_of_article(query.text)) and bool(query.places or query.programmes)
    near = [e for e in evidence if bool(e.closed) != of_article]
    listed = related(query, near, citations, max(0, top_k - cited))
    return Answer(
        status="not_found",
        text=text,
        short_answers=(),
        citations=citations.all(),
        related=listed,
        table=None,
        question=query.question,
        standalone_question=query.standalone,
    )
