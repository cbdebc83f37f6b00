"""The personal link of an interpreter, by which the own meetings are seen without an account."""

from django.urls import reverse
from django.utils.translation import override

from meetings.models import Interpreter
from summit.lib.web.signed_links import INTERPRETER, sign


def path_of(interpreter: Interpreter) -> str:
    """Return the address of the page, in the interpreter's language."""
    with override(interpreter.language):
        return reverse("interpreter", args=[sign(interpreter.code, INTERPRETER)])
