"""Looking after the articles in a real browser: find, upload, correct, replace, delete, undo."""

import re
from pathlib import Path

import httpx
from playwright.sync_api import Browser, FilePayload, Page

from tests.api.browsing import (
    SCREENSHOTS,
    ask,
    assert_accessible,
    assert_fits,
    watched,
)
from tests.api.running import Running

NAME = "鹤岗简报.txt"
TEXT = "鹤岗市总工会工作简报\n\n2021年，鹤岗市总工会建成读书角8个，覆盖职工3200人。\n\n版权所有\n"
QUESTION = "鹤岗建成多少个读书角?"


def chosen(name: str = NAME, text: str = TEXT) -> FilePayload:
    return FilePayload(name=name, mimeType="text/plain", buffer=text.encode())


def test_upload_ask_delete_undo(browser: Browser, server: Running, client: httpx.Client) -> None:
    before = client.get("/v1/examples").json()["documents"]
    with watched(browser, server.url, errors=True) as page:
        page.goto(f"{server.url}/articles")
        page.locator(".document").first.wait_for()
        page.set_input_files("#files", [chosen(), chosen("a.exe", "MZ")])
        waiting = page.locator("#waiting li")
        good = waiting.filter(has_text=NAME)
        good.get_by_role("button", name="预览").click()
        assert "读书角8个" in good.get_by_label("正文").inner_text()
        # the headline, which becomes the title, is not struck out as the legal notice is
        assert "鹤岗市总工会工作简报" in good.get_by_label("原文").inner_text()
        assert [one.strip() for one in good.locator("del").all_inner_texts()] == ["版权所有"]
        refused = waiting.filter(has_text="a.exe")
        refused.locator(".problem", has_text="读不了 .exe 文件").wait_for()
        page.screenshot(path=SCREENSHOTS / "upload.png", full_page=True)
        assert_accessible(page)
        good.get_by_label("标题").fill("鹤岗读书角")
        good.get_by_role("button", name="保存").click()
        good.locator(".state", has_text="已保存").wait_for()
        row = page.locator(".document", has_text="鹤岗读书角")
        row.wait_for()
        after = client.get("/v1/examples").json()["documents"]
        page.locator("#count", has_text=f"{after} 篇").wait_for()
        assert after == before + 1
        page.goto(server.url)
        assert "8个" in ask(page, QUESTION).locator(".short").inner_text()
        page.goto(f"{server.url}/articles")
        row.get_by_role("button", name="删除").click()
        page.get_by_text("已删除“鹤岗读书角”").wait_for()
        page.screenshot(path=SCREENSHOTS / "deleted.png")
        page.locator("#list").get_by_role("button", name="撤销").click()
        row.wait_for()
        row.get_by_role("button", name="删除").click()
        page.locator("#list").get_by_role("button", name="撤销").wait_for()
        page.goto(server.url)
        assert ask(page, QUESTION).locator(".head").inner_text() == "文章里没有"


def test_a_phone_fits_the_forms(browser: Browser, server: Running) -> None:
    with watched(browser, server.url, width=360) as page:
        page.goto(f"{server.url}/articles")
        page.locator(".document").nth(1).get_by_role("button", name="更正").click()
        page.set_input_files("#files", [chosen()])
        page.locator("#waiting .facts-form").get_by_role("button", name="预览").click()
        assert_fits(page)
        page.screenshot(path=SCREENSHOTS / "phone-upload.png", full_page=True)
        assert_accessible(page)


def test_correct_and_replace(
    page: Page, server: Running, client: httpx.Client, tmp_path: Path
) -> None:
    stored = client.post("/v1/documents", files={"file": (NAME, TEXT)}).json()
    page.goto(f"{server.url}/articles?region=鹤岗")
    row = page.locator(".document").first
    row.get_by_role("button", name="更正").click()
    page.get_by_label("标题").fill("读书角清单")
    page.locator(".facts-form").get_by_label("日期").fill("2021-12")
    page.locator(".facts-form").get_by_role("button", name="保存").click()
    page.locator(".document", has_text="鹤岗市 · 2021-12").wait_for()
    newer = tmp_path / "another name.txt"
    newer.write_text(TEXT.replace("8个", "9个"), encoding="utf-8")
    with page.expect_file_chooser() as choosing:
        row.get_by_role("button", name="替换").click()
    choosing.value.set_files(newer)
    row.get_by_role("button", name="预览").click()
    assert "9个" in row.get_by_label("正文").inner_text()
    path = f"/v1/documents/{stored['document_id']}"
    assert "8个" in client.get(path).json()["text"]
    page.screenshot(path=SCREENSHOTS / "replace.png")
    assert_accessible(page)
    row.get_by_role("button", name="保存").click()
    row.get_by_text("已替换“读书角清单”").wait_for()
    assert "9个" in client.get(path).json()["text"]
    # what was replaced, and what was deleted, comes back after a reload too
    page.reload()
    page.get_by_text("刚删除或替换的").click()
    page.locator("#gone").get_by_role("button", name="撤销：读书角清单").click()
    page.locator("#said", has_text="已恢复").wait_for()
    assert "8个" in client.get(path).json()["text"]
    row.get_by_role("button", name="删除").click()
    row.get_by_role("button", name="撤销").wait_for()
    page.reload()
    page.get_by_text("刚删除或替换的").click()
    page.locator("#gone").get_by_role("button", name="撤销：读书角清单").click()
    row.get_by_role("button", name="更正").wait_for()
    client.delete(path)


def test_files_of_one_name_never_become_one_article_unseen(
    browser: Browser, server: Running, client: httpx.Client, tmp_path: Path
) -> None:
    def listed() -> dict[str, str]:
        found = client.get("/v1/documents", params={"region": "鹤岗", "limit": 100}).json()
        return {one["source"]: one["document_id"] for one in found["documents"]}

    def text_of(source: str) -> str:
        return str(client.get(f"/v1/documents/{listed()[source]}").json()["text"])

    for year, count in (("2021", "11个"), ("2022", "12个")):
        (tmp_path / "档案" / year).mkdir(parents=True)
        named = tmp_path / "档案" / year / NAME
        named.write_text(TEXT.replace("8个", count), encoding="utf-8")
    # a name that is taken is refused, which the browser logs
    with watched(browser, server.url, errors=True) as page:
        page.goto(f"{server.url}/articles?region=鹤岗")
        page.locator("#drop").wait_for()
        drop(page, tmp_path / "档案")
        page.locator("#waiting .facts-form").nth(1).wait_for()
        page.set_input_files("#files", [chosen(text=TEXT.replace("8个", "13个"))])
        page.locator("#waiting .facts-form").nth(2).wait_for()
        page.get_by_role("button", name="全部保存").click()
        page.locator("#waiting .state", has_text="已保存").nth(2).wait_for()
        folder = next(source for source in listed() if source.startswith("档案/"))
        assert listed().keys() == {NAME, folder, "鹤岗简报 (2).txt"}
        assert {text_of(one)[one_at(text_of(one))] for one in listed()} == {"11个", "12个", "13个"}
        # an article of that name is there already: nothing happens until a person decides
        page.reload()
        page.locator("#drop").wait_for()
        page.set_input_files("#files", [chosen(text=TEXT.replace("8个", "14个"))])
        page.get_by_role("button", name="全部保存").click()
        page.locator("#dropped", has_text="还有 1 个文件与已有文章同名").wait_for()
        assert "14个" not in text_of(NAME)
        page.screenshot(path=SCREENSHOTS / "same-name.png")
        assert_accessible(page)
        page.get_by_label("另存为一篇").check()
        page.get_by_role("button", name="全部保存").click()
        page.locator("#waiting .state", has_text="已保存").wait_for()
        assert "14个" in text_of("鹤岗简报 (3).txt")
    for document_id in listed().values():
        client.delete(f"/v1/documents/{document_id}")


def test_unseen_characters_of_a_name_keep_no_file_out(page: Page, server: Running) -> None:
    page.goto(f"{server.url}/articles")
    page.locator("#drop").wait_for()
    page.set_input_files("#files", [chosen("\u202e\u200b简报.txt")] * 2)
    page.locator("#waiting .facts-form").nth(1).wait_for()
    assert page.locator("#waiting .problem").count() == 0
    assert page.locator("#waiting .facts").first.inner_text() == (
        "列表里有同名文件，保存为“简报 (2).txt”"
    )


def one_at(text: str) -> slice:
    """Where the article says how many there are."""
    found = re.search(r"\d+个", text)
    assert found
    return slice(found.start(), found.end())


def test_articles_are_found_and_filtered(page: Page, server: Running) -> None:
    page.goto(f"{server.url}/articles")
    page.locator(".document").nth(4).wait_for()
    page.screenshot(path=SCREENSHOTS / "articles.png")
    assert_accessible(page)
    page.get_by_label("地区").fill("双鸭山")
    page.keyboard.press("Enter")
    page.wait_for_url("**region=*")
    page.locator(".document").first.wait_for()
    assert page.locator(".document").count() == 1
    page.goto(f"{server.url}/articles?from=2021&to=2021")
    page.locator(".document").first.wait_for()
    assert "2021" in page.locator(".document").first.inner_text()
    assert not page.locator(".document", has_text="2018").count()
    page.goto(f"{server.url}/articles?q=五家建设")
    page.locator(".document").first.wait_for()
    assert "五家" in page.locator(".document").first.inner_text()
    page.goto(f"{server.url}/articles?q=zzzzqqq")
    page.locator("#said", has_text="没有这样的文章").wait_for()
    assert page.locator(".document").count() == 0


def test_a_dropped_file_is_read(page: Page, server: Running) -> None:
    page.goto(f"{server.url}/articles")
    page.locator("#drop").wait_for()
    page.evaluate(
        """([name, text]) => {
          const data = new DataTransfer();
          data.items.add(new File([text], name));
          const event = new DragEvent("drop", { dataTransfer: data, bubbles: true });
          document.getElementById("drop").dispatchEvent(event);
        }""",
        [NAME, TEXT],
    )
    page.locator("#waiting li", has_text="鹤岗市").wait_for()
    page.get_by_role("button", name="放弃").click()
    page.locator("#waiting li").wait_for(state="detached")


def drop(page: Page, *paths: Path) -> None:
    """Drop files or folders of the disk on the page, as a person does, beside the field too."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": 40, "y": 400, "data": data}
        devtools.send("Input.dispatchDragEvent", event)


def test_a_dropped_folder_is_read(page: Page, server: Running, tmp_path: Path) -> None:
    folder = tmp_path / "简报"
    (folder / "2021").mkdir(parents=True)
    for name in ("a.txt", "2021/b.MD", "2021/photo.jpg", ".hidden.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    page.goto(f"{server.url}/articles")
    page.locator("#drop").wait_for()
    drop(page, folder)
    page.locator("#waiting .facts-form").nth(1).wait_for()
    assert sorted(page.locator("#waiting strong").all_inner_texts()) == ["a.txt", "b.MD"]
    said = page.locator("#dropped").inner_text()
    assert said == "文件夹里有 1 个文件不是这几种格式，没有读取。"
    page.screenshot(path=SCREENSHOTS / "folder.png", full_page=True)
    assert_accessible(page)


def test_of_a_folder_that_has_nothing_or_too_much_the_page_says_so(
    page: Page, server: Running, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    (tmp_path / "many").mkdir()
    for number in range(205):
        (tmp_path / "many" / f"{number}.txt").write_text(f"第{number}条", encoding="utf-8")
    page.route("**/v1/documents/preview", lambda route: None)  # nothing is read
    page.goto(f"{server.url}/articles")
    page.locator("#drop").wait_for()
    drop(page, tmp_path / "photos")
    page.locator("#dropped", has_text="没有可以收录的文件").wait_for()
    assert page.locator("#queue").is_hidden()
    drop(page, tmp_path / "many")
    page.locator("#dropped", has_text="一次最多读 200 个文件").wait_for()
    assert page.locator("#waiting li").count() == 200


def test_a_phone_shows_the_articles_in_its_width(browser: Browser, server: Running) -> None:
    with watched(browser, server.url, width=360, dark=True) as page:
        for path in ("articles", "asked"):
            page.goto(f"{server.url}/{path}")
            page.locator(".document, #report h2").first.wait_for()
            assert_fits(page)
            page.screenshot(path=SCREENSHOTS / f"phone-{path}.png")
            assert_accessible(page)
