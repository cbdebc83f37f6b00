"""Pictures that are read before their form is, and those for which the disk has no room."""

import copy
import logging

from django.core.exceptions import ValidationError

from summit.lib.files import pictures
from summit.lib.files.pictures import PictureNotStored

log = logging.getLogger(__name__)

_NOT_STORED = ValidationError(pictures.NOT_STORED, code="not_stored")


class RoomForPictures:
    """Says in the form that a picture could not be stored, with all that was typed still in it.

    Reads all pictures of a form before the transaction begins in which Django's
    ``changeform_view`` takes the form: on SQLite nobody else could write meanwhile.
    Overrides ``changeform_view`` and ``get_form``.
    """

    # Whether the page refuses each form: a copy of it that answers a single request does.
    has_no_room = False

    def changeform_view(self, request, *args, **kwargs):
        if self.has_add_permission(request) or self.has_change_permission(request):
            pictures.check_all(request.FILES.values())
        try:
            return super().changeform_view(request, *args, **kwargs)
        except PictureNotStored:
            log.exception("A picture could not be stored")
        # The transaction is rolled back: the same form again, which now has a reason to refuse.
        refusing = copy.copy(self)
        refusing.has_no_room = True
        return super(RoomForPictures, refusing).changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if not self.has_no_room:
            return form

        class Refused(form):
            def clean(self):
                self.add_error(None, _NOT_STORED)
                return super().clean()

        return Refused
