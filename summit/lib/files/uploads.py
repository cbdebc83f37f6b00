"""What a page says about files before they are sent: static/admin-summit/uploads.js reads it.

What a proxy or the site refuses as too large comes back without the form around it.
"""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

_size = lazy(filesizeformat, str)
# Room for what is typed beside the files of a form.
WORDS = 1024 * 1024


def limits(most_bytes: int) -> dict[str, object]:
    """Return the attributes of a file input whose file has at most so many bytes."""
    together = settings.UPLOAD_MAX_BYTES - WORDS
    return {
        "data-max-bytes": most_bytes,
        "data-too-large": format_lazy(
            _("This file is larger than {limit}, so it was not taken. Choose a smaller one."),
            limit=_size(most_bytes),
        ),
        "data-max-together": together,
        "data-too-much": format_lazy(
            _(
                "The files of this page are larger than {limit} together, so this one was not "
                "taken. Save the page first, then add it."
            ),
            limit=_size(together),
        ),
    }
