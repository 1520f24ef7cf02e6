"""Strangers learn nothing, hold nobody up and leave nothing behind."""

import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from api.wecom.crypto import encrypt
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.hostile import OUTER
from tests.api.wecom.rig import (
    AES,
    APP_KEYS,
    BOT_KEYS,
    CORP,
    ECHO,
    SECRET,
    TOKEN,
    Service,
    bot_text,
    essence,
    event_xml,
    eventually,
    inbox_of,
    serving,
    settings,
    stamped,
    wrapped,
)


@item(12)
@pytest.mark.parametrize("path", ["/wecom/app", "/wecom/bot"])
def test_nothing_is_decrypted_before_its_signature_is_right(
    shared: Service, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    # not base64: had anybody tried to decrypt it, the log would have -40010
    query = stamped(APP_KEYS, "*" * 44) | {"msg_signature": "0" * 40}
    refused = essence(shared.http.get(path, params=query | {"echostr": "*" * 44}))
    assert refused[:2] == (403, b"")
    assert essence(shared.http.post(path, params=query, content=wrapped(path, "*" * 44))) == refused
    assert caplog.text.count("-40001") == 2
    assert "-40010" not in caplog.text


@item(8)
def test_a_malformed_signature_is_refused_like_any_other(shared: Service) -> None:
    query = stamped(APP_KEYS, encrypt(APP_KEYS, ECHO), "echostr")
    right = query["msg_signature"]
    for other in (right.upper(), right[:-1], right + "0", right * 250, "é" * 40):
        response = shared.http.get("/wecom/app", params=query | {"msg_signature": other})
        assert (response.status_code, response.content) == (403, b"")
    raw = f"{shared.url}/wecom/app?msg_signature=%ED%A0%80&timestamp=1&nonce=1&echostr=a"
    assert shared.http.get(raw).status_code == 403


@item(17)
def test_a_hostile_echo_is_refused(shared: Service) -> None:
    for echo in ("A" * 60_000, "QUJDREVGR0hJSktMTU5PUA==", "*" * 44, "é"):
        query = stamped(APP_KEYS, echo, "echostr")
        assert shared.http.get("/wecom/app", params=query).status_code == 403
    connection = HTTPConnection(shared.url.removeprefix("http://"), timeout=10)
    connection.request("GET", "/wecom/app?echostr=" + "A" * 100_000)
    assert connection.getresponse().status == 400
    connection.close()


@item(18)
def test_a_trailing_slash_does_not_lose_the_query(shared: Service) -> None:
    query = stamped(APP_KEYS, encrypt(APP_KEYS, ECHO), "echostr")
    response = shared.http.get("/wecom/app/", params=query, follow_redirects=True)
    assert response.status_code == 404 or response.text == ECHO


@item(10)
def test_a_url_check_does_not_wait_for_answers(service: Service) -> None:
    service.told.go.clear()
    for number in range(20):
        service.app("慢", user=f"user{number}")
    eventually(lambda: service.told.asked)
    assert service.check("/wecom/app", APP_KEYS, ECHO).text == ECHO
    assert service.bot(bot_text("问"))["stream"]["finish"] is False


@item(85)
def test_an_entity_from_elsewhere_is_never_fetched(shared: Service, fake: FakeWecom) -> None:
    for kind in ("x", "% x"):
        use = "&x;" if kind == "x" else ""
        plain = f"<!DOCTYPE l [<!ENTITY {kind} SYSTEM '{fake.url}/dtd'>]><xml>{use}</xml>"
        query = stamped(APP_KEYS, "a")
        response = shared.http.post("/wecom/app", params=query, content=plain.encode())
        assert response.status_code == 403
        assert shared.post("/wecom/app", APP_KEYS, plain).status_code == 403
    assert not fake.received


@item(85, 90)
def test_hostile_and_distinct_requests_leave_memory_as_it_was(service: Service) -> None:
    for number in range(300):
        body = OUTER[list(OUTER)[number % len(OUTER)]]
        service.http.post("/wecom/app", params=stamped(APP_KEYS, "a"), content=body)
        service.post("/wecom/app", APP_KEYS, event_xml("click", "zhangsan", number))
        service.http.get("/wecom/app", params=stamped(APP_KEYS, "b", "echostr"))
    # this process is the server, and its highest memory so far only ever grows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(300, 600):
        body = OUTER[list(OUTER)[number % len(OUTER)]]
        service.http.post("/wecom/app", params=stamped(APP_KEYS, "a"), content=body)
        service.post("/wecom/app", APP_KEYS, event_xml("click", "zhangsan", number))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KiB
    with closing(inbox_of(service.resources.settings.data)) as inbox:
        # only what was signed and decrypted is remembered, on disk
        assert inbox.execute("SELECT COUNT(*) FROM seen").fetchone() == (600,)


@item(87)
def test_a_body_that_never_arrives_holds_nobody_up(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake, read_timeout_s=0.5) as service:
        host, port = service.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            begun = f"POST /wecom/app HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\n<x"
            slow.sendall(begun.encode())
            assert service.check("/wecom/app", APP_KEYS, ECHO).text == ECHO
            slow.settimeout(10)
            assert b" 408 " in slow.recv(65_536)


@item(94)
def test_neither_health_nor_errors_tell_of_the_settings(shared: Service) -> None:
    found = [shared.http.get(path).text for path in ("/healthz", "/readyz", "/metrics", "/wecom")]
    found.append(shared.http.get("/wecom/article/x").text)
    for secret in (SECRET, TOKEN, AES, CORP):
        assert secret not in "".join(found)


@item(94)
@pytest.mark.parametrize(
    "name", ["wecom_token", "wecom_aes_key", "wecom_secret", "wecom_bot_token"]
)
def test_no_way_starts_without_all_of_its_keys(tmp_path: Path, fake: FakeWecom, name: str) -> None:
    with pytest.raises(ValidationError, match=name.upper()) as raised:
        settings(tmp_path, fake, **{name: None})
    assert AES not in str(raised.value)


@item(95)
def test_a_flood_of_strangers_does_not_fill_the_line(service: Service, fake: FakeWecom) -> None:
    stop = threading.Event()

    def flood(_: int) -> None:
        with httpx.Client(base_url=service.url, trust_env=False, timeout=30) as http:
            while not stop.is_set():
                http.post("/wecom/app", params=stamped(BOT_KEYS, "a"), content=b"<xml/>")

    with ThreadPoolExecutor(4) as pool:
        flooding = pool.map(flood, range(4))
        for number in range(5):
            assert service.app(f"问{number}").status_code == 200
        stop.set()
        list(flooding)
    eventually(lambda: len(fake.sends) == 5)
    with closing(inbox_of(service.resources.settings.data)) as inbox:
        assert inbox.execute("SELECT COUNT(*) FROM seen").fetchone() == (5,)
