"""The field in which something is given to a colleague."""

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.names import staff_name


class PersonField(forms.ModelChoiceField):
    """A member of staff, or nobody. The form says by its ``queryset`` who is offered."""

    def __init__(self) -> None:
        super().__init__(
            queryset=None, label=_("Assigned to"), required=False, empty_label=_("nobody")
        )

    def label_from_instance(self, person: User) -> str:
        return staff_name(person)
