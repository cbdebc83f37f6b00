"""Forms that bring back who is registered already: a new link, or the query code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from registrations.forms.human import HumanForm
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.typed_text import LineField


class LinkForm(HumanForm):
    PURPOSE = "link"
    email = EmailField(label=_("E-mail"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose=self.PURPOSE, **kwargs)


class FindForm(HumanForm):
    """The whole number or address, and the query code: what brings back who has no mail."""

    PURPOSE = "find"
    contact = LineField(label=_("Mobile number or e-mail address"), max_length=254)
    query_code = LineField(
        label=_("Query code"),
        max_length=40,
        help_text=_("Six letters and digits, shown after registering and in our e-mails."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose=self.PURPOSE, **kwargs)
        self.fields["query_code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
