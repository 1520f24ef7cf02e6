"""Every request has an id and one line, and no line holds a question, a key or a secret."""

import asyncio
import json
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

import httpx
import openai
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Message, Scope

from api.access import Caller
from api.errors import add_error_responses
from api.journal import HEADER, NOT_ROUTED, Journal, template
from api.log import configure
from api.metrics import Metrics
from api.settings import Settings
from tests.api.running import Json, Running, serving, unionqa
from tests.api.test_log import _loggers_as_before as _loggers_as_before

ASKED = "双鸭山金秋助学筹了多少钱"
FOLLOWED = "那白城市总工会呢"
COMMENT = "这是去年的旧数字"
SECRET = "s3cret-value-of-the-app"
BROWSER = "name-of-one-browser"
TOKEN = "callbacktoken"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM = {
    "WECOM_API_BASE": "http://127.0.0.1:9",
    "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
    "WECOM_AGENT_ID": 218,
    "WECOM_SECRET": SECRET,
    "WECOM_TOKEN": TOKEN,
    "WECOM_AES_KEY": AES_KEY,
}


@dataclass(frozen=True, slots=True)
class Logged:
    """What a server wrote while all of this was asked of it, and what none of it may hold."""

    text: str
    stdout: tuple[str, ...]
    reader: str
    never: tuple[str, ...]

    @property
    def lines(self) -> list[Json]:
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self, **fields: object) -> list[Json]:
        """The lines of requests with these fields."""
        found = [one for one in self.lines if one["message"] == "request"]
        return [one for one in found if fields.items() <= one.items()]


def ask_everything(server: Running, key: str) -> None:
    """Questions through every door, wrong ones too."""
    wrong = {"authorization": f"Bearer x{key}"}
    own = {"authorization": f"Bearer {key}", HEADER: "mine-1"}
    with server.client() as client:
        client.headers.update({**own, "cookie": f"unionqa_browser={BROWSER}"})
        answer = client.post("/v1/ask", json={"question": ASKED}).json()
        client.post("/v1/ask", json={"question": ASKED, "stream": True})
        again = {"question": FOLLOWED, "conversation_id": answer["conversation_id"]}
        client.post("/v1/ask", json=again)
        client.post("/v1/search", json={"query": ASKED})
        client.post("/v1/search", json={"query": ASKED, ASKED: ASKED})
        vote = {"answer_id": answer["answer_id"], "vote": "down", "comment": COMMENT}
        client.post("/v1/feedback", json=vote)
        client.get(f"/v1/conversations/{answer['conversation_id']}")
        client.get("/v1/documents", params={"region": ASKED})
        client.get(f"/documents/{ASKED}")
        client.get(f"/{ASKED}")
        client.get("/static/chat.js")
        client.post("/wecom/app", content=SECRET.encode(), params={"msg_signature": TOKEN})
        client.post("/v1/ask", content=f'{{"question": "{ASKED}'.encode())
        client.post("/v1/documents", files={"file": (f"{ASKED}.txt", b"\xff\xfe\xfd")})
        initialize = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": ASKED}}
        client.post("/mcp", json=initialize, headers={"accept": "application/json"})
        client.post("/v1/ask", json={"question": ASKED}, headers=wrong)
        client.post("/v1/ask", json={"question": ASKED}, headers={"host": f"{SECRET}.example"})
    with openai.OpenAI(
        base_url=f"{server.url}/v1",
        api_key=key,
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    ) as package:
        package.chat.completions.create(model="x", messages=[{"role": "user", "content": ASKED}])
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"GET /{SECRET} NONSENSE\r\n\r\n".encode())
        connection.recv(1000)


def logged(folder: Path, **settings: object) -> Logged:
    log = folder / "log"
    given = {**WECOM, "LOG_LEVEL": "debug", **settings}
    with serving(folder / "data", log, **given) as server:
        key = unionqa("keys", "make", "甲", "--role", "reader", DATA=folder / "data").stdout.strip()
        ask_everything(server, key)
        stdout = server.lines
    never = (ASKED, FOLLOWED, COMMENT, SECRET, TOKEN, AES_KEY, BROWSER, key)
    return Logged(log.read_text(encoding="utf-8"), stdout, key, never)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    return logged(tmp_path_factory.mktemp("journal"))


def test_no_line_holds_a_question_a_key_or_a_secret(written: Logged) -> None:
    assert len(written.lines) > 15
    for never in written.never:
        assert never not in written.text
        assert never not in json.dumps(written.lines, ensure_ascii=False)


def test_a_request_has_one_line_with_its_key_by_name(written: Logged) -> None:
    key_id = written.reader.split("-")[1]
    asked = written.requests(path="/v1/ask", status=200)
    assert len(asked) == 3
    for line in asked:
        assert (line["method"], line["key"], line["request_id"]) == ("POST", key_id, "mine-1")
        assert line["ms"] > 0
    assert len(written.requests(path="/v1/chat/completions", status=200, key=key_id)) == 1


def test_a_path_stands_without_its_values(written: Logged) -> None:
    assert written.requests(path="/v1/conversations/{conversation_id}", status=200)
    assert written.requests(path="/documents/{document_id}", status=404)
    assert written.requests(path="/static/{file}", status=200)
    assert written.requests(path="(none)", status=404)
    # what is refused before it has a route, or a caller
    (wrong,) = written.requests(path="/v1/ask", status=401)
    assert "key" not in wrong
    assert written.requests(path="/v1/ask", status=421)


def test_lines_for_people_stay(written: Logged) -> None:
    assert "http://127.0.0.1:" in written.stdout[0]
    assert "articles" in written.stdout[1]


def test_as_text_it_holds_no_more(tmp_path: Path) -> None:
    written = logged(tmp_path, LOG="text")
    assert "path=/v1/ask status=200" in written.text
    for never in written.never:
        assert never not in written.text


def test_where_it_is_wished_questions_are_told(tmp_path: Path) -> None:
    written = logged(tmp_path, LOG_QUESTIONS=1)
    told = [line for line in written.lines if line["message"] == "question"]
    assert [line["question"] for line in told] == [ASKED, ASKED, FOLLOWED, ASKED]
    assert [line["door"] for line in told] == ["http", "http", "http", "openai"]
    assert all(line["request_id"] for line in told)
    for never in (SECRET, COMMENT, BROWSER, written.reader):
        assert never not in written.text


@pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 64])
def test_an_id_that_is_well_formed_is_taken(client: httpx.Client, given: str) -> None:
    assert client.get("/healthz", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a;b", '"', "{}"])
def test_any_other_is_replaced(client: httpx.Client, given: str) -> None:
    found = client.get("/v1/nothing", headers={HEADER: given}).headers[HEADER]
    assert found != given
    assert len(found) == 32


def test_a_failure_has_its_request_in_both_lines_and_its_answer(
    capfd: pytest.CaptureFixture[str],
) -> None:
    app = FastAPI()
    add_error_responses(app, {}, Metrics())
    app.add_middleware(Journal)

    @app.get("/fails/{how}")
    def fail(how: str) -> None:
        raise ValueError(how)

    configure(Settings(log="json"))
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        port = listening.getsockname()[1]
        with httpx.Client(trust_env=False) as client:
            response = client.get(f"http://127.0.0.1:{port}/fails/{ASKED}", headers={HEADER: "r-7"})
        server.should_exit = True
        thread.join()
    assert (response.status_code, response.headers[HEADER]) == (500, "r-7")
    text = capfd.readouterr().err
    assert ASKED not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["request_id"] for line in lines} == {"r-7"}
    request, failure = lines
    assert (request["path"], request["status"]) == ("/fails/{how}", 500)
    assert failure["level"] == "error"
    assert "in fail" in failure["error"]


def test_a_client_that_goes_is_told_as_gone(capfd: pytest.CaptureFixture[str]) -> None:
    async def never_ends(*_: object) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent")

    async def scene() -> None:
        scope: Scope = {"type": "http", "method": "GET", "path": "/readyz", "headers": []}
        scope["state"] = {"caller": Caller("key:ab12", "reader", True, "甲")}
        task = asyncio.create_task(Journal(never_ends)(scope, receive, send))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    configure(Settings(log="json"))
    asyncio.run(scene())
    (line,) = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (line["status"], line["key"], line["path"]) == (499, "ab12", "/readyz")


def test_paths_known_before_routing_are_paths_of_the_service(client: httpx.Client) -> None:
    paths = set(client.get("/openapi.json").json()["paths"])
    assert NOT_ROUTED - paths <= {"/mcp", "/openapi.json"}
    assert template({"path": "/v1/ask/x"}) == "(none)"
