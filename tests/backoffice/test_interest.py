"""What organizers see of expressions of interest, and do with them."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from events.models import OrganizerScope
from interests.models import Interest
from mail.models import OutboundMail
from tests import factories
from tests.backoffice.posting import buttons, confirm, do, save, select, url

pytestmark = pytest.mark.django_db
LISTED = url(Interest, "changelist")


def found(person, query="", words=""):
    if words:
        answer = person.post(LISTED, {"q": words})
        query = answer.url.partition("?")[2]
        query = f"?{query}"
    return set(person.get(LISTED + query).context["cl"].result_list)


def test_the_list_finds_by_pinyin_number_address_words_and_project(organizer):
    wang = factories.interest(
        name="王伟", organization_name="石家庄某医院", phone="+8613800138000", message="血液检测"
    )
    li = factories.interest(name="Li Min", project=factories.project(title_en="Biochip"))

    assert found(organizer, words="wangwei") == {wang}
    assert found(organizer, words="13800138000") == {wang}
    assert found(organizer, words="石家庄") == {wang}
    assert found(organizer, words="血液") == {wang}
    assert found(organizer, words="biochip") == {li}


def test_the_filters_leave_what_they_say(organizer):
    event = factories.event()
    new = factories.interest()
    agreed = factories.interest(consented_at=timezone.now(), consent_wording="1")
    asked = factories.interest(event=event, status="closed")
    own = factories.interest(
        expert=factories.expert(), status="assigned", assigned_to=organizer.user
    )

    assert found(organizer, "?state=open") == {new, agreed, own}
    assert found(organizer, "?state=closed") == {asked}
    assert found(organizer, "?about=event") == {asked}
    assert found(organizer, "?about=expert") == {own}
    assert found(organizer, "?whose=mine") == {own}
    assert found(organizer, "?agreed=yes") == {agreed}
    assert found(organizer, f"?event__id__exact={event.pk}") == {asked}


def test_an_organizer_assigns_closes_and_takes_up_again(organizer):
    interest = factories.interest()

    do(organizer, interest, "assign", assigned_to=organizer.user.pk)
    interest.refresh_from_db()
    assert (interest.status, interest.assigned_to) == ("assigned", organizer.user)
    do(organizer, interest, "close")
    assert buttons(organizer, interest) == ["reopen", "erase"]
    do(organizer, interest, "reopen")

    interest.refresh_from_db()
    assert interest.status == "assigned"


def test_a_spam_wave_of_two_hundred_is_thrown_away_in_one_go(organizer):
    project = factories.project()
    wave = [factories.interest(project=project) for _number in range(200)]
    kept = factories.interest(project=project, status="answered")

    page = select(organizer, "spam", wave[0], select_across="1")
    confirm(organizer, page)

    assert Interest.objects.filter(status="spam").count() == 200
    kept.refresh_from_db()
    assert kept.status == "answered"


def test_what_was_sent_cannot_be_edited_and_a_note_can(organizer):
    interest = factories.interest(name="Li Min", message="Please call")

    save(organizer, interest, staff_note="called", message="Other", email="other@example.org")

    interest.refresh_from_db()
    assert (interest.name, interest.message) == ("Li Min", "Please call")
    assert interest.staff_note == "called"


def test_two_who_write_a_note_at_once_are_told(organizer):
    interest = factories.interest()
    address = url(interest, "change")
    version = str(organizer.get(address).context["row_version"])
    save(organizer, interest, staff_note="first")

    page = organizer.post(address, {"staff_note": "second", "_version": version, "_save": "x"})

    assert page.status_code == 200
    interest.refresh_from_db()
    assert interest.staff_note == "first"


def test_the_admins_log_names_nobody(organizer):
    interest = factories.interest(name="Li Min", email="li@example.org")

    save(organizer, interest, staff_note="called Li Min")
    do(organizer, interest, "close")

    told = "".join(f"{each.object_repr}{each.change_message}" for each in LogEntry.objects.all())
    assert "Li" not in told


def test_who_is_limited_reaches_nothing_beyond(organizer):
    event = factories.event()
    OrganizerScope.objects.create(user=organizer.user, event=event)
    own, beyond = factories.interest(event=event), factories.interest(event=factories.event())

    assert found(organizer) == {own}
    assert organizer.get(url(beyond, "change")).status_code == 302
    do(organizer, beyond, "close")
    select(organizer, "spam", beyond)

    beyond.refresh_from_db()
    assert beyond.status == "new"


def test_deleting_erases_with_the_mails(organizer):
    interest = factories.interest()
    OutboundMail.objects.create(kind="interest_received", subject=interest)

    assert organizer.post(url(interest, "delete"), {"post": "yes"}).status_code == 403
    do(organizer, interest, "erase")

    assert not Interest.objects.exists()
    assert not OutboundMail.objects.exists()


def test_the_list_of_mails_names_the_row_and_nobody(organizer, auditor):
    interest = factories.interest(name="Li Min", email="li@example.org")
    mail = OutboundMail.objects.create(kind="interest_received", subject=interest)

    for person in (organizer, auditor):
        for page in (url(OutboundMail, "changelist"), url(mail, "change")):
            text = person.get(page).text
            assert str(interest) in text
            assert "Li Min" not in text and "li@" not in text


def test_what_came_lately_is_found(organizer):
    factories.interest(received_at=timezone.now() - dt.timedelta(days=2))
    new = factories.interest()

    assert found(organizer, "?received=hour") == found(organizer, "?received=day") == {new}
    assert len(found(organizer, "?received=week")) == 2
