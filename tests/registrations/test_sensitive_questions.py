"""The number of a passport: agreed to by itself, masked, in no list by default, erased early."""

import contextlib
import csv
import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from registrations.domain import correction, privacy, sensitive, typed_anew
from registrations.models import Answer, ExportRecord, Question, Registration
from summit.lib.web.signed_links import sign
from tests import factories
from tests.website.registering import register_url, sends

NUMBER = "E12345678"
MASKED = "•••••••78"
USUAL = {"file_format": "csv", "headers": "names", "language": "en", "order": "name"}


@pytest.fixture
def question(db) -> Question:
    return factories.question(text_en="Passport number", is_sensitive=True, kept_days=3)


@pytest.fixture
def event(question) -> Event:
    return question.settings.event


@pytest.fixture
def mine(question, event) -> Registration:
    return factories.registered(event, name="Ann", answers={question.pk: NUMBER})


def my(person: Registration, name: str = "my-registration") -> str:
    return reverse(name, args=[sign(person.code)])


def field(question: Question, *, consents: bool = True) -> dict[str, str]:
    key = f"question_{question.pk}"
    return {key: NUMBER} | ({f"{key}_consent": "on"} if consents else {})


def values() -> list[object]:
    return list(Answer.objects.values_list("value", flat=True))


def test_an_answer_needs_a_consent_of_its_own(stranger, question, event):
    refused = sends(stranger, event, field(question, consents=False))
    taken = sends(stranger, event, field(question))

    assert refused.status_code == 422
    assert "Tick the box, or leave the answer empty." in refused.text
    assert taken.status_code == 302
    answer = Answer.objects.get()
    assert answer.value == NUMBER
    assert "It is erased 3 days after the event." in answer.consent_text
    assert answer.consented_at


def test_without_an_answer_no_consent_is_needed(stranger, question, event):
    assert sends(stranger, event).status_code == 302
    assert values() == []


def test_nobody_answers_for_another(stranger, question, event):
    question.is_required = True
    question.save()

    page = stranger.get(f"{register_url(event)}?people=2").text
    sends(stranger, event, {}, field(question))

    assert "Passport number" not in page
    assert Registration.objects.count() == 2
    assert values() == []


@pytest.mark.parametrize("page", ["my-registration", "my-correct", "my-data-page", "my-data"])
def test_the_pages_of_the_person_mask_it(stranger, mine, page):
    text = stranger.get(my(mine, page)).text

    assert NUMBER not in text
    if page != "my-correct":
        assert MASKED in text


def test_the_admin_masks_it(organizer, mine):
    page = organizer.get(reverse("admin:registrations_registration_change", args=[mine.pk])).text

    assert NUMBER not in page
    assert MASKED in page


def test_the_screen_neither_shows_nor_changes_it(stranger, question, event):
    sends(stranger, event, field(question))
    correct = reverse("registered-correct", args=[event.slug, 1])

    page = stranger.get(correct).text
    # The same person, with another organization.
    typed = {"name": "Person 0", "email": "person0@example.org", "category": "company"}
    answer = stranger.post(
        correct, typed | {"organization_name": "Works"} | {f"question_{question.pk}": "other"}
    )

    assert NUMBER not in page
    assert "Passport number" not in page
    assert answer.status_code == 302
    assert values() == [NUMBER]


def test_correcting_keeps_what_is_left_empty_and_replaces_with_consent(stranger, question, mine):
    typed = {
        **{"name": "Ann", "organization_name": "Works", "category": "company"},
        "language": "en",
    }
    key = f"question_{question.pk}"

    stranger.post(my(mine, "my-correct"), typed)
    kept = values()
    refused = stranger.post(my(mine, "my-correct"), typed | {key: "X99"})
    stranger.post(my(mine, "my-correct"), typed | {key: "X99", f"{key}_consent": "on"})

    assert kept == [NUMBER]
    assert refused.status_code == 422
    assert values() == ["X99"]


def test_the_person_withdraws_and_the_answer_is_erased(stranger, question, event, mine):
    other = factories.question(settings=question.settings)
    correction.answer(mine, {other.pk: "vegetarian"})

    for wrong in ("", "x", "9" * 30, str(other.pk)):
        stranger.post(my(mine, "my-erase-answer"), {"question": wrong})
    before = values()
    answer = stranger.post(my(mine, "my-erase-answer"), {"question": question.pk})

    assert sorted(before) == [NUMBER, "vegetarian"]
    assert answer.status_code == 302
    assert values() == ["vegetarian"]


@pytest.mark.parametrize(("days", "left"), [(2, [NUMBER]), (4, [])])
def test_its_answers_are_erased_days_after_the_event(event, mine, days, left):
    end = timezone.now() - dt.timedelta(days=days)
    Event.objects.filter(pk=event.pk).update(starts_at=end - dt.timedelta(hours=1), ends_at=end)

    erased = sensitive.erase_expired(), sensitive.erase_expired()

    assert erased == (1 - len(left), 0)
    assert values() == left
    assert privacy.erase_expired() == 0


def test_a_postponed_event_keeps_them(event, mine):
    end = timezone.now() - dt.timedelta(days=9)
    Event.objects.filter(pk=event.pk).update(
        starts_at=end - dt.timedelta(hours=1),
        ends_at=end,
        previous_starts_at=end,
        status=Event.Status.POSTPONED,
    )

    assert sensitive.erase_expired() == 0


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"name": "Bob"}, 0),
        ({"email": "bob@example.org"}, 0),
        ({"phone": "13800138000"}, 0),
        ({"position": "director"}, 1),
    ],
)
def test_what_is_typed_anew_into_another_person_keeps_no_consent(question, event, change, left):
    asked = factories.separate_consent(settings=question.settings)
    row = factories.registered(event, name="Ann", answers={question.pk: NUMBER}, agreed=[asked])

    typed_anew.type_anew(row, answers={}, **change)

    assert row.consents.standing().count() == left
    assert values() == [NUMBER] * left


# Lists


def at_desk(organizer, event, **fields):
    return organizer.post(reverse("desk-export", args=[event.slug]), USUAL | fields)


def rows(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_list_holds_it_only_where_it_is_chosen_with_a_purpose(organizer, question, event, mine):
    key = f"question_{question.pk}"

    usual = at_desk(organizer, event, columns=["name", "questions"])
    refused = at_desk(organizer, event, columns=["name", key])
    chosen = at_desk(organizer, event, columns=["name", key], purpose="hotel")

    assert rows(usual) == [["name"], ["Ann"]]
    assert list(refused.context["form"].errors) == ["purpose"]
    assert rows(chosen) == [["name", key], ["Ann", NUMBER]]
    assert ExportRecord.objects.latest("pk").purpose == "hotel"


def test_ticking_all_columns_leaves_it_out(organizer, question, event, mine):
    page = at_desk(organizer, event, do="all")

    assert f"question_{question.pk}" not in page.context["form"]["columns"].value()


def test_the_admins_list_needs_a_purpose_as_well(organizer, question, event, mine):
    key = f"question_{question.pk}"
    kept = organizer.user.column_sets.create(name="Hotel", columns=["name", key])
    asked = {
        **{"action": "export_selected", "_selected_action": [mine.pk], "post": "yes"},
        "column_set": kept.pk,
    }
    address = reverse("admin:registrations_registration_changelist")

    refused = organizer.post(address, USUAL | asked)
    usual = organizer.post(address, USUAL | asked | {"column_set": ""})
    chosen = organizer.post(address, USUAL | asked | {"purpose": "hotel"})

    assert list(refused.context["form"].errors) == ["purpose"]
    assert NUMBER not in str(rows(usual))
    assert rows(chosen) == [["name", key], ["Ann", NUMBER]]


def test_the_command_needs_a_purpose_as_well(organizer, question, event, mine, tmp_path):
    organizer.user.column_sets.create(name="Hotel", columns=[f"question_{question.pk}"])
    path = tmp_path / "list.csv"
    command = ["export_attendees", event.slug, "--format", "csv", "--output", str(path)]
    command += ["--for", "organizer"]

    call_command(*command, stdout=io.StringIO())
    usual = path.read_text()
    with pytest.raises(CommandError, match="--purpose"):
        call_command(*command, "--columns", "Hotel")
    call_command(*command, "--columns", "Hotel", "--purpose", "hotel", stdout=io.StringIO())

    assert NUMBER not in usual
    assert NUMBER in path.read_text()


@pytest.mark.parametrize(("kind", "taken"), [("participants", False), ("recipient", True)])
def test_of_lists_for_others_one_for_a_named_recipient_alone_holds_it(
    organizer, question, event, tmp_path, kind, taken
):
    to = factories.separate_consent(settings=question.settings, kind=kind)
    factories.proven(event, name="Ann", answers={question.pk: NUMBER}, agreed=[to])
    columns = ["name", f"question_{question.pk}"]
    organizer.user.column_sets.create(name="Hotel", columns=columns)
    path = tmp_path / "list.csv"
    command = ["export_attendees", event.slug, "--format", "csv", "--output", str(path)]

    answer = at_desk(organizer, event, columns=columns, audience=to.pk, purpose="hotel")
    with contextlib.nullcontext() if taken else pytest.raises(CommandError, match="named"):
        call_command(*command, "--for", str(to.pk), "--columns", "Hotel", stdout=io.StringIO())

    assert path.exists() is taken
    if taken:
        assert rows(answer)[1:] == [["Ann", NUMBER]]
    else:
        assert list(answer.context["form"].errors) == ["audience"]


# The admin


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"is_sensitive": False}, ["is_sensitive"]),
        ({"is_sensitive": False, "kept_days": None}, ["is_sensitive"]),
        ({"kept_days": 4}, ["kept_days"]),
        ({"kept_days": 2}, []),
        ({"is_required": True}, []),
    ],
)
def test_answers_keep_the_protection_that_people_agreed_to(question, mine, change, refused):
    for name, value in change.items():
        setattr(question, name, value)

    assert problems(question) == refused
    sensitive.withdraw(mine, question.pk)
    assert problems(question) == []


def problems(question: Question) -> list[str]:
    try:
        question.full_clean()
    except ValidationError as error:
        return list(error.message_dict)
    return []


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ({"text_en": "Passport number"}, True),
        ({"text_zh_hans": "身份证号码"}, True),
        ({"text_zh_hans": "护照号"}, True),
        ({"text_en": "ID card"}, True),
        ({"text_en": "Which idea do you bring?"}, False),
        ({"text_zh_hans": "是否需要翻译？"}, False),
    ],
)
def test_the_wording_tells_what_looks_sensitive(text, looks):
    assert Question(kind=Question.Kind.SHORT_TEXT, **text).looks_sensitive is looks
