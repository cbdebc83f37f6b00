"""What organizers send twice, or while somebody else merges what it names."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.domain.merging import merge
from events.models import Expert, Organization
from projects.models import CooperationIntention
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import row_errors, type_rows
from tests.threads import at_once, before_commit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event():
    return factories.registration_settings(event=factories.upcoming_event()).event


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def confirm_twice(person, name, text, *args, **asked):
    """Confirm one preview twice at once; return the statuses."""
    file = SimpleUploadedFile("a.csv", text.encode())
    shown = person.post(reverse(f"admin:{name}_import", args=args), {"file": file, **asked})
    payload = {"payload": shown.context["payload"]}
    address = reverse(f"admin:{name}_process_import", args=args)
    return statuses(at_once(*[lambda: person.post(address, payload)] * 2))


def test_experts_are_imported_once(organizer):
    answered = confirm_twice(organizer, "events_expert", "name_en,country\nAnna Hale,GB\n")

    assert answered == [200, 302]
    assert Expert.objects.count() == 1


def test_drafts_are_imported_once(organizer, event):
    factories.organization(name_en="Dawn Medical")
    text = "company,subject_en\nDawn Medical,Blood tests\n"

    confirm_twice(organizer, "events_event_intentions", text, event.pk)

    assert CooperationIntention.objects.count() == 1


def test_attendees_without_an_address_are_imported_once(organizer, event):
    text, asked = "name,organization_name\n李明,市医院\n", {"source": "list", "way": "confirmed"}

    confirm_twice(organizer, "events_event_attendees", text, event.pk, **asked)

    assert Registration.objects.count() == 1


def test_rows_of_experts_are_added_once(organizer, event):
    row = {"name_en": "Anna Hale", "role": "speaker"}

    answers = at_once(*[lambda: type_rows(organizer, event, "experts", row)] * 2)

    assert statuses(answers) == [200, 302]
    assert Expert.objects.count() == 1


def test_a_draft_like_another_is_added_once_it_is_said_to_be_meant(organizer, event):
    row = {"company": factories.organization().pk, "subject_en": "Blood tests"}

    answers = at_once(*[lambda: type_rows(organizer, event, "intentions", row)] * 2)

    asked, _added = sorted(answers, key=lambda answer: answer.status_code)
    [[words]] = row_errors(asked).values()
    assert "exists already. If this is another one, save again." in words
    assert CooperationIntention.objects.count() == 1

    told = asked.context["rows"].forms[0]["told"].value()
    again = type_rows(organizer, event, "intentions", row | {"told": told})

    assert again.status_code == 302
    assert CooperationIntention.objects.count() == 2


@pytest.fixture
def merging(organizer):
    """Run a call while two organizations are being merged, and return its answer."""
    kept, gone = factories.organization(), factories.organization(name_en="Dawn Medical")

    def run(call):
        return before_commit(
            lambda: merge(Organization.objects.get(pk=kept.pk), [gone], by=organizer.user), call
        )

    run.kept, run.gone = kept, gone
    return run


@pytest.mark.parametrize(
    ("page", "box", "row"),
    [
        ("experts", "organization", {"name_en": "Anna Hale", "role": "speaker"}),
        ("intentions", "company", {"subject_en": "Blood tests"}),
    ],
)
def test_rows_that_name_what_is_being_merged_are_told(organizer, event, merging, page, box, row):
    answer = merging(lambda: type_rows(organizer, event, page, {**row, box: merging.gone.pk}))

    assert list(row_errors(answer)) == [f"rows-0-{box}"]
    assert not Expert.objects.exists()
    assert not CooperationIntention.objects.exists()


def test_import_finds_what_another_was_merged_into_meanwhile(organizer, merging):
    file = SimpleUploadedFile("a.csv", b"name_en,organization\nAnna Hale,Dawn Medical\n")
    shown = organizer.post(reverse("admin:events_expert_import"), {"file": file})
    payload = {"payload": shown.context["payload"]}

    answer = merging(lambda: organizer.post(url(Expert, "process_import"), payload))

    assert answer.status_code == 302
    place = Expert.objects.get().affiliations.get().organization
    assert place == merging.kept
