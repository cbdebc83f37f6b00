import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from events.models import SiteProfile
from projects.domain.signing import SigningRefused, sign
from projects.models import CooperationIntention, FollowUp, ReferenceCounter
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.projects.drafts import codes, everything, kinds, references
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = factories.DAY


def refused(draft, signed_on=DAY, **terms):
    return codes(lambda: sign(draft, signed_on=signed_on, **terms))


def test_sign_gives_reference_date_and_snapshot(organizer):
    draft = factories.intention()

    sign(draft, signed_on=DAY, by=organizer.user)

    stored = CooperationIntention.objects.get()
    assert (stored.status, stored.reference, stored.signed_on) == ("signed", "SJZ-2020-001", DAY)
    assert stored.history.first().history_user == organizer.user
    assert CooperationIntention.objects.visible().get() == stored


def test_sign_stores_every_name_in_both_languages():
    expert = factories.expert(
        name_en="Ann Hale",
        name_zh_hans="安·黑尔",
        honorific_en="Professor",
        honorific_zh_hans="教授",
    )
    affiliation = factories.affiliation(
        expert=expert, position_en="Head of research", position_zh_hans="研究部主任"
    )
    session = factories.session(kind="signing")
    project = factories.project()
    draft = factories.intention(
        expert=expert,
        expert_organization=affiliation.organization,
        session=session,
        projects=[project],
        subject_en="Early detection",
    )

    snapshot = sign(draft, signed_on=DAY).snapshot

    assert snapshot["expert"]["name"] == {"en": "Ann Hale", "zh-hans": "安·黑尔"}
    assert snapshot["expert"]["honorific"] == {"en": "Professor", "zh-hans": "教授"}
    assert snapshot["position"] == {"en": "Head of research", "zh-hans": "研究部主任"}
    assert snapshot["company"]["name"]["en"] == draft.company.name_en
    assert snapshot["expert_organization"]["name"]["en"] == affiliation.organization.name_en
    assert snapshot["event"]["title"]["zh-hans"] == session.event.title_zh_hans
    assert snapshot["session"]["title"]["en"] == session.title_en
    assert [p["title"]["zh-hans"] for p in snapshot["projects"]] == [project.title_zh_hans]
    assert snapshot["subject"] == {"en": "Early detection", "zh-hans": ""}
    assert snapshot["purpose"] == {"en": "To try it together.", "zh-hans": "共同试用。"}


def test_sign_stores_who_signed_in_which_capacity_and_the_witnesses():
    draft = factories.intention()
    factories.signatory(intention=draft, name_en="Li Na", name_zh_hans="李娜")
    factories.signatory(
        intention=draft, side="witness", name_en="Tom", name_zh_hans="", capacity_en=""
    )

    told = sign(draft, signed_on=DAY).snapshot["signatories"]

    assert told == [
        {
            "side": "company",
            "name": {"en": "Li Na", "zh-hans": "李娜"},
            "capacity": {"en": "Legal representative", "zh-hans": "法定代表人"},
        },
        {
            "side": "witness",
            "name": {"en": "Tom", "zh-hans": ""},
            "capacity": {"en": "", "zh-hans": "法定代表人"},
        },
    ]


def test_sign_takes_the_terms_of_the_draft():
    draft = factories.intention(
        valid_until=DAY + dt.timedelta(days=365),
        text_languages=["en", "zh"],
        governing_language="zh",
        intended_amount=Decimal("120000.50"),
        intended_currency="GBP",
    )

    assert sign(draft, signed_on=DAY).snapshot["terms"] == {
        "valid_until": "2021-10-29",
        "text_languages": ["en", "zh"],
        "governing_language": "zh",
        "intended_amount": "120000.50",
        "intended_currency": "GBP",
    }


def test_terms_given_at_the_signing_replace_those_of_the_draft():
    draft = factories.intention(text_languages=["en"], governing_language="en")

    signed = sign(
        draft,
        signed_on=DAY,
        text_languages=["en", "zh"],
        governing_language="zh",
        intended_amount=Decimal(5),
        intended_currency="CNY",
    )

    stored = CooperationIntention.objects.get()
    assert stored.governing_language == signed.snapshot["terms"]["governing_language"] == "zh"
    assert (stored.intended_amount, stored.intended_currency) == (5, "CNY")
    assert stored.contracted_amount is None


def test_sign_knows_no_other_terms():
    with pytest.raises(TypeError, match="is_public"):
        sign(factories.intention(), signed_on=DAY, is_public=False)


def test_the_snapshot_stays_when_names_change():
    person = factories.signatory()
    signed = sign(person.intention, signed_on=DAY)
    words = signed.snapshot
    project = signed.project_links.get().project

    for row in (signed.company, signed.expert, signed.expert_organization):
        row.name_en = row.name_zh_hans = "Renamed"
        factories.save(row)
    for row in (project, signed.event):
        row.title_en = row.title_zh_hans = "Renamed"
        factories.save(row)

    assert CooperationIntention.objects.get().snapshot == words
    assert "Renamed" not in str(words)


def test_sign_takes_what_is_stored_not_what_somebody_looked_at():
    draft = factories.intention()
    draft.company = None

    signed = sign(draft, signed_on=DAY)

    assert signed.company is not None


def test_sign_plans_follow_ups_after_1_6_and_12_months(organizer):
    signed = sign(factories.intention(), signed_on=DAY, by=organizer.user)

    planned = signed.follow_ups.values_list("due_on", "assigned_to", "outcome", "done_on")
    assert list(planned) == [
        (dt.date(2020, 11, 29), organizer.user.pk, "", None),
        (dt.date(2021, 4, 29), organizer.user.pk, "", None),
        (dt.date(2021, 10, 29), organizer.user.pk, "", None),
    ]
    written = {row.history.get().history_user for row in signed.follow_ups.all()}
    assert written == {organizer.user}


def test_the_site_profile_says_when_it_is_followed_up():
    profile = SiteProfile.load()
    profile.follow_up_months = "3，24"
    factories.save(profile)

    signed = factories.signed_intention()

    due = [row.due_on for row in signed.follow_ups.all()]
    assert due == [dt.date(2021, 1, 29), dt.date(2022, 10, 29)]


# Refused


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"company": None}, "no_company"),
        ({"expert": None}, "no_expert"),
        ({"projects": []}, "no_subject"),
        ({"projects": [], "subject_en": "  "}, "no_subject"),
        ({"valid_until": DAY - dt.timedelta(days=1)}, "term_ends_early"),
    ],
)
def test_sign_refuses_a_draft_that_lacks_something(fields, code):
    assert refused(factories.intention(**fields)) == [code]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"intended_amount": Decimal(5)}, "amount_without_currency"),
        ({"intended_currency": "CNY"}, "amount_without_currency"),
        ({"intended_amount": Decimal(-5), "intended_currency": "CNY"}, "negative"),
        ({"intended_amount": Decimal(10**13), "intended_currency": "CNY"}, "max_whole_digits"),
        ({"intended_amount": Decimal(5), "intended_currency": "DOGE"}, "invalid_choice"),
        ({"text_languages": ["en", "xx"]}, "unknown_language"),
        ({"text_languages": "en"}, "unknown_language"),
        ({"governing_language": "xx"}, "invalid_choice"),
        ({"valid_until": DAY - dt.timedelta(days=1)}, "term_ends_early"),
    ],
)
def test_sign_refuses_terms_that_are_none(terms, code):
    draft = factories.intention()
    before = everything()

    with pytest.raises(ValidationError) as refusal:
        sign(draft, signed_on=DAY, **terms)

    assert code in codes_of(refusal.value)
    assert everything() == before


def test_the_language_that_governs_is_one_of_the_text():
    with pytest.raises(ValidationError, match="one of the languages of the text"):
        sign(factories.intention(), signed_on=DAY, text_languages=["en"], governing_language="zh")


def test_sign_refuses_without_a_date():
    assert refused(factories.intention(), signed_on=None) == ["no_date"]


def test_sign_refuses_a_day_before_the_event_or_in_the_future():
    tomorrow = dt.date.today() + dt.timedelta(days=2)

    assert refused(factories.intention(), signed_on=DAY - dt.timedelta(days=1)) == ["before_event"]
    assert refused(factories.intention(), signed_on=tomorrow) == ["future"]


def test_sign_says_what_to_do():
    draft = factories.intention(company=None, expert=None, projects=[])

    with pytest.raises(SigningRefused) as refusal:
        sign(draft, signed_on=None)

    assert refusal.value.messages == [
        "Enter the day of signing.",
        "Choose the organization that signs.",
        "Choose the expert who signs.",
        "Name a project, or the subject where there is none.",
    ]


def test_sign_names_everything_that_is_missing_at_once():
    draft = factories.intention(company=None, expert=None, projects=[])

    assert refused(draft, signed_on=None) == ["no_date", "no_company", "no_expert", "no_subject"]


def test_sign_takes_today_in_the_events_zone():
    """Shanghai is a day ahead of UTC in the evening."""
    with time_machine.travel(dt.datetime(2020, 10, 29, 20, tzinfo=dt.UTC)):
        signed = sign(factories.intention(), signed_on=dt.date(2020, 10, 30))

    assert signed.signed_on == dt.date(2020, 10, 30)


def test_a_subject_stands_in_for_a_project():
    draft = factories.intention(projects=[], subject_zh_hans="联合培养人才")

    signed = sign(draft, signed_on=DAY)

    assert signed.snapshot["projects"] == []
    assert signed.snapshot["subject"]["zh-hans"] == "联合培养人才"


def test_sign_twice_is_refused_and_gives_no_second_number():
    signed = factories.signed_intention()

    with pytest.raises(MoveRefused, match="“signed” and cannot be signed any more"):
        sign(signed, signed_on=DAY)

    assert CooperationIntention.objects.get().reference == "SJZ-2020-001"
    assert ReferenceCounter.objects.get().last == 1
    assert FollowUp.objects.count() == 3


def test_what_was_abandoned_is_not_signed():
    abandoned = factories.abandoned_intention()

    assert refused(abandoned) == ["not_allowed"]


# References


def test_references_count_by_prefix_and_year():
    series = factories.series(reference_prefix="SJZ")
    first, other_year = factories.event(series=series), factories.event(series=series)
    alone = factories.event()
    in_2021 = dt.date(2021, 1, 5)

    given = [
        factories.signed_intention(event=first).reference,
        factories.signed_intention(event=other_year).reference,
        factories.signed_intention(event=first, signed_on=in_2021).reference,
        factories.signed_intention(event=alone).reference,
        factories.signed_intention(event=first).reference,
    ]

    assert given == [
        *("SJZ-2020-001", "SJZ-2020-002", "SJZ-2021-001", "SUMMIT-2020-001", "SJZ-2020-003")
    ]


def test_a_signature_that_fails_gives_its_number_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.signed_intention()
        raise RuntimeError

    assert factories.signed_intention().reference == "SJZ-2020-001"


def test_a_signature_that_is_refused_leaves_no_gap():
    event = factories.event(series=factories.series())
    factories.signed_intention(event=event)
    refused(factories.intention(event=event, company=None))

    assert factories.signed_intention(event=event).reference == "SJZ-2020-002"


# Raced


@pytest.mark.django_db(transaction=True)
def test_the_same_draft_signed_twice_at_once_is_signed_once():
    draft = factories.intention()

    results = at_once(
        *[
            lambda: sign(CooperationIntention.objects.get(pk=draft.pk), signed_on=DAY)
            for _ in range(2)
        ]
    )

    assert kinds(results) == ["CooperationIntention", "MoveRefused"]
    assert ReferenceCounter.objects.get().last == 1
    assert FollowUp.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_drafts_signed_at_once_get_numbers_without_a_gap():
    event = factories.event(series=factories.series())
    drafts = [factories.intention(event=event) for _ in range(4)]

    results = at_once(*[lambda d=draft: sign(d, signed_on=DAY) for draft in drafts])

    assert kinds(results) == ["CooperationIntention"] * 4
    assert sorted(references()) == [f"SJZ-2020-00{number}" for number in (1, 2, 3, 4)]


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_among_those_signed_at_once_leaves_no_gap():
    event = factories.event(series=factories.series())
    good = [factories.intention(event=event) for _ in range(3)]

    def fail():
        with transaction.atomic():
            sign(factories.intention(event=event), signed_on=DAY)
            raise RuntimeError

    results = at_once(*[lambda d=draft: sign(d, signed_on=DAY) for draft in good], fail)

    assert kinds(results) == ["CooperationIntention"] * 3 + ["RuntimeError"]
    assert sorted(references()) == ["SJZ-2020-001", "SJZ-2020-002", "SJZ-2020-003"]
    assert ReferenceCounter.objects.get().last == 3
