"""Show that what a printed figure says is found, and found where it stands."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analyzer import Analyzer
from index.chunk import chunk
from index.clean import clean
from index.document import Document
from index.figures import Figure, FigureReader
from index.gazetteer import Gazetteer
from index.modality import plan_of
from index.predicates import governing_act, predicates
from index.quantity import quantities
from index.read import read_bytes
from index.sentences import sentences_of
from index.when import years_before, years_of
from index.where import place_of, region_of

PLACES = Gazetteer.open()
READER = FigureReader(Analyzer.open(), PLACES)
SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))
CASES = Path(__file__).with_name("figure_cases.txt").read_text(encoding="utf-8")
LINES = [line.split(" | ") for line in CASES.splitlines() if not line.startswith("#")]
FIELDS = re.compile(r"(=|[nvrgt](?=\S)|[pkx] |[ycf])(\S+)")


def article(city: str, date: str, text: str) -> Document:
    """An article of a city's union, dated unless `date` is "-"."""
    head = (
        f"{city}总工会服务职工\n{'' if date == '-' else date}\n\n{city}总工会把服务放在首位。\n\n"
    )
    return clean(read_bytes("a.txt", f"{head}{text}\n".encode()), PLACES)


def read(document: Document) -> list[Figure]:
    return READER.read(document, chunk(document))


def said(document: Document, span: tuple[int, int] | None) -> str:
    return document.text[span[0] : span[1]] if span else "-"


def field(document: Document, one: Figure, key: str) -> str:
    """A field of a figure as the cases write it."""
    years = ",".join(map(str, one.years)) or "-"
    return {
        "=": f"{one.value:.8g}",
        "n": said(document, one.counted),
        "v": said(document, one.verb),
        "p": one.predicate,
        "r": one.region or "-",
        "g": said(document, one.programme),
        "t": said(document, one.time),
        "y": years,
        "c": str(int(one.cumulative)),
        "f": str(int(one.planned)),
        "k": one.kind,
        "x": one.precision,
    }[key]


@pytest.mark.parametrize(
    ("city", "date", "text", "wanted"), LINES, ids=[f"{x[2][:24]}-{x[3][:9]}" for x in LINES]
)
def test_what_a_figure_says(city: str, date: str, text: str, wanted: str) -> None:
    document = article(city, date, text.replace("¶", "\n\n"))
    printed, _, expected = wanted.partition(" ")
    (one,) = [f for f in read(document) if document.text[f.start : f.end] == printed]
    for key, value in FIELDS.findall(expected):
        assert field(document, one, key.strip()) == (
            f"{float(value):.8g}" if key == "=" else value
        ), key


def test_there_are_sixty_cases_and_more() -> None:
    assert len({line[2] for line in LINES}) >= 45
    assert len(LINES) >= 60


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(
            [
                "",
                "。",
                "；",
                "\n",
                "12",
                "3万余",
                "去年",
                "，",
                "计划",
                "截至",
                "百分之五",
                "”",
                "“",
                "株洲市",
                "𠮷",
                "一百六十三万元",
            ]
        ),
        st.integers(0, 12),
    ),
    max_size=12,
)


def mutated(seed: Path, changes: list[tuple[float, str, int]]) -> Document:
    """A seed with some of its characters taken out and others put in."""
    text = seed.read_bytes().decode()
    for place, new, gone in changes:
        at = int(place * len(text))
        text = text[:at] + new + text[at + gone :]
    return clean(read_bytes(seed.name, text.encode()), PLACES)


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SEEDS), CHANGES)
def test_every_span_is_what_it_says_in_any_article(
    seed: Path, changes: list[tuple[float, str, int]]
) -> None:
    document = mutated(seed, changes)
    text = document.text
    found = read(document)
    assert [f.start for f in found] == sorted({f.start for f in found})
    for one in found:
        inside = text[one.sentence[0] : one.sentence[1]]
        again = [
            q
            for q in quantities(inside)
            if one.sentence[0] + q.start == one.start and one.sentence[0] + q.end == one.end
        ]
        assert [(q.value, q.unit, q.text) for q in again] == [
            (one.value, one.unit, text[one.start : one.end])
        ]
        for span in (one.counted, one.verb, one.time):
            assert span is None or one.sentence[0] <= span[0] < span[1] <= one.sentence[1]
        assert one.programme is None or 0 <= one.programme[0] < one.programme[1] <= len(text)
        assert (one.verb is None) == (one.predicate == "")
        assert one.years == tuple(sorted(one.years))
        assert len(one.years) <= 2


def test_a_figure_in_sentences_that_overlap_is_kept_once() -> None:
    """A quotation that nobody closes runs through chunks, whose own sentences then overlap."""
    said = (
        "“各级工会走访职工{}人,送去慰问金{}万元。"
        + "职工说,工会的同志来了,心里暖和,大家都很高兴。" * 3
    )
    text = "鹤城区总工会开展慰问\n\n" + "".join(said.format(101 + n, 11 + n) for n in range(12))
    document = clean(read_bytes("x.txt", text.encode()), PLACES)
    sentences = sentences_of(chunk(document), {document.document_id: document})
    ends = [(one.start, one.end) for one in sentences]
    assert any(a < d and c < b for a, b in ends for c, d in ends if (a, b) != (c, d))
    found = read(document)
    assert [f.start for f in found] == sorted({f.start for f in found})
    assert {f.value for f in found} >= {101.0, 112.0}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem[:3])
def test_what_is_kept_is_what_a_question_would_find(seed: Path) -> None:
    """Sentence by sentence as `rag.ask` reads them, each rule asked again by itself."""
    document = mutated(seed, [])
    kept = {one.start: one for one in read(document)}
    asked = 0
    for sentence in sentences_of(chunk(document), {document.document_id: document}):
        verbs = predicates(sentence.text)
        for quantity in quantities(sentence.text):
            one = kept.get(sentence.start + quantity.start)
            if one is None:
                continue
            asked += 1
            where = place_of(sentence, quantity.start, PLACES)
            assert (one.codes, one.stated) == (where.codes, where.stated)
            if where.stated and where.codes:
                assert one.region == region_of(sentence, quantity.start, PLACES)
            act = governing_act(sentence.text, quantity, verbs)
            assert one.predicate == (act.kind if act else "")
            years = years_of(sentence, quantity.start)
            assert one.years[-1:] == (years or (() if one.time else years_before(sentence)))
            plan = plan_of(document, sentence.start, sentence.end, quantity.start)
            assert one.planned == (plan is not None)
    assert asked == len(kept) > 0


def test_written_forms_agree() -> None:
    forms = ("163万元", "1630000元", "1,630,000元", "一百六十三万元", "163.0万元")
    found = [read(article("平凉市", "2022-03-05", f"去年筹集资金{form}。"))[-1] for form in forms]
    assert {(f.value, f.unit, f.precision, f.predicate) for f in found} == {
        (1630000.0, "元", "exact", "raise")
    }


def test_other_words_and_verbs_make_other_figures() -> None:
    class More(Analyzer):
        def __init__(self) -> None:
            self.words = ("某某行动",)
            self.fingerprint = "more"

    assert FigureReader(More(), PLACES).fingerprint != READER.fingerprint
    assert 0 < READER.fingerprint < 2**48
