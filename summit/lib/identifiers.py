"""Identifiers that registers give to organizations and people, and their check characters.

For each kind ``canonical_…`` returns the one form that is stored, whatever was pasted; what
has no such form comes back as it was typed. ``doubt_about_…`` returns why a stored value
cannot be right, in words, "" where it can: certificates and cards do hold wrong check
characters, so that nothing here refuses. No register is ever asked.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from summit.lib.i18n.likeness import one_line

# GB 32100-2015: digits and letters without I, O, S, V, Z.
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_LENGTH = 18
# Crockford's base 32, in which ROR writes its numbers.
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ROR = re.compile(
    rf"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[{_CROCKFORD}]{{6}}[0-9]{{2}})/?", re.I
)
_ORCID = re.compile(
    r"(?:https?://)?(?:www\.)?(?:orcid\.org/|orcid(?:\s*id)?[:\s]\s*)?"
    r"([0-9]{4})[-\s]?([0-9]{4})[-\s]?([0-9]{4})[-\s]?([0-9]{3}[0-9X])/?",
    re.I,
)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", one_line(text)).replace("‐", "-").replace("–", "-")


# Unified social credit code (统一社会信用代码, GB 32100-2015)


def canonical_credit_code(text: str) -> str:
    """Return it in capital letters of half width, without gaps and hyphens."""
    return re.sub(r"[\s-]", "", _folded(text)).upper()


def credit_code_check(code: str) -> str:
    """Return the last character of a code by its first 17. Raises ``ValueError`` for others."""
    total = sum(_CREDIT.index(each) * pow(3, place, 31) for place, each in enumerate(code[:17]))
    return _CREDIT[-total % 31]


def doubt_about_credit_code(code: str) -> str:
    if not code:
        return ""
    if len(code) != _CREDIT_LENGTH:
        return _("A unified social credit code has 18 characters, this one has %(count)d.") % {
            "count": len(code)
        }
    if not set(code) <= set(_CREDIT):
        return _(
            "A unified social credit code has digits and capital letters only, without I, O, S, "
            "V and Z."
        )
    if code[-1] != credit_code_check(code):
        return _(
            "The last character of the unified social credit code does not match the others. "
            "Compare it with the certificate."
        )
    return ""


# ROR: organizations of research


def canonical_ror(text: str) -> str:
    """Return ``https://ror.org/0…`` for an identifier, with or without its address."""
    found = _ROR.fullmatch(_folded(text).strip())
    return f"https://ror.org/{found[1].lower()}" if found else one_line(text)


def ror_check(number: str) -> str:
    """Return the two last digits by the seven characters before them (ISO/IEC 7064, 97-10)."""
    value = 0
    for each in number:
        value = value * 32 + _CROCKFORD.index(each)
    return f"{98 - value * 100 % 97:02}"


def doubt_about_ror(ror: str) -> str:
    if not ror:
        return ""
    found = _ROR.fullmatch(ror)
    if not found:
        return _("A ROR identifier reads https://ror.org/0 with eight more characters.")
    if found[1][-2:] != ror_check(found[1][:-2]):
        return _("The last two digits of the ROR identifier do not match the others. Check it.")
    return ""


# ORCID: researchers


def canonical_orcid(text: str) -> str:
    """Return ``https://orcid.org/0000-…`` for an identifier, with or without its address."""
    found = _ORCID.fullmatch(_folded(text).strip())
    return f"https://orcid.org/{'-'.join(found.groups()).upper()}" if found else one_line(text)


def orcid_check(digits: str) -> str:
    """Return the last character by the 15 digits before it (ISO/IEC 7064, 11-2)."""
    total = 0
    for each in digits:
        total = (total + int(each)) * 2
    return "0123456789X"[(12 - total) % 11]


def doubt_about_orcid(orcid: str) -> str:
    if not orcid:
        return ""
    found = _ORCID.fullmatch(orcid)
    if not found:
        return _("An ORCID identifier reads https://orcid.org/0000-0000-0000-0000.")
    digits = "".join(found.groups()).upper()
    if digits[-1] != orcid_check(digits[:-1]):
        return _("The last character of the ORCID identifier does not match the others. Check it.")
    return ""
