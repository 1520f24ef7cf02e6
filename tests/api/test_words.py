"""Every text of the pages is there in both languages, and every refusal has words for a person."""

import re
from pathlib import Path

import pytest

from api.errors import CODES
from api.pages import STATIC

WORD = re.compile(r'"?(\b[a-z]\w*(?: \w+)*)"?: "((?:[^"\\]|\\.)*)"', re.IGNORECASE)
USED = re.compile(r'\bt\(\s*"(\w+)"|data-t(?:-\w+)?="(\w+)"')
API = Path(STATIC).parent


def words(language: str) -> dict[str, str]:
    text = (STATIC / "words.js").read_text(encoding="utf-8")
    table = re.search(rf"const {language} = \{{(.*?)^\}};", text, re.DOTALL | re.MULTILINE)
    assert table
    return dict(WORD.findall(table[1]))


def test_both_languages_have_the_same_words() -> None:
    chinese, english = words("ZH"), words("EN")
    assert chinese.keys() == english.keys()
    assert len(chinese) > 150
    for name, text in chinese.items():
        places = set(re.findall(r"\{\d\}", text))
        assert places == set(re.findall(r"\{\d\}", english[name])), name


def test_english_words_are_english() -> None:
    # the switch shows the other language by its own name
    strange = {name for name, text in words("EN").items() if re.search("[\u3400-\u9fff]", text)}
    assert strange == {"other"}


def test_every_word_that_a_page_asks_for_is_there() -> None:
    known = words("ZH")
    for path in STATIC.glob("*.[jh]*"):
        asked = {a or b for a, b in USED.findall(path.read_text(encoding="utf-8"))}
        assert asked <= known.keys(), (path.name, asked - known.keys())


def test_whatever_could_not_be_done_has_words() -> None:
    codes = {
        code
        for path in (API.parent / "rag").glob("*.py")
        for code in re.findall(r'^[A-Z]+ = "([a-z]+_[a-z_]+)"$', path.read_text("utf-8"), re.M)
    }
    assert {"llm_unavailable", "llm_rewrite_rejected", "reranker_unavailable"} <= codes
    assert {f"w_{code}" for code in codes} <= words("ZH").keys()


def test_the_chart_knows_how_an_answer_says_that_figures_are_not_comparable() -> None:
    chart = (STATIC / "chart.js").read_text(encoding="utf-8")
    found = re.search("const APART = /(.*)/;", chart)
    assert found
    tally = (API.parent / "rag" / "tally.py").read_text(encoding="utf-8")
    said = dict.fromkeys(re.findall(r'^ {8}"(\w+)": "(.*)",$', tally, re.MULTILINE))
    apart = {name for name, text in said if re.match(found[1], text)}
    assert apart == {"missing", "kinds", "years", "deeds", "periods"}
    assert len([text for name, text in said if name in apart and re.match(found[1], text)]) == 10


@pytest.mark.parametrize("status", sorted(CODES))
def test_a_refusal_that_people_meet_has_words(status: int) -> None:
    # What only a broken or foreign program sends shares one sentence with its number.
    programs = {405, 415, 421, 500}
    shared = {400, 422, 503}
    known = words("ZH")
    if status not in programs | shared:
        assert f"e_{CODES[status]}" in known
    calls = (STATIC / "call.js").read_text(encoding="utf-8")
    assert all(f"{one}: " in calls for one in shared)
