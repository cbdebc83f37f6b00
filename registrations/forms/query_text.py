"""The form that has a lost query code sent by text message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.forms.human import HumanForm
from summit.lib.web.typed_text import LineField


class QueryTextForm(HumanForm):
    """The whole mobile number with which somebody registered."""

    PURPOSE = "query-text"
    number = LineField(
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TelInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands beside another form on one page.
        super().__init__(*args, purpose=self.PURPOSE, auto_id="text_%s", **kwargs)
