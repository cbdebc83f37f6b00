"""Tokens of programs that ask."""

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare


def has_bearer_token(request: HttpRequest, token: str) -> bool:
    """Say whether a request carries ``Authorization: Bearer`` and this token; never for none.

    Takes the same time however much of a wrong token is right.
    """
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and constant_time_compare(given, token)
