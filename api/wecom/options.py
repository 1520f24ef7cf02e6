"""Here is the environment; give me the settings of WeCom, and which of its ways are switched on."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.wecom.crypto import Keys, read_aes_key

PREFIX = "UNIONQA_"
APP = ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")
BOT = ("wecom_bot_id", "wecom_bot_token", "wecom_bot_aes_key")
CONNECTION = ("wecom_bot_id", "wecom_bot_secret")


def _aes_key(key: SecretStr | None) -> SecretStr | None:
    """The key, if it is one."""
    if key is not None:
        read_aes_key(key.get_secret_value())
    return key


def _address(url: str) -> str:
    """An address without its trailing slash."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
        raise ValueError("expected an address such as https://qyapi.weixin.qq.com")
    return url.rstrip("/")


AesKey = Annotated[SecretStr | None, AfterValidator(_aes_key)]
Address = Annotated[str, AfterValidator(_address)]


class WecomOptions(BaseSettings):
    """The part of the settings that WeCom needs; nothing is on unless it is given."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    wecom_api_base: Address = Field(
        default="https://qyapi.weixin.qq.com", description="Where WeCom's interface is."
    )
    wecom_corp_id: str | None = Field(default=None, description="CorpID; the app's receiver.")
    wecom_agent_id: int | None = Field(default=None, ge=0, description="AgentID of the app.")
    wecom_secret: SecretStr | None = Field(default=None, description="Secret of the app.")
    wecom_token: SecretStr | None = Field(
        default=None, description="Token of the app's callback, as the console made it."
    )
    wecom_aes_key: AesKey = Field(
        default=None, description="EncodingAESKey of the app's callback, 43 characters."
    )
    wecom_bot_id: str | None = Field(default=None, description="ID of the AI bot.")
    wecom_bot_name: str | None = Field(
        default=None, description="Name of the AI bot in groups; `@name` is taken off a question."
    )
    wecom_bot_token: SecretStr | None = Field(default=None, description="Token of the AI bot.")
    wecom_bot_aes_key: AesKey = Field(
        default=None, description="EncodingAESKey of the AI bot, 43 characters."
    )
    wecom_bot_secret: SecretStr | None = Field(
        default=None, description="Secret of the AI bot, for the long connection."
    )
    wecom_ws: bool = Field(default=False, description="1: answer over the long connection.")
    wecom_ws_url: Address = Field(
        default="wss://openws.work.weixin.qq.com", description="Where the long connection goes."
    )
    wecom_webhook: SecretStr | None = Field(
        default=None, description="Key or address of a group robot, for `unionqa push`."
    )
    wecom_allowed_hosts: str = Field(
        default="",
        description="Hosts, beside WeCom's own, that an answer may be posted to; with commas.",
    )
    wecom_window_s: int = Field(
        default=600, ge=0, description="How old a callback may be, in seconds; 0: of any age."
    )
    wecom_stream_deadline_s: float = Field(
        default=330, gt=0, le=350, description="When an AI bot's reply ends without its answer."
    )
    wecom_response_url_s: float = Field(
        default=3500, gt=0, le=3600, description="How long a late answer may still be posted."
    )
    wecom_backoff_s: float = Field(
        default=60, gt=0, description="Pause after WeCom says that it is asked too often."
    )
    wecom_timeout_s: float = Field(
        default=10, gt=0, le=60, description="How long a call to WeCom may take."
    )
    wecom_per_minute: int = Field(
        default=28, ge=1, le=30, description="Messages to one person in a minute; WeCom drops >30."
    )
    wecom_queue: int = Field(
        default=5000, ge=1, description="Questions that may wait; more are asked to come back."
    )
    wecom_user_queue: int = Field(
        default=200, ge=1, description="The same for one person in one chat."
    )
    wecom_ping_s: float = Field(
        default=30, gt=0, le=60, description="Seconds between two pings of the long connection."
    )
    wecom_link_days: int = Field(
        default=30, ge=1, le=365, description="How long the link below an answer opens its article."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Itself; ValueError where a way is given in part, so that none runs without its keys."""
        ways: list[tuple[str, tuple[str, ...], bool]] = [
            ("the self-built app", APP, self._given(*APP)),
            ("the AI bot", BOT, self._given("wecom_bot_token", "wecom_bot_aes_key")),
            ("the long connection", CONNECTION, self.wecom_ws),
        ]
        for way, names, wanted in ways:
            missing = [name for name in names if getattr(self, name) is None]
            if wanted and missing:
                raise ValueError(
                    f"{PREFIX}{missing[0].upper()} is not given or empty, and {way} needs it"
                )
        return self

    def _given(self, *names: str) -> bool:
        """Whether any of the settings is given."""
        return any(getattr(self, name) is not None for name in names)

    @property
    def wecom_on(self) -> list[str]:
        """Names of the ways that are switched on."""
        ways = {
            "wecom_app": self.app_keys is not None,
            "wecom_bot": self.bot_keys is not None,
            "wecom_ws": self.wecom_ws,
        }
        return [name for name, on in ways.items() if on]

    @property
    def app_keys(self) -> Keys | None:
        """The keys of the app's callback; None where it is off."""
        if self.wecom_token is None or self.wecom_aes_key is None:
            return None
        return _keys(self.wecom_token, self.wecom_aes_key, self.wecom_corp_id or "")

    @property
    def bot_keys(self) -> Keys | None:
        """The keys of the AI bot's callback; None where it is off."""
        if self.wecom_bot_token is None or self.wecom_bot_aes_key is None:
            return None
        return _keys(self.wecom_bot_token, self.wecom_bot_aes_key, "")

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts, some with a port, that may be posted to beside WeCom's own."""
        return frozenset(filter(None, (h.strip() for h in self.wecom_allowed_hosts.split(","))))


def _keys(token: SecretStr, aes_key: SecretStr, receiver: str) -> Keys:
    return Keys(token.get_secret_value(), read_aes_key(aes_key.get_secret_value()), receiver)
