"""Personal links: a secret of 192 random bits, signed, so that a guess never asks the database."""

import secrets

from django.core.signing import BadSignature, Signer

REGISTRATION = "registration"
FOLLOW_UPS = "follow-ups"
CONTACT_CHANGE = "contact-change"
GROUP = "group"
NOT_ME = "not-me"
SUBSCRIPTION = "subscription"
# Of one submission: shown on a screen, and in a mail, which proves the address.
SUBMISSION = "submission"
SUBMISSION_MAILED = "submission-mailed"
INTEREST = "interest"
EXPERT = "expert"
INTERPRETER = "interpreter"
# Of the screen in a hall, which is logged in nowhere.
SCREEN = "screen"


def new_code() -> str:
    """Return a secret of 192 random bits, as an address takes it."""
    return secrets.token_urlsafe(24)


def sign(code: str, kind: str = REGISTRATION) -> str:
    """Return the code with a signature that holds for one kind of link only."""
    return Signer(salt=kind, sep=".").sign(code)


def unsign(signed: str, kind: str = REGISTRATION) -> str | None:
    """Return the code, ``None`` for anything that this site has not signed."""
    try:
        return Signer(salt=kind, sep=".").unsign(signed)
    except BadSignature:
        return None
