"""What ``manage.py check`` says of how messages are sent."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def check_text_messages(**_given: Any) -> list[Error]:
    """Name what text messages lack before the provider that is set can send any."""
    found = [
        Error(words, hint="See “Text messages” in docs/operations.md.", id="mail.E001")
        for words in settings.SMS.missing()
    ]
    is_for_the_eye = settings.DEBUG or settings.DEMONSTRATION
    if settings.SMS.provider == "console" and not is_for_the_eye:
        found.append(
            Error(
                "SMS_PROVIDER=console prints numbers and codes, and sends nothing.",
                hint="Set another provider, or none.",
                id="mail.E002",
            )
        )
    return found
