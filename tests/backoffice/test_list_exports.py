"""The lists of the admin as files: what each holds, who has it, and what is recorded of it."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from contacts.models import Contact
from events.models import Expert, Organization, Session
from meetings.models import Meeting
from projects.models import CooperationIntention, FollowUp, Project
from tests import factories
from tests.backoffice.posting import select, url
from tests.cast import make_clerk
from tests.trail import entries
from tests.two_series import BEYOND, world

pytestmark = pytest.mark.django_db

EXPORTED = {CooperationIntention, FollowUp, Expert, Organization, Project, Session}


def export(person, model, keys="all", query="", file_format="csv", **more):
    address = url(model, "export", keys) + query
    return person.post(address, {"file_format": file_format, **more})


def table(response):
    assert response.status_code == 200, response
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def rows(person, model, **how):
    """Return each row of the file as a dictionary by its headings."""
    header, *lines = table(export(person, model, **how))
    return [dict(zip(header, line, strict=True)) for line in lines]


def workbook(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.fixture
def signed():
    event = factories.event(series=factories.series(), title_en="Docking", title_zh_hans="对接会")
    mode = factories.mode(name_en="Licence", name_zh_hans="许可")
    return factories.signed_intention(
        event=event,
        company=factories.organization(
            name_en="Hebei Pump", name_zh_hans="河北泵业", country="CN", kind="company"
        ),
        expert=factories.expert(name_en="Ann Hale", name_zh_hans="", honorific_en="Professor"),
        expert_organization=factories.organization(
            name_en="Leeds", name_zh_hans="利兹大学", country="GB", kind="university"
        ),
        projects=[factories.project(title_en="Pump", title_zh_hans="水泵", modes=[mode])],
        intended_amount=Decimal("1200000.50"),
        intended_currency="CNY",
    )


# Which lists there are


def test_lists_are_exported_and_of_people_only_with_a_permission():
    exported = {
        model for model, page in admin.site._registry.items() if getattr(page, "list_export", None)
    }

    of_people = {
        model for model in exported if admin.site.get_model_admin(model).list_export.permission
    }
    assert exported == EXPORTED | {Contact, Meeting}
    assert of_people == {Contact, Meeting}
    for model in admin.site._registry.keys() - exported:
        with pytest.raises(NoReverseMatch):
            url(model, "export", "all")


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_list_has_a_button_that_keeps_its_filters(auditor, model, signed):
    factories.session()
    page = auditor.get(url(model, "changelist") + "?q=a")

    assert f'href="{url(model, "export", "all")}?q=a"' in page.text


def test_list_of_people_has_no_button(superuser):
    factories.registered(factories.registration_settings().event)

    page = superuser.get(reverse("admin:registrations_registration_changelist"))

    assert "Export this list" not in page.text


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_page_says_what_the_file_holds_before_it_is_made(auditor, model, signed):
    factories.session()

    page = auditor.get(url(model, "export", "all"))

    assert page.status_code == 200
    assert page.context["count"] == model._default_manager.count()
    assert entries() == []


# What a file holds


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_no_column_stands_twice(model):
    labels = [str(each.label()) for each in admin.site.get_model_admin(model).list_export.columns]

    assert len(set(labels)) == len(labels)


def test_ledger_tells_an_intention_as_bureaus_do(organizer, signed):
    [row] = rows(organizer, CooperationIntention)

    assert row == {
        "No.": "1",
        "Project title (English)": "Pump",
        "Project title (Chinese)": "水泵",
        "Chinese party": "Hebei Pump",
        "Foreign party": "Leeds",
        "Country/region of the foreign party": "United Kingdom",
        "Expert": "Professor Ann Hale",
        "Kinds of cooperation": "Licence",
        "Kind of signing": "intention",
        "Intended amount": "1200000.50",
        "Currency of the intended amount": "Chinese yuan",
        "Signed on": "2020-10-29",
        "Reference": signed.reference,
        "Status": "signed",
        "Contracted amount": "",
        "Currency of the contracted amount": "",
        "Contract number": "",
        "Closed on": "",
        "Valid until": "",
        "Event": "Docking",
        "Session": "",
        "Publicity": "public",
    }


def test_ledger_tells_what_was_signed_as_it_was_signed(organizer, signed):
    signed.company.name_en = "Hebei Pump Group"
    signed.company.save()

    [row] = rows(organizer, CooperationIntention)

    assert row["Chinese party"] == "Hebei Pump"


@pytest.mark.parametrize(
    ("company", "institution", "parties"),
    [
        ("CN", "", ("Pump", "Leeds")),
        ("", "GB", ("Pump", "Leeds")),
        ("", "", ("Pump", "Leeds")),
        ("GB", "CN", ("Leeds", "Pump")),
        ("", "CN", ("Leeds", "Pump")),
    ],
)
def test_ledger_loses_no_party_whose_country_nobody_knows(organizer, company, institution, parties):
    factories.intention(
        company=factories.organization(name_en="Pump", country=company),
        expert=factories.expert(country=""),
        expert_organization=factories.organization(name_en="Leeds", country=institution),
    )

    [row] = rows(organizer, CooperationIntention)

    assert (row["Chinese party"], row["Foreign party"]) == parties


def test_ledger_tells_a_contract_and_a_draft(organizer):
    converted = factories.converted_intention()
    factories.intention(projects=[], subject_en="Talent", company=None)

    draft, contract = sorted(
        rows(organizer, CooperationIntention), key=lambda row: row["Status"] != "draft"
    )

    assert contract["Kind of signing"] == f"contract ({converted.get_contract_kind_display()})"
    assert draft["Project title (English)"] == "Talent"
    assert draft["Reference"] == draft["Signed on"] == ""


def test_file_is_in_the_language_of_whoever_exports(organizer, signed):
    organizer.cookies["django_language"] = "zh-hans"

    [row] = rows(organizer, CooperationIntention)

    assert "河北泵业" in row.values()
    assert "利兹大学" in row.values()


def test_workbook_holds_days_and_numbers(organizer, signed):
    book = workbook(export(organizer, CooperationIntention, file_format="xlsx"))
    header, cells = book.active.iter_rows(values_only=True)
    row = dict(zip(header, cells, strict=True))

    assert row["Signed on"] == dt.datetime(2020, 10, 29)
    assert row["Intended amount"] == 1200000.5
    assert book.active.page_setup.orientation == "landscape"
    assert book.active.print_title_rows == "$1:$1"


def test_what_looks_like_a_formula_is_none(organizer):
    factories.organization(name_en="=HYPERLINK(A1)", name_zh_hans="")

    [row] = rows(organizer, Organization)
    book = workbook(export(organizer, Organization, file_format="xlsx"))

    assert row["Name (English)"] == "'=HYPERLINK(A1)"
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(A1)", "s")


def test_no_cell_holds_markup(organizer, signed):
    session = factories.session(event=signed.event, room_en="Hall A", room_zh_hans="A厅")
    factories.appearance(session=session, expert=signed.expert)
    factories.affiliation(expert=signed.expert, organization=signed.expert_organization)

    for model in EXPORTED:
        for row in rows(organizer, model):
            assert not any("<" in cell for cell in row.values()), model


def test_session_is_told_on_the_clock_of_its_event(organizer):
    session = factories.session(title_en="Talk", title_zh_hans="报告")
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="")
    factories.appearance(session=session, expert=expert)
    factories.programme_person(event=session.event, session=session, name_en="Li Host")

    [row] = rows(organizer, Session)

    assert (row["Start"], row["End"]) == ("2020-10-29 10:00:00", "2020-10-29 11:00:00")
    assert (row["Title (English)"], row["Title (Chinese)"]) == ("Talk", "报告")
    assert (row["Experts"], row["Time zone"]) == ("Ann Hale", "China time")
    assert row["Other people"] == "Li Host (host)"


def test_expert_is_told_with_the_primary_affiliation(organizer):
    place = factories.affiliation(
        organization=factories.organization(name_en="Leeds", name_zh_hans="利兹大学")
    )

    [row] = rows(organizer, Expert)

    assert row["Name (English)"] == place.expert.name_en
    assert row["Organization (Chinese)"] == "利兹大学"
    assert row["Position (English)"] == "Director"


def test_follow_up_is_told_with_what_it_found(organizer, signed):
    signed.follow_ups.exclude(pk=signed.follow_ups.first().pk).delete()

    [row] = rows(organizer, FollowUp)

    assert row["Reference"] == signed.reference
    assert row["Signing organization"] == "Hebei Pump"
    assert (row["Due on"], row["Status"], row["Done on"]) == ("2020-11-29", "overdue", "")


# Which rows


def test_filters_and_search_say_which_rows(organizer):
    factories.organization(name_en="Leeds", kind="university")
    factories.organization(name_en="Hebei Pump", kind="company")

    filtered = rows(organizer, Organization, query="?kind__exact=university")
    found = rows(organizer, Organization, query="?q=Hebei")

    assert [row["Name (English)"] for row in filtered] == ["Leeds"]
    assert [row["Name (English)"] for row in found] == ["Hebei Pump"]


def test_rows_come_in_the_order_of_the_list(organizer):
    for name in ("Bergen", "Aarhus", "Coventry"):
        factories.organization(name_en=name)

    found = rows(organizer, Organization, query="?o=-1")

    assert [row["Name (English)"] for row in found] == ["Coventry", "Bergen", "Aarhus"]


def test_ticked_rows_alone_are_exported(organizer):
    first, second, _third = (factories.organization() for _ in range(3))

    page = select(organizer, "export_rows", first, second)
    [(address, _status)] = page.redirect_chain
    header, *lines = table(organizer.post(address, {"file_format": "csv"}))

    assert page.context["count"] == 2
    assert {line[0] for line in lines} == {first.name_en, second.name_en}


def test_all_rows_of_a_filtered_list_can_be_ticked(organizer):
    university = factories.organization(kind="university")
    factories.organization(kind="company")
    query = "?kind__exact=university"

    page = select(organizer, "export_rows", university, query=query, select_across="1")

    assert page.redirect_chain[-1][0] == url(Organization, "export", "all") + query


def test_list_without_a_row_makes_no_file(organizer):
    page = organizer.post(url(Expert, "export", "all"), {"file_format": "csv"}, follow=True)

    assert "There are no rows to export." in page.text
    assert entries() == []


def test_unknown_format_is_refused(organizer, signed):
    page = export(organizer, Organization, file_format="pdf")

    assert page.status_code == 422
    assert entries() == []


def test_filter_that_no_list_has_leads_nowhere(organizer, signed):
    factories.event()

    assert export(organizer, Organization, query="?name_en__regex=a").status_code == 400
    page = export(organizer, CooperationIntention, query="?event__id__exact=x")
    assert page.url.startswith(url(CooperationIntention, "changelist"))


# Who


def test_clerk_and_stranger_have_no_file(stranger, signed):
    clerk = make_clerk(signed.event)

    assert export(clerk, CooperationIntention).status_code == 403
    assert export(stranger, CooperationIntention).status_code == 302


def test_limited_organizer_has_the_rows_of_the_list_alone():
    told = world()

    for model in EXPORTED:
        for how in ({}, {"keys": ",".join(map(str, model.objects.values_list("pk", flat=True)))}):
            text = "\n".join(map(",".join, table(export(told.organizer, model, **how))))
            if model in (CooperationIntention, FollowUp, Session):
                assert BEYOND not in text
                assert text.count("\n") < model.objects.count()


def test_limited_organizer_exports_ticked_rows_of_others():
    told = world()

    page = select(told.organizer, "export_rows", told.beyond.expert)

    assert page.context["count"] == 1


def test_limited_organizer_hides_no_other_action_behind_an_export():
    told = world()

    page = told.organizer.post(
        url(Expert, "changelist"),
        {
            "action": ["mark-translated", "export_rows"],
            "index": "0",
            "_selected_action": [told.beyond.expert.pk],
        },
        follow=True,
    )

    assert "have a part in other events than yours alone" in page.text


# What is recorded


def test_export_is_recorded_with_filters_and_number_of_rows(organizer):
    factories.organization(name_en="Leeds", kind="university")

    export(organizer, Organization, query="?kind__exact=university&q=Leeds")

    assert entries() == [
        (
            "list_exported",
            "organizer",
            "list · events.organization",
            {
                "file_format": "csv",
                "rows": 1,
                "filters": {"kind": "university", "search": True},
            },
        )
    ]


def test_record_holds_no_text_that_somebody_typed(organizer):
    place = factories.organization(name_en="Leeds", name_zh_hans="")

    export(organizer, Organization, keys=str(place.pk), query="?q=Leeds")

    text = str(entries())
    assert "Leeds" not in text and str({"search": True, "selected": True}) in text


def test_value_that_no_filter_offers_is_not_recorded(organizer):
    factories.session()

    export(organizer, Session, query="?kind__exact=Zhang")

    assert entries() == []


def test_audit_trail_names_the_list_in_words(superuser, organizer, signed):
    export(organizer, Organization)

    page = superuser.get(reverse("admin:audit_auditentry_changelist"))

    assert "list · organizations" in page.text
    assert "list exported" in page.text


# Many rows


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_export_costs_the_same_with_one_row_and_with_ten(organizer, model, signed):
    def more():
        session = factories.session(event=signed.event)
        factories.appearance(session=session)
        factories.programme_person(event=signed.event, session=session)
        factories.affiliation(expert=factories.expert())
        factories.signed_intention(event=signed.event, session=session)
        factories.project(sectors=[factories.sector()], modes=[factories.mode()])

    more()
    # The first one fills caches.
    table(export(organizer, model))
    with CaptureQueriesContext(connection) as few:
        table(export(organizer, model))
    for _each in range(5):
        more()

    with CaptureQueriesContext(connection) as many:
        table(export(organizer, model))

    assert len(many) == len(few)
