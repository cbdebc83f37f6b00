import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from projects.domain.amendment import AmendmentRefused, amend
from projects.models import Amendment, CooperationIntention
from tests import factories
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = factories.DAY
LATER = DAY + dt.timedelta(days=60)
TEXTS = {
    "reason_en": "A slip of the pen.",
    "reason_zh_hans": "笔误。",
    "change_en": "The second paragraph is left out.",
    "change_zh_hans": "删除第二段。",
}


def refused(intention, **given) -> ValidationError:
    """Return the refusal, which must leave everything as it was."""
    before = (list(CooperationIntention.objects.values()), Amendment.objects.count())
    with pytest.raises(ValidationError) as refusal:
        amend(intention, **{"amended_on": LATER, "by": None} | TEXTS | given)
    assert (list(CooperationIntention.objects.values()), Amendment.objects.count()) == before
    return refusal.value


def test_amendment_stands_beside_what_was_signed(organizer):
    signed = factories.signed_intention()
    before = CooperationIntention.objects.values().get()

    made = amend(signed, amended_on=LATER, by=organizer.user, **TEXTS)

    assert (made.number, made.amended_on, made.recorded_by) == (1, LATER, organizer.user)
    assert {name: getattr(made, name) for name in TEXTS} == TEXTS
    assert CooperationIntention.objects.values().get() == before
    assert made.history.get().history_user == organizer.user


def test_new_terms_are_in_force_and_the_snapshot_keeps_those_that_were_signed(organizer):
    signed = factories.signed_intention(
        valid_until=LATER, intended_amount=Decimal(5), intended_currency="CNY"
    )
    words = signed.snapshot

    amend(
        signed,
        amended_on=LATER,
        by=organizer.user,
        valid_until=dt.date(2030, 1, 1),
        intended_amount=Decimal(9),
        intended_currency="GBP",
        **TEXTS,
    )

    row = CooperationIntention.objects.get()
    assert (row.valid_until, row.intended_amount, row.intended_currency) == (
        dt.date(2030, 1, 1),
        9,
        "GBP",
    )
    assert row.snapshot == words
    assert words["terms"]["valid_until"] == LATER.isoformat()
    assert row.history.latest().history_user == organizer.user


def test_amendments_are_numbered_in_their_order():
    signed = factories.signed_intention()

    numbers = [factories.amendment(intention=signed).number for _ in range(3)]

    assert numbers == [1, 2, 3]
    assert factories.amendment().number == 1


def test_a_converted_intention_can_be_amended():
    assert factories.amendment(
        intention=factories.converted_intention(), amended_on=dt.date(2021, 5, 1)
    ).pk


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (factories.intention, "draft"),
        (factories.abandoned_intention, "draft"),
        (factories.lapsed_intention, "ended"),
        (factories.terminated_intention, "ended"),
    ],
)
def test_amend_refuses_what_is_not_signed_or_has_ended(make, code):
    refusal = refused(make())

    assert isinstance(refusal, AmendmentRefused)
    assert refusal.code == code


def test_amend_tells_what_to_do_with_a_draft():
    assert "Edit the draft instead" in refused(factories.intention()).messages[0]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amended_on": None}, "no_date"),
        ({"amended_on": DAY - dt.timedelta(days=1)}, "before_signature"),
        ({"amended_on": dt.date(2999, 1, 1)}, "future"),
        ({"intended_amount": Decimal(5)}, "amount_without_currency"),
        ({"intended_currency": "CNY"}, "amount_without_currency"),
        ({"intended_amount": Decimal(-5), "intended_currency": "CNY"}, "negative"),
    ],
)
def test_amend_refuses(given, code):
    assert codes_of(refused(factories.signed_intention(), **given)) == [code]


def test_amendment_of_a_day_before_the_last_one_is_refused():
    signed = factories.signed_intention()
    factories.amendment(intention=signed, amended_on=LATER)

    early = LATER - dt.timedelta(days=1)

    assert codes_of(refused(signed, amended_on=early)) == ["before_last"]
    assert amend(signed, amended_on=LATER, by=None, **TEXTS).number == 2


@pytest.mark.parametrize("name", ["reason", "change"])
def test_amend_asks_for_reason_and_change_in_one_language_at_least(name):
    signed = factories.signed_intention()

    refusal = refused(signed, **{f"{name}_en": " ", f"{name}_zh_hans": ""})

    assert refusal.error_dict[f"{name}_en"][0].code == "no_language"
    assert amend(signed, amended_on=LATER, by=None, **{**TEXTS, f"{name}_en": ""}).pk


def test_amend_refuses_a_term_that_ends_before_the_signature():
    refusal = refused(factories.signed_intention(), valid_until=DAY - dt.timedelta(days=1))

    assert refusal.messages == ["The term must end on the day of signing or later."]


@pytest.mark.django_db(transaction=True)
def test_two_amendments_at_once_are_numbered_one_after_the_other():
    signed = factories.signed_intention()

    def record():
        row = CooperationIntention.objects.get(pk=signed.pk)
        return amend(row, amended_on=LATER, by=None, **TEXTS)

    results = at_once(record, record, record)

    assert sorted(made.number for made in results) == [1, 2, 3]
