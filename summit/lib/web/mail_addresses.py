"""E-mail addresses in the one form in which they are stored, compared and mailed.

One mailbox can be typed in many ways: with full-width letters, with characters that nobody
sees, with its domain in Chinese or in punycode. ``canonical`` returns one form of all of
them, and refuses what mail cannot be sent to.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.likeness import IGNORABLE
from summit.lib.web.typed_text import BoundedField

# RFC 5321 and its erratum 1690.
MAX_LENGTH = 254
_MAX_LOCAL = 64
_JOINERS = "\u200c\u200d"
_unseen_in_host = re.compile(f"[{IGNORABLE}]")
_unseen = re.compile(f"[{IGNORABLE}{_JOINERS}]")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_is_local_part = re.compile(rf"{_ATOM}(?:\.{_ATOM})*+").fullmatch
# A domain ends in a name, as Django knows them. What ends in a number is a network address.
_is_ending = re.compile(r"[a-z-]{2,63}|xn--[a-z0-9]{1,59}").fullmatch


def canonical(text: str, *, may_be_local: bool = False) -> str:
    """Return the address as it is stored and mailed: all ASCII, its domain in lower case.

    Raises ``ValidationError`` that says what is wrong. The letter case of the part before
    the @ is kept, since only the receiving server knows whether it counts (RFC 5321, 2.4);
    ``key`` compares without it. ``+tags`` and dots are kept: in general they name other
    mailboxes. ``may_be_local`` takes a domain without a dot, such as ``localhost``.
    """
    # First, since the rest costs more than its length: sorting combining characters does.
    if len(text) > MAX_LENGTH:
        raise _too_long()
    # Chinese keyboards type ＠ and 。 here.
    plain = unicodedata.normalize("NFKC", text).replace("。", ".")
    local, at, host = plain.rpartition("@")
    if not at:
        raise ValidationError(validate_email.message, code="invalid")
    address = f"{_local_part(local)}@{_domain(host, may_be_local=may_be_local)}"
    if len(address) > MAX_LENGTH:
        raise _too_long()
    return address


def key(text: str) -> str:
    """Return that by which addresses are compared and counted, without regard to letter case.

    Empty for an empty text. Raises what ``canonical`` raises.
    """
    return canonical(text).lower() if text.strip() else ""


def readable(address: str) -> str:
    """Return a canonical address as people write it: its domain in Chinese where it is one."""
    local, _at, host = address.rpartition("@")
    try:
        return f"{local}@{idna.decode(host)}" if "xn--" in host else address
    except idna.IDNAError:
        return address


def masked(address: str) -> str:
    """Return an address with its first character and its domain alone: ``j•••@example.org``."""
    local, _at, host = readable(address).rpartition("@")
    return f"{local[:1]}•••@{host}"


def _too_long() -> ValidationError:
    return ValidationError(
        _("An e-mail address has at most %(most)d characters."),
        code="max_length",
        params={"most": MAX_LENGTH},
    )


def _local_part(typed: str) -> str:
    local = _unseen.sub("", typed).strip()
    if '"' in local:
        raise ValidationError(
            _("Enter the e-mail address without quotation marks."), code="quotation_marks"
        )
    if not local.isascii():
        # It would take a mail server that speaks SMTPUTF8 (RFC 6531) at every step of the way.
        raise ValidationError(
            _(
                "Before the @ an address can have only the letters a to z, digits and signs "
                "such as . _ - +. Our e-mails do not reach addresses with other characters. "
                "Enter another one."
            ),
            code="not_ascii",
        )
    # What begins an encoded word (RFC 2047) is read by mail programs as other characters.
    if len(local) > _MAX_LOCAL or not _is_local_part(local) or "=?" in local:
        raise ValidationError(validate_email.message, code="invalid")
    return local


def _domain(typed: str, *, may_be_local: bool) -> str:
    host = _unseen_in_host.sub("", typed).strip().removesuffix(".")
    if not host:
        raise ValidationError(validate_email.message, code="invalid")
    if host.startswith("["):
        raise _network_address()
    try:
        # UTS 46 maps, IDNA 2008 checks. The codec "idna" of Python is IDNA 2003, which reads
        # some domains as other ones.
        mapped = idna.uts46_remap(host, std3_rules=True)
        labels = [_without_stray_joiners(label) for label in mapped.split(".")]
        domain = idna.encode(".".join(labels), strict=True).decode("ascii")
    except ValueError as error:
        raise _no_domain() from error
    if may_be_local:
        return domain
    _name, dot, ending = domain.rpartition(".")
    if not dot:
        raise ValidationError(
            _("Enter the whole domain after the @, with its ending, such as example.org."),
            code="no_dot",
        )
    if not _is_ending(ending):
        raise _network_address() if ending[:1].isdigit() else _no_domain()
    return domain


def _no_domain() -> ValidationError:
    return ValidationError(
        _("The part after the @ is not a domain name. Check it for typing errors."),
        code="no_domain",
    )


def _network_address() -> ValidationError:
    return ValidationError(
        _("After the @, enter a domain name such as example.org, not a network address."),
        code="network_address",
    )


def _without_stray_joiners(label: str) -> str:
    """Drop joiners that join nothing; a domain in Persian, say, is another one without its own."""
    return "".join(
        character
        for position, character in enumerate(label)
        if character not in _JOINERS or idna.valid_contextj(label, position)
    )


class EmailField(BoundedField):
    """An e-mail address as it is typed; gives the canonical one."""

    widget = forms.EmailInput

    def __init__(self, *, max_length: int = MAX_LENGTH, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        return typed if typed in self.empty_values else canonical(typed)


class EmailColumn(models.EmailField):  # type: ignore[type-arg]  # has none at run time
    """A column of addresses, which stores no other form than the canonical one.

    ``update()`` and lookups take a value as it is.
    """

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        return super().clean(canonical(value) if value else value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = super().pre_save(model_instance, add)
        if value:
            value = canonical(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": EmailField, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The column itself is a plain one, so that no migration needs to know of this class.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
