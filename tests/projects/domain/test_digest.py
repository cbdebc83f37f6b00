import datetime as dt
import io

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from mail import delivery
from mail.models import OutboundMail
from projects.domain import digest
from projects.domain import follow_up as domain
from projects.domain import intention as intentions
from projects.models import FollowUp, FollowUpDigest
from tests import factories
from tests.factories import SHANGHAI
from tests.mail.test_delivery import BROKEN
from tests.threads import at_once

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2021, 3, 1, 7, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


def on(traveller, **later):
    traveller.move_to(MONDAY + dt.timedelta(**later))


# Who gets one, and when


def test_one_mail_a_week_from_monday_seven_on(organizer, monday):
    factories.follow_up(in_days=-3, assigned_to=organizer.user)
    queued = []

    for later in ({"minutes": -1}, {}, {"days": 3}, {"days": 6, "hours": 16}, {"days": 7}):
        on(monday, **later)
        queued.append(digest.queue_due())

    # One minute before Monday 07:00 nothing goes out, for the week before neither.
    assert queued == [0, 1, 0, 0, 1]
    days = list(FollowUpDigest.objects.order_by("pk").values_list("week_starts_on", flat=True))
    assert days == [dt.date(2021, 3, 1), dt.date(2021, 3, 8)]


def test_a_process_that_was_down_on_monday_makes_up_for_it(organizer, monday):
    factories.follow_up(assigned_to=organizer.user)
    on(monday, days=4)

    assert digest.queue_due() == 1


def test_who_has_nothing_within_two_weeks_of_monday_gets_none_all_week(organizer, auditor, monday):
    factories.follow_up(in_days=15, assigned_to=organizer.user)
    factories.follow_up(in_days=14, assigned_to=auditor.user)
    on_monday = digest.queue_due()
    on(monday, days=6)

    assert (on_monday, digest.queue_due()) == (1, 0)
    assert OutboundMail.objects.get().user == auditor.user


def test_who_is_assigned_the_first_one_on_thursday_hears_of_it(organizer, monday):
    row = factories.follow_up()
    on(monday, days=3)
    before = digest.queue_due()

    domain.assign([row], to=organizer.user, by=organizer.user)

    assert (before, digest.queue_due()) == (0, 1)


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}, {"groups": []}]
)
def test_no_mail_to_who_cannot_be_told(organizer, fields):
    factories.follow_up(assigned_to=organizer.user)
    changes = dict(fields)
    if "groups" in changes:
        organizer.user.groups.set(changes.pop("groups"))
    User.objects.filter(pk=organizer.user.pk).update(**changes) if changes else None

    assert digest.queue_due() == 0
    assert FollowUpDigest.objects.count() == 0


def test_no_mail_about_what_is_done_or_ended(organizer):
    done, ended = (factories.follow_up(assigned_to=organizer.user) for _n in range(2))
    today = timezone.localdate()
    domain.record(done, outcome="stalled", done_on=today, by=organizer.user)
    intentions.terminate(ended.intention, reason="x", terminated_on=today, by=organizer.user)

    assert digest.queue_due() == 0


def test_nothing_due_costs_two_queries(organizer, django_assert_max_num_queries):
    factories.follow_up(in_days=20, assigned_to=organizer.user)

    with django_assert_max_num_queries(2):
        digest.queue_due()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_queue_one_each(organizer, auditor):
    for person in (organizer, auditor):
        factories.follow_up(assigned_to=person.user)

    queued = at_once(digest.queue_due, digest.queue_due, digest.queue_due)

    assert sum(queued) == 2
    assert OutboundMail.objects.count() == FollowUpDigest.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_periodic_processes_at_once_send_one(organizer, settings):
    settings.MAIL_ON_COMMIT = False
    factories.follow_up(assigned_to=organizer.user)

    def run():
        call_command("run_periodic", stdout=io.StringIO())

    at_once(run, run)

    assert OutboundMail.objects.get().status == "sent"
    assert len(outbox.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_process_that_dies_between_leaves_nothing_and_the_next_one_does_it(organizer):
    factories.follow_up(assigned_to=organizer.user)

    def dies(execute, sql, *args):
        if sql.startswith("INSERT") and OutboundMail._meta.db_table in sql:
            raise KeyboardInterrupt
        return execute(sql, *args)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(dies):
        digest.queue_due()

    assert FollowUpDigest.objects.count() == 0
    assert digest.queue_due() == 1


# What it says


def send(organizer):
    digest.queue_due()
    delivery.deliver_due()
    return outbox.outbox[-1]


def test_mail_says_in_both_languages_what_is_due_and_where(organizer):
    company = factories.organization(name_en="Hebei Devices", name_zh_hans="河北器械")
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")
    late = factories.follow_up(
        in_days=-3,
        intention=factories.signed_intention(company=company, expert=expert),
        assigned_to=organizer.user,
    )
    late.intention.follow_ups.exclude(pk=late.pk).delete()
    soon = factories.follow_up(in_days=14, assigned_to=organizer.user)
    factories.follow_up(in_days=15, assigned_to=organizer.user)
    FollowUp.objects.update(next_step="Secret step")

    message = send(organizer)

    assert message.to == ["organizer <organizer@example.org>"]
    assert message.subject.endswith("Follow-ups: 1 overdue, 1 due soon")
    assert " | " in message.subject
    html = message.alternatives[0].content
    for text in (message.body, html):
        for words in ("Hebei Devices", "河北器械", "Ann Hale", "安·黑尔", "26 February 2021"):
            assert words in text
        assert "2021年2月26日" in text
        assert text.count(late.intention.reference) == 2
        assert f"http://testserver/admin/projects/followup/{soon.pk}/change/" in text
        assert "Secret step" not in text
        assert "15 March 2021" in text
        assert "16 March 2021" not in text
    assert '<div lang="zh-Hans"' in html
    assert '<div lang="en"' in html
    assert OutboundMail.objects.get().payload == {}


def test_parties_of_what_is_confidential_are_not_named_in_mails(organizer):
    company = factories.organization(name_en="Hebei Devices", name_zh_hans="河北器械")
    signed = factories.signed_intention(company=company, is_public=False)
    factories.follow_up(intention=signed, assigned_to=organizer.user)

    message = send(organizer)

    for text in (message.body, message.alternatives[0].content):
        assert signed.reference in text
        assert "Hebei Devices" not in text
        assert "河北器械" not in text


def test_chinese_reader_is_named_in_the_right_order(organizer):
    User.objects.filter(pk=organizer.user.pk).update(last_name="王", first_name="伟")
    factories.follow_up(assigned_to=organizer.user)

    message = send(organizer)

    assert message.to == ["王伟 <organizer@example.org>"]
    for text in (message.body, message.alternatives[0].content):
        assert "王伟" in text
        assert "伟 王" not in text


def test_hostile_names_stay_text_in_the_mail(organizer):
    company = factories.organization(name_en="<b>Bold</b>", name_zh_hans="")
    signed = factories.signed_intention(company=company)
    factories.follow_up(intention=signed, assigned_to=organizer.user)
    User.objects.update(first_name="A\nBcc: x@example.org")

    message = send(organizer)

    assert "<b>Bold" not in message.alternatives[0].content
    assert "<b>Bold" in message.body
    assert message.message()["Bcc"] is None


def test_long_lists_are_cut_and_lead_to_the_rest(organizer):
    signed = factories.signed_intention()
    signed.follow_ups.all().delete()
    for days in range(1, 31):
        factories.follow_up(in_days=-days, intention=signed, assigned_to=organizer.user)

    message = send(organizer)

    assert message.subject.endswith("Follow-ups: 30 overdue")
    assert message.body.count("/change/") == 2 * 25
    assert "5 more" in message.body
    assert "?when=overdue&whose=mine" in message.body


def test_mail_is_tried_again_and_says_what_is_due_then(organizer, settings, monday):
    rows = [factories.follow_up(assigned_to=organizer.user) for _n in range(2)]
    digest.queue_due()
    working = settings.MAILERS
    settings.MAILERS = BROKEN
    delivery.deliver_due()
    row = OutboundMail.objects.get()
    assert (row.status, row.attempts) == ("queued", 1)

    settings.MAILERS = working
    domain.record(rows[0], outcome="stalled", done_on=timezone.localdate(), by=organizer.user)
    on(monday, minutes=2)
    delivery.deliver_due()

    assert OutboundMail.objects.get().status == "sent"
    assert rows[0].intention.reference not in outbox.outbox[0].body
    assert rows[1].intention.reference in outbox.outbox[0].body


@pytest.mark.parametrize("what", ["done", "no access", "no address"])
def test_mail_with_nothing_left_to_say_is_dropped_and_says_so(organizer, what):
    row = factories.follow_up(assigned_to=organizer.user)
    digest.queue_due()
    if what == "done":
        domain.record(row, outcome="stalled", done_on=timezone.localdate(), by=organizer.user)
    elif what == "no access":
        Group.objects.get(name="Organizer").user_set.clear()
    else:
        User.objects.update(email="")

    sent = delivery.deliver_due()

    mail = OutboundMail.objects.get()
    assert (sent, outbox.outbox) == (0, [])
    assert (mail.status, mail.sent_at, mail.claimed_until) == ("dropped", None, None)
    assert delivery.deliver_due() == 0


def test_queue_in_the_admin_shows_mail_to_staff(organizer):
    factories.follow_up(assigned_to=organizer.user)
    factories.registered(factories.registration_settings().event)
    digest.queue_due()
    mail = OutboundMail.objects.get(user=organizer.user)

    for path in ("", "?kind__exact=follow_ups", f"{mail.pk}/change/"):
        page = organizer.get(f"/admin/mail/outboundmail/{path}")
        assert page.status_code == 200
        assert "follow-ups of the week" in page.text
        assert "organizer" in page.text
