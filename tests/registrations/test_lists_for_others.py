"""Nobody stands on a list for others who has not agreed to it: wherever and however it is made."""

import csv
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from registrations.domain import attendees, column_set, separate_consent
from registrations.domain.attendees import Listed
from registrations.exports.attendees import AttendeeList, columns_of, matching
from registrations.models import ExportRecord, Registration, SeparateConsent
from tests import factories
from tests.trail import entries

USUAL = {"headers": "names", "language": "en", "order": "name", "columns": ["name", "email"]}
FORMATS = ["csv", "xlsx"]


@pytest.fixture
def partner(db) -> SeparateConsent:
    return factories.separate_consent(
        recipient_en="Harbour Alliance",
        recipient_zh_hans="海港联盟",
        purpose_en="dinner",
        is_abroad=True,
    )


@pytest.fixture
def people(partner, organizer) -> dict[str, Registration]:
    """Those who agreed and did not, in every way: their names say which."""
    event = partner.settings.event
    other = factories.separate_consent(settings=partner.settings)
    photos = factories.separate_consent(settings=partner.settings, kind="photos")
    made = {
        "Agreed": factories.proven(event, name="Agreed", agreed=[partner, photos]),
        "Canary silent": factories.proven(event, name="Canary silent"),
        "Canary other": factories.proven(event, name="Canary other", agreed=[other, photos]),
        "Canary gone": factories.proven(event, name="Canary gone", agreed=[partner]),
        # Anybody may have typed the address and ticked the boxes.
        "Canary unproven": factories.registered(event, name="Canary unproven", agreed=[partner]),
    }
    separate_consent.withdraw(made["Canary gone"], [partner])
    double = factories.proven(
        event, name="Canary gone", email=made["Canary gone"].email, agreed=[partner]
    )
    [listed] = attendees.add(
        event,
        [Listed(name="Canary listed", email="", category="guest", language="en")],
        source="a list",
        by=organizer.user,
    )
    return made | {"double": double, "listed": listed}


def names(content: bytes, file_format: str) -> list[str]:
    if file_format == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = rows[0].index("name")
    return [row[at] for row in rows[1:]]


def at_desk(organizer, partner, **fields):
    address = reverse("desk-export", args=[partner.settings.event.slug])
    return organizer.post(address, {**USUAL, "audience": partner.pk, **fields})


def in_admin(organizer, partner, **fields):
    rows = Registration.objects.filter(event=partner.settings.event)
    asked = {
        **{"action": "export_selected", "post": "yes", "audience": partner.pk},
        "_selected_action": [row.pk for row in rows],
    }
    address = reverse("admin:registrations_registration_changelist")
    return organizer.post(address, {**USUAL, **asked, **fields})


def by_command(event, to, path, file_format="csv", *arguments):
    command = ["export_attendees", event.slug, "--format", file_format, "--for", str(to)]
    out = io.StringIO()
    call_command(*command, "--headers", "names", "--output", str(path), *arguments, stdout=out)
    return out.getvalue()


def record() -> ExportRecord:
    [found] = ExportRecord.objects.all()
    return found


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_only_who_agreed_is_on_a_list_for_a_recipient(organizer, partner, people, ask, file_format):
    answer = ask(organizer, partner, file_format=file_format)

    content = b"".join(answer.streaming_content)
    assert names(content, file_format) == ["Agreed"]
    made = record()
    assert (made.recipient, made.purpose, made.is_abroad) == ("Harbour Alliance", "dinner", True)
    assert (made.rows, made.filters["left_out"]) == (1, 6)
    assert made.filters["audience"] == "recipient"
    _action, _name, _subject, details = entries()[-1]
    assert details["abroad"] is True


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("to", ["number", "Harbour Alliance", "海港联盟"])
def test_the_command_obeys_as_well(partner, people, tmp_path, file_format, to):
    path = tmp_path / f"list.{file_format}"
    to = partner.pk if to == "number" else to

    said = by_command(partner.settings.event, to, path, file_format)

    assert names(path.read_bytes(), file_format) == ["Agreed"]
    assert "6 left out: not agreed or not verified" in said
    assert (record().recipient, record().is_abroad) == ("Harbour Alliance", True)


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_the_organizers_own_list_holds_everybody(organizer, partner, people, ask):
    answer = ask(organizer, partner, file_format="csv", audience="organizer", purpose="badges")

    found = names(b"".join(answer.streaming_content), "csv")
    assert len(found) == 7
    assert (record().purpose, record().recipient, record().is_abroad) == ("badges", "", False)


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_a_typed_recipient_does_not_replace_the_one_agreed_to(organizer, partner, people, ask):
    answer = ask(organizer, partner, file_format="csv", recipient="Somebody", purpose="anything")

    assert b"".join(answer.streaming_content)
    assert (record().recipient, record().purpose) == ("Harbour Alliance", "dinner")


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_a_recipient_of_another_event_is_refused(organizer, partner, people, ask):
    elsewhere = factories.separate_consent()

    answer = ask(organizer, partner, file_format="csv", audience=elsewhere.pk)

    assert list(answer.context["form"].errors) == ["audience"]
    assert not ExportRecord.objects.exists()


def test_the_desk_says_how_many_would_be_left_out(organizer, partner, people):
    page = at_desk(organizer, partner, file_format="csv", do="count").text

    assert "1 of 7 registrations" in page
    assert "6 people are left out: not agreed, or the contact is not verified." in page


def test_the_admin_says_of_how_many_it_has_the_consent(organizer, partner, people):
    page = in_admin(organizer, partner, post="")

    assert [number for _to, number in page.context["agreed"]] == [1, 1, 2]


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_a_list_of_nobody_is_refused(organizer, partner, people, ask):
    separate_consent.withdraw(people["Agreed"], [partner])

    answer = ask(organizer, partner, file_format="csv")

    assert answer.status_code == 422
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_a_consent_withdrawn_while_an_export_runs_counts(organizer, partner, people, ask):
    late = factories.proven(partner.settings.event, name="Canary late", agreed=[partner])
    answer = ask(organizer, partner, file_format="csv")
    begun = record().outcome

    separate_consent.withdraw(late, [partner])
    content = b"".join(answer.streaming_content)

    assert begun == "started"
    assert names(content, "csv") == ["Agreed"]
    assert (record().outcome, record().rows) == ("complete", 1)


def test_a_list_that_is_being_read_stays_as_it_was_at_one_moment(transactional_db):
    partner = factories.separate_consent()
    event = partner.settings.event
    people = [factories.proven(event, agreed=[partner]) for _number in range(3)]
    found = AttendeeList(event, matching(event), columns_of(event)[:2], to=partner)

    rows = found.rows()
    first = next(rows)
    separate_consent.withdraw(people[2], [partner])

    assert len([first, *rows]) == 3
    assert found.count() == 2


@pytest.mark.parametrize("ask", [at_desk, in_admin])
def test_a_column_set_for_others_asks_who_gets_the_list(organizer, partner, people, ask):
    kept = column_set.save(
        "Partners", columns=["name"], is_shared=True, is_for_others=True, by=organizer.user
    )

    refused = ask(organizer, partner, file_format="csv", audience="organizer", column_set=kept.pk)
    taken = ask(organizer, partner, file_format="csv", column_set=kept.pk)

    assert list(refused.context["form"].errors) == ["audience"]
    assert names(b"".join(taken.streaming_content), "csv") == ["Agreed"]


def test_the_command_asks_who_gets_a_column_set_for_others(organizer, partner, people, tmp_path):
    column_set.save(
        "Partners", columns=["name"], is_shared=True, is_for_others=True, by=organizer.user
    )
    event, path = partner.settings.event, tmp_path / "list.csv"

    with pytest.raises(CommandError, match="for lists for others"):
        by_command(event, "organizer", path, "csv", "--columns", "Partners")
    by_command(event, partner.pk, path, "csv", "--columns", "Partners")

    assert names(path.read_bytes(), "csv") == ["Agreed"]


@pytest.mark.parametrize("to", ["Nobody", "recipient", ""])
def test_the_command_refuses_who_is_not_one_of_the_event(partner, people, tmp_path, to):
    path = tmp_path / "list.csv"

    with pytest.raises(CommandError, match="Harbour Alliance"):
        by_command(partner.settings.event, to, path)

    assert not path.exists()


def test_the_command_asks_for_whom_a_list_is(partner, tmp_path):
    with pytest.raises(CommandError, match="--for"):
        call_command(
            *["export_attendees", partner.settings.event.slug, "--format", "csv"],
            *["--output", str(tmp_path / "list.csv")],
        )


def test_a_set_kept_for_a_recipient_is_for_others(organizer, partner):
    at_desk(organizer, partner, file_format="csv", do="save", name="Theirs")
    at_desk(organizer, partner, file_format="csv", do="save", name="Ours", audience="organizer")

    kept = dict(organizer.user.column_sets.values_list("name", "is_for_others"))
    assert kept == {"Theirs": True, "Ours": False}


def test_lists_of_other_purposes_obey_alike(organizer, partner, people):
    photos = partner.settings.separate_consents.get(kind="photos")

    answer = at_desk(organizer, partner, file_format="csv", audience=photos.pk, recipient="Office")

    assert names(b"".join(answer.streaming_content), "csv") == ["Agreed", "Canary other"]
    assert (record().recipient, record().purpose) == ("Office", "meetings")
