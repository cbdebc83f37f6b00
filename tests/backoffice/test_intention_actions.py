import datetime as dt
from decimal import Decimal

import pytest

from projects.models import CooperationIntention, FollowUp
from tests import factories
from tests.backoffice.posting import buttons, do, url

SIGNING = {
    "signed_on": "2020-10-29",
    "valid_until": "2021-10-29",
    "text_languages": ["en", "zh"],
    "governing_language": "zh",
    "intended_amount": "120000.50",
    "intended_currency": "GBP",
}
CONTRACT = {
    "kind": "licence",
    "contracted_on": "2021-02-03",
    "number": "LIC-9",
    "amount": "250",
    "currency": "CNY",
}
END = {"terminated_on": "2021-02-03", "reason": "The trial failed."}
AMENDMENT = {
    "amended_on": "2021-02-03",
    "reason_en": "A slip of the pen.",
    "change_en": "The second paragraph is left out.",
    "valid_until": "2030-01-01",
}


def stored():
    return CooperationIntention.objects.values().get()


def over():
    return factories.signed_intention(valid_until=dt.date(2021, 10, 29))


def test_signing_is_prefilled_from_the_draft_and_shows_what_will_be_fixed(organizer):
    intention = factories.intention(
        valid_until=dt.date(2021, 10, 29),
        text_languages=["en", "zh"],
        governing_language="zh",
        intended_amount="120000.50",
        intended_currency="GBP",
    )
    people = [
        factories.signatory(intention=intention, side=side)
        for side in ("company", "expert", "witness")
    ]

    response = organizer.get(url(intention, "action", "sign"))

    form = response.context["form"]
    assert str(form["signed_on"].value()) == "2020-10-29"
    assert str(form["valid_until"].value()) == "2021-10-29"
    assert (form["text_languages"].value(), form["governing_language"].value()) == (
        ["en", "zh"],
        "zh",
    )
    assert (str(form["intended_amount"].value()), form["intended_currency"].value()) == (
        "120000.50",
        "GBP",
    )
    for named in (intention.company, intention.expert, intention.projects.get()):
        assert str(named) in response.text
    for person in people:
        assert f"{person.name_en}, Legal representative" in response.text
    assert CooperationIntention.objects.get().is_draft


def test_signing_gives_the_reference_and_keeps_names_and_terms(organizer):
    intention = factories.intention()

    response = do(organizer, intention, "sign", **SIGNING)

    assert response.status_code == 302
    intention.refresh_from_db()
    assert (intention.status, intention.reference) == ("signed", "SJZ-2020-001")
    assert intention.snapshot["company"]["name"]["en"] == intention.company.name_en
    assert intention.snapshot["terms"]["governing_language"] == "zh"
    assert intention.history.latest().history_user == organizer.user
    assert FollowUp.objects.filter(assigned_to=organizer.user).count() == 3


def test_signing_without_what_it_needs_says_everything_that_is_missing(organizer):
    intention = factories.intention(company=None, expert=None, projects=[])

    response = do(organizer, intention, "sign", signed_on="")

    for words in (
        "Enter the day",
        "the organization that signs",
        "the expert who signs",
        "Name a project",
    ):
        assert words in response.text
    assert CooperationIntention.objects.get().is_draft


@pytest.mark.parametrize(
    ("make", "action", "given", "becomes"),
    [
        (factories.signed_intention, "convert", CONTRACT, "converted"),
        (over, "lapse", {}, "lapsed"),
        (factories.signed_intention, "terminate", END, "terminated"),
        (factories.intention, "abandon", {"reason": ""}, "abandoned"),
    ],
)
def test_button_moves_the_intention_and_history_tells_who(organizer, make, action, given, becomes):
    intention = make()

    page = organizer.get(url(intention, "action", action))
    done = do(organizer, intention, action, **given)
    history = organizer.get(url(intention, "history"))

    assert action in buttons(organizer, make()) and page.status_code == 200
    assert done.status_code == 302
    intention.refresh_from_db()
    assert intention.status == becomes
    assert intention.history.latest().history_user == organizer.user
    assert intention.get_status_display() in history.text and "organizer" in history.text


def test_converting_takes_the_contract(organizer):
    intention = factories.signed_intention()

    do(organizer, intention, "convert", **CONTRACT)

    row = stored()
    assert (row["contract_kind"], row["contract_number"], row["closed_on"]) == (
        "licence",
        "LIC-9",
        dt.date(2021, 2, 3),
    )
    assert (row["contracted_amount"], row["contracted_currency"]) == (250, "CNY")
    assert row["intended_amount"] is None


def test_amendment_is_recorded_by_a_button_and_stands_in_the_history(organizer):
    intention = factories.signed_intention()

    response = do(organizer, intention, "amend", **AMENDMENT)

    assert response.status_code == 302
    amendment = intention.amendments.get()
    assert (amendment.recorded_by, amendment.change_en) == (organizer.user, AMENDMENT["change_en"])
    assert stored()["valid_until"] == dt.date(2030, 1, 1)
    assert "A slip of the pen." in organizer.get(url(intention, "history")).text


@pytest.mark.parametrize(
    ("make", "action", "given", "words"),
    [
        (factories.intention, "sign", {**SIGNING, "signed_on": "2020-10-28"}, "before the event"),
        (factories.intention, "sign", {**SIGNING, "signed_on": "2999-01-01"}, "in the future"),
        (
            factories.intention,
            "sign",
            {**SIGNING, "intended_currency": ""},
            "together with its currency",
        ),
        (factories.intention, "sign", {**SIGNING, "intended_amount": "-1"}, "greater than or"),
        (factories.intention, "sign", {**SIGNING, "text_languages": "fr"}, "one of the languages"),
        (factories.signed_intention, "sign", SIGNING, "cannot be signed any more"),
        (factories.intention, "convert", CONTRACT, "cannot become “converted to a contract”"),
        (factories.signed_intention, "convert", {**CONTRACT, "kind": ""}, "which kind"),
        (factories.signed_intention, "convert", {**CONTRACT, "currency": ""}, "its currency"),
        (
            factories.signed_intention,
            "convert",
            {**CONTRACT, "contracted_on": "2020-10-01"},
            "before the signature of 29 October 2020",
        ),
        (factories.signed_intention, "lapse", {}, "no term that could end"),
        (factories.signed_intention, "terminate", {**END, "reason": " "}, "Enter the reason"),
        (factories.signed_intention, "abandon", {}, "cannot become “abandoned”"),
        (factories.lapsed_intention, "terminate", END, "This is “lapsed”"),
        (factories.intention, "amend", AMENDMENT, "Edit the draft instead"),
        (factories.signed_intention, "amend", {**AMENDMENT, "reason_en": ""}, "Enter the reason"),
        (factories.terminated_intention, "amend", AMENDMENT, "can no longer be amended"),
    ],
)
def test_refusal_stands_on_the_page_and_nothing_is_half_done(organizer, make, action, given, words):
    intention = make()
    before, records = stored(), CooperationIntention.history.count()

    response = do(organizer, intention, action, **given)

    assert response.status_code == 200
    assert words in response.text
    assert (stored(), CooperationIntention.history.count()) == (before, records)
    assert not intention.amendments.exists()


def test_what_is_missing_is_told_beside_its_box(organizer):
    given = {"amended_on": "2021-02-03"}

    page = do(organizer, factories.signed_intention(), "amend", **given)

    assert page.context["form"].errors == {
        "reason_en": ["Enter the reason in at least one language."],
        "change_en": ["Enter what changed in at least one language."],
    }


@pytest.mark.parametrize(
    ("make", "action", "given", "name"),
    [
        (factories.intention, "sign", {**SIGNING, "signed_on": "2020-10-28"}, "signed_on"),
        (factories.intention, "sign", {**SIGNING, "valid_until": "2020-10-28"}, "valid_until"),
        (factories.signed_intention, "convert", {**CONTRACT, "kind": ""}, "kind"),
        (factories.signed_intention, "convert", {**CONTRACT, "currency": ""}, "amount"),
        (factories.signed_intention, "terminate", {**END, "reason": " "}, "reason"),
        (factories.signed_intention, "terminate", {**END, "terminated_on": ""}, "terminated_on"),
    ],
)
def test_refusal_stands_beside_the_box_that_it_is_about(organizer, make, action, given, name):
    page = do(organizer, make(), action, **given)

    assert list(page.context["form"].errors) == [name]


@pytest.mark.parametrize(
    ("make", "action", "words"),
    [
        (factories.terminated_intention, "sign", "This is “terminated” and cannot be signed"),
        (factories.signed_intention, "abandon", "This is “signed” and cannot become “abandoned”."),
        (factories.signed_intention, "lapse", "It has no term that could end."),
        (factories.terminated_intention, "amend", "can no longer be amended"),
        (factories.intention, "attach", "Sign this one first."),
        (factories.intention, "plan-follow-up", "Only signed intentions"),
    ],
)
def test_page_of_what_cannot_be_done_says_so_at_once(organizer, make, action, words):
    page = organizer.get(url(make(), "action", action))

    assert words in page.text
    assert 'type="submit" class="' not in page.text


def test_nobody_named_as_signing_is_warned_of_before_the_signature(organizer):
    draft = factories.intention()
    factories.signatory(intention=draft)
    alone = factories.intention()

    of_draft, of_alone = (
        organizer.get(url(each, "action", "sign")).context["warnings"] for each in (draft, alone)
    )

    expert = "Nobody is named as signing for the expert’s side. This cannot be added later."
    company = "Nobody is named as signing for the local side. This cannot be added later."
    assert [each for each in of_draft if "Nobody" in each] == [expert]
    assert [each for each in of_alone if "Nobody" in each] == [company, expert]


def test_recording_of_an_amendment_is_told_on_the_day_of_the_event(organizer):
    signed = factories.signed_intention()
    made = factories.amendment(intention=signed, by=organizer.user)
    evening = dt.datetime(2021, 2, 3, 20, tzinfo=dt.UTC)
    type(made).objects.update(recorded_at=evening)

    assert "organizer, 4 February 2021" in organizer.get(url(signed, "change")).text


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (factories.intention, {"sign", "abandon"}),
        (factories.signed_intention, {"convert", "terminate", "amend"}),
        (over, {"convert", "lapse", "terminate", "amend"}),
        (factories.converted_intention, {"amend"}),
        (factories.lapsed_intention, set()),
        (factories.abandoned_intention, set()),
    ],
)
def test_page_offers_what_can_be_done(organizer, make, names):
    ours = {"sign", "convert", "lapse", "terminate", "abandon", "amend"}

    assert ours.intersection(buttons(organizer, make())) == names


@pytest.mark.parametrize("action", ["sign", "convert", "lapse", "terminate", "abandon", "amend"])
def test_auditor_is_offered_nothing_and_may_do_nothing(auditor, action):
    intention = factories.intention()

    assert buttons(auditor, intention) == []
    assert do(auditor, intention, action, **SIGNING).status_code == 403
    assert CooperationIntention.objects.get().is_draft


def test_history_tells_amounts_with_their_currency(organizer):
    amount = {"intended_amount": 3_200_000, "intended_currency": "CNY"}
    intention = factories.intention(**amount)
    intention.intended_amount = Decimal("1800000.50")
    factories.save(intention)

    page = organizer.get(url(intention, "history"))

    [entry] = [entry for entry in page.context["page"] if entry.changes]
    changes = [(change.old, change.new) for change in entry.changes]
    assert changes == [("3,200,000 CNY", "1,800,000.50 CNY")]
