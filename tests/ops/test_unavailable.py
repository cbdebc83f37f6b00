import errno

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from ops.unavailable import unavailable_or_error


def answer(error, path="/en/x/"):
    try:
        raise error
    except type(error):
        return unavailable_or_error(RequestFactory().get(path))


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), InterfaceError("gone"), OSError(errno.ENOSPC, "full")]
)
@pytest.mark.parametrize(("path", "lang"), [("/en/x/", "en"), ("/zh-hans/x/", "zh-Hans")])
def test_what_passes_by_itself_is_answered_with_when_to_come_back(
    error, path, lang, django_db_blocker
):
    with django_db_blocker.block():
        response = answer(error, path)

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert f'<html lang="{lang}">' in response.content.decode()


@pytest.mark.parametrize("error", [ValueError("ours"), PermissionError(errno.EACCES, "no")])
def test_a_mistake_of_ours_stays_one(error):
    assert answer(error).status_code == 500
