"""Attendees added by organizers: one by a form, many by a file."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice.attendee_imports import AttendeeResource
from backoffice.attendee_words import CATEGORIES, STATES
from mail.models import OutboundMail
from registrations.models import Registration, RegistrationSettings
from summit.lib.files.sheet_headings import plain_heading
from tests import factories
from tests.backoffice.posting import buttons
from tests.backoffice.posting import url as page_url
from tests.backoffice.test_import import errors
from tests.cast import make_organizer
from tests.office import document
from tests.threads import at_once

SOURCE = "单位报名表，5月3日"
HEAD = ["序号", "姓名", "单位名称", "职务", "手机", "邮箱", "参会身份", "备注"]


@pytest.fixture
def event(db):
    return factories.registration_settings(event=factories.upcoming_event()).event


def url(event, page="import"):
    return reverse(f"admin:events_event_attendees_{page}", args=[event.pk])


def table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("a.csv", text.getvalue().encode("utf-8-sig"))


def preview(person, event, *rows, **asked):
    sent = {"file": table(*rows), "source": SOURCE, "way": "confirmed"} | asked
    return person.post(url(event), sent)


def confirm(person, event, shown):
    assert shown.context["errors"] == [], shown.context["errors"]
    answer = person.post(url(event, "process_import"), {"payload": shown.context["payload"]})
    assert answer.status_code == 302
    return answer


def test_every_other_heading_category_and_status_is_known_alone():
    headings = AttendeeResource.headings()
    for name, others in AttendeeResource.other_headings.items():
        for other in others:
            assert headings[plain_heading(other)] == name, other
    for column, known in (("category", CATEGORIES), ("status", STATES)):
        for value, words in known.items():
            for word in words:
                assert AttendeeResource.fields[column].widget.clean(word) == value, word


def test_a_list_of_an_employer_is_read_and_everybody_stands_on_the_list(organizer, event):
    shown = preview(
        organizer,
        event,
        ["2027年对接会参会回执"],
        HEAD,
        ["示例", "某某", "某公司", "经理", "13800000000", "", "企业", ""],
        [1, "王芳", "市科技局", "局长", "0311-12345678", "w@example.com", "领导", "座位靠前"],
        [2, "李强", "朝雾医疗", "", "", "", "演讲嘉宾", ""],
    )
    assert not Registration.objects.exists()

    confirm(organizer, event, shown)

    rows = Registration.objects.order_by("pk").values_list(
        "name", "organization_name", "category", "status", "source", "consented_at", "staff_note"
    )
    assert list(rows) == [
        ("王芳", "市科技局", "public_body", "confirmed", SOURCE, None, "座位靠前"),
        ("李强", "朝雾医疗", "speaker", "confirmed", SOURCE, None, ""),
    ]
    assert not OutboundMail.objects.exists()


def test_everybody_with_an_address_is_invited_by_mail_where_that_is_ticked(organizer, event):
    shown = preview(
        organizer,
        event,
        ["姓名", "邮箱", "回执"],
        ["王芳", "w@example.com", ""],
        ["李强", "", ""],
        ["赵敏", "z@example.com", "已确认"],
        way="invited",
        tells="on",
    )
    confirm(organizer, event, shown)

    people = Registration.objects.order_by("pk").values_list("name", "status")
    assert list(people) == [("王芳", "invited"), ("李强", "invited"), ("赵敏", "confirmed")]
    assert sorted(OutboundMail.objects.values_list("kind", flat=True)) == ["confirmed", "invited"]


def test_the_same_list_again_adds_nobody_and_changes_what_has_changed(organizer, event):
    rows = [["王芳", "市科技局", "局长", "w@example.com"], ["李强", "朝雾医疗", "", ""]]
    head = ["姓名", "单位", "职务", "邮箱"]
    confirm(organizer, event, preview(organizer, event, head, *rows))
    again = preview(organizer, event, head, *rows)
    assert [row["kind"] for row in again.context["rows"]] == ["skip", "skip"]

    rows[1][2] = "总经理"
    shown = preview(organizer, event, head, *rows)

    assert [row["changed"] for row in shown.context["rows"]] == [[], ["position"]]
    confirm(organizer, event, shown)
    assert Registration.objects.get(name="李强").position == "总经理"
    assert Registration.objects.count() == 2


def test_who_registered_keeps_what_they_typed(organizer, event):
    mine = factories.registered(event, name="王芳", email="w@example.com", position="顾问")

    shown = preview(
        organizer,
        event,
        ["姓名", "邮箱", "职务"],
        ["王 芳", "W@example.com", "主任"],
        ["新人", "", ""],
    )
    confirm(organizer, event, shown)

    mine.refresh_from_db()
    assert mine.position == "顾问"
    assert shown.context["notes"] == [
        "1 person has already registered. Their entries stay as they are."
    ]
    assert Registration.objects.count() == 2


def test_more_people_than_seats_are_added_only_when_seats_are_added_for_them(organizer, event):
    event.registration_settings.capacity = 1
    event.registration_settings.save()
    shown = preview(organizer, event, ["姓名"], ["王芳"], ["李强"])
    assert "1 seat is free, but you need 2" in shown.context["errors"][0][2]
    assert "payload" not in shown.context

    again = organizer.post(url(event), {"alike": shown.context["alike"], "take": "beyond"})
    confirm(organizer, event, again)

    assert Registration.objects.seated().count() == 2


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["", "市医院", "", "", ""], "name", "blank"),
        (["王芳", "", "no address", "", ""], "email", "valid"),
        (["王芳", "", "", "abc", ""], "phone", ""),
        (["王芳", "", "", "", "国王"], "category", "is not known here"),
    ],
)
def test_each_mistake_is_said_beside_its_cell_and_nobody_is_added(
    organizer, event, row, column, words
):
    shown = preview(
        organizer,
        event,
        ["姓名", "单位", "邮箱", "手机", "身份"],
        row,
        ["李强", "", "", "", ""],
    )

    assert (2, column) in errors(shown)
    assert any(words in text for _line, _column, text in shown.context["errors"])
    assert not Registration.objects.exists()


def test_one_person_twice_in_a_list_is_refused_with_their_line(organizer, event):
    shown = preview(
        organizer, event, ["姓名", "邮箱"], ["王芳", "w@example.com"], ["王芳", "W@example.com"]
    )

    assert errors(shown) == [(3, "email")]


def test_one_address_may_hold_several_people_of_a_list(organizer, event):
    head = ["姓名", "手机", "邮箱"]
    rows = [["王芳", "13800138000", "w@example.com"], ["李强", "138 0013 8000", "w@example.com"]]

    confirm(organizer, event, preview(organizer, event, head, *rows))
    again = preview(organizer, event, head, ["王芳", "138-0013-8000", ""])

    assert Registration.objects.filter(phone="+8613800138000").count() == 2
    assert [row["kind"] for row in again.context["rows"]] == ["skip"]


def test_no_mail_about_a_draft_goes_out(organizer, event):
    type(event).objects.filter(pk=event.pk).update(status="draft", published_at=None)

    shown = preview(organizer, event, ["姓名", "邮箱"], ["王芳", "w@example.com"], tells="on")

    assert "Publish the event before you send e-mails" in shown.context["errors"][0][2]


def test_a_list_without_a_source_is_not_read(organizer, event):
    response = organizer.post(url(event), {"file": table(["姓名"], ["王芳"]), "way": "confirmed"})

    assert response.context["form"].errors["source"] == ["This field is required."]


def test_event_that_takes_no_registrations_has_its_list_imported(organizer):
    event = factories.upcoming_event()
    assert "Visitors cannot register" in organizer.get(page_url(event, "attendees")).text

    shown = preview(organizer, event, ["姓名"], ["王芳"])
    assert not RegistrationSettings.objects.exists()
    confirm(organizer, event, shown)

    assert Registration.objects.get().name == "王芳"
    page = organizer.get(page_url(event, "attendees"))
    assert "Visitors cannot register" in page.text
    assert page.context["questions_url"] == ""
    door = organizer.get(page.context["desk_url"])
    assert door.status_code == 200
    badges = organizer.post(
        f"/desk/{event.slug}/badges/",
        {"size": "card", "category": "everybody", "which": "not_printed"},
        follow=True,
    )
    assert "王芳" in badges.text


@pytest.mark.parametrize("has_settings", [True, False])
def test_nobody_is_added_to_a_cancelled_event_and_pages_say_why(organizer, has_settings):
    event = factories.upcoming_event(status="cancelled")
    if has_settings:
        factories.registration_settings(event=event)

    page = organizer.get(page_url(event, "attendees"))
    imported = organizer.get(url(event), follow=True)
    sent = preview(organizer, event, ["姓名"], ["王芳"])

    words = "This event has been cancelled, so nobody can be added."
    assert words in page.text
    assert page.context["add_url"] == ""
    assert url(event) not in page.text
    assert "add-attendee" not in buttons(organizer, event)
    assert imported.redirect_chain == [(page_url(event, "attendees"), 302)]
    assert words in [str(message) for message in imported.context["messages"]]
    assert sent.url == page_url(event, "attendees")
    assert words in add(organizer, event).text
    assert not Registration.objects.exists()


def test_import_that_was_previewed_before_the_event_was_cancelled_adds_nobody(organizer, event):
    shown = preview(organizer, event, ["姓名"], ["王芳"])
    type(event).objects.update(status="cancelled")

    answer = confirm(organizer, event, shown)

    assert answer.url == page_url(event, "attendees")
    assert not Registration.objects.exists()


def test_the_workbook_to_fill_in_holds_categories_and_is_read(organizer, event):
    answer = organizer.get(url(event, "import_workbook"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book.worksheets[0].cell(3, 2, "王芳")
    buffer = io.BytesIO()
    book.save(buffer)

    shown = organizer.post(
        url(event),
        {
            "file": SimpleUploadedFile("a.xlsx", buffer.getvalue()),
            "source": SOURCE,
            "way": "confirmed",
        },
    )

    assert shown.context["errors"] == []
    assert [row["kind"] for row in shown.context["rows"]] == ["new"]


def test_auditor_imports_nobody(auditor, event):
    assert auditor.get(url(event)).status_code == 403


# One attendee


def add(person, event, **fields):
    address = reverse("admin:events_event_action", args=[event.pk, "add-attendee"])
    given = {"name": "王芳", "category": "guest", "language": "zh-hans", "status": "confirmed"}
    return person.post(address, {**given, "source": SOURCE, **fields}, follow=True)


def ticket_of_form(person, event):
    address = reverse("admin:events_event_action", args=[event.pk, "add-attendee"])
    return person.get(address).context["form"]["ticket"].value()


@pytest.mark.parametrize("contact", [{}, {"email": "wang@example.org"}])
def test_a_form_that_is_sent_twice_adds_one_person(organizer, event, contact):
    ticket = ticket_of_form(organizer, event)

    answers = [add(organizer, event, ticket=ticket, **contact) for _time in range(2)]

    assert ["The attendee has been added." in each.text for each in answers] == [True, True]
    assert Registration.objects.count() == 1
    add(organizer, event, ticket=ticket_of_form(organizer, event), organization_name="Another")
    assert Registration.objects.count() == 2


def test_a_form_that_the_browser_kept_adds_the_next_person(organizer, event):
    ticket = ticket_of_form(organizer, event)

    for name in ("王芳", "李明"):
        add(organizer, event, ticket=ticket, name=name)

    assert {each.name for each in Registration.objects.all()} == {"王芳", "李明"}


def test_a_form_with_a_ticket_of_somebodys_own_making_is_given_another(organizer, event):
    add(organizer, event, ticket="BBBBBBBBBB")

    assert Registration.objects.get().ticket != "BBBBBBBBBB"


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_adds_one_person():
    event, person = factories.upcoming_event(), make_organizer()
    ticket = ticket_of_form(person, event)

    at_once(*[lambda: add(person, event, ticket=ticket)] * 2)

    assert Registration.objects.count() == 1


def test_an_import_that_is_confirmed_twice_adds_one_person_without_a_contact(organizer, event):
    shown = preview(organizer, event, ["姓名"], ["王芳"])

    for _time in range(2):
        confirm(organizer, event, shown)

    assert Registration.objects.count() == 1


def test_a_guest_is_added_by_a_form(organizer, event):
    response = add(organizer, event, position="局长")

    assert "The attendee has been added." in response.text
    guest = Registration.objects.get()
    assert (guest.name, guest.category, guest.status, guest.source) == (
        *("王芳", "guest", "confirmed", SOURCE),
    )


def test_a_person_who_is_registered_is_pointed_out(organizer, event):
    mine = factories.registered(event, name="王芳")

    response = add(organizer, event, email=mine.email)

    assert f"{mine.name} (confirmed)" in str(response.context["form"].errors["email"])


def test_a_seat_beyond_all_is_asked_for(organizer, event):
    event.registration_settings.capacity = 0
    event.registration_settings.save()

    response = add(organizer, event)
    assert "0 seats are free, but you need 1" in response.text
    assert "beyond" in response.context["form"].fields

    add(organizer, event, beyond="on")
    assert Registration.objects.count() == 1


def test_the_auditor_adds_nobody(auditor, event):
    assert add(auditor, event).status_code == 403


def test_reply_slip_in_word_is_read(organizer, event):
    slip = [
        ["单位名称", "示例医院", ""],
        ["姓 名", "李示例", "职 务", "主任"],
        ["手 机", "13800000001"],
    ]
    file = SimpleUploadedFile("回执.docx", document(slip))

    confirm(organizer, event, preview(organizer, event, file=file))

    person = Registration.objects.get()
    assert (person.name, person.position) == ("李示例", "主任")
    assert (person.organization_name, person.phone) == ("示例医院", "+8613800000001")
