"""Who sends short messages, and what was approved for that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from summit.lib.sms import aliyun, tencent
from summit.lib.sms.aliyun import Aliyun
from summit.lib.sms.console import Console
from summit.lib.sms.messages import HOME, Provider
from summit.lib.sms.tencent import Tencent

PROVIDERS = ("none", "console", "aliyun", "tencent")
# What the site cannot do without, and what events may choose besides.
NEEDED = ("code", "query")
CHOSEN = ("confirmed", "cancelled", "offered", "hold_ended", "informed", "number_changed")
# Both providers approve no longer signature; the texts leave room for it.
LONGEST_SIGN_NAME = 12


@dataclass(frozen=True)
class Configuration:
    """The settings ``SMS_…``; ``docs/operations.md`` explains each.

    ``templates`` are the provider's names of the approved texts by what they say, and
    ``countries`` the calling codes of numbers that get any.
    """

    provider: str = "none"
    key_id: str = ""
    key_secret: str = field(default="", repr=False)
    sign_name: str = ""
    app_id: str = ""
    region: str = "ap-guangzhou"
    endpoint: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    templates_abroad: Mapping[str, str] = field(default_factory=dict)
    countries: tuple[str, ...] = (HOME,)

    @property
    def is_on(self) -> bool:
        return self.provider != "none"

    @property
    def sends_abroad(self) -> bool:
        return any(country != HOME for country in self.countries)

    def template(self, what: str, *, is_home: bool) -> str:
        """Return the provider's name of a text, "" where there is none."""
        if self.provider == "console":
            return what
        return (self.templates if is_home else self.templates_abroad).get(what, "")

    def connect(self) -> Provider | None:
        """Return who sends, nobody where nothing is sent. Opens no connection yet."""
        match self.provider:
            case "console":
                return Console()
            case "aliyun":
                return Aliyun(
                    key_id=self.key_id,
                    key_secret=self.key_secret,
                    sign_name=self.sign_name,
                    endpoint=self.endpoint or aliyun.ENDPOINT,
                )
            case "tencent":
                return Tencent(
                    key_id=self.key_id,
                    key_secret=self.key_secret,
                    sign_name=self.sign_name,
                    app_id=self.app_id,
                    region=self.region,
                    endpoint=self.endpoint or tencent.ENDPOINT,
                )
        return None

    def missing(self) -> list[str]:
        """Return what has to be set before anything can be sent, in words for the operator."""
        if self.provider not in ("aliyun", "tencent"):
            return []
        given = {
            "SMS_KEY_ID": self.key_id,
            "SMS_KEY_SECRET": self.key_secret,
            "SMS_SIGN_NAME": self.sign_name,
        }
        if self.provider == "tencent":
            given["SMS_APP_ID"] = self.app_id
        found = [f"Set {name}." for name, value in given.items() if not value]
        if len(self.sign_name) > LONGEST_SIGN_NAME:
            found.append(
                f"SMS_SIGN_NAME may have {LONGEST_SIGN_NAME} characters, so that no message is "
                "charged twice."
            )
        needed = {"SMS_TEMPLATES": self.templates}
        if self.sends_abroad:
            needed["SMS_TEMPLATES_ABROAD"] = self.templates_abroad
        for name, templates in needed.items():
            found += [
                f"{name} has no template “{what}”." for what in NEEDED if what not in templates
            ]
        return found
