"""Here is the evidence for several sides; give me one table, and what may be said across them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer import Answer, ShortAnswer, Table, TableRow
from rag.cite import Citations
from rag.compose import english_place, list_answers, say, short_answer
from rag.english import amount_in_english
from rag.evidence import Evidence
from rag.query import Query
from rag.spans import Span
from rag.tally import verdict

MISSING = {"zh": "未报道", "en": "not reported"}
_COLUMNS = {
    "zh": {"money": "金额", "count": "数量", "people": "人数", "ratio": "比例", "duration": "时长"},
    "en": {
        "money": "Amount", "count": "Number", "people": "People", "ratio": "Rate",
        "duration": "Duration",
    },
}  # fmt: skip
_SIDES = {
    "zh": {"place": "地区", "body": "单位", "year": "年份", "thing": "项目"},
    "en": {"place": "Place", "body": "Organisation", "year": "Year", "thing": "Item"},
}
_ANSWER = {"zh": "答案", "en": "Answer"}
_UNSAID = {"zh": "“{asked}”未报道。", "en": "Not reported: “{asked}”."}
_PEOPLE = frozenset({"人", "名", "位", "人次"})
# The share of the question that a place's sentence and its context hold to be listed at all.
ABOUT = 0.45
# Rows of a survey (哪些城市…) at most: more is a list to read, not an answer.
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: whose it is, its evidence (None where the articles give nothing), the question
    that it answers alone, what sort of side it is, and its column.
    """

    side: str
    evidence: Evidence | None
    query: Query
    kind: str = "place"
    column: int = 0


def survey(query: Query, evidence: Sequence[Evidence]) -> list[Entry]:
    """The best evidence of each place whose article names the programme asked about.

    Places with an answer come first, by score; then those whose article names it without one.
    Articles without a place are left out: nobody could say whose figure it is.
    """
    if query.ask.kind == "list":
        return _places_named(query, evidence)
    best: dict[str, Evidence] = {}
    named: dict[str, Evidence] = {}
    for e in evidence:
        region = e.sentence.document.region
        if region is None or e.context < ABOUT:
            continue
        if not e.closed and e.span is not None:
            best.setdefault(region, e)
        elif e.closed in {"plan", "predicate", ""}:
            named.setdefault(region, e)
    entries = [Entry(region, e, query) for region, e in best.items()]
    entries += [Entry(region, None, query) for region in named if region not in best]
    return entries[:MOST_ROWS]


def _places_named(query: Query, evidence: Sequence[Evidence]) -> list[Entry]:
    """A cell for each place whose article reports the programme asked about, not as a plan; what
    is printed in it is the programme's name.
    """
    found: dict[str, Entry] = {}
    for e in evidence:
        region, text = e.sentence.document.region, e.sentence.text
        at = min((text.find(n) for n in query.programmes if n in text), default=-1)
        if region is None or e.closed or at < 0:
            continue
        name = next(n for n in query.programmes if text.startswith(n, at))
        span = Span(at, at + len(name), name, 1.0)
        found.setdefault(region, Entry(region, replace(e, span=span), query))
    return list(found.values())[:MOST_ROWS]


def tabulate(query: Query, entries: Sequence[Entry]) -> Answer | None:
    """The answer over several sides: a row for each, and what may be said across them.

    None where nothing is answered, or where every cell is the same figure: then the question asks
    for one thing after all.
    """
    spans = [_where(entry.evidence) for entry in entries if entry.evidence]
    if not spans or (len(entries) > 1 and len(spans) == len(entries) and len(set(spans)) == 1):
        return None
    citations = Citations()
    shorts: list[ShortAnswer] = []
    printed = [_cell(entry, query.language, citations, shorts) for entry in entries]
    sides = list(dict.fromkeys(entry.side for entry in entries))
    columns = sorted({entry.column for entry in entries})
    table = _table(query.language, entries, printed) if len(sides) > 1 else None
    if table is None:
        text = _sentences(query, entries, citations)
    else:
        figures = {e.side: e.evidence for e in entries}
        head = verdict(query, figures) if len(columns) == 1 else ""
        text = head + _lines(query.language, table, entries, citations)
    return Answer(
        status="answered" if len(spans) == len(entries) else "partial",
        text=text,
        short_answers=tuple(shorts),
        citations=citations.all(),
        related=(),
        table=table,
        question=query.question,
        standalone_question=query.standalone,
    )


def _where(evidence: Evidence) -> tuple[str, int, int]:
    """What makes two cells the same: the document, the sentence and the span."""
    span = evidence.span
    return (
        evidence.sentence.document.document_id,
        evidence.sentence.start,
        span.start if span else -1,
    )


def _cell(
    entry: Entry, language: str, citations: Citations, shorts: list[ShortAnswer]
) -> tuple[str, int]:
    """What a cell prints, and its citation (0 for none); its short answer joins `shorts`."""
    if entry.evidence is None:
        return MISSING[language], 0
    number = citations.add_sentence(entry.evidence.sentence)
    single = short_answer(entry.evidence, number)
    if single is None:
        return entry.evidence.sentence.text.strip(), number
    items = list_answers(entry.evidence, number)
    if items:
        shorts.extend(items)
        return "；".join(item.text for item in items), number
    region = entry.side if entry.kind in {"place", "body"} and entry.side else single.region
    shorts.append(replace(single, region=region))
    return single.text, number


def _table(language: str, entries: Sequence[Entry], printed: Sequence[tuple[str, int]]) -> Table:
    """Rows of cells, one for each side in the order named."""
    columns = sorted({entry.column for entry in entries})
    named = [next(e for e in entries if e.column == column) for column in columns]
    rows = []
    for side in dict.fromkeys(entry.side for entry in entries):
        cells = {
            entry.column: cell
            for entry, cell in zip(entries, printed, strict=True)
            if entry.side == side
        }
        own = [cells.get(column, (MISSING[language], 0)) for column in columns]
        numbers = dict.fromkeys(number for _, number in own if number)
        rows.append(TableRow(side, tuple(text for text, _ in own), tuple(numbers)))
    head = _SIDES[language][entries[0].kind]
    return Table((head, *_headings(language, [entry.query for entry in named])), tuple(rows))


def _headings(language: str, queries: Sequence[Query]) -> list[str]:
    """What the columns are called: two of one kind by what was done, then by number."""
    found: list[str] = []
    for query in queries:
        people = query.ask.kind == "count" and query.ask.unit in _PEOPLE
        kind = "people" if people else query.ask.kind
        name = _COLUMNS[language].get(kind, _ANSWER[language])
        if name in found and query.verbs:
            name = f"{query.verbs[0]}{name}"
        found.append(name if name not in found else f"{name} {len(found) + 1}")
    return found


def _lines(language: str, table: Table, entries: Sequence[Entry], citations: Citations) -> str:
    """The rows in words, those without a figure last and together."""
    missing, english = MISSING[language], language == "en"
    said, empty = [], []
    for row in table.rows:
        name = english_place(row.region) if english else row.region
        if not row.citations:
            empty.append(name)
            continue
        own = [entry for entry in entries if entry.side == row.region]
        cells = ("、" if not english else ", ").join(
            _in_words(entry, language, citations) for entry in own
        )
        said.append(f"{name}{': ' if english else '：'}{cells}")
    if empty:
        names = (", " if english else "、").join(empty)
        said.append(f"{names}{': ' if english else '：'}{missing}")
    return ("; " if english else "；").join(said) + ("." if english else "。")


def _in_words(entry: Entry, language: str, citations: Citations) -> str:
    """One cell as the text says it, with its citation; in English with the amount in English."""
    if entry.evidence is None:
        return MISSING[language]
    number = citations.add_sentence(entry.evidence.sentence)
    single = short_answer(entry.evidence, number)
    text = single.text if single else entry.evidence.sentence.text.strip()
    items = list_answers(entry.evidence, number)
    if items:
        text = ("、" if language == "zh" else "; ").join(item.text for item in items)
    if language == "en" and single and single.value is not None:
        amount = amount_in_english(single.value, single.unit or "")
        text = f"{text} ({amount})" if amount else text
    return f"{text}[{number}]"


def _sentences(query: Query, entries: Sequence[Entry], citations: Citations) -> str:
    """What is asked of one side, each in a sentence of its own; what is not reported last."""
    said, unsaid = [], []
    for entry in entries:
        if entry.evidence is None:
            unsaid.append(_UNSAID[query.language].format(asked=entry.query.standalone))
            continue
        number = citations.add_sentence(entry.evidence.sentence)
        said.append(say(entry.evidence, entry.query, number))
    between = "" if query.language == "zh" else " "
    return between.join([*dict.fromkeys(said), *unsaid])
