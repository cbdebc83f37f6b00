"""A megabyte in any field costs no more than reading it: its length is looked at first."""

import contextlib
import re

import pytest
from django import forms
from django.conf import settings as conf
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.http import QueryDict

# Every form there is, each imported by the views of an address.
import summit.urls  # noqa: F401
from events.models.site_profile import validate_months
from registrations.domain import ticket
from registrations.forms.details import _WEB_ADDRESS, _field
from registrations.models import Question
from staff import account_links
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.likeness import search_words
from summit.lib.process.redaction import redact
from summit.lib.web import mail_addresses
from summit.lib.web.filters import SearchField
from summit.lib.web.signed_links import sign
from summit.lib.web.typed_text import BoundedField
from tests import factories
from tests.cast import make_clerk
from tests.pages import story
from tests.staff.people import member, send_password
from tests.steps import lines_of, lines_within_limit

MEGABYTE = 2**20
PIECES = [
    *(
        "a-",
        "a.",
        "aa.",
        "7",
        " ",
        "@",
        "a@",
        "+",
        "-",
        '"',
        "%40",
        "/?a",
        "\n",
        "\\",
        "a ",
        "xn--",
    ),
    # Full-width, one that is written as eighteen, combining characters in turn, unseen ones.
    *(
        "xn--",
        "ａ．",
        "＠",
        "\ufdfa",
        "\u0315\u0300",
        "\u200b",
        "\u00ad",
        "王",
        "。",
        "\x00",
        "\u3000",
    ),
]
# Whatever the length: a field that is not what it should be is refused within so many lines.
MOST_LINES = 5000
# How the names of our modules begin, whatever apps there will be; the tests have forms as well.
PACKAGES = {path.parent.name for path in conf.BASE_DIR.glob("*/__init__.py")} - {"tests"}
OURS = tuple(f"{name}." for name in PACKAGES)


def long(piece: str, length: int = MEGABYTE) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def form_classes() -> list[type[forms.BaseForm]]:
    """Every form of ours that is written as a class, those of the admin included."""
    found, waiting = [], [forms.BaseForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            # What is only mixed into forms has no fields of its own.
            if each.__module__.startswith(OURS) and hasattr(each, "base_fields"):
                found.append(each)
    return sorted(set(found), key=lambda each: (each.__module__, each.__qualname__))


def typed_fields() -> dict[str, forms.Field]:
    """Each field by its class and name, but for those that only compare keys of rows."""
    found = {
        f"{form.__module__}.{form.__qualname__}.{name}": field
        for form in form_classes()
        for name, field in form.base_fields.items()
        if not isinstance(field, (forms.ModelChoiceField, forms.FileField))
    }
    for kind in Question.Kind.values:
        options = {"options_en": "A\nB", "options_zh_hans": "甲\n乙"}
        found[f"question.{kind}"] = _field(Question(kind=kind, text_en="Q", **options))
    return found


def distinct_fields() -> list[str]:
    """Name each typed field; of days, which take long to refuse, one of each kind."""
    names, kinds = [], []
    for name, field in sorted(typed_fields().items()):
        if isinstance(field, forms.DateField):
            # Compared, since validators that are alike are equal.
            kind = [type(field), type(field.widget), field.validators, field.input_formats]
            if kind in kinds:
                continue
            kinds.append(kind)
        names.append(name)
    return names


def sent(field: forms.Field, text: str) -> object:
    """Return a text as the field's own widget gives it on."""
    data = QueryDict(mutable=True)
    data["field"] = text
    return field.widget.value_from_datadict(data, {}, "field")


def refused(work, *arguments):
    with contextlib.suppress(ValidationError):
        work(*arguments)


def test_every_app_is_looked_at():
    assert {"contacts", "events", "summit", "website"} <= PACKAGES


def test_forms_are_found():
    names = " ".join(typed_fields())

    for part in ("PersonForm.email", "SharedForm.shown_at", "LogInForm.password", "WalkInForm"):
        assert part in names


@pytest.mark.parametrize("name", distinct_fields())
def test_field_takes_a_megabyte_within_bounded_work(name):
    field = typed_fields()[name]

    def work():
        for piece in PIECES:
            refused(field.clean, sent(field, long(piece)))

    # What is made when it is first asked for is made before.
    refused(field.clean, sent(field, "x"))
    assert lines_within_limit(work) <= MOST_LINES * len(PIECES)


def test_every_field_for_text_outside_the_admin_counts_first():
    unbounded = [
        name
        for name, field in typed_fields().items()
        if isinstance(field, forms.CharField)
        and not name.startswith("backoffice.")
        and not isinstance(field, (BoundedField, SearchField, UsernameField))
    ]

    assert unbounded == []


@pytest.mark.parametrize(
    "work",
    [
        mail_addresses.key,
        ticket.plain,
        ticket.looks_like_ticket,
        ticket.looks_like_part,
        ticket.refusal_of,
        search_words,
        SearchField().clean,
        fits_bigint,
        account_links.read_token,
        validate_months,
    ],
    ids=lambda work: getattr(work, "__qualname__", ""),
)
def test_what_reads_typed_text_takes_a_megabyte_within_bounded_work(work):
    def read_all():
        for piece in PIECES:
            refused(work, long(piece))

    refused(work, "x")
    assert lines_within_limit(read_all) <= MOST_LINES * len(PIECES)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("read", [redact, _WEB_ADDRESS.search], ids=["log", "web address"])
def test_patterns_read_each_run_of_characters_once(read, piece):
    # The log takes a message of any length. The other pattern stands behind a field that
    # counts, and does not depend on it.
    assert lines_within_limit(lambda: read(long(piece))) <= 10 * MEGABYTE


# Pages, with all that stands between the form and what is sent to it


LENGTH = 60_000


@pytest.fixture
def event(db):
    told = story()
    how = factories.registration_settings(event=factories.upcoming_event(series=told.series))
    for kind in Question.Kind.values:
        options = "A\nB\nC" if kind in ("choice", "choices") else ""
        factories.question(settings=how, kind=kind, options_en=options)
    return how.event


@pytest.fixture
def _no_limits(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (10**6, 600))
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.FORM_MAX_BYTES = 10 * MEGABYTE


def names_in(page) -> set[str]:
    return set(re.findall(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"', page.text))


def check_page(client, address: str, *names: str, method: str = "post") -> None:
    """Send each field that the page has, and those named, with much in it and with little."""
    found = names_in(client.get(address)) if method == "post" else set()
    fields = sorted((found | set(names)) - {"csrfmiddlewaretoken"})
    assert fields

    def send(name: str, text: str):
        def work():
            answer = getattr(client, method)(address, {name: text})
            assert answer.status_code < 500
            assert answer.status_code != 413

        return work

    for name in fields:
        send(name, "a-")()
        little = lines_of(send(name, "a-"))
        # In an address a character that is not ASCII is read in some lines of Python.
        for piece in ("a-", "7", *(["\u0315\u0300"] if method == "post" else [])):
            much = lines_of(send(name, long(piece, LENGTH)))
            # Reading the body takes some lines for each piece of it, whatever it holds.
            assert much <= 2 * little + 10_000, (name, piece)


@pytest.mark.usefixtures("_no_limits")
def test_forms_of_visitors_take_long_texts_within_bounded_work(client, event):
    mine = factories.registered(event)
    numbers = [f"people-{name}_FORMS" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")]

    check_page(client, f"/en/events/{event.slug}/register/", "more", *numbers)
    check_page(client, "/en/my/")
    check_page(client, f"/en/my/{sign(mine.code)}/correct/")
    check_page(client, "/i18n/setlang/", "next", "language")


@pytest.mark.usefixtures("_no_limits")
def test_forms_of_the_log_in_take_long_texts_within_bounded_work(client, db):
    check_page(client, "/staff/forgotten/")
    check_page(client, "/admin/login/", "next")
    client.get(account_links.url(member("wang"), account_links.Purpose.PASSWORD))
    check_page(client, "/staff/new-password/")
    member()
    send_password(client)
    check_page(client, "/staff/code/", "next")


@pytest.mark.usefixtures("_no_limits")
@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("projects", ["q", "kind", "sector", "maturity", "mode", "country", "event", "page"]),
        ("experts", ["q", "country", "page"]),
        ("intentions", ["year", "event", "organization", "expert", "session", "presented_in"]),
        ("events", ["when", "page"]),
        ("organizations/{}", ["page"]),
        ("events/{}/register", ["people"]),
    ],
)
def test_lists_take_long_queries_within_bounded_work(client, event, address, names):
    told = {"organizations/{}": "harbour-works", "events/{}/register": event.slug}

    check_page(client, f"/en/{address.format(told.get(address))}/", *names, method="get")


@pytest.mark.usefixtures("_no_limits")
def test_desk_takes_long_texts_within_bounded_work(event):
    clerk = make_clerk(event)

    for page in ("", "check-in/", "undo/", "admit/", "walk-in/", "badges/"):
        names = ("q", "ticket", "session", "seen", "name", "email", "begin", "after", "scanned")
        check_page(clerk, f"/desk/{event.slug}/{page}", *names)


@pytest.mark.parametrize("path", ["events/event", "registrations/registration", "projects/project"])
def test_search_of_the_admin_takes_many_words(organizer, event, path):
    answer = organizer.get(f"/admin/{path}/", {"q": "a " * 2000})

    assert answer.status_code in (200, 302)
