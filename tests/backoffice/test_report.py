"""The report of an event or a series, as staff read, print and download it."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from events.models import SiteProfile
from projects.models import Sector
from tests import factories
from tests.backoffice.posting import url
from tests.cast import Person
from tests.projects.report import world as worlds
from tests.trail import entries

pytestmark = pytest.mark.django_db


def address(subject, ending=""):
    kind = "event" if subject._meta.model_name == "event" else "series"
    return reverse(f"admin:report_{kind}{ending}", args=[subject.slug])


def pages(subject):
    return [address(subject, ending) for ending in ("", "_xlsx", "_csv")]


@pytest.fixture
def event():
    return factories.event(series=factories.series())


@pytest.mark.parametrize("kind", ["event", "series"])
def test_report_of_nothing_is_not_found(organizer, kind):
    for ending in ("", "_xlsx", "_csv"):
        missing = reverse(f"admin:report_{kind}{ending}", args=["nowhere"])
        assert organizer.get(missing).status_code == 404


def test_report_is_reached_from_the_desk_the_list_and_the_pages_of_its_subject(organizer, event):
    reports = reverse("admin:reports")

    assert f'href="{reports}"' in organizer.get(reverse("admin:index")).text
    for subject in (event, event.series):
        assert f'href="{address(subject)}"' in organizer.get(reports).text
        assert f'href="{address(subject)}"' in organizer.get(url(subject, "change")).text


def test_days_of_a_series_read_as_its_language_joins_them_and_end_at_midnight(organizer, event):
    starts = dt.datetime(2020, 11, 18, 9, tzinfo=event.zone)
    ends = dt.datetime(2020, 11, 20, 0, tzinfo=event.zone)
    factories.event(series=event.series, starts_at=starts, ends_at=ends)

    told = [
        organizer.get(f"{address(event.series)}?language={language}").text
        for language in ("en", "zh-hans")
    ]

    assert "<span>29 October – 19 November 2020</span>" in told[0]
    assert "<span>2020年10月29日–11月19日</span>" in told[1]


def test_page_is_in_the_language_of_its_address_else_of_the_reader(organizer, event):
    report = address(event.series)

    english, chinese = organizer.get(report), organizer.get(f"{report}?language=zh-hans")

    assert '<html lang="en' in english.text
    assert '<html lang="zh-hans"' in chinese.text
    assert chinese.headers["Content-Language"] == "zh-hans"
    assert str(event.series.title_zh_hans) in chinese.text
    assert 'href="?language=zh-hans"' in english.text
    assert 'href="?language=en"' in chinese.text
    # Switching the language of the whole admin leads to this page in it.
    assert f'name="next" value="{report}"' in chinese.text
    assert organizer.get(f"{report}?language=tlh").status_code == 200


def test_every_figure_stands_beside_its_definition(organizer):
    world = worlds.build()

    page = organizer.get(address(world.held)).text

    for section in ("projects", "intentions", "follow_ups"):
        rows = page.split(f'id="section-{section}"')[1].split("</table>")[0].split("<tr>")[2:]
        assert rows
        for row in rows:
            definition = re.search(r'<td class="definition">(.*?)</td>', row)
            assert definition and definition[1].endswith(".")


def test_no_attendee_is_named(organizer):
    world = worlds.build()

    for subject in (world.series, world.held):
        for each in pages(subject):
            assert b"secret" not in organizer.get(each).content.lower()


def test_hostile_names_are_text(organizer):
    world = worlds.build()

    page = organizer.get(address(world.series)).text

    assert "River &lt;b&gt;docking&lt;/b&gt; &amp; more" in page
    assert "Water &amp; &lt;i&gt;air&lt;/i&gt;" in page


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_report_of_an_event_that_is_not_published_says_what_does_not_count(organizer, status):
    event = factories.event(status=status)
    factories.session(event=event)

    assert "programme is not counted" in organizer.get(address(event)).text


# The lists behind the figures


def test_list_says_of_which_report_it_is_and_leads_out(organizer):
    intention = factories.signed_intention()
    factories.intention(event=intention.event)
    series = intention.event.series
    query = f"?figure=signed&scope=series:{series.slug}"

    page = organizer.get(url(type(intention), "changelist") + query)

    assert list(page.context["cl"].queryset) == [intention]
    line = page.text.split('class="report-line"')[1].split("</p>")[0]
    assert f'<a href="{address(series)}">Report of “{series.title}”</a>: Intentions signed' in line
    assert 'href="?"' in line


def test_row_of_a_breakdown_is_named_above_its_list(organizer):
    sector = factories.sector(name_en="Water & <i>air</i>")
    recommended = factories.recommendation(project=factories.project(sectors=[sector]))
    factories.recommendation(event=recommended.event)
    query = f"?figure=sectors:{sector.slug}&scope=event:{recommended.event.slug}"

    page = organizer.get(url(type(recommended.project), "changelist") + query)

    assert list(page.context["cl"].queryset) == [recommended.project]
    assert "Projects by sector: Water &amp; &lt;i&gt;air&lt;/i&gt;" in page.text


def test_figure_goes_with_other_filters_search_and_pages(organizer):
    first, second = (factories.signed_intention() for _number in range(2))
    query = f"?figure=signed&scope=event:{first.event.slug}"

    listed = organizer.get(url(type(first), "changelist") + query + "&is_public__exact=0")
    searched = organizer.get(url(type(first), "changelist") + query + f"&q={first.reference}")

    assert listed.context["cl"].result_count == 0
    assert searched.context["cl"].result_count == 1
    assert second not in searched.context["cl"].queryset


@pytest.mark.parametrize(
    "query",
    [
        *("?figure=signed", "?scope=event:{slug}", "?figure=signed&scope=event:nowhere"),
        *("?figure=nothing&scope=event:{slug}", "?figure=sessions&scope=event:{slug}"),
        *("?figure=signed:x&scope=event:{slug}", "?figure=&scope=", "?figure=%00&scope=event:%00"),
    ],
)
def test_address_that_names_no_figure_of_the_list_shows_nothing_and_says_so(organizer, query):
    intention = factories.signed_intention()

    page = organizer.get(
        url(type(intention), "changelist") + query.format(slug=intention.event.slug)
    )

    assert page.status_code == 200
    assert page.context["cl"].result_count == 0
    assert "names no figure of a report" in page.text


def test_who_may_not_read_the_report_is_told_no_figure_by_a_list():
    recommended = factories.recommendation()
    factories.signed_intention(event=recommended.event, projects=[recommended.project])
    reader = staff("view_project")
    query = f"?figure=projects_signed&scope=event:{recommended.event.slug}"

    page = reader.get(url(type(recommended.project), "changelist") + query)

    assert page.context["cl"].result_count == 0


def test_who_may_not_see_a_list_gets_the_number_without_a_link():
    event = factories.registration_settings().event
    factories.registered(event)
    reader = staff("view_cooperationintention")

    page = reader.get(address(event)).text

    assert "?figure=signed&amp;scope=event:" in page
    assert "?figure=registrations" not in page
    row = page.split('<th scope="row">Registrations</th>')[1].split("</tr>")[0]
    assert re.search(r'<td class="number">1\s*</td>', row)


def staff(*permissions):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return Person(user)


# What it costs


def grow(series):
    event = factories.event(series=series)
    session = factories.session(event=event)
    factories.appearance(session=session, expert=factories.affiliation().expert)
    recommended = factories.recommendation(
        session=session, project=factories.project(sectors=[factories.sector()])
    )
    for currency in ("CNY", "GBP"):
        factories.signed_intention(
            event=event,
            projects=[recommended.project],
            intended_amount=1,
            intended_currency=currency,
        )
    return event


@pytest.mark.parametrize("ending", ["", "_xlsx", "_csv"])
def test_report_takes_the_same_few_queries_however_much_there_is(
    organizer, django_assert_num_queries, ending
):
    SiteProfile.load()
    series = factories.series()
    event = grow(series)
    page = 2 if not ending else 0

    def look():
        with django_assert_num_queries(31 + page):
            organizer.get(address(series, ending))
        with django_assert_num_queries(28 + page):
            organizer.get(address(event, ending))

    look()
    for _number in range(3):
        grow(series)
    Sector.objects.create(name_en="Another", slug="another")
    look()


# What was signed, one by one


def signed_in(event, **fields):
    return factories.signed_intention(
        event=event,
        expert=factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔"),
        expert_organization=factories.organization(name_en="Leeds", name_zh_hans="利兹大学"),
        company=factories.organization(name_en="Hebei Pump", name_zh_hans="河北泵业"),
        projects=[factories.project(title_en="=Pump", title_zh_hans="水泵")],
        **fields,
    )


@pytest.mark.parametrize("ending", ["_signed_csv", "_signed_xlsx"])
def test_file_of_what_was_signed_has_a_row_for_each(organizer, event, ending):
    first = signed_in(event)
    second = factories.terminated_intention(event=event, is_public=False)
    factories.intention(event=event)

    content = organizer.get(address(event, ending)).content

    if ending == "_signed_csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        pump = "'=Pump"
    else:
        cells = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        rows = [[getattr(cell, "date", lambda c=cell: c)() for cell in row] for row in cells]
        rows = [[str(cell) for cell in row] for row in rows]
        pump = "=Pump"
    assert rows[0] == [
        *("No.", "Reference", "Signed on", "Expert", "Institution", "Signing organization"),
        *("Project", "Status", "Publicity", "Event"),
    ]
    assert rows[1] == [
        *("1", first.reference, "2020-10-29", "Ann Hale", "Leeds", "Hebei Pump"),
        *(pump, "signed", "public", event.title_en),
    ]
    assert rows[2][1] == second.reference and rows[2][7:9] == ["terminated", "confidential"]
    assert len(rows) == 3


def test_page_tells_what_was_signed_in_the_language_of_its_address(organizer, event):
    signed = signed_in(event)

    for subject in (event, event.series):
        page = organizer.get(f"{address(subject)}?language=zh-hans").text
        table = page.split('id="section-signed"')[1].split("</section>")[0]
        for text in ("安·黑尔", "利兹大学", "河北泵业", "水泵", signed.reference):
            assert text in table
        assert "signed.xlsx?language=zh-hans" in table


def test_page_without_a_signature_has_no_table_of_them(organizer, event):
    factories.intention(event=event)

    assert "section-signed" not in organizer.get(address(event)).text


def test_file_of_what_was_signed_is_recorded(auditor, event):
    signed_in(event)

    auditor.get(address(event, "_signed_csv"))

    assert entries() == [
        (
            "list_exported",
            "auditor",
            "list · projects.cooperationintention",
            {"file_format": "csv", "rows": 1, "filters": {"report": f"event:{event.slug}"}},
        )
    ]
