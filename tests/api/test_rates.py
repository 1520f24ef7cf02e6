"""A bucket holds the requests of a minute and fills evenly; who finds it empty learns when."""

from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.access import address_of
from api.errors import RequestError
from api.rates import NAMES, Buckets, Rates
from api.settings import Settings
from tests.api.running import serving, unionqa


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_of_requests_may_come_at_once_and_then_one_a_second() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    assert [buckets.take("甲") for _ in range(60)] == [0.0] * 60
    assert buckets.take("甲") == pytest.approx(1.0)
    assert buckets.take("乙") == 0.0
    clock.now += 0.75
    assert buckets.take("甲") == pytest.approx(0.25)
    clock.now += 0.25
    assert buckets.take("甲") == 0.0
    assert buckets.take("甲") == pytest.approx(1.0)


def test_zero_is_no_limit() -> None:
    buckets = Buckets(0, Clock())
    assert not any(buckets.take("甲") for _ in range(10_000))


@given(st.integers(1, 600), st.lists(st.floats(0, 30), min_size=1, max_size=200))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_over_any_time_no_more_pass_than_the_rate_and_one_minute(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    buckets = Buckets(per_minute, clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.take("甲")
        passed += not wait
        assert wait <= 60 / per_minute + 1e-6
    assert passed <= per_minute + (clock.now - 1000) * per_minute / 60 + 1e-6


def test_names_are_not_kept_without_end() -> None:
    buckets = Buckets(1, Clock())
    for number in range(NAMES + 10):
        buckets.take(str(number))
    assert buckets.take("0") == 0.0
    assert buckets.take(str(NAMES)) > 0


def test_this_machine_monitors_and_wecom_are_never_limited_by_address() -> None:
    rates = Rates(Settings(address_rate_per_minute=1))
    for _ in range(3):
        rates.check_address("127.0.0.1", "/v1/ask")
        rates.check_address("", "/v1/ask")
        rates.check_address("192.0.2.1", "/healthz")
        rates.check_address("192.0.2.1", "/wecom/app")
    rates.check_address("192.0.2.1", "/v1/ask")
    rates.check_address("192.0.2.2", "/v1/ask")
    with pytest.raises(RequestError, match="UNIONQA_ADDRESS_RATE_PER_MINUTE") as raised:
        rates.check_address("192.0.2.1", "/v1/ask")
    assert raised.value.headers == {"Retry-After": "60"}


def test_a_key_that_asks_too_often_learns_when_to_come_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, RATE_PER_MINUTE=3) as server, server.client() as client:
        # without keys nobody is limited on loopback
        assert {client.get("/v1/documents").status_code for _ in range(5)} == {200}
        keys = [
            unionqa("keys", "make", name, "--role", "reader", DATA=data).stdout.strip()
            for name in ("甲", "乙")
        ]
        first, second = ({"authorization": f"Bearer {key}"} for key in keys)
        answers = [client.get("/v1/documents", headers=first) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
        error = answers[-1].json()["error"]
        assert error["code"] == "too_many_requests"
        assert "UNIONQA_RATE_PER_MINUTE" in error["message"]
        assert client.get("/v1/models", headers=first).json()["error"]["type"] == "rate_limit_error"
        assert client.get("/v1/documents", headers=second).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_behind_a_proxy_each_address_it_names_has_its_own_limit(tmp_path: Path) -> None:
    given = {"PUBLIC_URL": "https://qa.example.org", "ADDRESS_RATE_PER_MINUTE": 2}

    def statuses(client: httpx.Client, forwarded: str) -> list[int]:
        headers = {"x-forwarded-for": forwarded}
        return [client.get("/v1/documents", headers=headers).status_code for _ in range(3)]

    with serving(tmp_path / "behind", **given) as server, server.client() as client:
        assert statuses(client, "192.0.2.7, 192.0.2.1") == [200, 200, 429]
        # what stands before the last is the caller's own claim
        assert statuses(client, "192.0.2.8, 192.0.2.1") == [429, 429, 429]
        assert statuses(client, "192.0.2.2") == [200, 200, 429]
        assert statuses(client, "nobody") == [200, 200, 200]
    alone = tmp_path / "alone"
    with serving(alone, ADDRESS_RATE_PER_MINUTE=2) as server, server.client() as client:
        assert statuses(client, "192.0.2.1") == [200, 200, 200]


@pytest.mark.parametrize(
    ("peer", "proxied", "address"),
    [
        ("127.0.0.1", True, "192.0.2.1"),
        ("127.0.0.1", False, "127.0.0.1"),
        ("192.0.2.9", True, "192.0.2.9"),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(peer: str, proxied: bool, address: str) -> None:
    headers = [(b"x-forwarded-for", b"192.0.2.1")]
    scope = {"type": "http", "client": (peer, 5), "headers": headers}
    assert address_of(scope, proxied=proxied) == address
