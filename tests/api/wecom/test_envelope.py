"""Whatever is not WeCom's gets one refusal, byte for byte the same; nothing of it is accepted."""

import base64
import json
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from api.wecom.crypto import Keys, encrypt, sign
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.hostile import BOMB, OUTER
from tests.api.wecom.rig import (
    APP_KEYS,
    BOT_KEYS,
    ECHO,
    Service,
    app_xml,
    bot_text,
    essence,
    eventually,
    opened,
    quiet_for,
    sealed,
    serving,
    stamped,
    wrapped,
)


@pytest.mark.parametrize(("path", "keys"), [("/wecom/app", APP_KEYS), ("/wecom/bot", BOT_KEYS)])
@item(10, 14)
def test_a_url_check_is_echoed_and_nothing_else(shared: Service, path: str, keys: Keys) -> None:
    response = shared.check(path, keys, ECHO)
    assert (response.status_code, response.content) == (200, ECHO.encode())
    assert response.headers["content-type"].startswith("text/plain")
    other = BOT_KEYS if keys is APP_KEYS else APP_KEYS
    refused = essence(shared.check(path, keys, ECHO, timestamp="1700000000"))
    assert refused[:2] == (403, b"")
    assert essence(shared.check(path, other, ECHO)) == refused
    for secret in ("中文", "a b", "<xml>", "", "x" * 65):
        assert essence(shared.check(path, keys, secret)) == refused


@pytest.mark.parametrize("plus", ["%2B", "%2b", "+"])
@item(11)
def test_a_plus_arrives_however_it_is_escaped(shared: Service, plus: str) -> None:
    made = (encrypt(APP_KEYS, ECHO) for _ in range(10_000))
    encrypted = next(one for one in made if one[0] == "+" and "+" in one[1:])
    query = stamped(APP_KEYS, encrypted)
    address = "&".join(f"{name}={value}" for name, value in query.items())
    echo = encrypted.replace("/", "%2F").replace("=", "%3D").replace("+", plus)
    # a raw address: httpx would escape it its own way
    host, port = shared.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(
            f"GET /wecom/app?{address}&echostr={echo} HTTP/1.1\r\nHost: {host}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        received = b"".join(iter(lambda: raw.recv(65536), b""))
    assert received.endswith(b"\r\n\r\n" + ECHO.encode())


@item(16)
def test_wecom_may_check_from_several_addresses(shared: Service) -> None:
    query = stamped(APP_KEYS, encrypt(APP_KEYS, ECHO), "echostr")
    for _ in range(3):
        assert shared.http.get("/wecom/app", params=query).text == ECHO


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "echostr"])
@item(13)
def test_a_parameter_is_there_exactly_once(shared: Service, name: str) -> None:
    query = stamped(APP_KEYS, encrypt(APP_KEYS, ECHO), "echostr")
    missing = {key: value for key, value in query.items() if key != name}
    twice = httpx.QueryParams([*query.items(), (name, query[name])])
    for params in (httpx.QueryParams(missing), httpx.QueryParams(query | {name: ""}), twice):
        response = shared.http.get("/wecom/app", params=params)
        assert (response.status_code, response.content) == (403, b"")


@pytest.mark.parametrize(
    "timestamp",
    ["1_70000000", " 170000000", "１７００００００００", "1e90000000", "-170000000", "9" * 20, "",
     str(int(time.time()) - 86_400), str(int(time.time()) + 86_400)],
)  # fmt: skip
@item(88)
def test_a_timestamp_is_ten_digits_and_near(shared: Service, timestamp: str) -> None:
    assert shared.check("/wecom/app", APP_KEYS, ECHO, timestamp=timestamp).status_code == 403


@item(88)
def test_without_a_window_any_age_will_do(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake, wecom_window_s=0) as service:
        assert service.check("/wecom/app", APP_KEYS, ECHO, timestamp="1409659589").text == ECHO


@item(15)
def test_a_message_is_not_echoed_as_a_url_check(shared: Service) -> None:
    encrypted = encrypt(APP_KEYS, app_xml("问"))
    query = stamped(APP_KEYS, encrypted, "echostr")
    assert shared.http.get("/wecom/app", params=query).status_code == 403


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
@item(18)
def test_other_methods_are_not_known(shared: Service, method: str) -> None:
    assert shared.http.request(method, "/wecom/app").status_code == 405


JSON = {
    "a list": b"[]", "null": b"null", "a string": b'"a"', "nothing": b"",
    "NaN": b'{"encrypt": NaN}',
    "twice": b'{"encrypt": "a", "encrypt": "a"}', "a number": b'{"encrypt": 1}',
    "nested": b'{"encrypt": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "no UTF-8": b'{"encrypt": "\xff"}', "half a pair": b'{"encrypt": "\\ud800"}',
    "deep": b"[" * 60_000, "XML": b"<xml/>",
}  # fmt: skip


@pytest.mark.parametrize("name", OUTER)
@item(85)
def test_a_hostile_body_of_the_app_is_refused(shared: Service, name: str) -> None:
    query = stamped(APP_KEYS, "a")
    response = shared.http.post("/wecom/app", params=query, content=OUTER[name])
    assert (response.status_code, response.content) == (403, b"")


@pytest.mark.parametrize("name", JSON)
@item(71)
def test_a_hostile_body_of_the_bot_is_refused(shared: Service, name: str) -> None:
    query = stamped(BOT_KEYS, "a")
    response = shared.http.post("/wecom/bot", params=query, content=JSON[name])
    assert (response.status_code, response.content) == (403, b"")


@item(71)
def test_what_else_a_body_of_the_bot_holds_does_not_matter(service: Service) -> None:
    encrypted = encrypt(BOT_KEYS, json.dumps(bot_text("一")))
    body = json.dumps({"a": [1], "encrypt": f" {encrypted}\n", "tousername": "x"}).encode()
    response = service.http.post("/wecom/bot", params=stamped(BOT_KEYS, encrypted), content=body)
    assert opened(response)["msgtype"] == "stream"
    eventually(lambda: service.told.questions == ["一"])


@pytest.mark.parametrize("path", ["/wecom/app", "/wecom/bot"])
@item(71, 85, 87)
def test_a_large_body_is_cut_off(shared: Service, path: str) -> None:
    for size in (65_537, 2_000_000):
        response = shared.http.post(path, params=stamped(APP_KEYS, "a"), content=b"x" * size)
        assert response.status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 4096

    try:
        response = shared.http.post(path, params=stamped(APP_KEYS, "a"), content=endless())
        assert response.status_code == 413
    except httpx.WriteError:
        pass  # the server has hung up while we were still sending: as good


@pytest.mark.parametrize(
    "plain",
    [
        f"{BOMB}<xml><ToUserName>&b;</ToUserName></xml>",
        "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml>&x;</xml>",
        "no XML",
        "",
    ],
)
@item(86)
def test_a_bomb_within_valid_crypto_is_refused(shared: Service, plain: str) -> None:
    assert shared.post("/wecom/app", APP_KEYS, plain).status_code == 403
    assert shared.post("/wecom/bot", BOT_KEYS, plain).status_code == 403
    assert not shared.told.asked


def damaged(random: Random, path: str, keys: Keys) -> tuple[dict[str, str], bytes]:
    """A request of WeCom's with one thing wrong."""
    plain = app_xml("伪造") if path == "/wecom/app" else str(bot_text("伪造")).replace("'", '"')
    encrypted = encrypt(keys, plain)
    query = stamped(keys, encrypted)
    how = random.randrange(10)
    if how == 0:
        query["msg_signature"] = secrets.token_hex(20)
    elif how == 1:
        query["nonce"] += "x"
    elif how == 2:
        query["timestamp"] = str(int(query["timestamp"]) + random.randint(1, 500))
    elif how == 3:
        place = random.randrange(len(encrypted) - 2)
        other = "A" if encrypted[place] != "A" else "B"
        encrypted = encrypted[:place] + other + encrypted[place + 1 :]
    elif how == 4:
        query = stamped(keys, encrypted, timestamp=str(int(time.time()) - 3600))
    elif how == 5:
        encrypted = encrypt(Keys(keys.token, keys.aes_key, "wx-another"), plain)
        query = stamped(keys, encrypted)
    elif how == 6:
        sealed_bytes = bytearray(base64.b64decode(encrypted))
        sealed_bytes[-1 - random.randrange(32)] ^= random.randrange(1, 256)
        encrypted = base64.b64encode(bytes(sealed_bytes)[:-16]).decode()
        query = stamped(keys, encrypted)
    elif how == 7:
        query["msg_signature"] = query["msg_signature"].upper() + "A"
    elif how == 8:
        # a length past the end, all else as it should be
        body = b"r" * 16 + b"\x00\x00\xff\xff" + b"ok" + keys.receiver.encode()
        pad = 32 - len(body) % 32
        cipher = Cipher(algorithms.AES(keys.aes_key), modes.CBC(keys.aes_key[:16])).encryptor()
        encrypted = base64.b64encode(cipher.update(body + bytes([pad]) * pad)).decode()
        query = stamped(keys, encrypted)
    else:
        stranger = Keys("another-token", keys.aes_key, keys.receiver)
        query = stamped(stranger, encrypted)
    return query, wrapped(path, encrypted)


@item(30, 91)
def test_a_thousand_forged_or_damaged_requests_are_refused_alike(shared: Service) -> None:
    random = Random(1000)
    refusals = set()
    for number in range(1000):
        path, keys = (("/wecom/app", APP_KEYS), ("/wecom/bot", BOT_KEYS))[number % 2]
        query, body = damaged(random, path, keys)
        refusals.add(repr(essence(shared.http.post(path, params=query, content=body))))
    assert len(refusals) == 1
    assert refusals.pop().startswith("(403, b''")
    assert not shared.told.asked


@item(89)
def test_a_replay_does_nothing_again(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake) as service:
        query, body = sealed("/wecom/app", APP_KEYS, app_xml("一"))
        query = stamped_near(APP_KEYS, query, body)
        swapped = query | {"timestamp": query["nonce"], "nonce": query["timestamp"]}
        joined = query["timestamp"] + query["nonce"]
        split = query | {"timestamp": joined[:11], "nonce": joined[11:]}
        for params in (query, query, swapped, split):
            response = service.http.post("/wecom/app", params=params, content=body)
            assert response.status_code in (200, 403)
        eventually(lambda: fake.sends)
        quiet_for(lambda: len(fake.sends) == 1)
        assert service.told.questions == ["一"]


def stamped_near(keys: Keys, query: dict[str, Any], body: bytes) -> dict[str, str]:
    """The same with a nonce that looks like a time, so that the two can be swapped."""
    encrypted = body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    near = query | {"nonce": str(int(time.time()) + 5)}
    return near | {"msg_signature": sign(keys, near["timestamp"], near["nonce"], encrypted)}


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "text/plain", None,
                                  "application/x-www-form-urlencoded"])  # fmt: skip
@item(28)
def test_the_form_of_the_body_does_not_matter(
    service: Service, fake: FakeWecom, kind: str | None
) -> None:
    encrypted = encrypt(APP_KEYS, app_xml("一").replace("<![CDATA[一]]>", "一"))
    body = f"<?xml version='1.0'?>\r\n<xml>\r\n<Encrypt>\n {encrypted} \n</Encrypt><A>1</A></xml>"
    headers = {"content-type": kind} if kind else {}
    response = service.http.post(
        "/wecom/app", params=stamped(APP_KEYS, encrypted), content=body.encode(), headers=headers
    )
    assert response.status_code == 200
    eventually(lambda: fake.sends)
    assert service.told.questions == ["一"]
