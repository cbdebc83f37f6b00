"""What staff type to log in, to set up their account, and to prove that it is theirs."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.typed_text import BoundedField


def _password(label: Words, autocomplete: str, **options: Any) -> BoundedField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return BoundedField(label=label, strip=False, max_length=4096, widget=widget, **options)


def _code(label: Words, **options: Any) -> BoundedField:
    # Digits first on a phone; recovery codes have letters, which the keyboard still offers.
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.TextInput(attrs=attrs)
    return BoundedField(label=label, max_length=30, widget=widget, **options)


class LogInLinkForm(forms.Form):
    """By whose name a link is mailed that opens the log-in."""

    username = UsernameField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class LogInForm(LogInLinkForm):
    password = _password(_("Password"), "current-password")


class CodeForm(forms.Form):
    """A code of the authenticator; a recovery code is taken in the same field."""

    code = _code(_("Code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class NextCodeForm(CodeForm):
    """On the page that asks for nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class RecoveryCodeForm(forms.Form):
    code = _code(_("Recovery code"), help_text=_("Eight letters and digits, such as abcd-2345."))


class ForgottenForm(forms.Form):
    email = EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPasswordForm(forms.Form):
    """A password that its owner chooses; the rules stand below the field."""

    password = _password(_("New password"), "new-password")
    again = _password(_("Repeat the new password"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.rules = password_validation.password_validators_help_texts()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        password = cleaned.get("password")
        if password and cleaned.get("again") and password != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        if password:
            try:
                password_validation.validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    current = _password(_("Current password"), "current-password")
    field_order = ("current", "password", "again")


class PasswordProofForm(forms.Form):
    """Where no authenticator is asked for."""

    current = _password(_("Current password"), "current-password")


class ProofForm(PasswordProofForm):
    """Before the second factor changes, both factors are asked for once more."""

    code = _code(_("Code"), help_text=_("From your authenticator, or one of your recovery codes."))
