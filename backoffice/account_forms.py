"""What a superuser types of somebody's account; passwords are for their owners alone."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.kit.readers import ForReader
from events.models import Event
from summit.lib.i18n.groups import DESK
from summit.lib.web.mail_addresses import EmailField


class InviteForm(forms.ModelForm):
    """A new account: its owner chooses the password by the mailed link."""

    email = EmailField(label=_("E-mail"))
    events = forms.ModelMultipleChoiceField(
        Event.objects.all(),
        label=_("Works at the desk of"),
        required=False,
        widget=FilteredSelectMultiple(_("events"), is_stacked=False),
        help_text=_("For the group Desk: it sees no other event."),
    )

    class Meta:
        model = User
        fields = ("username", "last_name", "first_name", "email", "groups")
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is in none finds nothing to do here.
        self.fields["groups"].required = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        groups = {group.name for group in cleaned.get("groups", [])}
        if cleaned.get("events") and DESK not in groups:
            self.add_error("events", _("Only who is in the group Desk works at a desk."))
        return cleaned


class AccountForm(ForReader, forms.ModelForm):
    email = EmailField(label=_("E-mail"), required=False)

    class Meta:
        model = User
        fields = (
            *("username", "last_name", "first_name", "email"),
            *("is_staff", "is_superuser", "groups", "user_permissions"),
        )
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permissions = self.fields.get("user_permissions")
        if isinstance(permissions, forms.ModelChoiceField):
            permissions.queryset = Permission.objects.select_related("content_type")

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        taken = [
            name
            for name in ("is_staff", "is_superuser")
            if name in cleaned and not cleaned[name] and self.initial.get(name)
        ]
        if taken and self.instance.pk == self.reader.pk:
            raise ValidationError(_("You cannot take this from yourself."), code="own")
        return cleaned
