"""Migrations run while the version before serves: what they do must not be in its way."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OURS = (
    "audit",
    "throttle",
    "mail",
    "events",
    "registrations",
    "projects",
    "contacts",
    "submissions",
    "interests",
    "staff",
    "subscriptions",
    "website",
)
# What came before anybody used the product. Every later one is held to the rule.
FIRST = dict.fromkeys(OURS, "0001") | {"projects": "0002"}
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def in_the_way(operation: Operation, app: str, before: ProjectState) -> str:
    """Why the code before this operation could not go on after it, or nothing."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(
            filter(None, (in_the_way(o, app, before) for o in operation.database_operations)), ""
        )
    if isinstance(operation, TAKES_AWAY):
        return "the old code still uses it"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.many_to_many or field.has_db_default()):
            return "the old code writes no value for it: give it null=True or db_default"
    if isinstance(operation, migrations.AlterField):
        model = before.models[app, operation.model_name_lower]
        was, becomes = model.fields[operation.name], operation.field
        if was.null and not becomes.null and not becomes.has_db_default():
            return "the old code still writes NULL"
        if (was.max_length or 0) > (becomes.max_length or was.max_length or 0):
            return "the old code still writes longer values"
    return ""


def later():
    """Every operation of ours after the first version, with the state before it."""
    loader = MigrationLoader(None)
    for key in sorted(loader.disk_migrations):
        app, name = key
        if app in OURS and name[:4] > FIRST[app]:
            state = loader.project_state(key, at_end=False)
            for operation in loader.disk_migrations[key].operations:
                yield f"{app}.{name}: {operation.describe()}", operation, app, state.clone()
                operation.state_forwards(app, state)


def test_migrations_leave_the_version_before_able_to_serve():
    found = {said: in_the_way(*rest) for said, *rest in later()}

    assert {said: why for said, why in found.items() if why} == {}


TEXT = models.CharField(max_length=20)


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("eventseries", "slug"), "still uses it"),
        (migrations.RenameField("eventseries", "slug", "x"), "still uses it"),
        (migrations.DeleteModel("EventSeries"), "still uses it"),
        (migrations.RenameModel("EventSeries", "Family"), "still uses it"),
        (migrations.AddField("eventseries", "x", TEXT), "writes no value"),
        (
            migrations.AddField("eventseries", "x", models.CharField(default="x", max_length=20)),
            "writes no value",
        ),
        (
            migrations.SeparateDatabaseAndState([migrations.AddField("eventseries", "x", TEXT)]),
            "writes no value",
        ),
        (
            migrations.AlterField(
                "event", "series", models.ForeignKey("events.EventSeries", models.PROTECT)
            ),
            "writes NULL",
        ),
        (migrations.AlterField("eventseries", "slug", models.SlugField(max_length=5)), "longer"),
    ],
)
def test_what_would_be_in_the_way_is_noticed(operation, why):
    state = MigrationLoader(None).project_state(("events", "0001_initial"))

    assert why in in_the_way(operation, "events", state)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("eventseries", "x", models.CharField(db_default="", max_length=20)),
        migrations.AddField("eventseries", "x", models.DateField(null=True)),
        migrations.AddField("eventseries", "x", models.ManyToManyField("events.Event")),
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AlterField("eventseries", "slug", models.SlugField(max_length=250)),
    ],
)
def test_what_only_adds_is_allowed(operation):
    state = MigrationLoader(None).project_state(("events", "0001_initial"))

    assert in_the_way(operation, "events", state) == ""
