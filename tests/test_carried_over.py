"""Migrations there and back: triggers return, and what was written before is carried over."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from events.models import Expert, Organization
from projects.models import Project
from registrations.models import Registration
from summit.lib.database.triggers import existing
from tests import factories
from website.page_cache import triggers
from website.page_cache.content import version

FIRST = [
    ("events", "0001_initial"),
    ("registrations", "0001_initial"),
    ("projects", "0003_names_the_party_by_its_kind"),
]


@pytest.fixture
def database(transactional_db):
    yield
    call_command("migrate", verbosity=0)


def _migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def _triggers():
    return sorted(existing(connection, triggers._PREFIX))


@pytest.mark.usefixtures("database")
def test_migrating_back_and_forth_brings_triggers_back_and_carries_over_what_was_there():
    complete = _triggers()
    # Takes back what stands on it first, such as projects.
    call_command("migrate", "events", "zero", verbosity=0)
    assert _triggers() == []
    before = _migrate(FIRST)
    now = timezone.now()
    before.get_model("events", "Organization").objects.create(
        slug="lodz", name_en="Łódź Works", name_zh_hans="重慶市科學技術局"
    )
    before.get_model("events", "Expert").objects.create(slug="x", name_en="Jürgen Größmann")
    before.get_model("projects", "Project").objects.create(slug="y", title_en="Œuvre")
    event = before.get_model("events", "Event").objects.create(
        slug="e", title_en="E", starts_at=now, ends_at=now + dt.timedelta(hours=1)
    )
    notice = before.get_model("registrations", "PrivacyNotice").objects.create(digest="d")
    before.get_model("registrations", "Registration").objects.create(
        event=event,
        privacy_notice=notice,
        consented_at=now,
        status="confirmed",
        name="張偉",
        category="company",
        language="en",
        sort_name="zhang wei",
        search_text="張偉",
        ticket="7K2M9QXR4T",
        code="c",
    )

    call_command("migrate", verbosity=0)

    assert _triggers() == complete
    shown = version()
    factories.event()
    assert version() not in (shown, None)
    assert Organization.objects.get(search_text__contains="重庆").sort_name_en == "lodz works"
    assert Expert.objects.search("juergen").get().sort_name_zh_hans == "jurgen grossmann"
    assert Project.objects.search("oeuvre").exists()
    assert Registration.objects.search("张伟").get().sort_name == "zhang wei"
