import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from projects.domain import intention as domain
from projects.domain.intention import SigningRefused
from projects.models import CooperationIntention, ReferenceCounter
from summit.lib.states import MoveRefused
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = dt.date(2020, 10, 29)


def refused(draft, signed_on=DAY):
    """Return the codes of the refusal, which must leave no trace."""
    with pytest.raises(SigningRefused) as refusal:
        domain.sign(draft, signed_on=signed_on)
    stored = CooperationIntention.objects.get(pk=draft.pk)
    assert (stored.status, stored.reference, stored.snapshot) == ("draft", None, None)
    return [error.code for error in refusal.value.error_list]


def test_sign_gives_reference_date_and_snapshot(organizer):
    draft = factories.intention()

    domain.sign(draft, signed_on=DAY, by=organizer.user)

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

    snapshot = domain.sign(draft, signed_on=DAY).snapshot

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


def test_the_snapshot_stays_when_names_change():
    signed = factories.signed_intention()
    name = signed.company.name_en

    signed.company.name_en = "Renamed"
    factories.save(signed.company)

    assert CooperationIntention.objects.get().snapshot["company"]["name"]["en"] == name


def test_sign_takes_what_is_stored_not_what_somebody_looked_at():
    draft = factories.intention()
    draft.company = None

    signed = domain.sign(draft, signed_on=DAY)

    assert signed.company is not None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"company": None}, "no_company"),
        ({"expert": None}, "no_expert"),
        ({"projects": []}, "no_subject"),
        ({"projects": [], "subject_en": "  "}, "no_subject"),
    ],
)
def test_sign_refuses_what_lacks_a_party_or_a_subject(fields, code):
    assert refused(factories.intention(**fields)) == [code]


def test_sign_refuses_without_a_date():
    assert refused(factories.intention(), signed_on=None) == ["no_date"]


def test_sign_refuses_a_day_before_the_event_or_in_the_future():
    tomorrow = dt.date.today() + dt.timedelta(days=2)

    assert refused(factories.intention(), signed_on=DAY - dt.timedelta(days=1)) == ["before_event"]
    assert refused(factories.intention(), signed_on=tomorrow) == ["future"]


def test_sign_names_everything_that_is_missing_at_once():
    draft = factories.intention(company=None, expert=None, projects=[])

    assert refused(draft, signed_on=None) == ["no_date", "no_company", "no_expert", "no_subject"]


def test_sign_takes_today_in_the_events_zone():
    """Shanghai is a day ahead of UTC in the evening."""
    with time_machine.travel(dt.datetime(2020, 10, 29, 20, tzinfo=dt.UTC)):
        signed = domain.sign(factories.intention(), signed_on=dt.date(2020, 10, 30))

    assert signed.signed_on == dt.date(2020, 10, 30)


def test_a_subject_stands_in_for_a_project():
    draft = factories.intention(projects=[], subject_zh_hans="联合培养人才")

    signed = domain.sign(draft, signed_on=DAY)

    assert signed.snapshot["projects"] == []
    assert signed.snapshot["subject"]["zh-hans"] == "联合培养人才"


def test_sign_twice_is_refused_and_gives_no_second_number():
    signed = factories.signed_intention()

    with pytest.raises(MoveRefused):
        domain.sign(signed, signed_on=DAY)

    assert CooperationIntention.objects.get().reference == "SJZ-2020-001"
    assert ReferenceCounter.objects.get().last == 1


def test_references_count_by_prefix_and_year():
    series = factories.series(reference_prefix="SJZ")
    first, other_year = factories.event(series=series), factories.event(series=series)
    alone = factories.event()
    in_2021 = dt.date(2021, 1, 5)

    references = [
        factories.signed_intention(event=first).reference,
        factories.signed_intention(event=other_year).reference,
        factories.signed_intention(event=first, signed_on=in_2021).reference,
        factories.signed_intention(event=alone).reference,
    ]

    assert references == ["SJZ-2020-001", "SJZ-2020-002", "SJZ-2021-001", "SUMMIT-2020-001"]


def test_a_signature_that_fails_gives_its_number_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.signed_intention()
        raise RuntimeError

    assert factories.signed_intention().reference == "SJZ-2020-001"


def test_what_was_signed_is_kept_from_deletion():
    signed = factories.signed_intention()

    for row in (signed.company, signed.expert, signed.event, signed.project_links.get().project):
        with pytest.raises(Exception, match="protected"):
            row.delete()


@pytest.mark.django_db(transaction=True)
def test_the_same_draft_signed_twice_at_once_is_signed_once():
    draft = factories.intention()

    results = at_once(
        *[
            lambda: domain.sign(CooperationIntention.objects.get(pk=draft.pk), signed_on=DAY)
            for _ in range(2)
        ]
    )

    assert sorted(type(result).__name__ for result in results) == [
        "CooperationIntention",
        "MoveRefused",
    ]
    assert ReferenceCounter.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_drafts_signed_at_once_get_numbers_without_a_gap():
    event = factories.event(series=factories.series())
    drafts = [factories.intention(event=event) for _ in range(4)]

    results = at_once(*[lambda d=draft: domain.sign(d, signed_on=DAY) for draft in drafts])

    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(CooperationIntention.objects.values_list("reference", flat=True)) == [
        f"SJZ-2020-00{number}" for number in (1, 2, 3, 4)
    ]


def test_a_session_of_another_event_is_refused():
    with pytest.raises(ValidationError, match="another event"):
        factories.intention(event=factories.event(), session=factories.session())
