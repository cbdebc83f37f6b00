import logging

from summit.lib.personal_links import sign
from summit.lib.redaction import RedactPersonalLinks, redact


def test_code_of_a_personal_link_is_blotted_out():
    signed = sign("some-secret")

    assert redact(f"Not Found: /en/my/{signed}/") == "Not Found: /en/my/…/"
    assert redact(f'"POST /zh-hans/my/{signed}/accept/ 409') == '"POST /zh-hans/my/…/accept/ 409'
    assert redact("/en/my/") == "/en/my/"


def test_refused_requests_are_logged_without_the_code(db, stranger, capsys):
    handler = logging.StreamHandler()
    handler.addFilter(RedactPersonalLinks())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        stranger.get(f"/en/my/{sign('unknown')}/")
    finally:
        logger.removeHandler(handler)

    logged = capsys.readouterr().err
    assert "/en/my/…/" in logged
    assert "unknown" not in logged
