"""The environment is read once, and a wrong setting is named with what was expected."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import (
    Settings,
    SettingsError,
    is_loopback,
    read_settings,
    unknown_variables,
)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UNIONQA_{name}".upper(), raising=False)


def test_defaults_need_nothing_but_the_machine() -> None:
    settings = read_settings()
    assert (settings.data, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8000)
    assert not any((settings.public_url, settings.encoder, settings.terms))


def test_every_setting_has_a_line_of_help() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description


def test_the_environment_goes_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONQA_DATA", "/srv/unionqa")
    monkeypatch.setenv("UNIONQA_PUBLIC_URL", "https://wenda.example.org/")
    monkeypatch.setenv("UNIONQA_ENCODER", "")
    settings = read_settings()
    assert settings.data == Path("/srv/unionqa")
    assert settings.public_url == "https://wenda.example.org"
    assert settings.encoder is None


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 1


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "-1", "greater than or equal to 0"),
        ("PORT", "x", "integer"),
        ("HOST", "example.org", "127.0.0.1"),
        ("HOST", "300.1.1.1", "127.0.0.1"),
        ("PUBLIC_URL", "wenda.example.org", "https://"),
        ("PUBLIC_URL", "ftp://example.org", "https://"),
        ("LLM_URL", "example.org", "http://127.0.0.1:11434/v1"),
        ("LLM_URL", "http://:8000/v1", "http://127.0.0.1:11434/v1"),
        ("PUBLIC_URL", "https://example.org/under/a/path", "https://example.org: the service"),
        ("PUBLIC_URL", "https://example.org/?a=b", "nothing may follow"),
        ("PUBLIC_URL", "https://example.org#part", "nothing may follow"),
        ("READ_TIMEOUT_S", "0", "greater than 0"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"UNIONQA_{name}", value)
    with pytest.raises(SettingsError, match=expected) as raised:
        read_settings()
    assert str(raised.value).startswith(f"UNIONQA_{name} is '{value}', ")


def test_a_wrong_key_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONQA_LLM_KEY", "two words")
    with pytest.raises(SettingsError, match="UNIONQA_LLM_KEY is wrong, expected ASCII") as raised:
        read_settings()
    assert "words" not in str(raised.value)


def test_half_a_language_model_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONQA_LLM_URL", "http://127.0.0.1:11434/v1/chat/completions")
    with pytest.raises(SettingsError, match="UNIONQA_LLM_MODEL is not given"):
        read_settings()
    monkeypatch.setenv("UNIONQA_LLM_MODEL", "m")
    assert read_settings().llm_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_has_several_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "localhost.example.org"])
def test_what_others_can_reach_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_misspelt_variables_are_found() -> None:
    assert unknown_variables({"UNIONQA_PROT": "1", "UNIONQA_PORT": "1", "PROT": "1"}) == [
        "UNIONQA_PROT"
    ]


def test_a_password_in_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONQA_LLM_URL", "http://office:hunter2@127.0.0.1/v1")
    with pytest.raises(SettingsError, match="UNIONQA_LLM_URL") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)
