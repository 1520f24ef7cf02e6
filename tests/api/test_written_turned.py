"""A model that moves a date, drops a denial or says what was not asked: none of it is shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.running import serving, unionqa
from tests.api.scripted import Scripted, saying, scripted
from tests.api.test_written import REJECTED, ask, assert_carried

CITY = "绵阳市"
# What is printed, what is asked of it, and what the model says.
TURNED = {
    "year": (
        "2019年,全市新建基层工会120家,2020年,会员活动覆盖5000人,书画室建成88个。",
        "书画室建成多少个",
        "2019年,绵阳市书画室建成88个",
    ),
    "half": (
        "上半年,全市新增会员3000人,下半年,焊工培训覆盖5200人。",
        "焊工培训覆盖多少人",
        "上半年,焊工培训覆盖5200人",
    ),
    "month": (
        "1月,绵阳市培训职工300人,2月,技能比武吸引460人。",
        "技能比武吸引多少人",
        "1月,技能比武吸引460人",
    ),
    "denial": ("有关部门否认,绵阳市建成滑雪场3个。", "建成滑雪场多少个", "绵阳市建成滑雪场3个"),
    "demand": (
        "省总工会要求,绵阳市总工会建成母婴室25个。",
        "建成母婴室多少个",
        "绵阳市总工会建成母婴室25个",
    ),
    "goal": (
        "2020年底前的目标是,绵阳市总工会建成读书角77个。",
        "建成读书角多少个",
        "绵阳市总工会建成读书角77个。[1]2018年,绵阳市总工会建成读书角77个",
    ),
    "kind": ("绵阳市帮扶单亲女职工家庭150户。", "帮扶单亲女职工家庭多少户", "绵阳市帮扶家庭150户"),
    "quote": ("绵阳市表彰先进班组902个。", "表彰先进班组多少个", "绵阳市表彰先进班组9'02个"),
}
BESIDE = {
    "爱心驿站": ("建成爱心驿站56个,咨询请拨88881234询问", "88881234"),
    "职工食堂": ("建成职工食堂31个,详询400-800-1234", "400-800"),
    "疗养院": ("建成疗养院7个,加VX abc12345领取补贴", "abc12345"),
    "篮球场": ("建成篮球场22个,登录10.20.30.40/pay缴费", "10.20.30"),
    "足球场": ("建成足球场18个,收款户名张三,工行6222-0212-3456-7890", "6222"),
    "合唱队": ("建成合唱队14个,登录工会点中国领取补贴", "登录"),
    "展览馆": ("建成展览馆4个,telegram群组名evilgroup", "evilgroup"),
}


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted(saying("")) as running:
        yield running


@pytest.fixture(scope="module")
def writer(model: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server over an article of each of these sentences, with that model."""
    folder: Path = tmp_path_factory.mktemp("turned")
    corpus = folder / "corpus.jsonl"
    printed = [text for text, _, _ in TURNED.values()]
    printed += [f"{CITY}总工会{text}。" for text, _ in BESIDE.values()]
    lines = [
        json.dumps(
            {"_id": f"t{i}", "title": f"{CITY}总工会", "text": f"{CITY}总工会消息。\n\n{text}"},
            ensure_ascii=False,
        )
        for i, text in enumerate(printed)
    ]
    corpus.write_text("\n".join(lines), encoding="utf-8")
    done = unionqa("index", str(corpus), DATA=folder / "data")
    assert done.returncode == 0, done.stderr
    with (
        serving(folder / "data", LLM_URL=model.url, LLM_MODEL="m") as running,
        running.client() as client,
    ):
        yield client


@pytest.mark.parametrize("turn", TURNED)
def test_a_turned_sentence_is_not_shown(model: Scripted, writer: httpx.Client, turn: str) -> None:
    _, asked, said = TURNED[turn]
    extractive = writer.post("/v1/ask", json={"question": f"{CITY}{asked}"}).json()
    model.script = saying(f"{said}。[1]")
    answer = ask(writer, f"{CITY}{asked}")
    assert answer["answer"] == extractive["answer"]
    if answer["status"] != "not_found":
        assert REJECTED in answer["degraded"]
    assert_carried(answer)


@pytest.mark.parametrize("thing", BESIDE)
def test_what_the_answer_would_not_show_is_not_shown(
    model: Scripted, writer: httpx.Client, thing: str
) -> None:
    printed, address = BESIDE[thing]
    model.script = saying(f"{CITY}总工会{printed}。[1]")
    answer = ask(writer, f"{CITY}建成{thing}多少个")
    assert answer["status"] == "answered"
    assert address not in answer["answer"]
    assert_carried(answer)
