"""A link below an answer or in a digest opens its one article, whatever the article's id holds."""

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.wecom import words
from api.wecom.fit import LONGEST_LINK, fit, halves, parts
from api.wecom.inbox import Inbox
from api.wecom.link import PATH, WHOLE, address, page, place, span_of
from api.wecom.push import push_digest
from rag.answer import Answer, Citation
from tests.api.wecom.checklist import item
from tests.api.wecom.conftest import folder
from tests.api.wecom.fake import FakeWecom, fake_wecom
from tests.api.wecom.rig import Service, inbox_of, serving
from tests.fakes import document

PUBLIC = "https://wenda.example.org"
HOOK = "/cgi-bin/webhook/send"
KEY = "key"
QUOTE = "全市筹措助学资金163万元。"
LINES = ["通报。", QUOTE, "完。"]
TEXT = "\n".join(LINES)
HOSTILE = (
    'x"></a><a href="javascript:alert(1)', "y) [点这里](javascript:alert(1)", "a/b c", "p?c=1#z",
    "https://news.example.org/a.html?id=7", "百分%41", "%2F", "//", "a&b", "<@zhangsan>",
)  # fmt: skip


class Anchors(HTMLParser):
    """The addresses of the links in a text, and every other tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and [name for name, _ in attrs] == ["href"]:
            self.hrefs.append(attrs[0][1] or "")
        else:
            self.others.append(tag)


def answer(document_id: str, quote: str = QUOTE, title: str = "题目") -> Answer:
    start = TEXT.find(QUOTE)
    cited = Citation(
        1, document_id, "c", title, "2018-02-03", False, "乙州市", "s.txt", quote,
        start, start + len(quote), 0, 9,
    )  # fmt: skip
    return Answer("answered", quote, (), (cited,), (), None, "问", "问")


def link_to(citation: Citation) -> str:
    span = span_of(citation.start, citation.end, citation.quote)
    return address(PUBLIC, KEY, citation.document_id, span, 30)


def links(text: str) -> list[str]:
    """The addresses that an AI bot's markdown links to."""
    return re.findall(r"\[[^\]]*\]\(([^()\s]*)\)", text)


CHARACTERS = "/\\\"'()[]<>&?#%2F:;=. \n工@aljvscript"
hostile = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=40)


@item(51)
@example("d", "详见[通知](https://other.example/)", "[题目](https://other.example/)")
@example("d", "<a href='https://other.example/'>通知</a>", "题目")
@given(hostile, hostile, hostile)
def test_a_message_has_the_one_link_that_we_made(document_id: str, quote: str, title: str) -> None:
    plain = fit(answer(document_id, quote, title), link_to, markdown=False)
    found = Anchors(plain)
    assert (len(found.hrefs), found.others, plain.count("</")) == (1, [], 1)
    marked = fit(answer(document_id, quote, title), link_to, markdown=True)
    assert len(links(marked)) == marked.count("](") == 1
    assert not re.search(r"\]\s*\(", marked.replace("](", "", 1))
    for url in (*found.hrefs, *links(marked)):
        assert url.startswith(f"{PUBLIC}{PATH}/")
        assert unquote(urlsplit(url).path.removeprefix(f"{PATH}/")) == document_id


@pytest.fixture(scope="module")
def open_service() -> Iterator[tuple[Service, FakeWecom]]:
    with (
        folder() as where,
        fake_wecom() as fake,
        serving(where / "data", fake, public_url=PUBLIC) as service,
    ):
        yield service, fake


def shown(service: Service, url: str) -> tuple[int, str]:
    """What a phone gets that follows a link of ours."""
    assert url.startswith(PUBLIC)
    response = service.http.get(url.removeprefix(PUBLIC).split("#")[0])
    return response.status_code, response.text


def signed(service: Service, document_id: str) -> str:
    data = service.resources.settings.data
    with closing(Inbox.open(data)) as inbox:
        key = inbox.mark("link key") or ""
    start = TEXT.find(QUOTE)
    span = span_of(start, start + len(QUOTE), QUOTE)
    return address(PUBLIC, key, document_id, span, 30)


@pytest.mark.parametrize("document_id", HOSTILE)
def test_a_link_opens_its_article(
    open_service: tuple[Service, FakeWecom], document_id: str
) -> None:
    service, _ = open_service
    service.resources.index.add(document(document_id, TEXT, title=document_id))
    status, text = shown(service, signed(service, document_id))
    assert status == 200
    assert f"<h2>{document_id}</h2>" in unescape(text)
    assert f"<mark id='mark'>{QUOTE}</mark>" in text
    assert shown(service, signed(service, document_id + "x"))[0] == 404


def test_a_link_finds_its_sentence_again_in_an_article_that_was_replaced(
    open_service: tuple[Service, FakeWecom],
) -> None:
    service, _ = open_service
    index, url = service.resources.index, signed(service, "replaced")
    index.add(document("replaced", "更正。\n以下为原文。\n" + TEXT))
    assert f"<p><mark id='mark'>{QUOTE}</mark></p>" in shown(service, url)[1]
    index.add(document("replaced", TEXT.replace("163", "166")))
    status, text = shown(service, url)
    assert status == 200
    assert "<mark" not in text
    assert words.CHANGED in text
    assert "166万元" in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲。乙。甲。", 4),
        ("甲。乙。乙。甲。", 6),
        ("甲。", 0),
        ("乙。", None),
        ("", None),
        ("丙" * 300_000 + "甲。", None),
    ],
)
def test_the_nearest_place_of_a_sentence_counts(text: str, found: int | None) -> None:
    assert place(text, span_of(4, 6, "甲。")) == (None if found is None else (found, found + 2))


def test_a_link_to_a_whole_article_marks_nothing() -> None:
    text = page(document("d", TEXT), WHOLE)
    assert "<mark" not in text
    assert words.CHANGED not in text


def test_every_address_in_a_digest_is_whole_and_opens(
    tmp_path: Path, open_service: tuple[Service, FakeWecom]
) -> None:
    service, fake = open_service
    index, given = service.resources.index, service.resources.settings
    random = Random(8)
    inbox = Inbox.open(given.data)
    push_digest(index.snapshot(), inbox, given, "key-1")
    for _ in range(5):
        fake.forget()
        names = [f"{random.getrandbits(128):032x}" for _ in range(20)]
        index.add_many(
            document(name, "工会", title="问？" * random.randint(3, 20), region="乙州市")
            for name in names
        )
        with closing(inbox_of(given.data)) as file:
            file.execute("DELETE FROM said")
        push_digest(index.snapshot(), inbox, given, "key-1")
        pieces = [one.text for one in fake.of(HOOK)]
        assert len(pieces) > 1
        assert all(len(piece.encode()) <= 2048 for piece in pieces)
        urls = re.findall(r"https://\S+", "\n".join(pieces))
        assert [unquote(url.split("/")[-1].split("?")[0]) for url in sorted(urls)] == sorted(names)
        assert {shown(service, url)[0] for url in urls} == {200}
    inbox.close()


def form_of(markdown: bool) -> str:
    """A link as it stands below an answer."""
    url = f"{PUBLIC}/x?c=1;2"
    return f"[看原文]({url})" if markdown else f'<a href="{url}">看原文</a>'


@item(47, 59)
@given(st.integers(0, 400), st.booleans())
def test_a_cut_falls_into_no_link_of_any_form(length: int, markdown: bool) -> None:
    cited = answer("?" * 20 + "。", title="怎么办？")
    message = fit(cited, link_to, markdown=markdown)
    form = re.compile(r"\[看原文\]\([^()\s]+\)" if markdown else r"<a \S+>看原文</a>")
    text = "\n".join(["工" * length, *[message] * 9, f"{PUBLIC}/a?b=1;c!d", message])
    for limit in (500, 2048):
        pieces = parts(text, limit, 1000)
        assert all(len(piece.encode()) <= limit for piece in pieces)
        assert sum(len(form.findall(piece)) for piece in pieces) == 10
        assert sum(f"{PUBLIC}/a?b=1;c!d" in piece for piece in pieces) == 1
        # the title stands beside its link
        assert all(re.search("《怎么办？》.*看原文", line) for piece in pieces
                   for line in piece.split("\n") if "看原文" in line)  # fmt: skip
    run = f"{PUBLIC}/a?b=1;c!d，".join(["工" * length, *[form_of(markdown)] * 9])
    for piece in parts(run, 200, 1000):
        assert piece.count(PUBLIC) == len(form.findall(piece)) + piece.count(f"{PUBLIC}/a?b=1;c!d")
    long = "工" * (6500 + length) + "\n" + message * 3
    first, rest = halves(long)
    assert len(form.findall(first)) + len(form.findall(rest)) == 3


def test_an_article_whose_link_is_too_long_is_named_without_one() -> None:
    for markdown in (False, True):
        text = fit(answer("工" * LONGEST_LINK), link_to, markdown=markdown)
        assert "《题目》 乙州市 · 2018-02-03" in text
        assert "看原文" not in text
