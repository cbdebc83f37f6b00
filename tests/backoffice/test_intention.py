"""An intention in the admin: its draft, what the signature fixes, and what its page leads to."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib import admin

from backoffice.signed_terms import snapshot_rows
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import errors, filled, inline, save, url


def stored():
    return CooperationIntention.objects.values().get()


def rows_of(prefix, rows, **changes):
    """Return the fields of an inline that is posted by hand, with changes of its rows."""
    data = inline(prefix)
    data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        given = {"id": row.pk, "intention": row.intention_id, **changes}
        data |= {f"{prefix}-{number}-{name}": value for name, value in given.items()}
    return data


# The draft


def test_draft_is_made_with_parties_projects_people_and_terms(organizer):
    session = factories.session(kind="signing")
    company, expert, project = factories.organization(), factories.expert(), factories.project()

    save(
        organizer,
        CooperationIntention,
        "add",
        event=session.event_id,
        session=session.pk,
        company=company.pk,
        expert=expert.pk,
        purpose_en="To try it together.",
        valid_until="2021-10-29",
        text_languages=["en", "zh"],
        governing_language="zh",
        intended_amount="120000.50",
        intended_currency="GBP",
        is_public=None,
        shows_amounts="on",
        **inline("project_links", {"project": project.pk, "order": 0}),
        **inline(
            "signatories",
            {"side": "company", "name_en": "Li Na", "capacity_zh_hans": "法定代表人", "order": 0},
            {"side": "witness", "name_zh_hans": "王伟", "order": 1},
        ),
    )

    draft = CooperationIntention.objects.get()
    assert (draft.text_languages, draft.governing_language) == (["en", "zh"], "zh")
    assert (str(draft.intended_amount), draft.intended_currency) == ("120000.50", "GBP")
    assert (draft.is_public, draft.shows_amounts) == (False, True)
    assert list(draft.projects.all()) == [project]
    people = [(person.side, str(person.name)) for person in draft.signatories.all()]
    assert people == [("company", "Li Na"), ("witness", "王伟")]


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"intended_amount": "5"}, "__all__", "together with its currency"),
        (
            {"intended_amount": "-5", "intended_currency": "CNY"},
            "intended_amount",
            "not negative",
        ),
        (
            {"text_languages": ["en"], "governing_language": "zh"},
            "governing_language",
            "one of the languages of the text",
        ),
        ({"text_languages": ["tlh"]}, "text_languages", "tlh"),
        ({"valid_until": "2020-01-01", "signed_on": "2020-10-29"}, "__all__", "must end on"),
    ],
)
def test_draft_with_bad_terms_is_refused_beside_the_field(organizer, given, name, words):
    intention = factories.intention()
    before = stored()

    response = save(organizer, intention, **given)

    assert words in str(errors(response)[name])
    assert stored() == before


def test_session_of_another_event_is_refused_beside_its_field(organizer):
    intention = factories.intention()

    response = save(organizer, intention, session=factories.session().pk)

    assert "belongs to another event" in str(errors(response)["session"])


# After signing


FIXED = {
    "company": lambda: factories.organization().pk,
    "subject_en": lambda: "Something else",
    "signed_on": lambda: "2021-01-01",
    "valid_until": lambda: "2040-01-01",
    "intended_amount": lambda: "7",
    "text_languages": lambda: ["fr"],
    "reference": lambda: "SJZ-2020-999",
}


@pytest.mark.parametrize("name", FIXED)
@pytest.mark.parametrize(
    "make",
    [
        factories.signed_intention,
        factories.converted_intention,
        factories.lapsed_intention,
        factories.terminated_intention,
        factories.abandoned_intention,
    ],
)
def test_what_was_signed_cannot_be_changed_by_hand(organizer, make, name):
    intention = make()
    before = stored()

    response = save(organizer, intention, **{name: FIXED[name](), "is_public": None})

    assert "nothing was saved" in str(errors(response)["__all__"])
    assert stored() == before


def test_projects_and_people_of_what_was_signed_cannot_be_changed_by_hand(organizer):
    person = factories.signatory()
    intention = factories.signing.sign(person.intention, signed_on=factories.DAY)
    link = intention.project_links.get()

    for given in (
        rows_of("project_links", [link], project=factories.project().pk, order=9),
        rows_of("project_links", [link], project=link.project_id, DELETE="on"),
        rows_of("signatories", [person], name_en="Another", side="expert", order=9),
        rows_of("signatories", [person], DELETE="on"),
        inline("project_links", {"project": factories.project().pk, "order": 5}),
        inline("signatories", {"side": "witness", "name_en": "Late", "order": 5}),
    ):
        save(organizer, intention, **given)

    assert [each.pk for each in intention.project_links.filter(project=link.project, order=0)] == [
        link.pk
    ]
    assert intention.project_links.count() == 1
    assert [str(each.name) for each in intention.signatories.all()] == [person.name_en]


def test_what_the_signature_does_not_fix_is_edited_afterwards(organizer):
    intention = factories.signed_intention()

    save(organizer, intention, is_public=None, shows_amounts="on")

    intention.refresh_from_db()
    assert (intention.is_public, intention.shows_amounts) == (False, True)


def test_form_of_a_draft_that_somebody_signs_meanwhile_saves_nothing(organizer):
    intention = factories.intention()
    address = url(intention, "change")
    typed = {**filled(organizer.get(address)), "purpose_en": "Something new", "_save": "Save"}
    factories.signing.sign(intention, signed_on=factories.DAY)
    before = stored()

    response = organizer.post(address, {key: typed[key] for key in typed if typed[key] is not None})

    assert "This is “signed” by now" in str(errors(response)["__all__"])
    assert stored() == before


def test_signed_intention_is_shown_as_signed_in_both_languages(organizer):
    draft = factories.intention(
        valid_until=factories.DAY + dt.timedelta(days=365),
        text_languages=["en", "zh"],
        governing_language="zh",
        intended_amount=Decimal(120000),
        intended_currency="CNY",
    )
    factories.signatory(intention=draft, name_en="Li Na", name_zh_hans="李娜")
    factories.signatory(intention=draft, side="witness", name_en="Tom", name_zh_hans="汤姆")
    signed = factories.signing.sign(draft, signed_on=factories.DAY)
    name = signed.company.name_zh_hans
    signed.company.name_zh_hans = "改名"
    factories.save(signed.company)

    rows = {str(name): (en, zh) for name, en, zh in snapshot_rows(signed)}
    page = organizer.get(url(signed, "change")).text

    assert rows["Company"] == (signed.company.name_en, name)
    assert rows["Signed for the local side"][0] == "Li Na, Legal representative"
    assert rows["Signed for the local side"][1].startswith("李娜")
    assert rows["Witness"][0] == "Tom, Legal representative"
    assert rows["Valid until"] == ("29 October 2021", "2021年10月29日")
    assert rows["Languages of the text"][0] == "English, Chinese"
    assert rows["Governing language"][0] == "Chinese"
    assert rows["Intended amount"] == ("120,000 CNY", "120,000元人民币")
    for told in (name, "Li Na", "汤姆", "120,000 CNY"):
        assert told in page


def test_page_tells_the_original_and_the_amendment(organizer):
    signed = factories.signed_intention(
        valid_until=dt.date(2021, 10, 29), intended_amount=Decimal(5), intended_currency="CNY"
    )
    factories.amendment(
        intention=signed,
        by=organizer.user,
        valid_until=dt.date(2022, 3, 4),
        intended_amount=Decimal(9000),
        intended_currency="GBP",
    )

    page = organizer.get(url(signed, "change")).text

    assert "29 October 2021" in page and "4 March 2022" in page
    assert "5 CNY" in page and "9,000 GBP" in page
    for told in ("A slip of the pen.", "笔误。", "删除第二段。", "organizer"):
        assert told in page


def test_amendments_cannot_be_edited_by_hand(organizer):
    amendment = factories.amendment()

    save(
        organizer,
        amendment.intention,
        **rows_of("amendments", [amendment], reason_en="Another", DELETE="on"),
    )

    amendment.refresh_from_db()
    assert amendment.reason_en == "A slip of the pen."


def test_page_tells_what_came_of_it_and_who_recorded_it(organizer):
    converted = factories.converted_intention(
        by=organizer.user, amount=Decimal(77), currency="EUR", number="LIC-9"
    )

    page = organizer.get(url(converted, "change")).text

    for told in (
        "technology licence",
        "LIC-9",
        "77 EUR",
        "6 February 2021",
        "recorded by organizer",
    ):
        assert told in page


def test_auditor_reads_a_draft_and_what_was_signed(auditor):
    for intention in (
        factories.intention(text_languages=["en", "zh"]),
        factories.amendment().intention,
        factories.abandoned_intention(),
    ):
        page = auditor.get(url(intention, "change"))

        assert page.status_code == 200
        assert 'name="_save"' not in page.text
        assert auditor.post(url(intention, "change"), {"is_public": ""}).status_code == 403


def test_signed_intention_cannot_be_deleted(organizer):
    intention = factories.signed_intention()

    response = organizer.post(url(intention, "delete"), {"post": "yes"})

    assert "Only drafts can be deleted" in response.text
    assert "What was signed stays on record" in response.text
    assert CooperationIntention.objects.exists()


def test_of_several_that_are_chosen_none_is_deleted_where_one_is_signed(organizer):
    draft, signed = factories.intention(), factories.signed_intention()
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk, signed.pk]}

    response = organizer.post(
        url(CooperationIntention, "changelist"), {**chosen, "post": "yes"}, follow=True
    )

    assert "cannot be deleted" in response.text
    assert CooperationIntention.objects.count() == 2


def test_draft_that_is_signed_while_several_are_deleted_stays(organizer):
    draft, signed = factories.intention(), factories.signed_intention()
    model_admin = admin.site.get_model_admin(CooperationIntention)

    # What was chosen and checked were drafts; this one has been signed since.
    model_admin.delete_queryset(None, CooperationIntention.objects.all())

    assert CooperationIntention.objects.get() == signed
    assert not type(draft).objects.filter(pk=draft.pk).exists()


def test_draft_is_deleted_with_its_parts(organizer):
    draft = factories.signatory().intention

    organizer.post(url(draft, "delete"), {"post": "yes"})

    assert not CooperationIntention.objects.exists()


@pytest.mark.parametrize("name", ["company", "expert", "expert_organization"])
def test_party_that_has_signed_cannot_be_deleted_and_the_page_says_what_to_do(organizer, name):
    signed = factories.signed_intention()
    party = getattr(signed, name)

    response = organizer.post(url(party, "delete"), {"post": "yes"})

    assert str(signed) in response.text
    assert "Untick “shown on public pages”" in response.text
    party.refresh_from_db()


# What the page leads to


def test_public_page_is_led_to_where_there_is_one(organizer):
    draft, given_up = factories.intention(), factories.abandoned_intention()
    signed = factories.signed_intention()

    assert "View on site" not in organizer.get(url(draft, "change")).text
    assert "View on site" not in organizer.get(url(given_up, "change")).text
    assert "View on site" in organizer.get(url(signed, "change")).text


def test_abandoned_draft_is_called_so(organizer):
    given_up = factories.abandoned_intention()

    page = organizer.get(url(CooperationIntention, "changelist")).text

    assert str(given_up).startswith("abandoned · ")
    assert ">draft<" not in page.partition('id="result_list"')[2]


def test_panels_without_rows_are_left_out(organizer):
    signed = factories.signed_intention()
    bare = organizer.get(url(signed, "change")).text
    factories.amendment(intention=signed)

    assert "amendments-TOTAL_FORMS" not in bare
    assert "documents-TOTAL_FORMS" not in bare
    assert "amendments-TOTAL_FORMS" in organizer.get(url(signed, "change")).text


def test_days_are_typed_in_the_browsers_own_box(organizer):
    page = organizer.get(url(factories.intention(), "change"))

    assert 'type="date" name="signed_on"' in page.text
    assert "vDateField" not in page.text
