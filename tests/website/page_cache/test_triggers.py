import itertools
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from events.models import Event, Photo, Session, SiteProfile
from projects.models import Project, ReferenceCounter
from summit.lib.database.triggers import existing
from tests import factories
from website.models import ContentVersion
from website.page_cache import triggers
from website.page_cache.content import unwatched_models, version, watched_models

is_postgresql = connection.vendor == "postgresql"


def a_row_in_every_table():
    project = factories.project(
        sectors=[factories.sector()],
        modes=[factories.mode()],
        district=factories.district(),
        department=factories.department(),
        industry=factories.industry(),
    )
    event = factories.event(series=factories.series())
    factories.role(event=event)
    factories.photo(event=event)
    appearance = factories.appearance(session=factories.session(event=event))
    factories.affiliation(expert=appearance.expert)
    factories.programme_person(event=event)
    factories.event_file(event=event)
    factories.poster(event=event)
    factories.former_name()
    appearance.expert.different_from.add(factories.expert())
    factories.organization().different_from.add(factories.organization())
    project.different_from.add(factories.project())
    factories.recommendation(project=project, expert=appearance.expert, event=event)
    factories.amendment(intention=factories.signed_intention(projects=[project], event=event))
    factories.registration_settings(event=event)
    call = factories.call(event=event, districts=[project.district])
    call.departments.add(project.department)
    SiteProfile.load()


def tokens():
    return set(ContentVersion.objects.values_list("pk", "token"))


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def changed_by(*statement):
    """Whether the statement changes the version, as the first write of a transaction."""
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute("SELECT set_config('summit.content_version_changed_by', '', true)")
        before = tokens()
        cursor.execute(*statement)
    return tokens() != before


def test_every_table_is_watched_or_known_not_to_be_shown():
    unwatched = {model._meta.db_table for model in unwatched_models()}
    shown = {model._meta.db_table for model in watched_models()}
    ours = {
        model._meta.db_table
        for app in ("events", "registrations", "projects", "submissions")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }

    assert shown | unwatched == ours
    assert {table for table in unwatched if "_historical" not in table} == {
        "projects_referencecounter",
        # What attendees enter and what is written about them is on no page that is kept.
        *("registrations_registration", "registrations_answer", "registrations_question"),
        *("registrations_announcement", "registrations_message", "registrations_privacynotice"),
        *("registrations_checkin", "registrations_deskassignment"),
        *("registrations_registrationgroup", "registrations_contactchange"),
        *("registrations_separateconsent", "registrations_consentwording"),
        "registrations_consent",
        *("registrations_columnset", "registrations_exportrecord"),
        # Nor what concerns accounts.
        "events_organizerscope",
        # Of an intention, pages show what was signed and what became of it, and no more.
        *("projects_signatory", "projects_document", "projects_documentdownload"),
        *("projects_followup", "projects_followupdigest", "projects_followupfeed"),
        # What is handed in is on the own page alone.
        *("submissions_submission", "submissions_decision", "submissions_attachment"),
        *("submissions_expertlink", "submissions_expertproposal", "submissions_slides"),
        *("submissions_expertvisit", "submissions_passportdata"),
    }
    assert {"events_event", "projects_project_sectors"} <= shown


@pytest.mark.django_db
@pytest.mark.parametrize("model", watched_models(), ids=lambda model: model._meta.label)
def test_raw_writes_to_each_watched_table_change_the_version(model):
    a_row_in_every_table()
    table = model._meta.db_table
    assert model._base_manager.exists()

    with undone(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table}")

        assert changed_by(f"UPDATE {table} SET id = id")
        assert changed_by(f"DELETE FROM {table}")
        assert changed_by(f"INSERT INTO {table} SELECT * FROM kept")


WRITES = {
    "save": lambda event: event.save(),
    "create": lambda event: factories.organization(),
    "update": lambda event: Event.objects.update(kind=Event.Kind.FORUM),
    "bulk_create": lambda event: Photo.objects.bulk_create([Photo(event=event, image="x.webp")]),
    "bulk_update": lambda event: Event.objects.bulk_update([event], ["kind"]),
    "delete": lambda event: event.sessions.get().delete(),
    "delete of a queryset": lambda event: Session.objects.all().delete(),
    "cascade": lambda event: event.delete(),
    "raw delete": lambda event: Session.objects.all()._raw_delete("default"),
    "many-to-many add": lambda event: Project.objects.get().modes.add(factories.mode()),
    "many-to-many set": lambda event: Project.objects.get().sectors.set([]),
    "many-to-many clear": lambda event: Project.objects.get().sectors.clear(),
    "profile made by a reader": lambda event: SiteProfile.load(),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_each_way_of_writing_changes_the_version(write):
    event = factories.session().event
    factories.project(sectors=[factories.sector()])
    before = version()

    write(event)

    assert version() not in (before, None)


@pytest.mark.django_db(transaction=True)
def test_versions_never_come_back():
    event = factories.event()

    seen = [version() for _ in range(30) if event.save() is None]

    assert len(set(seen)) == 30


@pytest.mark.django_db(transaction=True)
def test_versions_stay_few_tokens_long():
    event = factories.event()

    for _ in range(30):
        event.save()

    assert ContentVersion.objects.count() <= 2


@pytest.mark.django_db(transaction=True)
def test_write_that_is_rolled_back_leaves_the_version():
    event = factories.event()
    before = version()

    with undone():
        event.save()

    assert version() == before


@pytest.mark.django_db(transaction=True)
def test_savepoint_that_is_rolled_back_leaves_the_version_but_not_a_write_after_it():
    event = factories.event()
    before = version()

    with transaction.atomic(), undone():
        event.save()
    assert version() == before

    with transaction.atomic():
        with undone():
            event.save()
        event.save()
    assert version() != before


@pytest.mark.django_db(transaction=True)
def test_what_no_page_shows_leaves_the_version():
    event = factories.event()
    before = version()

    User.objects.create_user("somebody")
    ReferenceCounter.objects.create(prefix="SJZ", year=2020)
    event.history.update(history_change_reason="looked at")

    assert version() == before


@pytest.mark.django_db
@pytest.mark.skipif(not is_postgresql, reason="SQLite has no TRUNCATE")
def test_truncate_changes_the_version():
    with undone():
        assert changed_by("TRUNCATE events_photo")


@pytest.mark.django_db
def test_there_is_no_version_inside_a_transaction():
    assert version() is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_from_before_a_migration_until_it_is_through():
    before = version()

    triggers.before_migrate(using="default")
    assert version() is None
    factories.event()
    assert version() is None

    triggers.after_migrate(using="default")
    assert version() not in (before, None)


def _triggers():
    return sorted(existing(connection, triggers._PREFIX))


@pytest.mark.django_db(transaction=True)
def test_triggers_are_mended():
    complete = _triggers()
    name, table = complete[0]
    on_table = f" ON {table}" if is_postgresql else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on_table}")

    triggers.after_migrate(using="default")

    assert _triggers() == complete


@pytest.mark.django_db(transaction=True)
def test_flush_begins_a_new_version():
    before = version()

    call_command("flush", interactive=False, verbosity=0)

    assert version() not in (before, None)


def test_a_trigger_is_named_by_what_it_does():
    names = [set(triggers._wanted(vendor, ["a", "b"])) for vendor in ("sqlite", "postgresql")]

    assert [len(each) for each in names] == [6, 2]
    assert all(len(name) <= 63 for name, _table in itertools.chain(*names))
