import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone

from audit import trail
from audit.models import AuditEntry, EntryStands
from registrations.audited import Action as RegistrationsAction
from staff.audited import Action as StaffAction

pytestmark = pytest.mark.django_db


def values(entry):
    return AuditEntry.objects.filter(pk=entry.pk).values().get()


def entry(*, days_ago=0):
    at = timezone.now() - dt.timedelta(days=days_ago)
    return AuditEntry.objects.create(action=RegistrationsAction.EXPORTED, at=at)


def test_record_says_who_did_what_from_where(organizer):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")

    made = trail.record(
        RegistrationsAction.EXPORTED,
        by=organizer.user,
        request=request,
        subject="event · s",
        rows=3,
    )

    assert values(made) | {"id": 0, "at": None} == {
        "id": 0,
        "at": None,
        "action": "exported",
        "actor_id": organizer.user.pk,
        "actor_name": "organizer",
        "subject": "event · s",
        "details": {"rows": 3},
        "network_address": "192.0.2.7",
        "request_id": "",
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [("2001:DB8::0:1", "2001:db8::1"), ("fe80::1%eth0", "fe80::1"), ("", None), ("unix:", None)],
)
def test_address_is_kept_where_there_is_one(given, kept):
    request = RequestFactory().get("/", REMOTE_ADDR=given)

    assert values(trail.record(StaffAction.LOGGED_OUT, request=request))["network_address"] == kept


def test_account_that_is_deleted_stays_named(organizer):
    made = trail.record(StaffAction.LOGGED_IN, by=organizer.user)
    number = organizer.user.pk

    organizer.user.delete()

    assert (values(made)["actor_id"], values(made)["actor_name"]) == (number, "organizer")


CHANGES = {
    "save": lambda entry: entry.save(),
    "delete": lambda entry: entry.delete(),
    "update": lambda entry: AuditEntry.objects.update(subject=""),
    "bulk_update": lambda entry: AuditEntry.objects.bulk_update([entry], ["subject"]),
    "delete of a queryset": lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
    "update_or_create": lambda entry: AuditEntry.objects.update_or_create(
        pk=entry.pk, defaults={"subject": ""}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_model_refuses_to_change_an_entry(change):
    made = trail.record(RegistrationsAction.EXPORTED, subject="event · s")
    before = values(made)

    with pytest.raises(EntryStands, match="neither changed nor deleted"), transaction.atomic():
        change(made)

    assert values(made) == before


def test_forget_deletes_what_is_past_its_time_alone():
    kept = entry(days_ago=settings.AUDIT_KEEP_DAYS - 1)
    entry(days_ago=settings.AUDIT_KEEP_DAYS + 1)

    assert trail.forget() == 1
    assert trail.forget() == 0
    assert list(AuditEntry.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_forget_never_reaches_what_the_law_asks_for(settings):
    entry(days_ago=30)
    settings.AUDIT_KEEP_DAYS = 7

    with pytest.raises(IntegrityError):
        trail.forget()

    assert AuditEntry.objects.count() == 1
