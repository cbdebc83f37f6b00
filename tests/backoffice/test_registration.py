"""What organizers do with registrations in the admin, and what they cannot."""

import threading
import time

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection, transaction

from backoffice.registration_actions import ACTIONS
from events.models import OrganizerScope
from mail.models import OutboundMail
from registrations.domain import admission, personal_link, place
from registrations.models import Registration
from tests import factories
from tests.backoffice import posting
from tests.backoffice.posting import buttons, confirm, do, search, select, url, use_on_selected
from tests.threads import at_once
from tests.trail import entries

PERSON = {"name": "Zephyrine Quill", "email": "zephyrine@quill.example", "phone": "555 7781"}


@pytest.fixture
def pending(db) -> Registration:
    settings = factories.registration_settings(capacity=1, needs_approval=True)
    return factories.registered(settings.event, **PERSON)


@pytest.fixture
def confirmed(db) -> Registration:
    return factories.registered(factories.registration_settings(capacity=1).event, **PERSON)


def kinds(row):
    return list(row.mails.order_by("pk").values_list("kind", flat=True))


def test_buttons_are_those_that_the_status_allows(organizer, pending, confirmed):
    links = ["change-contact", "send-link", "replace-link", "cancel", "erase"]
    unproven = ["confirm-contact", *links]

    assert buttons(organizer, pending) == ["approve", "decline", *unproven]
    assert buttons(organizer, confirmed) == unproven
    assert buttons(organizer, personal_link.prove(confirmed)) == links


def test_contact_is_confirmed_with_one_button(organizer):
    held = factories.registration_settings(capacity=1, hold_hours=24).event
    row = factories.registered(held, **PERSON)

    do(organizer, row, "confirm-contact")

    row.refresh_from_db()
    assert (row.status, row.proof, kinds(row)) == ("confirmed", "staff", ["held", "confirmed"])


def test_number_beside_a_verified_address_is_confirmed_and_the_link_stays_proof(organizer):
    event = factories.registration_settings().event
    row = personal_link.prove(factories.registered(event, **PERSON | {"phone": "138 0013 8000"}))
    before = buttons(organizer, row)

    do(organizer, row, "confirm-contact")

    row.refresh_from_db()
    assert (row.has_proven_number, row.has_proven_address) == (True, True)
    assert before == ["confirm-contact", *buttons(organizer, row)]


def test_owner_of_a_confirmed_number_takes_the_place_that_a_stranger_has(organizer):
    event = factories.registration_settings().event
    number = {"name": "王伟", "phone": "138 0013 8000"}
    stranger = factories.registered(event, email="stranger@example.org", **number)
    own = factories.registered(event, email="wei@example.org", **number)
    for row in (stranger, own):
        personal_link.prove(row)

    do(organizer, own, "confirm-contact")

    rows = Registration.objects.order_by("pk").values_list("status", flat=True)
    assert list(rows) == ["double", "confirmed"]


def test_contact_that_changed_while_it_was_checked_is_not_confirmed(organizer, confirmed):
    asked = organizer.get(url(confirmed, "action", "confirm-contact"))
    Registration.objects.update(phone="13900139000", phone_key="+8613900139000")
    given = {"_shown": asked.context["shown"]}

    refused = do(organizer, confirmed, "confirm-contact", **given)

    assert all(each in asked.text for each in PERSON.values())
    assert "13900139000" in refused.text
    assert Registration.objects.get().proven_at is None


def test_contacts_that_changed_while_they_were_checked_are_not_confirmed(organizer, confirmed):
    for number in range(21):
        last = factories.registered(confirmed.event, name=f"Person {number}")
    page = url(Registration, "changelist") + "all/do/confirm-contact/"
    asked = organizer.get(page)
    shown = {"_shown": asked.context["shown"], "newest": last.pk}
    Registration.objects.filter(pk=last.pk).update(phone="13900139000")

    refused = organizer.post(page, shown)

    assert PERSON["phone"] in asked.text
    assert refused.status_code == 422
    assert not Registration.objects.exclude(proven_at=None).exists()


@pytest.mark.parametrize(
    ("action", "status", "mail"),
    [
        ("approve", "confirmed", "confirmed"),
        ("decline", "declined", "declined"),
        ("cancel", "cancelled", "cancelled"),
        ("send-link", "pending", "link"),
        ("replace-link", "pending", "link"),
    ],
)
def test_button_asks_first_then_moves_the_row_and_mails(organizer, pending, action, status, mail):
    asked = organizer.get(url(pending, "action", action))
    before = Registration.objects.get(pk=pending.pk).status

    do(organizer, pending, action, tell="on")

    pending.refresh_from_db()
    assert (asked.status_code, before) == (200, "pending")
    label = next(each.label for each in ACTIONS if each.name == action)
    assert f'value="{label}"' in asked.text
    assert pending.status == status
    assert kinds(pending) == ["pending", mail]


def test_replaced_link_has_another_code(organizer, confirmed):
    before = confirmed.code

    do(organizer, confirmed, "replace-link")

    confirmed.refresh_from_db()
    assert confirmed.code != before


def test_contact_is_changed_with_a_page_that_asks_for_the_new_one(organizer, confirmed):
    asked = organizer.get(url(confirmed, "action", "change-contact"))
    before = confirmed.code

    do(organizer, confirmed, "change-contact", email="zq@quill.example", phone="555 7781")

    confirmed.refresh_from_db()
    assert 'value="zephyrine@quill.example"' in asked.text
    assert (confirmed.email, confirmed.proof) == ("zq@quill.example", "staff")
    assert confirmed.code != before
    assert kinds(confirmed) == ["confirmed", "address_changed", "address_left"]


def test_number_that_is_the_contact_is_changed_by_the_action_alone(organizer):
    event = factories.registration_settings().event
    row = factories.registered(event, email="", phone="13800138000")

    page = organizer.get(url(row, "change")).text
    do(organizer, row, "change-contact", email="", phone="13900139000")

    row.refresh_from_db()
    assert 'name="phone"' not in page
    assert row.phone == "+8613900139000"


def test_others_of_the_contact_are_changed_where_ticked(organizer, confirmed):
    ann, bea = (
        factories.registered(confirmed.event, name=name, email=PERSON["email"])
        for name in ("Ann", "Bea")
    )

    asked = organizer.get(url(confirmed, "action", "change-contact")).text
    given = {"email": "zq@quill.example", "phone": "555 7781", "others": [bea.pk]}
    do(organizer, confirmed, "change-contact", **given)

    emails = [each.email for each in confirmed.event.registrations.order_by("pk")]
    assert "Ann" in asked
    assert emails == ["zq@quill.example", ann.email, "zq@quill.example"]


def test_pressing_twice_is_refused_the_second_time(organizer, pending):
    do(organizer, pending, "approve")
    response = do(organizer, pending, "approve")

    assert "cannot become" in response.text
    assert kinds(pending) == ["pending", "confirmed"]


def test_cancelling_passes_the_seat_on(organizer, confirmed):
    waiting = factories.registered(confirmed.event)

    do(organizer, confirmed, "cancel", tell="on")

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"


def test_erasing_gives_the_seat_back_and_leaves_a_row_that_nobody_can_edit(organizer, confirmed):
    waiting = factories.registered(confirmed.event)

    do(organizer, confirmed, "erase")

    confirmed.refresh_from_db()
    waiting.refresh_from_db()
    page = organizer.get(url(confirmed, "change"))
    assert (confirmed.name, confirmed.status) == ("", "cancelled")
    assert waiting.status == "confirmed"
    assert page.context["has_change_permission"] is False
    assert buttons(organizer, confirmed) == []
    assert organizer.post(url(confirmed, "change"), {"name": "Back"}).status_code == 403


@pytest.mark.parametrize("action", ["approve", "decline", "send-link", "cancel", "erase"])
def test_log_and_messages_name_nobody(organizer, pending, action):
    response = do(organizer, pending, action)

    told = [str(message) for message in get_messages(response.wsgi_request)]
    logged = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(told) == len(logged) == 1
    for words in [*told, *logged]:
        assert not any(value in words for value in PERSON.values())


def test_log_of_a_correction_names_fields_and_nobody(organizer, confirmed):
    shown = posting.filled(organizer.get(url(confirmed, "change")))
    typed = {name: "" if value is None else value for name, value in shown.items()}
    typed |= {"name": "Somebody Else", "staff_note": "came with an umbrella", "_save": "Save"}
    organizer.post(url(confirmed, "change"), typed)

    confirmed.refresh_from_db()
    entry = LogEntry.objects.get()
    assert (confirmed.name, confirmed.staff_note) == ("Somebody Else", "came with an umbrella")
    assert "Somebody" not in f"{entry.object_repr} {entry.change_message}"
    assert "umbrella" not in entry.change_message


def test_several_are_approved_in_the_order_in_which_they_came(organizer, pending):
    second = factories.registered(pending.event)

    use_on_selected(organizer, "approve", second, pending)

    statuses = Registration.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["confirmed", "waitlisted"]


def test_several_are_erased_after_a_page_that_asks(organizer, pending):
    kept = factories.registered(pending.event, name="Kept")
    second = factories.registered(pending.event)

    asked = select(organizer, "erase", pending, second)
    before = Registration.objects.filter(erased_at=None).count()
    response = confirm(organizer, asked)

    told = [str(message) for message in response.context["messages"]]
    assert (asked.status_code, before) == (200, 3)
    assert 'class="grave" value="Erase the selected people"' in asked.text
    assert "Zephyrine" not in asked.text
    assert list(Registration.objects.filter(erased_at=None)) == [kept]
    assert told == ["The personal data of 2 registrations has been erased."]
    assert LogEntry.objects.count() == 2
    erased = {"people": 1, "reason": "asked_for"}
    assert entries() == [("erased", "organizer", f"event · {kept.event.slug}", erased)] * 2


@pytest.fixture
def crowd(db):
    """An event whose two seats strangers took, with three people waiting behind them."""
    event = factories.registration_settings(capacity=2).event
    return [factories.registered(event) for _n in range(5)]


def statuses(rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def test_several_are_cancelled_after_a_page_that_asks(organizer, crowd):
    taken, waiting = crowd[:2], crowd[2:]

    asked = select(organizer, "cancel", *crowd[:3])
    before = statuses(crowd)
    response = confirm(organizer, asked, tell="on")

    told = [str(message) for message in response.context["messages"]]
    assert "3 registrations" in asked.text
    assert "confirmed: 2 · on the waiting list: 1" in asked.text
    assert not [row.name for row in crowd if row.name in asked.text]
    assert before == ["confirmed"] * 2 + ["waitlisted"] * 3
    # Nobody who is cancelled too moves up before.
    assert statuses(crowd) == ["cancelled"] * 3 + ["confirmed"] * 2
    assert told == ["3 registrations have been cancelled."]
    assert [kinds(row) for row in taken] == [["confirmed", "cancelled"]] * 2
    assert kinds(waiting[0]) == ["waitlisted", "cancelled"]
    assert kinds(waiting[1]) == ["waitlisted", "moved_up"]
    assert LogEntry.objects.count() == 3
    details = {"people": 3, "told": True}
    assert entries() == [("cancelled", "organizer", f"event · {crowd[0].event.slug}", details)]


def test_people_who_are_not_told_get_no_mail_and_what_was_queued_stays(organizer, crowd):
    use_on_selected(organizer, "cancel", *crowd[:2])

    mails = OutboundMail.objects.filter(registration__in=crowd[:2])
    assert list(mails.values_list("kind", "status")) == [("confirmed", "dropped")] * 2
    assert statuses(crowd) == ["cancelled"] * 2 + ["confirmed"] * 2 + ["waitlisted"]


def test_who_comes_while_the_page_is_open_is_not_cancelled(organizer, crowd):
    asked = select(organizer, "cancel", *crowd, select_across="1")
    later = factories.registered(crowd[0].event)

    confirm(organizer, asked)

    assert statuses(crowd) == ["cancelled"] * 5
    assert statuses([later]) == ["confirmed"]


def test_who_confirms_a_page_twice_is_told_that_nothing_was_left_to_do(organizer, crowd):
    asked = select(organizer, "cancel", *crowd[:2])

    first, second = (confirm(organizer, asked) for _click in range(2))

    assert "2 registrations have been cancelled." in first.text
    assert "Nothing was changed." in second.text


def test_search_that_expires_while_the_page_is_open_reaches_nobody(organizer, crowd):
    query = search(organizer, crowd[4].name).partition("?")[2]
    asked = select(organizer, "cancel", crowd[4], query=f"?{query}", select_across="1")
    assert asked.context["count"] == 1
    del organizer.cookies["searches"]

    confirm(organizer, asked)

    assert "cancelled" not in statuses(crowd)


def test_cancelling_those_who_have_no_place_any_more_changes_nothing(organizer, crowd):
    use_on_selected(organizer, "cancel", *crowd[:2])
    use_on_selected(organizer, "cancel", *crowd[:2], tell="on")

    assert len(entries()) == 1
    assert not OutboundMail.objects.filter(kind="cancelled").exists()


def test_two_organizers_who_cancel_at_once_cancel_once(transactional_db):
    event = factories.registration_settings(capacity=2).event
    rows = [factories.registered(event) for _n in range(5)]
    by = User.objects.create_user("organizer")

    done = at_once(*[lambda: place.cancel_all(rows[:2], by=by, tell=False)] * 3)

    assert sorted(len(each) for each in done) == [0, 0, 2]
    assert statuses(rows) == ["cancelled"] * 2 + ["confirmed"] * 2 + ["waitlisted"]


def test_limited_organizer_cancels_nobody_of_another_event(organizer, crowd):
    theirs = factories.registered(factories.registration_settings().event)
    OrganizerScope.objects.create(user=organizer.user, event=theirs.event)

    use_on_selected(organizer, "cancel", theirs, *crowd)
    confirm(organizer, select(organizer, "cancel", theirs, *crowd, select_across="1"))

    assert statuses([theirs, *crowd]) == ["cancelled"] + ["confirmed"] * 2 + ["waitlisted"] * 3


def test_list_finds_those_whose_address_is_not_proven(organizer, crowd):
    personal_link.prove(crowd[0])

    pages = [
        organizer.get(f"{url(Registration, 'changelist')}?proven={word}").context["cl"]
        for word in ("yes", "no")
    ]

    assert [set(page.result_list) for page in pages] == [{crowd[0]}, set(crowd[1:])]


@pytest.mark.parametrize("action", ["approve", "cancel", "erase"])
def test_auditor_reads_and_changes_nothing(auditor, pending, action):
    page = auditor.get(url(Registration, "changelist"))
    use_on_selected(auditor, action, pending)

    pending.refresh_from_db()
    assert "Zephyrine" in page.text
    assert f'<option value="{action}"' not in page.text
    assert buttons(auditor, pending) == []
    assert do(auditor, pending, "erase").status_code == 403
    assert (pending.status, pending.erased_at) == ("pending", None)


def test_list_shows_the_number_of_people_without_an_address(organizer):
    event = factories.registration_settings(contact="either").event
    factories.registered(event, email="", phone="138 0013 8000")
    factories.registered(event, email="ann@example.org")

    page = organizer.get(url(Registration, "changelist")).text

    assert "138 0013 8000" in page
    assert "ann@example.org" in page


def test_list_costs_the_same_with_one_and_three_people(organizer, django_assert_num_queries):
    settings = factories.registration_settings()
    factories.registered(settings.event)
    address = url(Registration, "changelist")
    organizer.get(address)

    with django_assert_num_queries(11):
        organizer.get(address)
    for _person in range(2):
        factories.registered(settings.event)
    with django_assert_num_queries(11):
        organizer.get(address)


def test_mails_given_up_are_listed_and_tried_again(organizer, confirmed, django_assert_num_queries):
    OutboundMail.objects.update(status="given_up", attempts=10)
    address = url(OutboundMail, "changelist")
    organizer.get(address)
    with django_assert_num_queries(13):
        organizer.get(address)
    factories.registered(confirmed.event)
    factories.registered(confirmed.event)
    with django_assert_num_queries(13):
        page = organizer.get(address)
    first = confirmed.mails.get()

    use_on_selected(organizer, "try-again", first)

    first.refresh_from_db()
    assert PERSON["name"] in page.text
    assert (first.status, first.attempts) != ("given_up", 10)


def test_page_of_a_mail_has_nothing_to_save(organizer, confirmed):
    page = organizer.get(url(confirmed.mails.first(), "change")).text

    assert 'name="_save"' not in page
    assert "Close" in page


def test_page_of_a_mail_leads_to_the_registration_that_it_is_about(organizer, confirmed):
    mail = confirmed.mails.first()

    page = organizer.get(url(mail, "change")).text

    assert f'<a href="{url(confirmed, "change")}">{PERSON["name"]}</a>' in page


def test_hostile_names_run_nowhere_in_the_admin(organizer):
    hostile = "<script>alert(1)</script>"
    question = factories.question()
    row = factories.registered(
        question.settings.event,
        name=hostile,
        organization_name=hostile,
        position=hostile,
        answers={question.pk: hostile},
    )

    for address in (url(Registration, "changelist"), url(row, "change"), url(row, "history")):
        assert hostile not in organizer.get(address).text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_page_waits_for_the_lock_on_seats_before_it_locks_its_person(organizer, confirmed):
    waits = """select count(*) from pg_locks
               where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"""

    def give_seats():
        with transaction.atomic():
            settings = admission.lock(confirmed.event)
            locked.set()
            for _try in range(100):
                with connection.cursor() as cursor:
                    cursor.execute(waits)
                    [waiting] = cursor.fetchone()
                if waiting:
                    break
                time.sleep(0.05)
            # Of two that lock in two orders, this one would wait for the page for good.
            Registration.objects.select_for_update(nowait=True).get(pk=confirmed.pk)
            return settings, waiting

    def press():
        locked.wait(timeout=10)
        return do(organizer, confirmed, "cancel").status_code

    locked = threading.Event()
    (_settings, waiting), status = at_once(give_seats, press)

    assert (waiting, status) == (1, 302)


def test_mails_to_staff_name_them_in_the_order_of_their_language(organizer):
    for log_in, given, family in (("wang", "伟", "王"), ("ann", "Ann", "Hale")):
        user = User.objects.create_user(log_in, first_name=given, last_name=family)
        OutboundMail.objects.create(kind="follow_ups", user=user)

    page = organizer.get(url(OutboundMail, "changelist")).text

    assert ">王伟<" in page
    assert ">Ann Hale<" in page
