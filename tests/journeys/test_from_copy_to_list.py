"""A summit's attendees from beginning to end: copy, publish, register, check in, export."""

import csv
import datetime as dt
import re

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation
from playwright.sync_api import expect

from events.models import Event, SiteProfile
from registrations.models import ExportRecord, Registration
from tests import factories
from tests.cast import make_clerk, make_organizer
from tests.journeys.conftest import DESKTOP, LANGUAGES, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "company": "company",
        "yes": "yes",
        "no": "no",
        "status": "confirmed",
        "sheet": "Attendees",
    },
    "zh-hans": {
        "company": "企业",
        "yes": "是",
        "no": "否",
        "status": "已确认",
        "sheet": "参会人员",
    },
}
PEOPLE = [
    {
        "name": "王伟",
        "email": "wei@example.org",
        "phone": "010 6255 1234",
        "position": "=HYPERLINK(1)",
        "answer": "130102199001011234",
    },
    {
        "name": "Ann Hale",
        "email": "ann@example.org",
        "phone": "0731 8612 3456",
        "position": "总经理, 兼“董事”",
        "answer": "－无",
    },
]


@pytest.fixture
def last_year():
    """The summit that is copied, with how it took registrations."""
    SiteProfile.load()
    event = factories.event(title_en="Docking Summit", title_zh_hans="项目对接峰会")
    factories.session(event=event)
    settings = factories.registration_settings(event=event)
    factories.question(settings=settings, text_en="ID number", text_zh_hans="证件号码")
    return event


def log_in(context, live_server, user, language, size):
    page = context.new_page()
    page.set_viewport_size(size)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url, "sameSite": "Lax"}]
    )
    page.goto(f"{live_server.url}/admin/login/?next=/desk/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")
    return page


def copy_and_publish(page, event, starts_on):
    page.goto(f"/admin/events/event/{event.pk}/do/copy/")
    page.fill("input[name=starts_on]", starts_on.isoformat())
    page.click(".submit-row input[type=submit], .submit-row button")
    page.wait_for_url(lambda url: "/do/" not in url)
    new = Event.objects.latest("pk")
    page.goto(f"/admin/events/event/{new.pk}/do/publish/")
    page.click(".submit-row input[type=submit], .submit-row button")
    page.wait_for_url(lambda url: "/do/" not in url)
    new.refresh_from_db()
    return new


def assign_the_clerk(page, event):
    page.goto(f"/admin/events/event/{event.pk}/attendees/")
    clerk = User.objects.get(username="clerk")
    page.locator("#desk_assignments-group .add-row a").click()
    page.select_option("select[name=desk_assignments-0-user]", str(clerk.pk))
    with page.expect_navigation():
        page.locator("input[name=_save]").first.click()


def register(page, event, language, person):
    page.goto(f"/{language}/events/{event.slug}/register/")
    page.fill("input[name=people-0-name]", person["name"])
    page.fill("input[name=people-0-email]", person["email"])
    page.fill("input[name=people-0-phone]", person["phone"])
    page.fill("input[name=people-0-position]", person["position"])
    page.fill("input[name^=people-0-question_]", person["answer"])
    page.fill("input[name=organization_name]", "清曜生物")
    page.select_option("select[name=category]", "company")
    page.check("input[name=consent]")
    page.locator("form.form button.button").last.click()
    page.wait_for_url("**/registered/")


def check_in(page, event, typed, name):
    page.goto(f"/desk/{event.slug}/")
    page.fill("#q", typed)
    page.press("#q", "Enter")
    expect(page.locator(".desk-card")).to_contain_text(name)
    page.locator(".desk-card .button-tap").click()
    expect(page.locator(".desk-card-new")).to_be_visible()


def export(page, event, file_format, to):
    page.goto(f"/desk/{event.slug}/export/")
    page.check(f"input[name=file_format][value={file_format}]")
    with page.expect_download() as waiting:
        page.click("button[name=do][value=download]")
    assert re.fullmatch(
        rf"attendees-{event.slug}-\d{{8}}-\d{{4}}\.{file_format}",
        waiting.value.suggested_filename,
    )
    path = to / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def expected_rows(event, words, *, in_csv):
    """What stands in the file, from what people typed and the desk did."""
    rows = []
    for person in [PEOPLE[1], PEOPLE[0]]:
        row = Registration.objects.get(event=event, email=person["email"])
        arrival = row.check_ins.first()
        moments = [row.registered_at, arrival and arrival.checked_in_at]
        local = [
            at and timezone.make_naive(at, event.zone).replace(microsecond=0) for at in moments
        ]
        shown = [
            str(at) if in_csv and at else ("" if in_csv else None) if at is None else at
            for at in local
        ]
        guard = "'" if in_csv else ""
        typed = {
            key: f"{guard}{text}" if text[0] in "=－" else text for key, text in person.items()
        }
        rows.append(
            [
                *(row.ticket, person["name"], "清曜生物", typed["position"], words["company"]),
                *(person["phone"], person["email"], words["status"], shown[0]),
                *(words["yes"] if arrival else words["no"], shown[1], typed["answer"]),
            ]
        )
    return rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_copy_to_a_list_that_reads_as_it_was_typed(
    last_year, context, live_server, page, complaints, tmp_path, language
):
    make_organizer(), make_clerk()
    words = WORDS[language]
    starts_on = timezone.localdate() + dt.timedelta(days=40)

    office = log_in(context, live_server, "organizer", language, DESKTOP)
    event = copy_and_publish(office, last_year, starts_on)
    assign_the_clerk(office, event)
    page.set_viewport_size(PHONE)
    for person in PEOPLE:
        register(page, event, language, person)
    context.clear_cookies()
    door = log_in(context, live_server, "clerk", language, PHONE)
    check_in(door, event, "wang wei", "王伟")
    as_csv = export(door, event, "csv", tmp_path)
    as_xlsx = export(door, event, "xlsx", tmp_path)

    content = as_csv.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert table[1:] == expected_rows(event, words, in_csv=True)
    sheet = openpyxl.load_workbook(as_xlsx).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sheet.title == words["sheet"]
    assert cells[0] == table[0]
    assert cells[1:] == expected_rows(event, words, in_csv=False)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with translation.override(language):
        titles = {str(event.title), *table[0]}
    assert ("证件号码" in titles) == (language == "zh-hans")
    done = ExportRecord.objects.values_list("user_name", "source", "outcome", "rows")
    assert list(done) == [("clerk", "desk", "complete", 2)] * 2
    assert complaints == []
