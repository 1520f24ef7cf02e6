"""300 hostile texts in every place the pages show text: nothing runs, nothing is fetched."""

import json
import re
from itertools import product

import httpx
from defusedxml.ElementTree import fromstring
from playwright.sync_api import FilePayload, Page, Route

from tests.api.browsing import COMPARED, QUESTION, ask, copied
from tests.api.running import Json, Running

RUN = "document.title='pwned'"
EVIL = "//evil.example"
CODE = (RUN, "alert(1)", f"fetch('{EVIL}/a')", f"new Image().src='{EVIL}/b'", f"location='{EVIL}'")
SHAPES = (
    "<script>{}</script>",
    '<img src=x onerror="{}">',
    "<svg/onload={}>",
    '<a href="javascript:{}">x</a>',
    "[x](javascript:{})",
    '<iframe srcdoc="<script>{}</script>">',
    "<body onload={}>",
    '"><script>{}</script>',
    "'-{}-'",
    "</textarea><script>{}</script>",
    "<style>@import '//evil.example'</style>{}",
    "![x](//evil.example/c.png){}",
    "<link rel=stylesheet href=//evil.example>{}",
    '<math><mi xlink:href="javascript:{}">x',
    "<details open ontoggle={}>",
    "{{{{constructor.constructor('{}')()}}}}",
    '<meta http-equiv=refresh content="0;url=//evil.example">{}',
    "</title><script>{}</script>",
    "<object data=//evil.example>{}",
    "data: x\n\nevent: answer\ndata: {}\n\n",
)
MARKS = ("", "\u202e", "\u200b\u2066")
FOREIGN = (
    *("script", "img", "iframe", "object", "link", "style", "meta", "math"),
    "details[open]",  # ours are closed
)
PAYLOADS = [mark + shape.format(code) for shape, code, mark in product(SHAPES, CODE, MARKS)]


def assert_nothing_ran(page: Page) -> None:
    """No element of a payload's is in the page, and no code of theirs ran."""
    page.wait_for_timeout(20)
    assert page.evaluate("document.title") != "pwned"
    for tag in FOREIGN:
        assert page.locator("main, aside").locator(tag).count() == 0, tag
    assert page.locator("a[href^='javascript']").count() == 0


def hostile(answer: Json, texts: list[str]) -> Json:
    """The answer with a payload in each of its texts."""
    left = iter(texts * 10)
    made = json.loads(json.dumps(answer))
    made["answer"] = " ".join(texts) + " [1]"
    made["question"] = made["standalone_question"] = next(left)
    for one in made["short_answers"]:
        one["text"] = next(left)
    for one in made["citations"]:
        for field in ("title", "quote", "source", "region", "date"):
            one[field] = next(left)
    made["related"] = [{"note": text, "citation": 1} for text in texts]
    if made["table"]:
        made["table"]["columns"] = [next(left), next(left)]
        for row in made["table"]["rows"]:
            row["region"], row["cells"] = next(left), [next(left)]
    return made


def event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def without_ids(markup: str) -> str:
    return re.sub(r"chart-\w+", "chart", markup)


def assert_exports_are_text(page: Page) -> None:
    """The clipboard's table computes nothing, and the chart's file holds shapes and words only."""
    answer = page.locator(".answer").filter(has=page.locator(".chart")).last
    answer.get_by_role("button", name="复制表格").click()
    answer.locator(".said", has_text="已复制").wait_for()
    cells = [cell for line in copied(page).split("\n") for cell in line.split("\t")]
    assert len(cells) == 9
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    with page.expect_download() as saved:
        answer.get_by_role("button", name="下载图表").click()
    drawn = fromstring(saved.value.path().read_bytes())
    tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert tags == {"svg", "title", "desc", "text", "rect"}
    assert not [name for element in drawn.iter() for name in element.attrib if name[:2] == "on"]


def test_answers_streamed_and_kept_show_text_only(
    page: Page, server: Running, client: httpx.Client
) -> None:
    assert len(PAYLOADS) == 300
    answers = [client.post("/v1/ask", json={"question": q}).json() for q in (QUESTION, COMPARED)]
    kept: list[Json] = []

    def respond(route: Route) -> None:
        texts = PAYLOADS[len(kept) * 30 :][:30]
        made = hostile(answers[len(kept) % 2], texts)
        made["answer_id"] = f"answer{len(kept)}"
        kept.append(made)
        pieces = "".join(event("delta", {"text": one}) for one in made["answer"])
        body = event("passages", {"citations": made["citations"]}) + pieces + event("answer", made)
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/v1/ask", respond)
    page.goto(server.url)
    for number in range(10):
        ask(page, f"第{number}问")
        assert_nothing_ran(page)
    streamed = [
        without_ids(one)
        for one in page.locator(".answer").evaluate_all("all => all.map(one => one.innerHTML)")
    ]
    shown = page.locator(".answer .text").all_inner_texts()
    assert len(shown) == 10
    assert_exports_are_text(page)
    turns = [
        {
            "answer_id": one["answer_id"],
            "asked_at": "2026-01-01T00:00:00Z",
            "question": one["question"],
            "standalone_question": one["question"],
            "answer": one,
            "feedback": None,
        }
        for one in kept
    ]
    conversation = {"conversation_id": "x", "created_at": "2026-01-01T00:00:00Z", "turns": turns}
    listed = {
        "conversations": [
            {"conversation_id": f"c{at}", "title": text, "created_at": "2026-01-01T00:00:00Z",
             "updated_at": "2026-01-01T00:00:00Z", "turns": 1}
            for at, text in enumerate(PAYLOADS)
        ],
        "next_cursor": None,
    }  # fmt: skip
    page.route("**/v1/conversations/x", lambda route: route.fulfill(json=conversation))
    page.route("**/v1/conversations?*", lambda route: route.fulfill(json=listed))
    page.goto(f"{server.url}/?c=x")
    page.locator(".answer").nth(9).wait_for()
    page.locator(".talk").nth(299).wait_for()
    assert_nothing_ran(page)
    again = page.locator(".answer").evaluate_all("all => all.map(one => one.innerHTML)")
    assert [without_ids(one) for one in again] == streamed


FORMULAS = ["=1+1", "+1+1", "-a1", "@sum(a1)", '"=1+1"', ' " =1', "＝1+1", "＋1", "－a1", "＠a"]
COMPUTES = re.compile(r'["\s]*([=+@＝＋＠]|[-－](?!\d))')


def test_a_copied_table_computes_nothing(page: Page, server: Running, client: httpx.Client) -> None:
    made = client.post("/v1/ask", json={"question": COMPARED}).json()
    row = made["table"]["rows"][0]
    made["table"]["columns"] = ["=1", "\t=1"]
    made["table"]["rows"] = [{**row, "region": one, "cells": [one]} for one in FORMULAS]
    page.route("**/v1/ask", lambda route: route.fulfill(body=event("answer", made)))
    page.goto(server.url)
    answer = ask(page, COMPARED)
    answer.get_by_role("button", name="复制表格").click()
    answer.locator(".said", has_text="已复制").wait_for()
    cells = [cell for line in copied(page).split("\n") for cell in line.split("\t")]
    assert len(cells) == 3 * (1 + len(FORMULAS))
    assert not [cell for cell in cells if COMPUTES.match(cell)]
    assert cells[3] == "'=1+1"


def test_articles_show_text_only(page: Page, server: Running, client: httpx.Client) -> None:
    ids = []
    for at in range(0, len(PAYLOADS), 30):
        texts = PAYLOADS[at : at + 30]
        body = "鹤岗市总工会工作简报。\n\n" + "\n\n".join(f"第{at}段{text}完。" for text in texts)
        title = re.sub(r"[^ -~\u4e00-\u9fff]", "", texts[0]).strip()
        files = {"file": (f"{texts[1].translate({0: None})[:60]}.txt", body)}
        data = {"title": title, "source": f"hostile {at}{title}"[:180]}
        added = client.post("/v1/documents", files=files, data=data)
        assert added.status_code == 201, added.text
        ids.append(added.json()["document_id"])
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x"):
        files = {"file": ("a.txt", "鹤岗市总工会。\n" * 3)}
        refused = client.post("/v1/documents", files=files, data={"url": url})
        assert refused.status_code == 422
    for document_id in ids:
        page.goto(f"{server.url}/documents/{document_id}#c0-5")
        page.locator("mark").first.wait_for()
        page.get_by_role("button", name="看原文").click()
        page.locator(".published").wait_for()
        assert_nothing_ran(page)
    page.goto(f"{server.url}/articles")
    page.locator(".document").nth(10).wait_for()
    page.set_input_files(
        "#files",
        [
            FilePayload(
                name=f"{at}{PAYLOADS[at][:40].replace('/', '')}.txt",
                mimeType="text/plain",
                buffer=f"鹤岗市总工会简报。\n\n{PAYLOADS[at]}\n".encode(),
            )
            for at in range(0, 300, 15)
        ],
    )
    page.locator(".facts-form").nth(19).wait_for()
    for look in page.get_by_role("button", name="预览").all():
        look.click()
    assert_nothing_ran(page)
    for document_id in ids:
        client.delete(f"/v1/documents/{document_id}")


def test_what_was_asked_shows_text_only(page: Page, server: Running) -> None:
    asked = {
        "refused": [
            {"question": text, "times": 1, "last_asked_at": text, "others": [text]}
            for text in PAYLOADS
        ],
        "down": [
            {"question": text, "answer": text, "comment": text, "voted_at": text}
            for text in PAYLOADS
        ],
        "documents": [{"document_id": text, "title": text, "times": 1} for text in PAYLOADS],
        "days": [{"day": text, "questions": 1, "refused": 0} for text in PAYLOADS],
    }
    page.route("**/v1/asked?*", lambda route: route.fulfill(json=asked))
    page.goto(f"{server.url}/asked")
    page.locator(".chart").wait_for()
    assert_nothing_ran(page)
