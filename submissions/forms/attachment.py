"""The form that adds one file to a submission."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from submissions.kinds import CallKind
from submissions.models import Submission
from summit.lib.files.file_types import ENDINGS, OFFICE_REFUSALS
from summit.lib.web.typed_text import LineField

_size = lazy(filesizeformat, str)
_HELP = format_lazy(
    _(
        "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), JPEG or PNG: at most {file}, "
        "pictures at most {picture}. Pictures lose what the camera wrote into them, such as the "
        "place."
    ),
    file=_size(settings.DOCUMENT_MAX_BYTES),
    picture=_size(settings.PICTURE_MAX_BYTES),
)


class AttachmentForm(forms.Form):
    """What the file is, the domain finds out; it says where it cannot be taken."""

    file = forms.FileField(
        label=_("File"),
        help_text=_HELP,
        # "image/jpeg", since an iPhone then sends its HEIC pictures as JPEG.
        widget=forms.FileInput(attrs={"accept": ",".join(["image/jpeg", *ENDINGS.values()])}),
        error_messages={
            "required": _("No file has arrived. Choose one; if its name is very long, shorten it."),
            "empty": OFFICE_REFUSALS["empty"],
        },
    )
    caption = LineField(
        label=_("What it shows"),
        max_length=200,
        required=False,
        help_text=_("A caption if it is a picture."),
    )

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django takes them
        if submission.kind == CallKind.OFFER:
            self.fields["caption"].help_text = _(
                "A caption if it is a picture. Two to four pictures show a project best."
            )
