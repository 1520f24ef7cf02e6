"""Here is a folder and a fake WeCom; serve the callbacks over real sockets, with told answers."""

import itertools
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.examples import Examples
from api.resources import Resources
from api.settings import Settings
from api.state import State
from api.wecom.crypto import Keys, decrypt, encrypt, read_aes_key, sign
from api.wecom.tables import FILE
from index.index import Index
from rag.answer import Answer
from rag.conversation import Conversation
from tests.api.wecom.fake import FakeWecom
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder

Json = Any
CORP = "wx5823bf96d3bd56c7"
AGENT = 1000002
TOKEN = "QDG6eK"
AES = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRET = "corp-secret-9f2"
BOT_SECRET = "bot-secret-7a1"
APP_KEYS = Keys(TOKEN, read_aes_key(AES), CORP)
BOT_KEYS = Keys(TOKEN, read_aes_key(AES), "")
ECHO = "1616140317555161061"
NUMBERS = itertools.count(7459035031717794886)


def plain_answer(question: str, text: str) -> Answer:
    """An answer that is a text and nothing else."""
    return Answer("answered", text, (), (), (), None, question, question)


class Told:
    """An answerer that says what it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.wait_s = 30.0
        self.remembers = True
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Be as in the beginning."""
        with self._lock:
            self.asked: list[tuple[str, Conversation]] = []
        self.text: Callable[[str], str] = lambda question: f"答：{question}"
        self.go.set()
        self.fails = False

    @property
    def questions(self) -> list[str]:
        with self._lock:
            return [question for question, _ in self.asked]

    def __call__(self, question: str, before: Conversation) -> Answer:
        if self.remembers:
            with self._lock:
                self.asked.append((question, before))
        self.go.wait(self.wait_s)
        if self.fails:
            raise RuntimeError(f"no answer to {question}")
        return plain_answer(question, self.text(question))


def settings(data: Path, fake: FakeWecom, **given: Any) -> Settings:  # noqa: ANN401
    """Settings with the app and the bot switched on."""
    values: dict[str, Any] = {
        "data": data,
        "wecom_api_base": fake.url,
        "wecom_corp_id": CORP,
        "wecom_agent_id": AGENT,
        "wecom_secret": SECRET,
        "wecom_token": TOKEN,
        "wecom_aes_key": AES,
        "wecom_bot_id": "AIBOTID",
        "wecom_bot_name": "RobotA",
        "wecom_bot_token": TOKEN,
        "wecom_bot_aes_key": AES,
        "wecom_allowed_hosts": "127.0.0.1",
        "wecom_backoff_s": 0.3,
        "wecom_timeout_s": 2,
    }
    return Settings(**(values | given))


class Service:
    """A running server, and a peer that speaks to it as WeCom does."""

    def __init__(self, url: str, told: Told, resources: Resources) -> None:
        self.url = url
        self.told = told
        self.resources = resources
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=10)

    def forget(self) -> None:
        """Empty the inbox, once nobody works on anything in it, and be told nothing."""
        self.told.go.set()
        with closing(inbox_of(self.resources.settings.data)) as inbox:
            busy = "SELECT COUNT(*) FROM messages WHERE state IN ('answering', 'sending')"
            eventually(lambda: inbox.execute(busy).fetchone() == (0,))
            for table in ("messages", "seen", "said", "conversations"):
                inbox.execute(f"DELETE FROM {table}")
            eventually(lambda: inbox.execute(busy).fetchone() == (0,))
        self.told.forget()

    def check(self, path: str, keys: Keys, plain: str, **changes: str) -> httpx.Response:
        """The response to a URL check."""
        return self.http.get(path, params=stamped(keys, encrypt(keys, plain), "echostr", **changes))

    def post(self, path: str, keys: Keys, plain: str) -> httpx.Response:
        """The response to a message, freshly encrypted and signed."""
        query, body = sealed(path, keys, plain)
        return self.http.post(path, params=query, content=body)

    def app(self, text: str, user: str = "zhangsan", number: object = None) -> httpx.Response:
        """The response to a text message to the app."""
        return self.post("/wecom/app", APP_KEYS, app_xml(text, user, number))

    def bot(self, body: Json) -> Json:
        """The decrypted reply to an AI bot's callback; None for an empty one."""
        response = self.post("/wecom/bot", BOT_KEYS, json.dumps(body, ensure_ascii=False))
        assert response.status_code == 200
        return opened(response) if response.content else None


def essence(response: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All of a response but its date."""
    headers = [(k, v) for k, v in response.headers.items() if k != "date"]
    return response.status_code, response.content, headers


def inbox_of(data: Path) -> sqlite3.Connection:
    """The inbox's file, for a look or a change behind its back."""
    return sqlite3.connect(data / FILE, timeout=10, isolation_level=None)


def opened(response: httpx.Response) -> Json:
    """The decrypted reply; its signature is looked at."""
    body = response.json()
    assert set(body) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert body["nonce"] == response.request.url.params["nonce"]
    assert abs(body["timestamp"] - time.time()) < 60
    signature = sign(BOT_KEYS, str(body["timestamp"]), body["nonce"], body["encrypt"])
    assert signature == body["msgsignature"]
    return json.loads(decrypt(BOT_KEYS, body["encrypt"]))


def stamped(keys: Keys, encrypted: str, name: str = "", **changes: str) -> dict[str, str]:
    """The parameters of a callback's address."""
    values = {"timestamp": str(int(time.time())), "nonce": f"n{next(NUMBERS)}"} | changes
    signature = sign(keys, values["timestamp"], values["nonce"], encrypted)
    values = {"msg_signature": signature} | values
    return values | {name: encrypted} if name else values


def sealed(path: str, keys: Keys, plain: str) -> tuple[dict[str, str], bytes]:
    """The address's parameters and the body of a callback."""
    encrypted = encrypt(keys, plain)
    return stamped(keys, encrypted), wrapped(path, encrypted)


def wrapped(path: str, encrypted: str) -> bytes:
    """A ciphertext in the body that its callback has."""
    if path == "/wecom/bot":
        return json.dumps({"encrypt": encrypted}).encode()
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()


def app_xml(text: str, user: str = "zhangsan", number: object = None, kind: str = "text") -> str:
    """What a user's message to the app decrypts to."""
    content = text.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
        f"<FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{number or next(NUMBERS)}</MsgId>"
        f"<AgentID>{AGENT}</AgentID></xml>"
    )


def event_xml(event: str, user: str = "zhangsan", at: int = 1700000000) -> str:
    """An event, which has no MsgId."""
    return (
        f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{user}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>event</MsgType><Event>{event}</Event>"
        f"<AgentID>{AGENT}</AgentID></xml>"
    )


def bot_text(text: str, user: str = "zhangsan", chat: str = "", **changes: Json) -> Json:
    """A text message to the AI bot."""
    body = {
        "msgid": f"m{next(NUMBERS)}",
        "aibotid": "AIBOTID",
        "chattype": "group" if chat else "single",
        "from": {"userid": user},
        "response_url": "",
        "msgtype": "text",
        "text": {"content": text},
    }
    return body | ({"chatid": chat} if chat else {}) | changes


def refresh(stream: str, user: str = "zhangsan", chat: str = "") -> Json:
    """WeCom's question how a stream goes on."""
    body = bot_text("", user, chat, msgtype="stream", stream={"id": stream})
    del body["text"], body["response_url"]
    return body


@contextmanager
def serving(
    data: Path,
    fake: FakeWecom,
    told: Told | None = None,
    examples: Examples | None = None,
    **given: Any,  # noqa: ANN401
) -> Iterator[Service]:
    """The service over `data`; several may share a folder, as several workers do."""
    told = told or Told()
    data.mkdir(exist_ok=True)
    index = Index.open(
        data, analyzer=BigramAnalyzer(), encoder=HashEncoder(), gazetteer=FewPlaces()
    )
    resources = Resources(
        index, State.open(data), settings(data, fake, **given), examples or Examples()
    )
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(resources, told), log_level="warning", access_log=False, log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    service = Service(f"http://127.0.0.1:{listening.getsockname()[1]}", told, resources)
    try:
        eventually(lambda: server.started)
        yield service
    finally:
        service.http.close()
        told.go.set()
        server.should_exit = True
        thread.join(10)
        listening.close()


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    """Return once the condition holds; a failure after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


def quiet_for(condition: Callable[[], object], seconds: float = 0.25) -> None:
    """Return after so many seconds through which the condition held."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition(), "it did not stay so"
        time.sleep(0.01)
