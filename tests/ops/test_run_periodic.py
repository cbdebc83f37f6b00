import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import place
from registrations.models import Registration
from summit.lib.registries import PeriodicStep, Stage, periodic_steps, sorted_steps
from tests import factories
from tests.threads import at_once


def run() -> str:
    out = io.StringIO()
    call_command("run_periodic", stdout=out)
    return out.getvalue()


def test_periodic_does_what_is_due_and_then_nothing(db):
    settings = factories.registration_settings(capacity=1, offer_hours=24)
    seated, offered, _next = (factories.registered(settings.event) for _n in range(3))
    place.cancel(seated)
    Registration.objects.filter(pk=offered.pk).update(offer_expires_at=timezone.now())

    first, second = run(), run()

    assert "offers expired: 1" in first
    # Who gave a seat back is not told that it is confirmed, nor who has an offer that they wait,
    # and no expired offer is made.
    assert "mails sent: 3" in first
    assert OutboundMail.objects.filter(status="dropped").count() == 4
    assert second == ""


def test_two_periodic_runs_at_once_do_everything_once(transactional_db):
    start = timezone.now() + dt.timedelta(hours=10)
    event = factories.upcoming_event(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    factories.registration_settings(event=event)
    for _n in range(3):
        factories.registered(event)
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=10))

    at_once(run, run, run)

    kinds = list(OutboundMail.objects.order_by("kind").values_list("kind", "status"))
    assert kinds == [("confirmed", "sent")] * 3 + [("reminder", "sent")] * 3


def broken() -> int:
    raise RuntimeError("broken")


def test_step_that_fails_does_not_keep_the_others_back(db, monkeypatch, caplog):
    factories.registered(factories.registration_settings().event)
    step = PeriodicStep(Stage.CHANGE, broken)
    monkeypatch.setitem(periodic_steps._entries, "offers expired", step)

    assert "mails sent: 1" in run()
    assert "offers expired" in caplog.text


def test_steps_of_every_app_run_in_the_order_of_their_stages():
    names = [name for name, _step in sorted_steps()]

    assert names == [
        "heartbeat",
        *("offers put off", "offers expired", "holds ended", "seats passed on"),
        "check-ins given their day",
        *("reminders queued", "digests queued"),
        *("requests for meetings expired", "reminders of requests queued", "new projects told"),
        "submission reminders queued",
        *("mails sent", "posters drawn", "previews of pictures stored"),
        *("audit entries forgotten", "rate counts forgotten", "task records forgotten"),
        *("people erased", "sensitive answers erased", "changes of contacts forgotten"),
        *("networks forgotten", "contacts erased", "interests erased"),
        *("names of meetings erased", "unconfirmed subscriptions erased", "submissions erased"),
        *("visits of experts erased", "proposals of experts erased"),
        *("ended logins forgotten", "known browsers forgotten", "failed log-ins forgotten"),
        "write-ahead log emptied",
    ]


def test_two_steps_of_one_name_are_refused():
    with pytest.raises(ValueError, match="mails sent"):
        periodic_steps.add("mails sent", PeriodicStep(Stage.SEND, broken))
