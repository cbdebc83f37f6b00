"""What ``manage.py check`` says of how messages are sent."""

from typing import Any

from django.conf import settings
from django.core.checks import Error


def check_text_messages(**_given: Any) -> list[Error]:
    """Name what text messages lack before the provider that is set can send any."""
    return [
        Error(words, hint="See “Text messages” in docs/operations.md.", id="mail.E001")
        for words in settings.SMS.missing()
    ]
