"""Processes are killed in the middle of their work: what was confirmed stays, the site goes on."""

import datetime as dt
import os
import signal

import pytest

from tests.production.load import Crowd
from tests.production.world import SIGN_IN
from tests.stack import Stack, children
from tests.visitor import RegistrationForm, Visitor, email_of, fields_of

pytestmark = pytest.mark.production

SEATS = 30


def kept(stack: Stack) -> list[str]:
    """The address of everybody who is registered, as often as they are."""
    return [email for (email,) in stack.rows("SELECT email FROM registrations_registration")]


def seated(stack: Stack) -> int:
    return stack.value("SELECT count(*) FROM registrations_registration WHERE status = 'confirmed'")


def mails(stack: Stack) -> dict[str, int]:
    return dict(stack.rows("SELECT status, count(*) FROM mail_outboundmail GROUP BY status"))


def make_due(stack: Stack) -> None:
    """Let an hour pass in the queue of mail: claims end, and what waits is due."""
    stack.rows(
        "UPDATE mail_outboundmail SET next_try_at = now() - interval '1 minute',"
        " claimed_until = claimed_until - interval '1 hour' WHERE status = 'queued'"
    )


def test_web_worker_killed_while_people_register(stack, open_event):
    slug = open_event(SEATS)
    port = stack.web()
    master = stack.processes[-1]

    with Crowd(port, slug) as crowd:
        for _n in range(3):
            before = len(crowd.confirmed)
            stack.wait_until(lambda seen=before: len(crowd.confirmed) > seen + 8, "people register")
            os.kill(children(master.pid)[0], signal.SIGKILL)
        before = len(crowd.confirmed)
        stack.wait_until(lambda: len(crowd.confirmed) > before + 8, "people register again")

    there = kept(stack)
    assert {email_of(number) for number in crowd.confirmed} <= set(there)
    assert len(there) == len(set(there))
    assert seated(stack) == min(SEATS, len(there))
    assert not [status for status in crowd.answers if isinstance(status, int) and status >= 500]
    assert master.poll() is None
    assert len(children(master.pid)) == 2


def test_worker_killed_in_the_middle_of_a_mail(stack, mail_server, open_event):
    slug = open_event()
    form = RegistrationForm(Visitor(stack.web()), slug)
    worker = stack.worker()
    form.send(1)
    mail_server.wait_for(1)
    stack.wait_until(lambda: mails(stack) == {"sent": 1}, "the first mail is recorded as sent")
    mail_server.stall()
    form.send(2)
    # The mail server has it whole, and has not yet said so.
    mail_server.wait_for(2)

    worker.kill()
    worker.wait()
    form.send(3)
    mail_server.go_on()
    stack.worker()
    mail_server.wait_for(3)
    stack.wait_until(lambda: mails(stack).get("sent") == 2, "the third mail is recorded as sent")
    # Nobody but whoever claimed it knows what became of the second: nobody touches it meanwhile.
    assert mails(stack) == {"sent": 2, "queued": 1}
    make_due(stack)
    stack.periodic()
    stack.wait_until(
        lambda: mails(stack) == {"sent": 2, "unknown": 1}, "the second mail is left to a person"
    )

    assert mail_server.recipients() == [email_of(number) for number in (1, 2, 3)]


def test_postgresql_killed_under_load(stack, cluster, mail_server, open_event):
    slug = open_event(SEATS)
    port = stack.web()
    processes = [stack.processes[-1], stack.worker(), stack.periodic()]

    with Crowd(port, slug) as crowd:
        stack.wait_until(lambda: len(crowd.confirmed) > 12, "people register")
        cluster.kill()
        stack.wait_until(lambda: crowd.answers[503] > 4, "the site says that it is away")
        page = Visitor(port).get(f"/zh-hans/events/{slug}/")
        cluster.start()
        before = len(crowd.confirmed)
        stack.wait_until(lambda: len(crowd.confirmed) > before + 12, "people register again")

    assert {email_of(number) for number in crowd.confirmed} <= set(kept(stack))
    assert seated(stack) == min(SEATS, len(kept(stack)))
    assert (page.status, page.headers["Retry-After"]) == (503, "30")
    assert '<html lang="zh-Hans">' in page.text
    assert "Traceback" not in page.text + crowd.pages[503]
    # Everybody's mail leaves, by the processes that were there before.
    make_due(stack)
    everybody = len(kept(stack))
    stack.wait_until(lambda: mails(stack) == {"sent": everybody}, "all mails are sent")
    assert [process.poll() for process in processes] == [None] * 3
    assert len(mail_server.messages) >= everybody


def test_mail_server_down_for_an_hour(stack, mail_server, open_event):
    slug = open_event()
    form = RegistrationForm(Visitor(stack.web()), slug)
    mail_server.close()
    stack.worker()
    stack.periodic()

    answers = [form.send(number).status for number in range(1, 6)]
    tried = "SELECT count(*) FROM mail_outboundmail WHERE attempts >= %s"
    for attempts in range(1, 4):
        stack.wait_until(lambda n=attempts: stack.value(tried, n) == 5, "every mail is tried")
        make_due(stack)
    mail_server.open()
    make_due(stack)
    stack.wait_until(lambda: mails(stack) == {"sent": 5}, "all mails are sent")

    assert answers == [302] * 5
    assert mail_server.recipients() == [email_of(number) for number in range(1, 6)]
    assert "Traceback" not in stack.said()


def test_clocks_an_hour_apart_send_nothing_twice(stack, mail_server, open_event):
    slug = open_event()
    form = RegistrationForm(Visitor(stack.web()), slug)
    mail_server.stall()
    stack.worker()
    form.send(1)
    # One process has the first mail in hand, and another is sure that it is an hour later.
    mail_server.wait_for(1)
    stack.worker(SUMMIT_CLOCK="3600")
    stack.periodic(SUMMIT_CLOCK="3600")
    stack.periodic(SUMMIT_CLOCK="-3600")
    form.send(2)
    mail_server.wait_for(2)
    mail_server.go_on()
    stack.wait_until(lambda: mails(stack) == {"sent": 2}, "both mails are sent")

    assert mail_server.recipients() == [email_of(1), email_of(2)]
    (times,) = stack.rows("SELECT min(sent_at), max(sent_at) FROM mail_outboundmail")
    assert times[1] - times[0] > dt.timedelta(minutes=30)


ROW = "SELECT cover, title_en FROM events_event WHERE slug = %s"


def test_disk_full_while_a_picture_is_uploaded(stack, open_event):
    slug = open_event()
    cookie = stack.python(SIGN_IN)
    # The narrow widths fit, the widest does not.
    visitor = Visitor(stack.web(largest_file=12_000)).has(cookie)
    pk = stack.value("SELECT id FROM events_event WHERE slug = %s", slug)
    path = f"/admin/events/event/{pk}/change/"
    before = stack.rows(ROW, slug)
    fields = fields_of(visitor.get(path).text) | {"title_en": "Another title", "_save": "Save"}

    answer = visitor.upload(path, fields, cover=noise())

    assert answer.status == 200
    assert "The picture could not be stored, and nothing was saved." in answer.text
    assert 'value="Another title"' in answer.text
    assert stack.rows(ROW, slug) == before
    assert [each for each in stack.directory.glob("data/media/**/*") if each.is_file()] == []
    assert visitor.post(path, fields).status == 302
    assert stack.rows(ROW, slug) == [("", "Another title")]


def noise() -> bytes:
    """A picture that no format makes much smaller."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((2000, 1000), 60).convert("RGB").save(buffer, "JPEG", quality=60)
    return buffer.getvalue()
