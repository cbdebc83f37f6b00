"""Ceremonies: all drafts of a session are signed in one step, or none."""

import datetime as dt

import pytest

from projects.domain import signing
from projects.domain.draft_versions import versions
from projects.domain.signing import SigningRefused, sign, sign_ceremony
from projects.models import CooperationIntention, FollowUp, ReferenceCounter
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.projects.drafts import ceremony, codes, everything, kinds, references
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = factories.DAY


def test_ceremony_signs_all_drafts_of_its_session_in_the_order_of_their_making(organizer):
    session = ceremony()
    elsewhere = factories.intention(event=session.event)

    signed = sign_ceremony(session, signed_on=DAY, by=organizer.user)

    assert [each.reference for each in signed] == ["SJZ-2020-001", "SJZ-2020-002", "SJZ-2020-003"]
    assert references() == [each.reference for each in signed]
    assert FollowUp.objects.count() == 9
    assert ReferenceCounter.objects.get().last == 3
    elsewhere.refresh_from_db()
    assert elsewhere.is_draft


def test_ceremony_writes_the_same_as_signing_one_by_one(organizer):
    session = ceremony(2)
    first, second = CooperationIntention.objects.order_by("pk")
    sign(first, signed_on=DAY, by=organizer.user)

    sign_ceremony(session, signed_on=DAY, by=organizer.user)

    for each in (first, second):
        each.refresh_from_db()
        record = each.history.latest()
        assert (record.status, record.history_type) == ("signed", "~")
        assert (record.reference, record.snapshot) == (each.reference, each.snapshot)
        assert record.history_user == organizer.user
        assert each.history.count() == 2
        planned = each.follow_ups.all()
        assert {row.history.get().history_user for row in planned} == {organizer.user}
    alike = [each.snapshot.keys() for each in (first, second)]
    assert alike[0] == alike[1]


def test_ceremony_signs_all_or_none_and_names_what_each_lacks():
    session = ceremony(1)
    factories.intention(session=session, company=None)
    factories.intention(session=session, projects=[])

    with pytest.raises(SigningRefused) as refusal:
        sign_ceremony(session, signed_on=DAY)

    company, subject = refusal.value.messages
    assert company.startswith("draft · — ·") and company.endswith(
        "Choose the organization that signs."
    )
    assert subject.endswith("Name a project, or the subject where there is none.")
    assert codes(lambda: sign_ceremony(session, signed_on=DAY)) == ["no_company", "no_subject"]


def test_ceremony_says_once_that_the_day_is_wrong():
    session = ceremony()

    assert codes(lambda: sign_ceremony(session, signed_on=None)) == ["no_date"]
    before = DAY - dt.timedelta(days=1)
    assert codes(lambda: sign_ceremony(session, signed_on=before)) == ["before_event"]


def test_ceremony_without_drafts_is_refused_and_so_is_a_second_one():
    session = ceremony(2)
    sign_ceremony(session, signed_on=DAY)

    assert codes(lambda: sign_ceremony(session, signed_on=DAY)) == ["nothing"]


def test_ceremony_signs_only_what_its_signer_has_seen():
    session = ceremony(2)
    seen = versions(CooperationIntention.objects.all())
    factories.intention(session=session)

    assert codes(lambda: sign_ceremony(session, signed_on=DAY, seen=seen)) == ["changed_meanwhile"]
    seen = versions(CooperationIntention.objects.all())
    assert len(sign_ceremony(session, signed_on=DAY, seen=seen)) == 3


def edit_purpose(draft):
    draft.purpose_en = "Something else"
    draft.save()


def rename_company(draft):
    draft.company.name_en = "Another Company"
    draft.company.save()


def add_signatory(draft):
    factories.signatory(intention=draft)


def raise_amount(draft):
    draft.intended_amount, draft.intended_currency = 5, "CNY"
    draft.save()


def rename_project(draft):
    project = draft.projects.first()
    project.title_en = "Another project"
    project.save()


@pytest.mark.parametrize(
    "edit", [edit_purpose, rename_company, add_signatory, raise_amount, rename_project]
)
def test_draft_that_was_edited_after_it_was_seen_is_not_signed(edit):
    session = ceremony(2)
    seen = versions(CooperationIntention.objects.all())
    first, other = CooperationIntention.objects.order_by("pk")
    edit(first)

    for sign_it in (
        lambda: sign_ceremony(session, signed_on=DAY, seen=seen),
        lambda: sign(first, signed_on=DAY, seen=seen[first.pk]),
    ):
        assert codes(sign_it) == ["changed_meanwhile"]
    sign(other, signed_on=DAY, seen=seen[other.pk])
    sign_ceremony(
        session, signed_on=DAY, seen=versions(CooperationIntention.objects.filter(pk=first.pk))
    )


def test_refusal_names_the_drafts_that_were_edited():
    session = ceremony(3)
    seen = versions(CooperationIntention.objects.all())
    first, second, _third = CooperationIntention.objects.order_by("pk")
    for each in (first, second):
        edit_purpose(each)

    with pytest.raises(SigningRefused) as refusal:
        sign_ceremony(session, signed_on=DAY, seen=seen)

    assert refusal.value.messages == [
        f"These drafts were changed after you opened this page: {first}; {second}. "
        "Look at them and sign again."
    ]


def test_abandoned_drafts_take_no_part_in_a_ceremony():
    session = ceremony(1)
    factories.abandoned_intention(session=session)

    assert len(sign_ceremony(session, signed_on=DAY)) == 1


def test_look_over_tells_what_each_draft_lacks_and_changes_nothing():
    session = ceremony(1)
    factories.intention(session=session, expert=None, projects=[])
    before = everything()

    told = [lacks for _draft, lacks in signing.look_over(session)]

    assert told == [
        [],
        ["Choose the expert who signs.", "Name a project, or the subject where there is none."],
    ]
    assert everything() == before


def test_ceremony_takes_as_many_queries_for_two_as_for_twelve(django_assert_max_num_queries):
    small, large = ceremony(2), ceremony(12)
    # Makes what is made once: the site's profile, the counter of this prefix and year.
    factories.signed_intention()

    counts = []
    for session in (small, large):
        with django_assert_max_num_queries(20) as queries:
            sign_ceremony(session, signed_on=DAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_ceremonies_of_one_session_at_once_are_one():
    session = ceremony()

    results = at_once(*[lambda: sign_ceremony(session, signed_on=DAY) for _ in range(2)])

    assert kinds(results) == ["SigningRefused", "list"]
    assert sorted(references()) == ["SJZ-2020-001", "SJZ-2020-002", "SJZ-2020-003"]
    assert FollowUp.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_ceremonies_of_two_sessions_at_once_share_the_numbers():
    series = factories.series()
    sessions = [factories.session(event=factories.event(series=series)) for _ in range(2)]
    for session in sessions:
        for _number in range(3):
            factories.intention(session=session)

    results = at_once(*[lambda s=each: sign_ceremony(s, signed_on=DAY) for each in sessions])

    assert kinds(results) == ["list", "list"]
    assert sorted(references()) == [f"SJZ-2020-00{number}" for number in range(1, 7)]


@pytest.mark.django_db(transaction=True)
def test_a_draft_signed_while_its_ceremony_is_held_is_signed_once():
    session = ceremony()
    one = CooperationIntention.objects.order_by("pk")[1]

    alone, together = at_once(
        lambda: sign(one, signed_on=DAY), lambda: sign_ceremony(session, signed_on=DAY)
    )

    # Whoever comes first: the ceremony signs the rest, or leaves nothing for the other.
    if isinstance(alone, MoveRefused):
        assert len(together) == 3
    else:
        assert len(together) == 2
    assert sorted(references()) == ["SJZ-2020-001", "SJZ-2020-002", "SJZ-2020-003"]
    assert FollowUp.objects.count() == 9
