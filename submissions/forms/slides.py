"""The form that adds the slides of one talk."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Session
from submissions.models.slides import TYPES
from summit.lib.files import uploads
from summit.lib.files.file_types import ENDINGS, OFFICE_REFUSALS

_size = lazy(filesizeformat, str)
_HELP = format_lazy(
    _("PowerPoint (.pptx) or PDF, at most {size}, without macros."),
    size=_size(settings.DOCUMENT_MAX_BYTES),
)


class SlidesForm(forms.Form):
    """What the file is, the domain finds out; it says where it cannot be taken."""

    file = forms.FileField(
        label=pgettext_lazy("of a talk", "Slides"),
        help_text=_HELP,
        widget=forms.FileInput(
            attrs={
                "accept": ",".join(ENDINGS[each] for each in TYPES),
                **uploads.limits(settings.DOCUMENT_MAX_BYTES),
            }
        ),
        error_messages={
            "required": _("No file has arrived. Choose one; if its name is very long, shorten it."),
            "empty": OFFICE_REFUSALS["empty"],
        },
    )
    session = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: Any = None, files: Any = None, *, talk: Session) -> None:
        # A page has one for each talk.
        super().__init__(data, files, auto_id=f"id_{talk.pk}_%s", initial={"session": talk.pk})
