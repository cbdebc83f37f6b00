import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from projects.domain import intention as domain
from projects.domain import signing
from projects.domain.amendment import amend
from projects.models import CooperationIntention, IntentionProject
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = factories.DAY
LATER = DAY + dt.timedelta(days=200)


def stored():
    return CooperationIntention.objects.values().get()


def refused(call) -> list[str]:
    """Return the codes of the refusal, which must leave row and history as they were."""
    before, records = stored(), CooperationIntention.history.count()
    with pytest.raises(ValidationError) as refusal:
        call()
    assert (stored(), CooperationIntention.history.count()) == (before, records)
    return codes_of(refusal.value)


def convert(intention, **given):
    contract = {"kind": "licence", "contracted_on": LATER, "by": None}
    return domain.convert(intention, **contract | given)


def terminate(intention, **given):
    end = {"reason": "The trial failed.", "terminated_on": LATER, "by": None}
    return domain.terminate(intention, **end | given)


VERBS = {
    "convert": convert,
    "lapse": lambda intention: domain.lapse(intention, by=None),
    "terminate": terminate,
    "abandon": lambda intention: domain.abandon(intention, by=None),
}
MADE = {
    "draft": factories.intention,
    "abandoned": factories.abandoned_intention,
    "signed": lambda: factories.signed_intention(valid_until=DAY + dt.timedelta(days=30)),
    "converted": factories.converted_intention,
    "lapsed": factories.lapsed_intention,
    "terminated": factories.terminated_intention,
}
LEADS_TO = {
    "convert": "converted",
    "lapse": "lapsed",
    "terminate": "terminated",
    "abandon": "abandoned",
}


@pytest.mark.parametrize("status", MADE)
@pytest.mark.parametrize("verb", VERBS)
def test_moves_are_those_of_the_table_and_no_others(status, verb):
    intention = MADE[status]()
    to = LEADS_TO[verb]

    if to in CooperationIntention.MOVES.get(status, ()):
        VERBS[verb](intention)
        assert stored()["status"] == to
    else:
        assert refused(lambda: VERBS[verb](intention)) == ["not_allowed"]


# Converting


def test_convert_takes_the_contract_and_keeps_the_amounts_apart(organizer):
    signed = factories.signed_intention(intended_amount=Decimal(100), intended_currency="GBP")

    convert(
        signed,
        kind="joint_venture",
        number=" JV-7 ",
        amount=Decimal("250.50"),
        currency="CNY",
        by=organizer.user,
    )

    row = CooperationIntention.objects.get()
    assert (row.status, row.contract_kind, row.contract_number) == (
        "converted",
        "joint_venture",
        "JV-7",
    )
    assert (row.contracted_amount, row.contracted_currency) == (Decimal("250.50"), "CNY")
    assert (row.intended_amount, row.intended_currency) == (100, "GBP")
    assert row.closed_on == LATER
    assert row.history.latest().history_user == organizer.user


@pytest.mark.parametrize("kind", CooperationIntention.ContractKind.values)
def test_convert_knows_every_kind_of_contract(kind):
    assert convert(factories.signed_intention(), kind=kind).contract_kind == kind


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": ""}, "no_kind"),
        ({"kind": "handshake"}, "no_kind"),
        ({"contracted_on": None}, "no_date"),
        ({"contracted_on": DAY - dt.timedelta(days=1)}, "before_signature"),
        ({"contracted_on": dt.date(2999, 1, 1)}, "future"),
        ({"amount": Decimal(5)}, "amount_without_currency"),
        ({"currency": "CNY"}, "amount_without_currency"),
        ({"amount": Decimal(-5), "currency": "CNY"}, "negative"),
    ],
)
def test_convert_refuses(given, code):
    signed = factories.signed_intention()

    assert refused(lambda: convert(signed, **given)) == [code]


@pytest.mark.parametrize(
    "given", [{"number": "x" * 61}, {"amount": Decimal(10**13), "currency": "CNY"}]
)
def test_convert_refuses_what_no_column_holds(given):
    signed = factories.signed_intention()
    before = stored()

    with pytest.raises(ValidationError):
        convert(signed, **given)

    assert stored() == before


def test_convert_names_everything_that_is_missing_at_once():
    signed = factories.signed_intention()

    found = refused(lambda: convert(signed, kind="", contracted_on=None, amount=Decimal(1)))

    assert found == ["no_kind", "amount_without_currency", "no_date"]


# Lapsing


def test_lapse_takes_the_end_of_the_term(organizer):
    signed = factories.signed_intention(valid_until=dt.date(2021, 10, 29))

    domain.lapse(signed, by=organizer.user)

    row = CooperationIntention.objects.get()
    assert (row.status, row.closed_on) == ("lapsed", dt.date(2021, 10, 29))
    assert row.history.latest().history_user == organizer.user


def test_lapse_refuses_what_has_no_term():
    signed = factories.signed_intention()

    assert refused(lambda: domain.lapse(signed, by=None)) == ["no_term"]


def test_lapse_refuses_on_the_last_day_of_the_term_and_takes_the_next():
    with time_machine.travel(dt.datetime(2021, 1, 10, 12, tzinfo=dt.UTC)):
        signed = factories.signed_intention(valid_until=dt.date(2021, 1, 10))
        assert refused(lambda: domain.lapse(signed, by=None)) == ["still_valid"]
    # Already the eleventh in Shanghai.
    with time_machine.travel(dt.datetime(2021, 1, 10, 17, tzinfo=dt.UTC)):
        domain.lapse(signed, by=None)

    assert stored()["status"] == "lapsed"


def test_lapse_goes_by_the_term_that_an_amendment_has_set():
    signed = factories.signed_intention(valid_until=dt.date(2021, 1, 10))
    factories.amendment(intention=signed, valid_until=dt.date(2999, 1, 1))

    assert refused(lambda: domain.lapse(signed, by=None)) == ["still_valid"]


# Terminating, abandoning


def test_terminate_takes_day_and_reason(organizer):
    terminate(factories.signed_intention(), reason=" No money. ", by=organizer.user)

    row = CooperationIntention.objects.get()
    assert (row.status, row.closed_on, row.closing_reason) == ("terminated", LATER, "No money.")
    assert row.history.latest().history_user == organizer.user


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": "  "}, "no_reason"),
        ({"terminated_on": None}, "no_date"),
        ({"terminated_on": DAY - dt.timedelta(days=1)}, "before_signature"),
        ({"terminated_on": dt.date(2999, 1, 1)}, "future"),
    ],
)
def test_terminate_refuses(given, code):
    signed = factories.signed_intention()

    assert refused(lambda: terminate(signed, **given)) == [code]


def test_abandon_puts_a_draft_aside(organizer):
    domain.abandon(factories.intention(), reason="They never came.", by=organizer.user)

    row = CooperationIntention.objects.get()
    assert (row.status, row.closing_reason) == ("abandoned", "They never came.")
    assert row.closed_on is not None and row.reference is None
    assert not CooperationIntention.objects.signed().exists()
    assert row.history.latest().history_user == organizer.user


@pytest.mark.parametrize("verb", VERBS)
def test_a_move_saves_nothing_that_somebody_only_looked_at(verb):
    intention = MADE["draft" if verb == "abandon" else "signed"]()
    intention.purpose_en = "Something that nobody saved"

    VERBS[verb](intention)

    assert stored()["purpose_en"] == "To try it together."


# Immutable


def change(name):
    return {
        "event": factories.event,
        "session": lambda: None,
        "company": factories.organization,
        "expert": factories.expert,
        "expert_organization": lambda: None,
        "signed_on": lambda: LATER,
        "text_languages": lambda: ["fr"],
        "governing_language": lambda: "fr",
        "reference": lambda: "SJZ-2020-999",
        "snapshot": lambda: {"company": "another"},
        "valid_until": lambda: dt.date(2040, 1, 1),
        "intended_amount": lambda: Decimal(7),
        "intended_currency": lambda: "EUR",
    }.get(name, lambda: "Another text")()


@pytest.mark.parametrize("name", CooperationIntention.SIGNED_FIELDS)
def test_what_is_signed_refuses_every_change_of_what_the_signature_fixes(name):
    session = factories.session(event=factories.event(series=factories.series()))
    signed = factories.signed_intention(
        session=session,
        valid_until=LATER,
        intended_amount=Decimal(5),
        intended_currency="CNY",
        text_languages=["en", "fr"],
        governing_language="en",
    )

    setattr(signed, name, change(name))
    if name == "event":
        signed.session = None
    if name == "text_languages":
        signed.governing_language = "fr"

    with pytest.raises(ValidationError, match="[Rr]ecord an amendment"):
        signed.full_clean()


def test_what_the_signature_does_not_fix_can_be_changed():
    signed = factories.signed_intention()
    signed.is_public, signed.shows_amounts = False, True

    factories.save(signed)

    assert not CooperationIntention.objects.get().is_public


@pytest.mark.parametrize("part", ["project", "person"])
def test_parts_of_what_is_signed_refuse_changes_and_company(part):
    person = factories.signatory()
    signed = signing.sign(person.intention, signed_on=DAY)
    row = signed.project_links.get() if part == "project" else signed.signatories.get()
    new = (
        IntentionProject(intention=signed, project=factories.project())
        if part == "project"
        else type(row)(intention=signed, name_en="Somebody")
    )

    row.order = 5
    for each in (row, new):
        with pytest.raises(ValidationError, match="[Rr]ecord an amendment"):
            each.full_clean()


def test_what_was_signed_is_kept_from_deletion():
    session = factories.session(event=factories.event(series=factories.series()))
    signed = factories.signed_intention(session=session)
    project = signed.project_links.get().project

    for row in (
        *(signed.company, signed.expert, signed.expert_organization, signed.event),
        *(session, project, signed),
    ):
        with pytest.raises(ProtectedError):
            row.delete()


def test_a_session_of_another_event_is_refused():
    with pytest.raises(ValidationError, match="another event"):
        factories.intention(event=factories.event(), session=factories.session())


# Raced


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["convert", "terminate", "lapse"])
def test_of_two_who_press_at_once_one_moves_it(other):
    signed = MADE["signed"]()

    def press(verb):
        return lambda: VERBS[verb](CooperationIntention.objects.get(pk=signed.pk))

    results = at_once(press("convert"), press(other))

    assert sorted(type(result).__name__ for result in results) == [
        "CooperationIntention",
        "MoveRefused",
    ]
    moved = next(result for result in results if not isinstance(result, Exception))
    row = CooperationIntention.objects.get()
    assert row.status == moved.status
    assert (row.contract_kind != "") == (row.status == "converted")
    assert [record.status for record in row.history.all()] == [row.status, "signed", "draft"]


@pytest.mark.django_db(transaction=True)
def test_signed_or_abandoned_never_both():
    draft = factories.intention()

    results = at_once(
        lambda: signing.sign(CooperationIntention.objects.get(), signed_on=DAY),
        lambda: domain.abandon(CooperationIntention.objects.get(), by=None),
    )

    assert sum(isinstance(result, MoveRefused) for result in results) == 1
    draft.refresh_from_db()
    assert draft.was_signed == bool(draft.follow_ups.count())


@pytest.mark.django_db(transaction=True)
def test_amending_and_converting_at_once_lose_nothing():
    signed = factories.signed_intention()

    at_once(
        lambda: amend(
            CooperationIntention.objects.get(),
            amended_on=LATER,
            by=None,
            reason_en="Longer",
            change_en="A year more.",
            valid_until=dt.date(2030, 1, 1),
        ),
        lambda: convert(CooperationIntention.objects.get()),
    )

    signed.refresh_from_db()
    assert (signed.status, signed.valid_until) == ("converted", dt.date(2030, 1, 1))
    assert signed.amendments.count() == 1
