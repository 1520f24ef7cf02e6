"""Here is the environment; give me the settings, or one line naming the one that is wrong.

The only place that reads environment variables. A field's name in capitals behind `UNIONQA_` is
its variable; its description is the line of help that README's table repeats.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from api.wecom.options import WecomOptions

PREFIX = "UNIONQA_"


class SettingsError(Exception):
    """A setting is wrong; the message names it, what was found and what was expected."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address(host: str) -> str:
    """The host, if it is an address of a machine or localhost."""
    if not is_loopback(host):
        try:
            ip_address(host)
        except ValueError as exc:
            raise ValueError("expected an address such as 127.0.0.1, ::1 or 0.0.0.0") from exc
    return host


def _model_address(url: str | None) -> str | None:
    """The address of a language model, without its trailing slash; a key has no place in it."""
    if url is None:
        return None
    try:
        parts = httpx.URL(url)
        named = bool(parts.host) and parts.port != 0 and not parts.userinfo
    except (httpx.InvalidURL, ValueError):
        named = False
    if not named or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise ValueError("expected an address such as http://127.0.0.1:11434/v1")
    return url.rstrip("/").removesuffix("/chat/completions")


def _key(key: SecretStr | None) -> SecretStr | None:
    """The key, if a header can carry it."""
    if key is not None and not re.fullmatch(r"[\x21-\x7e]+", key.get_secret_value()):
        raise ValueError("expected ASCII characters without spaces")
    return key


def _web_address(url: str | None) -> str | None:
    """An http or https address without its trailing slash."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"} or parts.username is not None:
        raise ValueError("expected an address such as https://wenda.example.org")
    bare = f"{parts.scheme}://{parts.netloc}"
    if url.rstrip("/") != bare:
        # pages, links and callbacks name their paths from the root
        raise ValueError(
            f"expected {bare}: the service needs a host name of its own, nothing may follow it"
        )
    return bare


class Settings(WecomOptions):
    """What the environment says; frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True
    )

    data: Path = Field(
        default=Path("data"), description="Folder of the index and the conversations."
    )
    host: Annotated[str, AfterValidator(_address)] = Field(
        default="127.0.0.1",
        description="Address to listen on; one that others can reach needs keys.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any that is free."
    )
    public_url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        default=None,
        description="Address at which a reverse proxy offers the service, if one does.",
    )
    encoder: str | None = Field(
        default=None,
        description="sentence-transformers model or folder; without it the shipped one.",
    )
    encoder_query_prompt: str | None = Field(
        default=None, description="Put before each question; without it as the model has it."
    )
    encoder_passage_prompt: str | None = Field(
        default=None, description="Put before each passage; without it as the model has it."
    )
    encoder_max_tokens: int | None = Field(
        default=None, ge=1, description="Where longer texts are cut; without it the model's own."
    )
    encoder_batch: int = Field(default=32, ge=1, description="Texts the model is given at once.")
    encoder_device: str | None = Field(
        default=None, description="Where the model runs: cpu, cuda, mps; without it the best."
    )
    reranker: str | None = Field(
        default=None,
        description="sentence-transformers CrossEncoder, name or folder, to order passages by.",
    )
    reranker_timeout_s: float = Field(
        default=2, gt=0, le=60, description="Seconds it may take; then the order stays as it was."
    )
    llm_url: Annotated[str | None, AfterValidator(_model_address)] = Field(
        default=None,
        description="OpenAI-compatible language model: what precedes /chat/completions.",
    )
    llm_model: str | None = Field(default=None, description="Name of that model.")
    llm_key: Annotated[SecretStr | None, AfterValidator(_key)] = Field(
        default=None, description="Key for it, sent to that address alone."
    )
    llm_first_s: float = Field(
        default=10, gt=0, le=300, description="Seconds until its first words must be there."
    )
    llm_timeout_s: float = Field(
        default=20, gt=0, le=300, description="Seconds it may take in all."
    )
    llm_rewrite: bool = Field(
        default=False,
        description="1: it also words follow-ups as whole questions, and translates foreign ones.",
    )
    terms: Path | None = Field(
        default=None, description="File of your own terms, one a line, kept whole when text is cut."
    )
    read_timeout_s: float = Field(
        default=30, gt=0, le=600, description="Seconds a client may take to send a request."
    )
    log: Literal["json", "text"] | None = Field(
        default=None, description="Form of the log; without it text on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged; `info` has a line for each request."
    )
    log_questions: bool = Field(
        default=False, description="1: what was asked stands in the log too."
    )
    body_bytes: int = Field(
        default=256_000, ge=1000, description="Bytes a request may have, beside an upload."
    )
    upload_bytes: int = Field(
        default=20_000_000, ge=1000, le=20_000_000, description="Bytes an uploaded file may have."
    )
    question_characters: int = Field(
        default=2000, ge=1, le=2000, description="Characters a question may have."
    )
    rate_per_minute: int = Field(
        default=600, ge=0, description="Requests a key may send in a minute; 0: any number."
    )
    address_rate_per_minute: int = Field(
        default=1200,
        ge=0,
        description=(
            "The same for an address other than this machine's; 0: any number. With "
            "`UNIONQA_PUBLIC_URL`, what comes from a reverse proxy on this machine is counted for "
            "the last address of its `X-Forwarded-For`; nobody else's is believed."
        ),
    )
    questions_at_once: int = Field(
        default=4,
        ge=1,
        le=32,
        description="Questions answered at the same time; more where a language model answers.",
    )
    questions_waiting: int = Field(
        default=32, ge=0, description="Questions that may wait for that; more get 503."
    )
    question_wait_s: float = Field(
        default=5, gt=0, le=600, description="Seconds a question may wait before it gets 503."
    )

    @model_validator(mode="after")
    def _model_named(self) -> Self:
        """Itself; ValueError where a language model's address comes without its name."""
        given = {"LLM_URL": self.llm_url, "LLM_MODEL": self.llm_model}
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == 1:
            raise ValueError(
                f"{PREFIX}{missing[0]} is not given or empty, and a language model needs it"
            )
        if self.llm_rewrite and missing:
            raise ValueError(f"{PREFIX}LLM_REWRITE is 1, which needs {PREFIX}LLM_URL and LLM_MODEL")
        return self


def read_settings() -> Settings:
    """The settings of this process's environment; SettingsError names the first wrong one."""
    try:
        return Settings()
    except ValidationError as exc:
        error = exc.errors(include_url=False)[0]
        if not error["loc"]:
            raise SettingsError(error["msg"].removeprefix("Value error, ")) from None
        name = f"{PREFIX}{error['loc'][0]}".upper()
        reason = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
        shown = re.sub(r"//[^/@]*@", "//…@", repr(error["input"]))  # an address may hold a password
        found = "wrong" if _is_secret(str(error["loc"][0])) else shown
        # not `from exc`: it holds what was found, which may be a secret
        raise SettingsError(f"{name} is {found}, {reason}") from None


def _is_secret(name: str) -> bool:
    """Whether a setting must not be shown, not even where it is wrong."""
    return "SecretStr" in str(Settings.model_fields[name].annotation)


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables with our prefix that are no setting: most likely misspelt."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def traces_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether OpenTelemetry's own variables name a collector, and do not switch it off."""
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not off and any(environment.get(name, "").strip() for name in names)
