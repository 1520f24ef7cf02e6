"""The choice of who words an answer: offered where there is a language model, and always said."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.api.browsing import (
    QUESTION,
    REFUSED,
    SCREENSHOTS,
    ask,
    assert_accessible,
    assert_fits,
    copied,
    send,
    watched,
)
from tests.api.running import Running, serving
from tests.api.scripted import (
    PATIENCE_S,
    Abandoned,
    Caller,
    Scripted,
    failing,
    saying,
    scripted,
)

GOOD = "双鸭山市金秋助学：去年,全市各级工会组织筹措助学资金163万元。[1]"
BY_MODEL = "语句由语言模型组织"
BY_ARTICLE = "直接摘自文章"


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted(saying(GOOD)) as running:
        yield running


@pytest.fixture(scope="module")
def writing(model: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the seeds with that model."""
    folder = tmp_path_factory.mktemp("model") / "data"
    # far more patience than any test: what ends sooner was ended by the one who asked
    given = {"LLM_FIRST_S": 60, "LLM_TIMEOUT_S": 60}
    with serving(folder, LLM_URL=model.url, LLM_MODEL="m", **given) as running:
        yield running


@pytest.fixture
def chat(browser: Browser, writing: Running) -> Iterator[Page]:
    """The chat page with the choice on it."""
    with watched(browser, writing.url) as opened:
        opened.goto(writing.url)
        opened.locator("#writer").wait_for()
        yield opened


def test_without_a_model_nothing_is_said_of_one(page: Page, server: Running) -> None:
    with page.expect_response("**/v1/models"):
        page.goto(server.url)
    answer = ask(page, QUESTION)
    assert page.locator("#writer").is_hidden()
    assert answer.locator(".writer").inner_text() == ""
    assert "模型" not in page.locator("body").inner_text()


def test_who_wrote_is_said_and_each_conversation_keeps_its_choice(
    chat: Page, model: Scripted
) -> None:
    model.script = saying(GOOD)
    extractive = ask(chat, QUESTION)
    assert extractive.locator(".writer").inner_text() == BY_ARTICLE
    before = len(model.asked)
    chat.get_by_role("button", name="新对话").click()
    chat.get_by_label("由语言模型组织语句").focus()
    chat.keyboard.press("Space")
    written = ask(chat, QUESTION)
    assert len(model.asked) == before + 1
    assert written.locator(".short").inner_text() == "163万元"
    assert "各级工会组织筹措助学资金163万元" in written.locator(".text").inner_text()
    assert BY_MODEL in written.locator(".writer").inner_text()
    chat.screenshot(path=SCREENSHOTS / "model.png")
    assert_accessible(chat)
    written.get_by_role("button", name="复制答案与出处").click()
    written.locator(".said", has_text="已复制").wait_for()
    assert BY_MODEL in copied(chat)
    chat.reload()
    chat.locator("#writer").wait_for()
    chat.locator(".by", has_text=BY_MODEL).wait_for()
    assert chat.locator("#generative").is_checked()
    chat.locator(".talk a").nth(1).click()
    chat.locator(".by", has_text=BY_ARTICLE).wait_for()
    assert not chat.locator("#generative").is_checked()
    chat.get_by_role("button", name="新对话").click()
    assert not chat.locator("#generative").is_checked()
    # a refusal is nobody's wording
    chat.locator("#generative").check()
    assert ask(chat, REFUSED).locator(".writer").inner_text() == ""


def cut_off(caller: Caller) -> None:
    """Say a whole sentence, and break off in the next."""
    caller.begin()
    caller.send(f"{GOOD}双鸭山")


@pytest.mark.parametrize(
    ("script", "question", "words", "by"),
    [
        (failing(500), QUESTION, "语言模型没有回应", BY_ARTICLE),
        (saying("双鸭山市筹措助学资金999万元。[1]"), QUESTION, "找不到依据", BY_ARTICLE),
        (saying(f"双鸭山市筹措999万元。[1]{GOOD}"), QUESTION, "另一些句子", BY_MODEL),
        (cut_off, QUESTION, "没有写完", BY_MODEL),
        (saying(GOOD), "How much did Shuangyashan raise for 金秋助学?", "只用于中文", BY_ARTICLE),
    ],
    ids=["down", "rejected", "partly rejected", "cut off", "English"],
)
def test_what_could_not_be_done_is_said_in_plain_words(
    chat: Page, model: Scripted, script: object, question: str, words: str, by: str
) -> None:
    model.script = script  # type: ignore[assignment]
    chat.locator("#generative").check()
    answer = ask(chat, question)
    assert answer.locator(".short").inner_text() == "163万元"
    said = answer.locator(".writer")
    assert words in said.locator(".lack").inner_text()
    assert by in said.locator(".by").inner_text()
    assert "llm_" not in answer.inner_text()
    model.script = saying(GOOD)


def test_while_the_model_writes_the_page_says_what_it_has(chat: Page, model: Scripted) -> None:
    def held(caller: Caller) -> None:
        caller.begin()
        caller.wait()

    model.script = held
    chat.locator("#generative").check()
    send(chat, QUESTION)
    chat.locator(".wait", has_text="找到 1 处出处").wait_for()
    chat.screenshot(path=SCREENSHOTS / "model-waiting.png")
    chat.keyboard.press("Escape")
    chat.locator(".problem", has_text="已停止").wait_for()
    model.script = saying(GOOD)
    chat.get_by_role("button", name="再问一次").click()
    chat.locator(".by", has_text=BY_MODEL).wait_for()


def test_a_stopped_answer_stops_the_model(chat: Page, model: Scripted) -> None:
    model.script = left = Abandoned()
    chat.locator("#generative").check()
    send(chat, QUESTION)
    chat.locator(".wait", has_text="正在组织语句").wait_for()
    assert left.asked.wait(PATIENCE_S)
    assert not left.hung_up.is_set()
    chat.get_by_role("button", name="停止").click()
    chat.locator(".problem", has_text="已停止").wait_for()
    assert left.hung_up.wait(PATIENCE_S / 2)
    model.script = saying(GOOD)


def test_a_code_that_the_page_does_not_know_is_not_silent(chat: Page) -> None:
    def changed(body: str) -> str:
        head, _, data = body.strip().rpartition("data: ")
        answer = json.loads(data)
        answer["degraded"] = ["reranker_unavailable", "moon_unavailable"]
        return f"{head}data: {json.dumps(answer)}\n\n"

    chat.route(
        "**/v1/ask",
        lambda route: route.fulfill(
            body=changed(route.fetch().text()), content_type="text/event-stream"
        ),
    )
    said = ask(chat, QUESTION).locator(".lack").all_inner_texts()
    assert "精细排序暂时用不了" in said[0]
    assert "moon_unavailable" in said[1]


def test_the_choice_on_a_phone(browser: Browser, writing: Running) -> None:
    with watched(browser, writing.url, width=360, dark=True) as page:
        page.goto(writing.url)
        page.locator("#writer").wait_for()
        page.locator("#generative").check()
        ask(page, QUESTION)
        page.locator(".by", has_text=BY_MODEL).wait_for()
        assert_fits(page)
        page.screenshot(path=SCREENSHOTS / "phone-model.png")
        assert_accessible(page)
