"""The report of a series of 50 events, as a page and as files: SQL queries and CPU."""

from django.db import connection
from django.urls import reverse

from projects.models import FollowUp
from projects.report import queries
from projects.report.subject import Subject
from registrations.models import Registration
from scripts.benches import register_world
from scripts.benches.measuring import asking, measure
from tests.cast import make_superuser

AIMS = {"rounds": 9, "max_queries": 25, "max_ms": 400}


def run() -> bool:
    world = register_world.build()
    if connection.vendor == "postgresql":
        # What autovacuum does by itself within a minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"\n━━ report · {connection.vendor} ━━")
    print(
        f"{len(world.events)} events, {len(world.projects)} projects, "
        f"{len(world.intentions)} intentions, {FollowUp.objects.count()} follow-ups, "
        f"{Registration.objects.filter(event__series=world.series).count()} registrations"
    )
    subject = Subject(world.series)
    reader = make_superuser()
    pages = {
        "the page": reverse("admin:report_series", args=[world.series.slug]),
        "in Chinese": reverse("admin:report_series", args=[world.series.slug])
        + "?language=zh-hans",
        "as XLSX": reverse("admin:report_series_xlsx", args=[world.series.slug]),
        "as CSV": reverse("admin:report_series_csv", args=[world.series.slug]),
        "of one event": reverse("admin:report_event", args=[world.events[7].slug]),
    }
    measure("counting alone", lambda: queries.read(subject), **AIMS)
    return all([measure(name, asking(reader, page), **AIMS) for name, page in pages.items()])
