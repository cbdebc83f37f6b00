import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

from mail.models import OutboundMail
from registrations.domain import registration
from registrations.models import Registration
from tests import factories
from tests.threads import at_once


def run() -> str:
    out = io.StringIO()
    call_command("run_periodic", stdout=out)
    return out.getvalue()


def test_periodic_does_what_is_due_and_then_nothing(db):
    settings = factories.registration_settings(capacity=1, offer_hours=24)
    seated, offered, _next = (factories.registered(settings.event) for _n in range(3))
    registration.cancel(seated)
    Registration.objects.filter(pk=offered.pk).update(offer_expires_at=timezone.now())

    first, second = run(), run()

    assert "offers expired: 1" in first
    assert f"mails sent: {OutboundMail.objects.count()}" in first
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


@pytest.mark.parametrize("path", [f"{__name__}.broken", "nowhere.at_all"])
def test_step_that_fails_does_not_keep_the_others_back(db, settings, caplog, path):
    factories.registered(factories.registration_settings().event)
    settings.PERIODIC_STEPS = settings.PERIODIC_STEPS | {"offers expired": path}

    assert "mails sent: 1" in run()
    assert "offers expired" in caplog.text


def test_steps_of_every_app_run_in_the_order_of_the_setting(db, settings):
    OutboundMail.objects.all().delete()
    names = list(settings.PERIODIC_STEPS)

    assert names.index("reminders queued") < names.index("mails sent")
    assert names.index("digests queued") < names.index("mails sent")
    assert all(callable(import_string(path)) for path in settings.PERIODIC_STEPS.values())
