"""Asking for e-mails about new projects: of which sectors, and the code that confirms it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import Project, Sector
from registrations.forms.human import HumanForm
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.typed_text import LineField


class WhatForm(forms.Form):
    """Of which projects a subscription tells."""

    kind = forms.ChoiceField(
        label=_("Which projects"),
        choices=[
            ("", pgettext_lazy("kinds of project", "All")),
            (Project.Kind.OFFER.value, _("Offered for cooperation")),
            (Project.Kind.REQUEST.value, _("Wanted by a company")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.none(),
        label=_("Sectors"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one sector.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # When a page is asked for, so that the list is that of today.
        field_of(self, "sectors", forms.ModelMultipleChoiceField).queryset = Sector.objects.all()


class SubscribeForm(WhatForm, HumanForm):
    email = EmailField(label=_("E-mail"))

    field_order = ["email", "kind", "sectors"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose="subscribe", **kwargs)


class CodeForm(forms.Form):
    code = LineField(label=_("Code from the e-mail"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        }
