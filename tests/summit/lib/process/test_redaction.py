import smtplib

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from events.models import Event
from summit.lib.process.redaction import redact, traceback_of, words_of
from summit.lib.web.signed_links import sign
from tests import factories


def test_code_of_a_personal_link_is_blotted_out():
    signed = sign("some-secret")

    assert redact(f"Not Found: /en/my/{signed}/") == "Not Found: /en/my/…/"
    assert redact(f'"POST /zh-hans/my/{signed}/accept/ 409') == '"POST /zh-hans/my/…/accept/ 409'
    assert redact("/en/my/") == "/en/my/"


@pytest.mark.parametrize(
    "text",
    [
        "ann.hale@example.org",
        "<ann@example.org>",
        "Key (email)=(ann@example.org)",
        "ann%40example.org",
        "安@例子.中国",
        "['ann@sub.example.org', 'x']",
        "/en/x/?email=ann@example.org",
        "/admin/registrations/registration/?q=ann",
    ],
)
def test_addresses_and_queries_are_blotted_out(text):
    shown = redact(f"before {text} after")

    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert not any(part in shown for part in ("ann", "安", "example", "例子"))


@pytest.mark.parametrize(
    "text", ["Mail 12 (confirmed) was not sent: Timeout", "Is it so? Yes", "a @ b", "12:30 @desk"]
)
def test_other_words_stay(text):
    assert redact(text) == text


def raised(call):
    try:
        with transaction.atomic():
            call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def same_person_twice():
    event = factories.registration_settings().event
    first = factories.registered(event, name="Ann Hale", email="ann.hale@example.org")
    second = factories.registered(event, name="Bo Li", email="bo.li@example.org")
    type(first).objects.filter(pk=second.pk).update(
        email_key=first.email_key, name_key=first.name_key
    )


@pytest.mark.django_db
def test_violated_constraint_is_named_and_its_row_is_not():
    error = raised(same_person_twice)

    shown = traceback_of(error)

    assert isinstance(error, IntegrityError)
    assert "ann.hale@example.org" in str(error) or connection.vendor == "sqlite"
    assert "ann.hale" not in shown
    assert "IntegrityError" in shown
    assert "test_redaction.py" in shown
    # SQLite names the columns, PostgreSQL the constraint.
    assert "email_key" in shown or "registration" in shown


@pytest.mark.django_db
def test_violated_check_shows_no_row():
    # A traceback shows lines of the source, so that the value must not stand in one.
    typed = "Axolotl"
    event = factories.event()

    def end_before_the_start():
        Event.objects.filter(pk=event.pk).update(ends_at=event.starts_at, title_en=typed)

    error = raised(end_before_the_start)

    assert isinstance(error, DatabaseError)
    assert "event_ends_after_start" in words_of(error)
    assert typed in str(error) or connection.vendor == "sqlite"
    assert typed not in traceback_of(error)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes any text for a number")
def test_value_that_the_database_cannot_read_is_not_shown():
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT CAST(%s AS integer)", ["Quagga"])

    error = raised(ask)

    assert "Quagga" in str(error)
    assert words_of(error) == "invalid input syntax for type integer"


@pytest.mark.parametrize(
    "error",
    [
        ValidationError("Quagga"),
        ValueError("invalid literal for int() with base 10: 'Quagga'"),
        KeyError("Quagga"),
        smtplib.SMTPRecipientsRefused({"quagga@example.org": (550, b"Quagga")}),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "not Quagga"),
    ],
)
def test_words_that_may_repeat_what_was_typed_are_left_out(error):
    assert "uagga" in str(error)
    assert words_of(error) == ""


def test_words_of_the_program_stay():
    error = AttributeError("'NoneType' object has no attribute 'pk'")

    assert words_of(error) == "'NoneType' object has no attribute 'pk'"


def test_what_led_to_an_error_is_told_and_redacted_too():
    def fail():
        try:
            int("Quagga")
        except ValueError as error:
            raise TypeError("no number") from error

    shown = traceback_of(raised_plainly(fail))

    assert shown.index("ValueError") < shown.index("which caused") < shown.index("TypeError")
    assert "'Quagga'" not in shown
    assert shown.endswith("TypeError: no number")


def raised_plainly(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")
