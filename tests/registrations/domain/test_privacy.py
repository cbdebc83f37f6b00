import datetime as dt
import io
import sqlite3
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from events.models import Event, SiteProfile
from mail.delivery import deliver_due
from mail.models import OutboundMail
from registrations.domain import correction, personal_link, privacy
from registrations.models import Answer, PrivacyNotice, Registration
from summit.lib.process import machine
from tests import factories
from tests.backoffice.posting import filled, search, url
from tests.trail import entries

# Strings that nothing else contains.
PERSON = {
    "name": "Zephyrine Quillfeather",
    "email": "zephyrine@quillfeather.example",
    "phone": "+8631155507781",
    "organization_name": "Quillfeather Instruments",
    "position": "Keeper of Quills",
}
NOTE = "came with a blue umbrella"
ANSWER = "no peanuts please"
TRACES = [*PERSON.values(), NOTE, ANSWER, "quillfeather", "Zephyrine"]


def everywhere() -> str:
    """Every value of every table, and every file under the data directory, as one text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found += [str(row) for row in cursor.fetchall()]
    # Logins are stored encoded.
    found += [str(login.get_decoded()) for login in Session.objects.all()]
    media = Path(django_settings.MEDIA_ROOT)
    found += [path.read_bytes().decode("latin-1") for path in media.rglob("*") if path.is_file()]
    return "\n".join(found)


@pytest.fixture
def person(db) -> Registration:
    settings = factories.registration_settings(capacity=1)
    question = factories.question(settings=settings)
    made = factories.registered(settings.event, **PERSON, answers={question.pk: ANSWER})
    correction.correct(made, staff_note=NOTE)
    personal_link.revoke_link(made)
    deliver_due()
    return made


def test_erased_person_is_found_nowhere(person, organizer):
    organizer.get(f"/admin/registrations/registration/{person.pk}/change/")
    before = everywhere()

    erased = privacy.erase_attendee("ZEPHYRINE@quillfeather.example")

    after = everywhere()
    assert [trace for trace in TRACES if trace in before] == TRACES
    assert erased == 1
    assert [trace for trace in TRACES if trace.casefold() in after.casefold()] == []


def test_person_edited_and_erased_in_the_admin_is_found_nowhere(person, organizer):
    address = url(person, "change")
    shown = filled(organizer.get(address))
    typed = {name: "" if value is None else value for name, value in shown.items()}
    note = "Zephyrine asks for a seat near the door"
    organizer.post(address, typed | {"staff_note": note, "position": "Warden of Quills"})
    organizer.get(search(organizer, "Quillfeather"))
    before = everywhere()

    for verb in ("send-link", "replace-link", "erase"):
        organizer.post(url(person, "action", verb))
    organizer.get(address)

    after = everywhere()
    traces = [*TRACES, note, "Warden of Quills"]
    assert note in before
    assert "Warden of Quills" in before
    assert Session.objects.count() == 1
    assert [trace for trace in traces if trace.casefold() in after.casefold()] == []
    for page in ("change", "history"):
        assert "Zephyrine" not in organizer.get(url(person, page)).text


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the file of SQLite")
def test_embedded_database_overwrites_what_is_erased(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")

        assert cursor.fetchone() == (1,)


def bytes_on_disk() -> bytes:
    name = Path(connection.settings_dict["NAME"])
    return b"".join(each.read_bytes() for each in name.parent.glob(f"{name.name}*"))


def erase_by_command(person, organizer):
    call_command("erase_attendee", person.email)


def erase_by_retention(person, organizer):
    past = timezone.now() - dt.timedelta(days=4000)
    Event.objects.filter(pk=person.event_id).update(
        starts_at=past, ends_at=past + dt.timedelta(hours=3)
    )
    assert privacy.erase_expired() == 1


def erase_in_the_admin(person, organizer):
    organizer.post(url(person, "action", "erase"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the files of SQLite")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [erase_by_command, erase_by_retention, erase_in_the_admin])
def test_erased_person_is_in_no_byte_of_the_embedded_database(way, organizer):
    person = factories.registered(
        factories.registration_settings().event,
        name="Zephyrine Quillfeather",
        position="Warden of Quills",
    )
    before = bytes_on_disk()

    way(person, organizer)

    after = bytes_on_disk()
    for trace in (b"Quillfeather", b"Warden of Quills"):
        assert trace in before
        assert trace not in after


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the files of SQLite")
@pytest.mark.django_db(transaction=True)
def test_next_round_empties_the_log_that_somebody_was_reading():
    person = factories.registered(
        factories.registration_settings().event, name="Zephyrine Quillfeather"
    )
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM registrations_registration").fetchone()
    privacy.erase([person])
    meanwhile = bytes_on_disk()
    reader.close()

    call_command("run_periodic")

    assert b"Quillfeather" in meanwhile
    assert b"Quillfeather" not in bytes_on_disk()


def test_erasing_keeps_the_count_and_passes_the_seat_on(person):
    waiting = factories.registered(person.event)

    privacy.erase_attendee(PERSON["email"])
    again = privacy.erase_attendee(PERSON["email"])

    person.refresh_from_db()
    waiting.refresh_from_db()
    assert again == 0
    assert (person.status, person.category, person.language) == ("cancelled", "company", "en")
    assert person.erased_at is not None
    assert waiting.status == "confirmed"


def test_audit_trail_counts_the_erased_of_each_event_once(organizer, person):
    others = [
        factories.registered(person.event),
        factories.registered(factories.registration_settings().event),
    ]

    for _again in range(2):
        privacy.erase([person, *others], by=organizer.user)

    asked_for = {"reason": "asked_for"}
    assert entries() == [
        ("erased", "organizer", f"event · {person.event.slug}", {"people": 2} | asked_for),
        ("erased", "organizer", f"event · {others[1].event.slug}", {"people": 1} | asked_for),
    ]


def test_erased_link_no_longer_opens(person, stranger):
    from summit.lib.web.signed_links import sign

    privacy.erase([person])

    assert stranger.get(f"/en/my/{sign(person.code)}/").status_code == 404


def test_command_erases_and_says_how_many(person):
    out = io.StringIO()

    call_command("erase_attendee", PERSON["email"], stdout=out)

    assert out.getvalue() == "Erased from 1 registrations.\n"
    [(action, actor, subject, details)] = entries()
    assert (action, actor, subject) == ("erased", "", f"event · {person.event.slug}")
    assert details == {
        "people": 1,
        "reason": "asked_for",
        "machine_account": machine.os_user(),
    }
    with pytest.raises(CommandError, match="Nobody is registered"):
        call_command("erase_attendee", PERSON["email"])


def test_retention_erases_what_is_past_it_and_keeps_counts(person):
    kept = factories.registered(factories.registration_settings().event)
    long_ago = timezone.now() - dt.timedelta(days=181)
    Event.objects.filter(pk=person.event_id).update(
        starts_at=long_ago - dt.timedelta(hours=8), ends_at=long_ago
    )

    erased = [privacy.erase_expired(), privacy.erase_expired()]

    person.refresh_from_db()
    kept.refresh_from_db()
    assert erased == [1, 0]
    [(action, actor, _subject, details)] = entries()
    assert (action, actor, details["reason"]) == ("erased", "", "retention")
    assert (person.name, person.status, kept.erased_at) == ("", "confirmed", None)
    assert Answer.objects.count() == OutboundMail.objects.filter(registration=person).count() == 0


def test_consent_names_the_version_of_the_notice(db):
    event = factories.registration_settings().event
    first = factories.registered(event)
    profile = SiteProfile.load()
    profile.privacy_notice_zh_hans = "第二版"
    profile.save()

    second, third = factories.registered(event), factories.registered(event)

    assert first.privacy_notice != second.privacy_notice == third.privacy_notice
    assert second.privacy_notice.text_zh_hans == "第二版"
    assert PrivacyNotice.objects.count() == 2
    assert second.consented_at is not None
