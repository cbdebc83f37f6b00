"""Personal links: a secret of 192 random bits, signed, so that a guess never asks the database."""

from django.core.signing import BadSignature, Signer

_SIGNER = Signer(salt="registration", sep=".")


def sign(code: str) -> str:
    return _SIGNER.sign(code)


def unsign(signed: str) -> str | None:
    """Return the code, ``None`` for anything that this site has not signed."""
    try:
        return _SIGNER.unsign(signed)
    except BadSignature:
        return None
