"""Every page of the admin with keys and forms that no page of ours sends."""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from projects.models import CooperationIntention
from registrations.models import Registration
from tests import factories
from tests.properties.hostile import FORM, ask
from tests.walk import Everything, everybody, patterns

BUDGET = 150
KEYS = ["1e309", "１", "9" * 30, "_5F%00"]
VALUES = ["9" * 30, "½", "0001-01-01T00:00"]
COUNTS = ["9" * 30, ""]
# Besides the data: who was refused what is recorded.
RECORDS = ("session", "audit", 'INSERT INTO "registrations_exportrecord"', "SAVEPOINT")


class Fields(HTMLParser):
    """What a form of a page would send as it stands: ``{name: [values]}``."""

    def __init__(self, text):
        super().__init__()
        self.found, self.select, self.text_area = {}, None, None
        self.feed(text)
        self.found.pop("csrfmiddlewaretoken", None)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        name, kind = given.get("name"), given.get("type")
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.found.setdefault(name, []).append(given.get("value") or "")
        elif tag == "select":
            self.select = name
            self.found.setdefault(name, [])
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select].append(given.get("value", ""))
        elif tag == "textarea":
            self.text_area = name
            self.found[name] = [""]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text_area = None

    def handle_data(self, data):
        if self.text_area:
            self.found[self.text_area] = [self.found[self.text_area][0] + data]


@pytest.mark.django_db
def test_what_is_no_key_finds_no_row_on_any_page(superuser):
    for _name, route in patterns():
        if not route.startswith("admin/") or "<path:object_id>" not in route:
            continue
        for key in KEYS:
            path = "/" + route.replace("<path:object_id>", key).replace("<slug:name>", "publish")
            path = path.replace("<path:content_type_id>", key)
            for method in ("GET", "POST"):
                answer = ask(superuser, method, path, body="post=yes", budget=BUDGET)
                assert answer.status_code in (302, 403, 404, 405), path


@pytest.mark.django_db
@pytest.mark.usefixtures("private_files")
def test_forms_of_every_page_take_anything():
    everything = Everything()
    superuser = everybody(everything.event)["superuser"]
    pages = [each.path for each in everything.addresses() if each.path.startswith("/admin/")]

    for path in pages:
        page = superuser.get(path)
        if page.status_code != 200 or page.streaming or "html" not in page["Content-Type"]:
            if page.streaming:
                # Read to its end, a file is closed.
                page.getvalue()
            continue
        fields = Fields(page.text).found
        counts = {name for name in fields if name.endswith("_FORMS")}
        bodies = [
            {name: values if name in counts else [value] for name, values in fields.items()}
            for value in VALUES
        ]
        if counts:
            bodies += [fields | dict.fromkeys(counts, [count]) for count in COUNTS]
            bodies += [{name: fields[name] for name in fields if name not in counts}]
        bodies += [{"action": ["x"], "_selected_action": ["x"], "select_across": ["x"]}]
        for body in bodies:
            ask(superuser, "POST", path, body=urlencode(body, doseq=True), budget=BUDGET)


@pytest.mark.django_db
@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize("role", ["no group", "clerk", "auditor"])
def test_who_may_change_nothing_writes_and_locks_nothing_by_any_form(role):
    everything = Everything()
    person = everybody(everything.event)[role]
    body = urlencode({"post": "yes", "action": "delete_selected", "_selected_action": "1"})

    for address in everything.addresses():
        if not address.path.startswith("/admin/") or address.name in OWN:
            continue
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            answer = person.generic("POST", address.path, body, content_type=FORM)
        assert answer.status_code < 500, address
        written = [query["sql"] for query in queries if _is_writing(query["sql"])]
        assert not written, address


# What anybody who is logged in has of their own: the login, and a calendar feed.
OWN = {"admin:login", "admin:logout", "admin:projects_followup_feed"}


def _is_writing(sql):
    is_write = sql.startswith(("INSERT", "UPDATE", "DELETE")) or " FOR " in sql[-40:]
    return is_write and not any(word in sql for word in RECORDS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Event, Registration, CooperationIntention])
@pytest.mark.parametrize("who", ["organizer", "auditor"])
def test_post_to_a_history_is_no_error(cast, model, who):
    """Outside of a transaction PostgreSQL locks nothing, and says so with an exception."""
    row = {
        Event: factories.event,
        Registration: lambda: factories.registered(factories.registration_settings().event),
        CooperationIntention: factories.intention,
    }[model]()
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"

    assert getattr(cast, who).post(reverse(address, args=[row.pk])).status_code == 405


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no locks of rows")
def test_row_is_locked_for_who_may_change_it(organizer):
    event = factories.event()

    with CaptureQueriesContext(connection) as queries:
        organizer.post(reverse("admin:events_event_change", args=[event.pk]))

    assert any("FOR NO KEY UPDATE" in query["sql"] for query in queries)
