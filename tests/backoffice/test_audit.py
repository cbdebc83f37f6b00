import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from audit import trail
from audit.models import AuditEntry
from backoffice.audit import (
    LABELS,
    NOUNS,
    WORDS,
    NewestPaginator,
    details_in_words,
    subject_in_words,
)
from registrations.audited import Action as RegistrationsAction
from staff.audited import Action as StaffAction
from tests.trail import entries

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
LIST = "/admin/audit/auditentry/"
HOSTILE = "<script>alert(1)</script>"


def listed(person, **query):
    """Return the subjects that the list shows."""
    page = person.get(LIST, query)
    assert page.status_code == 200
    return [entry.subject for entry in page.context["cl"].result_list]


@pytest.mark.parametrize("page", ["add", "change", "delete", "history"])
def test_there_is_no_page_but_the_list(superuser, page):
    entry = trail.record(RegistrationsAction.EXPORTED)

    with pytest.raises(NoReverseMatch):
        reverse(f"admin:audit_auditentry_{page}", args=[entry.pk] if page != "add" else [])
    assert superuser.get(f"{LIST}{entry.pk}/change/").status_code == 404


def test_superuser_changes_nothing_by_posting(superuser):
    entry = trail.record(RegistrationsAction.EXPORTED, subject="event · s")
    before = entries()

    for action in ("delete_selected", "export_selected"):
        superuser.post(LIST, {"action": action, "_selected_action": [entry.pk], "post": "yes"})

    assert entries() == before


def test_row_says_who_did_what_when_and_from_where(auditor, rf):
    made = trail.record(
        RegistrationsAction.EXPORTED,
        by=auditor.user,
        request=rf.get("/", REMOTE_ADDR="192.0.2.7"),
        subject="event · 2020-summit",
        source="desk",
        rows=312,
    )
    assert made.at.tzinfo

    text = auditor.get(LIST).text

    for words in ("attendees exported", "auditor", "event · 2020-summit", "192.0.2.7"):
        assert words in text
    assert "rows: 312</div>" in text
    assert "China time" in text
    assert "{&" not in text


def test_chinese_page_speaks_chinese(auditor):
    trail.record(RegistrationsAction.ERASED, subject="event · 2020-summit", people=2)

    page = auditor.get(LIST, headers={"Accept-Language": "zh-hans"})

    assert "北京时间" in page.text


def test_nothing_that_was_recorded_runs(auditor):
    trail.record(StaffAction.LOG_IN_FAILED, subject=HOSTILE, **{HOSTILE: [HOSTILE]})

    text = auditor.get(LIST).text

    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, []),
        ({"rows": 3, "file_was_missing": True}, [("rows", "3"), ("the file was missing", "yes")]),
        ({"source": "shell"}, [("asked for in", "command line")]),
        ({"source": "pigeon", "new_thing": 1}, [("asked for in", "pigeon"), ("new thing", "1")]),
        (
            {"groups": ["Desk", "Auditor"], "added": []},
            [("groups", "Desk, Auditor"), ("added", "—")],
        ),
        ({"is_staff": {"before": True, "after": False}}, [("is staff", "before: yes; after: no")]),
        (
            {"second": "recovery codes", "left": 9},
            [
                ("second factor", "recovery code"),
                ("recovery codes left", "9"),
            ],
        ),
        (
            {"flags added": ["is_superuser"], "fields": ["email"]},
            [
                ("what the account may do, added", "superuser status"),
                ("what was changed", "email address"),
            ],
        ),
    ],
)
def test_details_are_said_in_words(details, words):
    assert [(str(label), value) for label, value in details_in_words(details)] == words


def test_chinese_details_are_chinese_to_the_last_word():
    details = {"reason": "password", "printed": True, "assignment": "limit", "events": []}

    with translation.override("zh-hans"):
        said = [f"{label}{value}" for label, value in details_in_words(details)]
        said += [subject_in_words(noun) for noun in ("account", "backup", "group")]

    assert not re.search("[a-z]", " ".join(said))


def recorded():
    """Yield each call in the source that adds an entry, with the names of its details."""
    apps = {path.parent for path in ROOT.glob("*/apps.py")} | {ROOT / "backoffice", ROOT / "ops"}
    for app in apps:
        for path in app.rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "trail.record":
                    yield {each.arg for each in call.keywords} - {"by", "request", "subject", None}


def test_every_detail_that_is_recorded_has_its_word():
    details = set().union(*recorded())

    assert "submission" in details
    assert details <= LABELS.keys()


def test_every_noun_and_label_is_chinese_on_a_chinese_page():
    words = [*NOUNS.values(), *LABELS.values(), *WORDS["reason"].values()]

    with translation.override("zh-hans"):
        latin = [str(each) for each in words if re.search("[a-zA-Z]", str(each))]

    assert latin == []


@pytest.mark.parametrize("subject", ["event · 2020 · summit", "account · wang", "backup", ""])
def test_subject_keeps_what_it_names(subject):
    assert subject_in_words(subject) == subject


# Finding


@pytest.fixture
def three(auditor):
    """An export of today, a refusal of another account, and an erasure long ago."""
    clerk = User.objects.create_user("clerk", is_staff=True)
    trail.record(RegistrationsAction.EXPORTED, by=auditor.user, subject="event · alpha")
    trail.record(RegistrationsAction.EXPORT_REFUSED, by=clerk, subject="event · beta")
    AuditEntry.objects.create(
        action=RegistrationsAction.ERASED,
        subject="event · gamma",
        at=timezone.now() - dt.timedelta(days=400),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["event · beta", "event · alpha", "event · gamma"]),
        ({"action__exact": "exported"}, ["event · alpha"]),
        ({"account": "clerk"}, ["event · beta"]),
        ({"account": "nobody"}, []),
        ({"account": "a\x00b"}, []),
        ({"q": "clerk"}, ["event · beta"]),
        ({"q": "GAMMA"}, ["event · gamma"]),
        ({"at__lt": "2026-01-01 00:00:00+08:00", "q": "alpha"}, []),
    ],
)
def test_list_is_filtered_and_searched(auditor, three, query, found):
    assert listed(auditor, **query) == found


def test_list_of_the_past_week_leaves_out_what_is_older(auditor, three):
    week_ago = timezone.localtime() - dt.timedelta(days=7)

    found = listed(auditor, at__gte=week_ago.isoformat(sep=" "))

    assert found == ["event · beta", "event · alpha"]


# What it costs


def test_list_costs_the_same_with_one_and_many_entries(auditor, django_assert_num_queries):
    def add(number):
        AuditEntry.objects.bulk_create(
            AuditEntry(
                action=RegistrationsAction.EXPORTED, subject=f"event · {each}", details={"rows": 1}
            )
            for each in range(number)
        )

    add(1)
    listed(auditor)
    with django_assert_num_queries(9):
        listed(auditor)
    add(300)
    with django_assert_num_queries(9):
        listed(auditor)


def test_counting_ends_where_nobody_turns_pages(monkeypatch):
    monkeypatch.setattr(NewestPaginator, "most", 5)
    AuditEntry.objects.bulk_create(
        AuditEntry(action=RegistrationsAction.EXPORTED) for _each in range(9)
    )

    paginator = NewestPaginator(AuditEntry.objects.all(), 2)

    assert (paginator.count, paginator.num_pages) == (5, 3)
