"""How short messages are sent, as the environment says; refusals as in ``summit.env``."""

from collections.abc import Mapping

from summit.env import choice, env, parsed
from summit.lib.sms.configuration import CHOSEN, NEEDED, PROVIDERS, Configuration


def configuration() -> Configuration:
    """Return who sends short messages; ``manage.py check`` says what is missing."""
    sign_name = env.str("SMS_SIGN_NAME", default="")
    endpoint = env.str("SMS_ENDPOINT", default="")
    return Configuration(
        provider=choice("SMS_PROVIDER", PROVIDERS, default="none"),
        key_id=env.str("SMS_KEY_ID", default=""),
        key_secret=env.str("SMS_KEY_SECRET", default=""),
        sign_name=sign_name.strip("【】 "),
        app_id=env.str("SMS_APP_ID", default=""),
        region=env.str("SMS_REGION", default="ap-guangzhou"),
        endpoint=endpoint.rstrip("/"),
        templates=_templates("SMS_TEMPLATES", env.list("SMS_TEMPLATES", default=[])),
        templates_abroad=_templates(
            "SMS_TEMPLATES_ABROAD", env.list("SMS_TEMPLATES_ABROAD", default=[])
        ),
        countries=_countries(env.list("SMS_COUNTRIES", default=["+86"])),
    )


def _templates(name: str, texts: list[str]) -> Mapping[str, str]:
    def read(given: list[str]) -> dict[str, str]:
        pairs = dict(text.split("=", 1) for text in given)
        found = {what.strip(): template.strip() for what, template in pairs.items()}
        if not all(what in NEEDED + CHOSEN and template for what, template in found.items()):
            raise ValueError
        return found

    wanted = "names with commas, such as code=SMS_1, query=SMS_2, confirmed=SMS_3, cancelled=SMS_4"
    return parsed(name, read, texts, wanted=wanted)


def _countries(texts: list[str]) -> tuple[str, ...]:
    def read(given: list[str]) -> tuple[str, ...]:
        return tuple(f"+{int(text.removeprefix('+'))}" for text in given)

    return parsed("SMS_COUNTRIES", read, texts, wanted="calling codes, such as +86, +852")
