"""Draft intentions of an event from a file, as bureaus write it."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from backoffice.amounts import Amount
from backoffice.intention_imports import IntentionResource
from projects.models import CooperationIntention
from summit.lib.files.sheet_headings import plain_heading
from summit.lib.spreadsheets import csv_chunks
from tests import factories
from tests.backoffice.test_import import errors

HEAD = ["序号", "项目名称", "建设内容和规模", "中方", "专家", "外方", "投资总额（万元）"]


def url(event, page="import"):
    return reverse(f"admin:events_event_intentions_{page}", args=[event.pk])


def preview(person, event, *rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    upload = SimpleUploadedFile("a.csv", text.getvalue().encode("utf-8-sig"))
    return person.post(url(event), {"file": upload})


def confirm(person, event, shown):
    assert shown.context["errors"] == [], shown.context["errors"]
    person.post(url(event, "process_import"), {"payload": shown.context["payload"]})


@pytest.fixture
def parties(db):
    """What the rows name: two projects, a company, an expert at an institution."""
    company = factories.organization(name_zh_hans="朝雾医疗")
    institution = factories.organization(name_zh_hans="牛津大学")
    expert = factories.expert(name_zh_hans="安·黑尔", honorific_zh_hans="教授")
    factories.affiliation(expert=expert, organization=institution)
    projects = [factories.project(title_zh_hans=title) for title in ("血液检测", "影像诊断")]
    return company, expert, institution, projects


def test_every_other_heading_is_known_alone():
    headings = IntentionResource.headings()
    for name, others in IntentionResource.other_headings.items():
        for other in others:
            assert headings[plain_heading(other)] == name, other


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,000,000", 1_000_000),
        ("100万元", 1_000_000),
        ("￥1.5亿", 150_000_000),
        ("20 万", 200_000),
    ],
)
def test_amounts_are_read_as_bureaus_write_them(text, amount):
    assert Amount().clean(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["面议", "-5", "1-2", "1.2.3"])
def test_what_is_no_amount_is_said_so(text):
    with pytest.raises(ValueError, match="is not an amount"):
        Amount().clean(text)


def test_drafts_are_made_of_a_table_and_the_same_table_again_changes_nothing(organizer, parties):
    company, expert, institution, projects = parties
    event = factories.event(series=factories.series())
    rows = [
        HEAD,
        [1, "血液检测、影像诊断", "共同试点", "朝雾医疗", "安·黑尔教授", "牛津大学", "500"],
        ["合计", "1项", "", "", "", "", "500"],
    ]

    confirm(organizer, event, preview(organizer, event, *rows))

    made = CooperationIntention.objects.get()
    assert (made.event, made.company, made.expert, made.expert_organization) == (
        *(event, company, expert, institution),
    )
    assert [link.project for link in made.project_links.all()] == projects
    assert (made.intended_amount, made.intended_currency) == (5_000_000, "CNY")
    assert (made.purpose_zh_hans, made.status) == ("共同试点", "draft")

    again = preview(organizer, event, *rows)
    assert [row["kind"] for row in again.context["rows"]] == ["skip"]
    rows[1][2] = "共同试点两年"
    shown = preview(organizer, event, *rows)
    assert [row["changed"] for row in shown.context["rows"]] == [["purpose_zh_hans"]]
    confirm(organizer, event, shown)
    assert CooperationIntention.objects.get().purpose_zh_hans == "共同试点两年"


def test_what_is_signed_stays_as_it_is_and_is_told(organizer, parties):
    company, expert, _institution, projects = parties
    signed = factories.signed_intention(company=company, expert=expert, projects=projects[:1])

    shown = preview(
        organizer,
        signed.event,
        ["项目名称", "中方", "专家", "建设内容和规模"],
        ["血液检测", "朝雾医疗", "安·黑尔", "别的内容"],
        ["影像诊断", "朝雾医疗", "安·黑尔", "新的内容"],
    )

    assert [row["kind"] for row in shown.context["rows"]] == ["skip", "new"]
    assert shown.context["notes"] == [
        "1 row is about an intention that is no longer a draft, which stays as it is."
    ]
    confirm(organizer, signed.event, shown)
    signed.refresh_from_db()
    assert signed.purpose_en == "To try it together."


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["无此项目", "朝雾医疗", "", ""], "projects"),
        (["", "无此单位", "", ""], "company"),
        (["血液检测", "朝雾医疗", "", "面议"], "intended_amount"),
        (["", "", "", "5"], "company"),
    ],
)
def test_each_mistake_is_said_beside_its_cell_and_nothing_is_written(
    organizer, parties, row, column
):
    event = factories.event(series=factories.series())

    shown = preview(
        organizer,
        event,
        ["项目名称", "中方", "专家", "金额（万元）"],
        row,
        ["影像诊断", "朝雾医疗", "", ""],
    )

    assert (2, column) in errors(shown)
    assert not CooperationIntention.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_exported_drafts_go_in_again_without_a_difference(organizer, parties, language):
    company, expert, institution, projects = parties
    event = factories.event(series=factories.series())
    ceremony = factories.session(event=event, kind="signing")
    factories.intention(
        event=event,
        session=ceremony,
        company=company,
        expert=expert,
        expert_organization=institution,
        projects=projects,
        intended_amount=Decimal("1250000.50"),
        intended_currency="GBP",
        signed_on=factories.DAY,
        valid_until=factories.DAY + dt.timedelta(days=365),
        text_languages=["en", "zh"],
        governing_language="en",
        is_public=False,
    )
    factories.intention(event=event, projects=[], subject_zh_hans="人才培养", company=company)
    rows = CooperationIntention.objects.filter(event=event).order_by("pk")
    with translation.override(language):
        resource = IntentionResource(event=event, reader=organizer.user)
        data = b"".join(csv_chunks(resource.header(), resource.exported(rows)))

    shown = organizer.post(url(event), {"file": SimpleUploadedFile("a.csv", data)})

    assert shown.context["errors"] == []
    assert [row["kind"] for row in shown.context["rows"]] == ["skip", "skip"]


@pytest.mark.parametrize(
    "name", ["programme", "attendees", "intentions", "organizations", "experts", "projects"]
)
def test_pages_of_an_event_lead_to_their_imports_and_the_auditor_to_none(organizer, auditor, name):
    event = factories.registration_settings(event=factories.upcoming_event()).event
    page = reverse(f"admin:events_event_{name}", args=[event.pk])

    assert "import_link" in organizer.get(page).text
    assert "import_link" not in auditor.get(page).text
