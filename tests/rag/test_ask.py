"""The whole path, from files to cited answers: the seeds, and articles of places made up here."""

import re

import pytest

from index.index import Snapshot
from rag.answer import Answer
from rag.ask import ask
from rag.conversation import Conversation, Turn
from tests.rag.conftest import SEEDS, Made

# Two questions on each seed, and the one that must be refused.
ANSWERED = [
    ("双鸭山金秋助学筹了多少钱", "163万元", "000_0152ab743622947b.txt"),
    ("白城建成多少家户外劳动者服务站", "41家", "001_b7059ce67c622f87.txt"),
    ("株洲建了多少个工会户外劳动者服务站", "79个", "003_17f53460b50230c0.txt"),
    (
        "Who is the chair of the Liupanshui federation of trade unions?",
        "刘静",
        "002_23828248bbcc7b2c.txt",
    ),
    ("白城金秋助学发放了多少助学金", "61.19万元", "001_b7059ce67c622f87.txt"),
    ("六盘水凉都工匠场授牌了多少家", "17家", "002_23828248bbcc7b2c.txt"),
    ("菏澤吸納多少名農民工入會", "56257名", "004_795627d32e611dda.txt"),
    ("How many 户外劳动者服务站 did Baicheng build?", "41家", "001_b7059ce67c622f87.txt"),
]


def assert_cited(answer: Answer, snapshot: Snapshot) -> None:
    """Every citation is the printed sentence, in the clean text and in the untouched file."""
    assert [citation.id for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    for citation in answer.citations:
        document = snapshot.get_documents([citation.document_id])[citation.document_id]
        assert document.text[citation.start : citation.end] == citation.quote
        spans = [
            document.alignment.source_span(at, at + 1) for at in range(citation.start, citation.end)
        ]
        assert citation.source_start == spans[0][0]
        assert citation.source_end == spans[-1][1]
        chunk = snapshot.get_chunks([citation.chunk_id])[citation.chunk_id]
        assert chunk.document_id == citation.document_id
        assert chunk.start <= citation.start < chunk.end
    for mark in re.findall(r"\[(\d+)\]", answer.text):
        assert 1 <= int(mark) <= len(answer.citations)
    quotes = {citation.id: citation.quote for citation in answer.citations}
    for short in answer.short_answers:
        assert short.text in quotes[short.citation]


def assert_figures_are_cited(answer: Answer) -> None:
    """Every figure of the answer stands in a quote it cites (its English form aside)."""
    said = re.sub(r"\[\d+\]|\([^)]*\)|\d+\. ", " ", answer.text)
    quotes = " ".join(citation.quote for citation in answer.citations)
    for figure in re.findall(r"\d+(?:\.\d+)?", said):
        assert figure in quotes, f"{figure} of {answer.text!r} is in no quote"


@pytest.mark.parametrize(("question", "figure", "source"), ANSWERED)
def test_the_seeds_answer(seeds: Snapshot, question: str, figure: str, source: str) -> None:
    answer = ask(question, seeds)
    assert answer.status == "answered"
    assert figure in [short.text for short in answer.short_answers]
    assert figure in answer.text
    assert answer.citations[answer.short_answers[0].citation - 1].source == source
    assert_cited(answer, seeds)
    assert_figures_are_cited(answer)


def test_a_cited_span_read_from_the_file_is_the_same_sentence(seeds: Snapshot) -> None:
    answer = ask("双鸭山金秋助学筹了多少钱", seeds)
    (citation,) = answer.citations
    text = (SEEDS / citation.source).read_bytes().decode()
    assert text[citation.source_start : citation.source_end] == citation.quote


def test_the_five_of_five(seeds: Snapshot) -> None:
    answer = ask("菏泽“五家”建设是哪五家", seeds)
    assert [short.text[-2:] for short in answer.short_answers] == [
        "有家",
        "信家",
        "想家",
        "爱家",
        "恋家",
    ]
    assert_cited(answer, seeds)


@pytest.mark.parametrize(
    "question",
    [
        "how much did Zhuzhou raise for 金秋助学",
        "株洲金秋助学筹集了多少钱",
        "株洲金秋助学筹了多少钱?",
    ],
)
def test_a_plan_is_no_result_and_other_cities_figures_stay_out(
    seeds: Snapshot, question: str
) -> None:
    answer = ask(question, seeds)
    assert answer.status == "not_found"
    assert answer.short_answers == ()
    assert "163" not in answer.text
    assert "61.19" not in answer.text
    assert "2021" in answer.text
    assert answer.citations[0].region == "株洲市"
    assert "金秋助学" in answer.citations[0].quote
    assert "2021年" in answer.citations[1].quote
    near = {answer.citations[r.citation - 1].region: r.note for r in answer.related}
    assert {"双鸭山市", "白城市"} <= near.keys()
    assert_cited(answer, seeds)
    assert_figures_are_cited(answer)


def test_the_same_question_gives_the_same_answer(seeds: Snapshot) -> None:
    def said(answer: Answer) -> tuple[object, ...]:
        return answer.text, answer.citations, answer.short_answers, answer.related

    for question, _, _ in ANSWERED:
        assert said(ask(question, seeds)) == said(ask(question, seeds))


# Places that no seed and no rule names: the gates must hold for them as well.
PLACES = [
    ("铜陵市", "安庆市", "枞阳县"),
    ("丽水市", "衢州市", "龙泉市"),
    ("百色市", "玉林市", "田东县"),
    ("吴忠市", "固原市", "盐池县"),
]


def own(place: str, raised: str, helped: str, year: int = 2022) -> str:
    """An article of one place: what it raised last year, and what it plans."""
    return (
        f"{place}工会竭诚服务职工\n\n{year}-03-05 来源:{place}日报\n\n"
        f"{place}总工会始终把服务职工放在首位,全市各级工会组织认真履职,{place}职工群众的获得感不断增强。\n\n"
        f"去年,全市各级工会筹集“金秋助学”资金{raised},资助困难职工子女{helped}。"
        f"“送温暖”活动发放慰问金88.8万元,走访慰问困难职工3456户。\n\n"
        f"下一步,{place}总工会将继续开展“夏送清凉”活动,计划投入资金77.7万元。\n"
    )


@pytest.fixture(scope="module", params=PLACES, ids=lambda places: places[0])
def two_places(request: pytest.FixtureRequest, made: Made) -> tuple[Snapshot, str, str, str]:
    here, there, county = request.param
    text = own(here, "123.4万元", "567名")
    county_text = (
        f"{county}总工会工作纪实\n\n2022-04-01 来源:{here}日报\n\n"
        f"{county}总工会扎实开展帮扶。去年,{county}总工会建成户外劳动者服务站12家,服务职工4321人。\n"
    )
    other = own(there, "999.9万元", "111名")
    return made([("a.txt", text), ("b.txt", other), ("c.txt", county_text)]), here, there, county


def test_an_unseen_place_gets_its_own_figure(two_places: tuple[Snapshot, str, str, str]) -> None:
    snapshot, here, there, _ = two_places
    for place, raised in ((here, "123.4万元"), (there, "999.9万元")):
        answer = ask(f"{place[:-1]}金秋助学筹集了多少钱", snapshot)
        assert [short.text for short in answer.short_answers] == [raised]
        assert answer.citations[0].region == place
        assert_cited(answer, snapshot)
        assert_figures_are_cited(answer)


def test_another_programmes_figure_is_not_given(
    two_places: tuple[Snapshot, str, str, str],
) -> None:
    snapshot, here, _, _ = two_places
    answer = ask(f"{here}送温暖发放了多少慰问金", snapshot)
    assert [short.text for short in answer.short_answers] == ["88.8万元"]
    refused = ask(f"{here}大病救助发放了多少钱", snapshot)
    assert refused.status == "not_found"
    assert not re.search(r"\d", refused.text)


def test_a_planned_figure_is_not_given_as_done(
    two_places: tuple[Snapshot, str, str, str],
) -> None:
    snapshot, here, _, _ = two_places
    answer = ask(f"{here}夏送清凉投入了多少资金", snapshot)
    assert answer.status == "not_found"
    assert "77.7" not in answer.text
    assert "计划" in answer.text


def test_a_county_is_not_its_city(two_places: tuple[Snapshot, str, str, str]) -> None:
    snapshot, here, _, county = two_places
    answer = ask(f"{here}建成了多少家户外劳动者服务站", snapshot)
    assert answer.status == "not_found"
    assert "12家" not in answer.text
    assert any(county in related.note for related in answer.related)
    asked = ask(f"{county}建成了多少家户外劳动者服务站", snapshot)
    assert [short.text for short in asked.short_answers] == ["12家"]


def test_another_year_is_not_given(two_places: tuple[Snapshot, str, str, str]) -> None:
    snapshot, here, _, _ = two_places
    answer = ask(f"{here}2019年金秋助学筹集了多少钱", snapshot)
    assert answer.status == "not_found"
    assert "123.4" not in answer.text
    assert any("其他年份" in related.note for related in answer.related)
    same = ask(f"{here}2021年金秋助学筹集了多少钱", snapshot)
    assert [short.text for short in same.short_answers] == ["123.4万元"]


def test_raised_is_not_given_out(two_places: tuple[Snapshot, str, str, str]) -> None:
    snapshot, here, _, _ = two_places
    answer = ask(f"{here}送温暖筹集了多少钱", snapshot)
    assert answer.status == "not_found"
    assert "88.8" not in answer.text


def test_a_place_that_no_article_is_about_is_refused(
    two_places: tuple[Snapshot, str, str, str],
) -> None:
    snapshot, _, _, _ = two_places
    answer = ask("克拉玛依市金秋助学筹集了多少钱", snapshot)
    assert answer.status == "not_found"
    assert answer.short_answers == ()
    assert not re.search(r"\d{2,}", answer.text)
    assert all("其他地区" in related.note for related in answer.related)


def test_a_follow_up_takes_over_what_it_leaves_out(seeds: Snapshot) -> None:
    first = ask("株洲建了多少个工会户外劳动者服务站", seeds)
    talk = Conversation((Turn(first.question, first.standalone_question, first.text),))
    assert "3万余人" in ask("覆盖多少人?", seeds, conversation=talk).text
    other = ask("那白城呢?", seeds, conversation=talk)
    assert other.short_answers[0].text == "41家"
    assert "白城" in other.standalone_question
    fresh = ask("六盘水市总工会主席是谁", seeds, conversation=talk)
    assert fresh.standalone_question == "六盘水市总工会主席是谁"


def test_several_places_make_a_table(seeds: Snapshot) -> None:
    answer = ask("株洲和白城各有多少户外劳动者服务站", seeds)
    assert answer.table is not None
    rows = {row.region: row.cells[0] for row in answer.table.rows}
    assert rows == {"株洲市": "79个", "白城市": "41家"}
    assert all(row.citations for row in answer.table.rows)
    partly = ask("双鸭山和株洲的金秋助学分别筹了多少钱", seeds)
    assert partly.status == "partial"
    assert partly.table is not None
    assert [row.cells[0] for row in partly.table.rows] == ["163万元", "未报道"]
