"""What is printed of an event: what each sheet says, in which language, and to whom."""

import re

import pytest
from django.contrib.auth.models import Permission, User

from registrations.models import ExportRecord
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import names
from tests.cast import Person
from tests.trail import entries
from tests.two_series import world

pytestmark = pytest.mark.django_db

SIGN_IN = {"language": "en", "order": "organization", "phone": "masked", "blank": "2"}


@pytest.fixture
def event():
    event = factories.event(
        series=factories.series(),
        title_en="Docking summit",
        title_zh_hans="项目对接会",
        venue_en="Hall",
        venue_zh_hans="会议厅",
    )
    bureau = factories.organization(name_en="Science Bureau", name_zh_hans="科学技术局")
    factories.role(event=event, organization=bureau)
    return event


def told(response):
    """Return the text of a sheet, without mark-up and with single gaps."""
    assert response.status_code == 200, response
    body = re.sub(r"<nav.*?</nav>", "", response.text.split("<body")[1], flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def sheet(person, event, name, **query):
    return person.get(url(event, "print"), {"sheet": name, **query})


def sign_in(person, event, **given):
    return person.post(f"{url(event, 'print')}?sheet=sign-in", SIGN_IN | given)


# The page


def test_page_offers_what_there_is_to_print(organizer, event):
    factories.session(event=event)
    factories.signed_intention(event=event)

    page = organizer.get(url(event, "print"))

    assert "print" in names(page)
    assert 'value="programme"' in page.text and 'value="signed"' in page.text
    # Nobody can register here.
    assert "Nobody has a confirmed place yet." in page.text
    assert "badges_url" not in page.context


def test_page_leads_to_the_badges_where_people_register(organizer):
    event = factories.registration_settings().event
    factories.registered(event)

    page = organizer.get(url(event, "print"))

    assert f'href="/desk/{event.slug}/badges/"' in page.text
    assert "1 person has a confirmed place." in page.text


def test_page_offers_an_empty_event_nothing(organizer, event):
    page = organizer.get(url(event, "print"))

    assert "The programme has no session yet." in page.text
    assert "Nothing has been signed here yet." in page.text


def test_unknown_sheet_and_wrong_method_are_refused(organizer, event):
    assert sheet(organizer, event, "menu").status_code == 404
    assert sheet(organizer, event, "sign-in").status_code == 405
    assert organizer.post(f"{url(event, 'print')}?sheet=programme").status_code == 405
    assert organizer.post(url(event, "print")).status_code == 405


def test_sheets_have_no_style_or_script_of_their_own(organizer, event):
    factories.session(event=event)

    page = sheet(organizer, event, "programme")

    assert not re.search(r"<style|style=|<script(?![^>]*src=)|onclick", page.text)
    assert "no-store" in page.headers["Cache-Control"]


# The programme


@pytest.fixture
def programme(event):
    session = factories.session(
        event=event,
        kind="keynote",
        title_en="Blood tests",
        title_zh_hans="血液检测",
        room_en="Hall 1",
    )
    speaker = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")
    leeds = factories.organization(name_en="Leeds", name_zh_hans="利兹大学")
    factories.affiliation(expert=speaker, organization=leeds)
    factories.appearance(session=session, expert=speaker)
    moderator = factories.expert(name_en="Tom Moore", name_zh_hans="")
    factories.appearance(session=session, expert=moderator, role="moderator")
    for role, name in (("host", "Li Host"), ("leader", "Wang Leader"), ("guest", "Gu Guest")):
        factories.programme_person(
            event=event,
            session=session,
            role=role,
            name_en=name,
            name_zh_hans="",
            position_en="Director",
            position_zh_hans="局长",
            organization_name_en="Bureau",
            organization_name_zh_hans="某局",
        )
    return session


def cells(response):
    """Return the cells of the last row of the table, each as its text."""
    [*rows] = re.findall(r"<tr>.*?</tr>", response.text, re.S)
    found = re.findall(r"<td.*?>(.*?)</td>", rows[-1], re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_programme_in_english_names_time_content_speakers_and_host(organizer, event, programme):
    page = sheet(organizer, event, "programme", language="en")

    assert cells(page) == [
        "10:00 – 11:00",
        "Keynote Blood tests Hall 1",
        "Wang Leader, Director, Bureau Ann Hale, Leeds "
        "Gu Guest, Director, Bureau (guest of honour)",
        "Li Host, Director, Bureau Tom Moore",
    ]
    head = told(page)
    assert "Docking summit" in head and "Sponsor Science Bureau" in head
    assert '<html lang="en">' in page.text


def test_programme_in_chinese_names_the_place_before_the_name(organizer, event, programme):
    page = sheet(organizer, event, "programme", language="zh-hans")

    [_time, content, speakers, host] = cells(page)
    assert "血液检测" in content
    assert "利兹大学 安·黑尔" in speakers and "某局 局长 Wang Leader" in speakers
    assert "某局 局长 Li Host" in host
    assert '<html lang="zh-hans">' in page.text


def test_programme_stands_in_both_languages_side_by_side(organizer, event, programme):
    page = sheet(organizer, event, "programme", language="both")

    [_time, chinese, english, speakers, _host] = cells(page)
    assert ("血液检测" in chinese, "Blood tests" in english) == (True, True)
    assert "利兹大学 安·黑尔" in speakers and "Ann Hale, Leeds" in speakers
    assert "项目对接会" in told(page) and "Docking summit" in told(page)
    assert 'class="print-programme is-wide"' in page.text


def test_programme_names_each_day_where_there_are_several(organizer, event):
    end = factories.at(18, day=factories.DAY.replace(day=30))
    type(event).objects.filter(pk=event.pk).update(ends_at=end)
    event.refresh_from_db()
    factories.session(event=event)
    factories.session(
        event=event,
        starts_at=factories.at(9, day=factories.DAY.replace(day=30)),
        ends_at=factories.at(10, day=factories.DAY.replace(day=30)),
    )

    page = told(sheet(organizer, event, "programme", language="en"))

    assert "29 October 2020 (Thu)" in page and "30 October 2020 (Fri)" in page


def test_programme_tells_who_hosts_the_event_as_a_whole(organizer, event, programme):
    factories.programme_person(event=event, session=None, name_en="Zhou Whole", role="host")

    page = sheet(organizer, event, "programme", language="en")

    assert "Host Zhou Whole" in told(page).split("Time Content")[0]


def test_programme_leaves_out_whom_no_public_page_names(organizer, event, programme):
    hidden = factories.expert(name_en="Not Yet Announced", is_public=False)
    factories.appearance(session=programme, expert=hidden)

    assert "Not Yet Announced" not in sheet(organizer, event, "programme", language="en").text


def test_programme_says_no_kind_twice(organizer, event):
    factories.session(event=event, kind="opening", title_en="Opening", title_zh_hans="开幕式")

    assert cells(sheet(organizer, event, "programme", language="en"))[1] == "Opening"


def test_programme_costs_the_same_for_one_session_and_for_many(
    organizer, event, programme, django_assert_max_num_queries
):
    sheet(organizer, event, "programme", language="both")
    with django_assert_max_num_queries(100) as few:
        sheet(organizer, event, "programme", language="both")
    for number in range(5):
        start, end = factories.at(11, number), factories.at(11, number + 1)
        session = factories.session(event=event, starts_at=start, ends_at=end)
        expert = factories.affiliation().expert
        factories.appearance(session=session, expert=expert)
        factories.programme_person(event=event, session=session)

    with django_assert_max_num_queries(len(few)):
        sheet(organizer, event, "programme", language="both")


# The sign-in sheet


@pytest.fixture
def people(event):
    factories.registration_settings(event=event, ask_phone="optional")
    type(event).objects.filter(pk=event.pk).update(
        starts_at=factories.at(9, day=factories.DAY.replace(year=2099)),
        ends_at=factories.at(17, day=factories.DAY.replace(year=2099)),
    )
    event.refresh_from_db()
    factories.registered(
        event, name="王伟", organization_name="河北大学", position="教授", phone="13812345678"
    )
    factories.registered(event, name="Ann Hale", organization_name="Leeds", phone="")
    return event


def test_sheet_has_a_line_for_each_person_and_empty_ones_to_fill_in(organizer, people):
    page = sign_in(organizer, people)

    rows = re.findall(r"<tr>.*?</tr>", page.text, re.S)[1:]
    assert len(rows) == 4
    text = told(page)
    assert "1 河北大学 王伟 教授 138 **** 5678 2 Leeds Ann Hale" in text
    assert "Expected: 2" in text and "Present:" in text
    assert "138 1234 5678" not in page.text


def test_sheet_is_in_the_language_asked_for(organizer, people):
    text = told(sign_in(organizer, people, language="zh-hans"))

    for word in ("项目对接会", "会议厅", "科学技术局", "河北大学"):
        assert word in text


def test_sheet_is_recorded_as_an_export_with_its_purpose(organizer, people):
    sign_in(organizer, people, phone="none", category="")

    record = ExportRecord.objects.get()
    assert (record.file_format, record.outcome, record.rows) == ("print", "complete", 2)
    assert (record.user, record.columns) == (organizer.user, ["name", "organization", "position"])
    assert record.filters == {
        "purpose": "sign_in",
        "phone": "none",
        "order": "organization",
        "language": "en",
    }
    [(action, actor, subject, details)] = entries()
    assert (action, actor, subject) == ("exported", "organizer", f"event · {people.slug}")
    assert details == {"source": "admin", "file_format": "print", "rows": 2}
    page = organizer.get(url(record, "change"))
    assert "sign-in sheet on paper" in page.text and "by organization" in page.text


def test_phones_in_full_are_for_those_who_may_export(organizer, auditor, people):
    assert "138 1234 5678" in sign_in(organizer, people, phone="whole").text

    refused = sign_in(auditor, people, phone="whole")

    assert refused.status_code == 422
    assert "138 1234 5678" not in refused.text
    assert 'value="whole"' not in auditor.get(url(people, "print")).text
    assert "138 **** 5678" in sign_in(auditor, people).text


def test_sheet_without_anybody_is_refused_in_words(organizer, people):
    page = sign_in(organizer, people, category="media", order="name")

    assert page.status_code == 422
    assert "Nobody here has a confirmed place." in page.text
    # What was chosen is still there.
    assert '<option value="name" selected>' in page.text
    assert not ExportRecord.objects.exists()


def test_sheet_of_too_many_is_refused_in_words(organizer, people, monkeypatch):
    monkeypatch.setattr("registrations.exports.sign_in_sheet.MOST", 1)

    page = sign_in(organizer, people)

    assert "a sheet holds at most 1" in page.text


# What was signed


def test_list_names_what_was_signed_and_leaves_out_what_is_confidential(organizer, event):
    signed = factories.signed_intention(
        event=event, company=factories.organization(name_en="Hebei Pump", name_zh_hans="河北泵业")
    )
    hidden = factories.signed_intention(event=event, is_public=False)
    factories.intention(event=event)

    page = sheet(organizer, event, "signed", language="zh-hans")
    with_all = sheet(organizer, event, "signed", language="en", confidential="on")

    assert "河北泵业" in told(page) and signed.reference in told(page)
    assert hidden.reference not in page.text
    assert (page.context["left_out"], with_all.context["left_out"]) == (1, 0)
    assert hidden.reference in with_all.text and "confidential" in told(with_all)


# Who


def test_each_sheet_asks_for_its_own_permission(event):
    factories.session(event=event)
    factories.signed_intention(event=event)
    clerk = Person(User.objects.create_user("reader", is_staff=True))
    clerk.user.user_permissions.add(Permission.objects.get(codename="view_event"))

    page = clerk.get(url(event, "print"))

    assert page.status_code == 200
    assert not {"programme_form", "sign_in_form", "signed_form"} & page.context.keys()
    assert sheet(clerk, event, "programme").status_code == 403
    assert sheet(clerk, event, "signed").status_code == 403
    assert sign_in(clerk, event).status_code == 403


def test_event_beyond_ones_limits_is_not_printed():
    told = world()

    for name in ("programme", "signed"):
        assert sheet(told.organizer, told.beyond.event, name).status_code == 302
    assert sign_in(told.organizer, told.beyond.event).status_code == 302
    assert not ExportRecord.objects.filter(file_format="print").exists()
    assert sheet(told.organizer, told.mine.event, "programme").status_code == 200
