import datetime as dt

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import append_only
from audit.models import AuditEntry
from registrations.audited import Action
from summit.lib.database import triggers

TABLE = AuditEntry._meta.db_table
pytestmark = pytest.mark.django_db(transaction=True)


def entry(*, days_ago=0):
    at = timezone.now() - dt.timedelta(days=days_ago)
    return AuditEntry.objects.create(action=Action.EXPORTED, subject="event · s", at=at)


def execute(statement, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows():
    return list(AuditEntry.objects.values().order_by("pk"))


STATEMENTS = {
    "update": f"UPDATE {TABLE} SET actor_name = 'somebody else'",
    "update of the time": f"UPDATE {TABLE} SET at = '2000-01-01 00:00:00'",
    "delete": f"DELETE FROM {TABLE}",
    "upsert": f"""
        INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE true
        ON CONFLICT (id) DO UPDATE SET actor_name = 'somebody else'
    """,
}
if connection.vendor == "postgresql":
    STATEMENTS["truncate"] = f"TRUNCATE {TABLE} CASCADE"
else:
    STATEMENTS["replace"] = f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}"
    STATEMENTS["update or replace"] = f"UPDATE OR REPLACE {TABLE} SET actor_name = ''"


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_database_refuses_to_change_an_entry(statement):
    entry()
    before = rows()

    with pytest.raises(IntegrityError, match="audit trail"):
        execute(statement)

    assert rows() == before


def test_database_refuses_to_change_an_old_entry_too():
    entry(days_ago=4000)

    with pytest.raises(IntegrityError, match="never changed"):
        execute(f"UPDATE {TABLE} SET subject = ''")


def test_an_entry_goes_when_its_least_time_is_over_and_not_a_day_before():
    young = entry(days_ago=settings.AUDIT_LEAST_DAYS - 1)
    old = entry(days_ago=settings.AUDIT_LEAST_DAYS + 1)

    with pytest.raises(IntegrityError, match="at least 184 days"):
        execute(f"DELETE FROM {TABLE} WHERE id = %s", young.pk)
    execute(f"DELETE FROM {TABLE} WHERE id = %s", old.pk)

    assert [row["id"] for row in rows()] == [young.pk]


def test_entries_are_added_while_the_triggers_stand():
    for _each in range(3):
        entry()

    assert AuditEntry.objects.count() == 3


def test_migrating_there_and_back_again_ends_with_the_triggers():
    call_command("migrate", "audit", "zero", verbosity=0)
    assert TABLE not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    entry()

    for statement in STATEMENTS.values():
        with pytest.raises(IntegrityError, match="audit trail"):
            execute(statement)


def test_a_table_that_a_migration_rebuilds_has_its_triggers_again():
    entry()
    field = AuditEntry._meta.get_field("subject")
    longer = field.clone()
    longer.max_length = 300
    longer.set_attributes_from_name("subject")
    longer.model = AuditEntry
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEntry, field, longer)
        editor.alter_field(AuditEntry, longer, field)

    call_command("migrate", verbosity=0)

    assert AuditEntry.objects.count() == 1
    with pytest.raises(IntegrityError, match="audit trail"):
        execute(STATEMENTS["delete"])


def test_triggers_that_somebody_dropped_are_back_after_migrate():
    entry()
    complete = triggers.existing(connection, append_only.PREFIX)
    triggers.create(connection, append_only.PREFIX, {})
    execute(STATEMENTS["delete"])

    call_command("migrate", verbosity=0)

    assert triggers.existing(connection, append_only.PREFIX) == complete
    assert len(complete) == 3
