"""Counts, remarks, reminders, retention and erasure."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from audit.models import AuditEntry
from contacts.models import Contact
from registrations.domain.privacy import erase_person
from registrations.domain.proof import prove
from submissions import sections
from submissions.domain import call as calls
from submissions.domain import completeness, privacy, reminder, review, summary
from submissions.domain import submission as submissions
from submissions.domain.acceptance import accept_fields
from submissions.domain.comparison import shown
from submissions.domain.decisions import Choice
from submissions.fields import BY_KEY
from submissions.models import Call, Decision, Submission
from tests import factories
from website.own_data import own_data_sections

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def test_section_is_put_in_its_place_and_the_rest_stays():
    text = "Before.\n\n### A\n\nold\n\n### B\n\nstays"

    assert sections.write_section(text, "A", "new") == "Before.\n\n### A\n\nnew\n\n### B\n\nstays"
    assert sections.read_section(text, "B") == "stays"
    assert sections.read_section(text, "C") == ""


def test_call_tidies_what_it_asks_for():
    made = factories.call(asked=["goal", "problem"], required=["goal"])

    assert made.asked == ["need_title", "problem", "goal"]
    assert made.required == ["need_title", "goal"]
    with pytest.raises(ValidationError, match="cannot ask"):
        factories.call(asked=["offer_title"])
    with pytest.raises(ValidationError, match="must be filled in"):
        factories.call(asked=["goal"], required=["problem"])


def test_call_is_visible_once_published_with_its_event(organizer):
    made = factories.call(status="draft")
    assert not Call.objects.visible().exists()

    calls.publish(made, by=organizer.user)
    assert list(Call.objects.open()) == [made]

    made.event.status = "draft"
    made.event.save()
    assert not Call.objects.visible().exists()


def test_summary_counts_by_district_against_targets():
    first, second = factories.district(), factories.district()
    call = factories.call(districts=[(first, 2), second])
    for status in ("sent", "draft"):
        factories.submission(call, status=status, district=first)
    factories.submission(call, status="sent")

    told = summary.summary_of(call)

    assert [(each.of, each.handed_in, each.target, each.percent) for each in told.districts] == [
        (first, 1, 2, 50),
        (second, 0, None, None),
        (None, 1, None, None),
    ]
    assert (told.handed_in, told.drafts, told.target) == (2, 1, 2)


def test_remarks_name_what_is_thin():
    values = {"need_title": "T", "problem": "Too slow.", "key_indicators": "very good"}
    made = factories.submission(values=values, status="sent")

    found = {each.field for each in completeness.remarks_on(made)}

    assert {"problem", "key_indicators", "budget", "sectors", ""} <= found
    made.values = factories.NEED
    assert "key_indicators" not in {each.field for each in completeness.remarks_on(made)}


def test_remarks_are_of_what_the_call_asks_for_alone():
    call = factories.call(asked=["problem"])
    made = factories.submission(call, status="sent", proven_at=timezone.now())

    assert completeness.remarks_on(made) == []


def test_the_database_finds_those_with_remarks_as_the_page_names_them(django_assert_num_queries):
    whole = factories.NEED | {"keywords": "blood", "budget": {"negotiable": True}}
    thin = {"need_title": "T", "problem": "Too slow."}
    asked = factories.call(asked=["problem", "budget", "keywords"]), factories.call(asked=[])
    proven = {"proven_at": timezone.now()}
    made = [
        factories.submission(call, values=values, status="sent", **fields)
        for call in asked
        for values in (whole, thin)
        for fields in (proven, {}, {"email": "", "phone": "13900001111"})
    ]
    erased = factories.submission(asked[0], status="sent")
    privacy.erase([erased])
    rows = Submission.objects.named()

    with django_assert_num_queries(2):
        found = set(rows.filter(completeness.has_remarks(rows)).values_list("pk", flat=True))

    assert found == {each.pk for each in made if completeness.remarks_on(each)}
    assert len(found) == 6
    assert rows.exclude(completeness.has_remarks(rows)).count() == 6


def test_drafts_stand_below_what_was_sent():
    draft = factories.submission()
    first, second = factories.submission(status="sent"), factories.submission(status="sent")

    assert list(Submission.objects.all()) == [second, first, draft]
    assert list(Submission.objects.reverse()) == [draft, first, second]


def test_reminder_goes_once_for_each_deadline_to_proven_drafts():
    call = factories.call(closes_at=timezone.now() + dt.timedelta(days=2))
    due = factories.submission(call, proven_at=timezone.now(), created_at=ago(days=9))
    factories.submission(call, created_at=ago(days=9))
    factories.submission(call, proven_at=timezone.now())
    factories.submission(call, status="sent", proven_at=timezone.now(), created_at=ago(days=9))

    assert [reminder.remind(), reminder.remind()] == [1, 0]
    assert due.mails.filter(kind="submission_reminder").count() == 1

    call.closes_at += dt.timedelta(hours=5)
    call.save()
    assert reminder.remind() == 1


def test_permit_late_is_mailed_and_recorded(organizer):
    made = factories.submission()
    with pytest.raises(ValidationError):
        review.permit_late(made, until=ago(days=1), by=organizer.user)

    review.permit_late(made, until=timezone.now() + dt.timedelta(days=1), by=organizer.user)

    assert made.is_permitted_late
    assert AuditEntry.objects.filter(action="submission_late").count() == 1
    assert made.mails.filter(kind="submission_late").count() == 1


def test_erasure_leaves_counts_and_nothing_typed():
    district = factories.district()
    made = factories.submission(status="sent", district=district)
    Decision.objects.create(
        submission=made, field="goal", outcome="refused", proposed_value="secret"
    )

    assert privacy.erase_by_email(made.email.upper()) == 1
    assert privacy.erase_by_email(made.email) == 0

    stored = Submission.objects.get()
    assert (stored.status, stored.district, stored.values) == ("sent", district, {})
    assert not any(
        getattr(stored, name)
        for name in ("email", "email_key", "organization_name", "contact_name", "search_text")
    )
    assert Decision.objects.get().proposed_value is None
    assert not made.mails.exists()


@pytest.mark.parametrize(("reason", "left"), [("own_wish", 1), ("asked_for", 1), ("retention", 2)])
def test_who_wishes_to_be_erased_is_no_contact_of_the_project_either(organizer, reason, left):
    made = factories.submission(status="sent")
    choices = dict.fromkeys(made.values, Choice(Decision.Outcome.ACCEPTED))
    accept_fields(made, choices, by=organizer.user)
    factories.contact(project=made.project, email="colleague@example.org", phone="")
    assert Contact.objects.filter(project=made.project, email=made.email).exists()

    privacy.erase([made], reason=reason)

    assert Contact.objects.count() == left


def test_who_erases_corrections_stays_the_contact_that_was_there_before():
    project = factories.project(kind="request")
    contact = factories.contact(project=project, email="owner@example.org")
    sender = factories.sender(email=contact.email)
    made = submissions.propose_changes(factories.call(), project, sender, language="en")

    privacy.erase([made], reason="own_wish")

    assert Contact.objects.filter(pk=contact.pk).exists()


def test_retention_differs_for_drafts_of_strangers():
    old = {"saved_at": ago(days=40), "created_at": ago(days=40)}
    stranger = factories.submission(**old)
    factories.submission(**old, late_until=timezone.now() + dt.timedelta(days=1))
    factories.submission(**old, proven_at=timezone.now())
    factories.submission(**old, status="sent")
    ancient = factories.submission(status="sent", saved_at=ago(days=800))
    factories.submission(status="sent", saved_at=ago(days=800), reviewed_at=ago(days=9))

    assert privacy.erase_expired() == 2
    gone = set(Submission.objects.exclude(erased_at=None))
    assert gone == {stranger, ancient}


def test_own_data_tells_what_is_kept():
    made = factories.submission()

    [told] = privacy.own_data(made.email)

    assert told["values"]["Name of the need"] == "Rapid blood test"
    assert told["organization"] == made.organization_name
    assert privacy.own_data("") == []


def test_erase_submission_takes_an_address_or_a_number():
    by_phone = factories.submission(by=factories.sender(email="", phone="+8613800138000"))
    by_mail = factories.submission()

    call_command("erase_submission", "138 0013 8000", stdout=StringIO())
    call_command("erase_submission", by_mail.email, stdout=StringIO())

    assert not Submission.objects.named().exists()
    assert by_phone.pk
    with pytest.raises(CommandError, match="no such submission"):
        call_command("erase_submission", by_mail.email)


def test_erasing_a_person_takes_what_was_handed_in_along():
    made = factories.submission()

    assert erase_person(made.email)["submissions"] == 1
    assert not Submission.objects.named().exists()


def test_own_data_is_on_the_page_of_who_has_proven_the_address():
    person = factories.registered(factories.registration_settings().event)
    factories.submission(by=factories.sender(email=person.email))

    assert "Rapid blood test" not in str(own_data_sections(person))
    prove(person, "link")
    assert "Rapid blood test" in str(own_data_sections(person))


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ({"from": "100", "to": "200"}, "1,000,000–2,000,000 CNY", "100万–200万元人民币"),
        ({"from": "50", "to": "50"}, "500,000 CNY", "50万元人民币"),
        ({"to": "80.5"}, "up to 805,000 CNY", "不超过80.5万元人民币"),
        ({"from": "3000", "currency": "EUR"}, "from 3,000 EUR", "3,000欧元起"),
        ({"negotiable": True}, "by negotiation", "面议"),
        ({"from": "?"}, "", ""),
    ],
)
def test_an_amount_reads_as_on_the_page_of_a_project(value, english, chinese):
    field = BY_KEY["budget"]

    with override("en"):
        assert shown(field, value) == english
    with override("zh-hans"):
        assert shown(field, value) == chinese
