"""The ticket that a form of staff brings, so that what is sent twice is done once."""

from typing import Any

from django import forms
from django.core import signing

from registrations.models.registration import new_ticket
from summit.lib.web.typed_text import BoundedField

_signer = signing.Signer(salt="walk-in-ticket")


def sign_new_ticket() -> str:
    return _signer.sign(new_ticket())


class TicketField(BoundedField):
    """A ticket that this site chose as the form was shown; cleaned to nothing for any other."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=200, required=False, initial=sign_new_ticket)

    def clean(self, value: Any) -> str:
        try:
            return _signer.unsign(super().clean(value))
        except signing.BadSignature:
            return ""
