"""A place's figure answers for that place only, for places that no rule names."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunk import chunk
from index.clean import clean
from index.document import Document
from index.gazetteer import Gazetteer, Place
from index.read import read_bytes
from index.sentences import Sentence, sentences_of
from rag.gates import place_gate

PLACES = Gazetteer.open()
TABLE = Path(__file__).resolve().parents[2] / "index" / "places.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if "\t" in line]
CITIES = sorted(
    {row[0] for row in ROWS if len(row[0]) == 4 and row[1].endswith("市") and len(row[1]) > 2}
)
COUNTIES = sorted({row[0] for row in ROWS if len(row[0]) == 6 and row[1].endswith("县")})
TEMPLATES = (
    "{place}总工会筹集资金{n}万元。",
    "去年,{place}各级工会建成服务站{n}家。",
    "7月25日,{place}总工会在广场慰问职工{n}人。",
)
city, county = st.sampled_from(CITIES), st.sampled_from(COUNTIES)


def place(code: str) -> Place:
    found = PLACES.by_code(code)
    assert found is not None
    return found


def figure_of(named: str, template: str, n: int) -> tuple[Sentence, int]:
    """The sentence of an article about a place that a template makes, and where its figure is."""
    title = f"{named}总工会竭诚服务职工"
    text = f"{title}\n\n{named}总工会把服务放在首位。\n\n{template.format(place=named, n=n)}\n"
    document: Document = clean(read_bytes("a.txt", text.encode()), PLACES)
    chunks = list(chunk(document))
    found = [s for s in sentences_of(chunks, {document.document_id: document}) if str(n) in s.text]
    return found[0], found[0].text.index(str(n))


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(city, city, st.sampled_from(TEMPLATES), st.integers(11, 9999))
def test_a_city_answers_for_itself_and_for_no_other(
    here: str, there: str, template: str, n: int
) -> None:
    sentence, at = figure_of(place(here).name, template, n)
    verdicts = {
        code: place_gate(sentence, at, (place(code),), PLACES, strict=True)
        for code in (here, there)
    }
    assert verdicts[here] == "same"
    if there != here:
        assert verdicts[there] != "same"


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(county, st.sampled_from(TEMPLATES), st.integers(11, 9999))
def test_a_county_never_answers_for_its_city(code: str, template: str, n: int) -> None:
    sentence, at = figure_of(place(code).name, template, n)
    above = PLACES.by_code(code[:4])
    if above is not None:
        assert place_gate(sentence, at, (above,), PLACES, strict=True) != "same"


@pytest.mark.parametrize("office", ["街道工会", "全镇各级工会", "街道总工会", "纱帽街道工会"])
def test_a_street_is_not_its_city(office: str) -> None:
    name = place("2203").name if PLACES.by_code("2203") else place(CITIES[0]).name
    sentence, at = figure_of(name, "此次活动，" + office + "送出物资{n}份。", 720)
    asked = (PLACES.by_name(name)[0],)
    assert place_gate(sentence, at, asked, PLACES, strict=True) == "narrower"
