"""What an expert enters of a visit by the personal link: travel, and the passport by a code."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from mail.delivery import deliver_due
from mail.models import OutboundMail
from submissions.domain import expert_link, passport, visit
from submissions.models import ExpertVisit, PassportData
from tests import factories

pytestmark = pytest.mark.django_db

PASSPORT = {
    "name": "Canary, Ann Quill",
    "sex": "F",
    "born_on": "1971-02-03",
    "nationality": "GB",
    "number": "zz 990-0877",
    "issued_on": "2024-01-02",
    "expires_on": "2038-01-01",
    "contact": "Canary Street 9",
    "visa_city": "Canaryville",
}
# Of the data, what stands nowhere once it is saved.
SECRETS = ("ZZ9900877", "Canary", "CANARY", "1971-02-03", "3 February 1971")


@pytest.fixture
def link():
    return factories.expert_link(factories.expert(name_en="Ann Hale"))


@pytest.fixture
def asked(link):
    return factories.expert_visit(link)


def page_of(link, visit=None, name=""):
    return expert_link.path_of(link) + (f"visits/{visit.event.slug}/{name}/" if visit else "")


def wall(moment, event):
    return f"{moment.astimezone(event.zone):%Y-%m-%dT%H:%M}"


def travels(visit, **given):
    event = visit.event
    return {
        "arrives_at": wall(event.starts_at - dt.timedelta(days=1), event),
        "arrival_by": "CA 938",
        "departs_at": wall(event.ends_at + dt.timedelta(days=1), event),
        "departure_by": "",
        "version": visit.version,
    } | given


def code_in_mail():
    mail.outbox.clear()
    deliver_due()
    [sent] = mail.outbox
    return re.search(r"^\d{6}$", sent.body, re.MULTILINE)[0]


def open_passport(client, link, asked):
    client.post(page_of(link, asked, "passport"), {"send": ""})
    typed = {"enter": "", "code": code_in_mail()}
    return client.post(page_of(link, asked, "passport"), typed)


def enter(client, link, asked, **changes):
    page = client.get(page_of(link, asked, "passport"))
    data = {"agreed_to": page.context["form"]["agreed_to"].value(), "consent": "on", "save": ""}
    data |= PASSPORT | changes
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(page_of(link, asked, "passport"), data)


# Arrival and departure


def test_travel_is_saved_at_once_in_the_zone_of_the_event(client, link, asked):
    path = page_of(link, asked, "travel")

    assert "Your visit" in client.get(page_of(link)).text
    assert "China time" in client.get(path).text
    response = client.post(path, travels(asked))

    assert response.url == f"{path}?saved"
    asked.refresh_from_db()
    moved = dt.timedelta(days=1)
    minute = asked.event.starts_at.replace(second=0, microsecond=0)
    assert (asked.arrives_at, asked.arrival_by) == (minute - moved, "CA 938")
    assert "CA 938" in client.get(page_of(link)).text
    assert "CA 938" not in Client().get(asked.event.get_absolute_url()).text


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("arrives_at", -61, "more than 60 days before it"),
        ("arrives_at", 2, "the arrival is after the event"),
        ("departs_at", 62, "more than 60 days after it"),
        ("departs_at", -2, "the departure is before the event"),
    ],
)
def test_times_far_from_the_event_are_refused_beside_their_box(
    client, link, asked, name, days, said
):
    far = wall(asked.event.starts_at + dt.timedelta(days=days), asked.event)

    response = client.post(page_of(link, asked, "travel"), travels(asked, **{name: far}))

    assert response.status_code == 422
    assert said in str(response.context["form"].errors[name])
    asked.refresh_from_db()
    assert asked.arrives_at is None


def test_departure_is_after_arrival(client, link, asked):
    same = wall(asked.event.starts_at + dt.timedelta(hours=1), asked.event)
    typed = travels(asked, arrives_at=same, departs_at=same)

    response = client.post(page_of(link, asked, "travel"), typed)

    assert "must be after the arrival" in str(response.context["form"].errors["departs_at"])


def test_a_second_window_loses_nothing(client, link, asked):
    path = page_of(link, asked, "travel")
    client.post(path, travels(asked, arrival_by="By staff"))

    refused = client.post(path, travels(asked, arrival_by="Mine"))
    assert refused.status_code == 422
    assert "By staff" in refused.text
    assert "Mine" in refused.text
    again = {bound.html_name: bound.value() for bound in refused.context["form"]}
    client.post(path, again)

    asked.refresh_from_db()
    assert asked.arrival_by == "Mine"


def test_a_page_that_brings_no_version_saves_nothing(client, link, asked):
    response = client.post(page_of(link, asked, "travel"), travels(asked, version=""))

    assert response.status_code == 422
    asked.refresh_from_db()
    assert asked.arrival_by == ""


def test_only_what_is_asked_is_there(client, link, asked):
    ExpertVisit.objects.update(asks_passport=False)
    assert client.get(page_of(link, asked, "passport")).status_code == 404
    ExpertVisit.objects.update(asks_passport=True, asks_travel=False)
    assert client.get(page_of(link, asked, "travel")).status_code == 404
    another = factories.expert_visit()
    assert client.get(page_of(link, another, "passport")).status_code == 404


@pytest.mark.parametrize("name", ["travel", "passport"])
def test_a_revoked_link_opens_none_of_it(client, link, asked, name):
    open_passport(client, link, asked)
    link.revoked_at = timezone.now()
    link.save()

    for response in (
        client.get(page_of(link, asked, name)),
        client.post(page_of(link, asked, name), travels(asked) | PASSPORT),
    ):
        assert response.status_code == 404
        assert response.headers["Referrer-Policy"] == "strict-origin"


# The code


def test_the_link_alone_shows_no_form(client, link, asked):
    page = client.get(page_of(link, asked, "passport"))

    assert "passport number" not in page.text.lower()
    assert "no-store" in page.headers["Cache-Control"]
    refused = client.post(page_of(link, asked, "passport"), PASSPORT | {"consent": "on"})
    assert refused.status_code == 422
    assert not PassportData.objects.exists()


def test_the_code_opens_the_form_in_this_browser_alone(client, link, asked):
    assert open_passport(client, link, asked).status_code == 302

    assert "number" in client.get(page_of(link, asked, "passport")).context["form"].fields
    other = Client().get(page_of(link, asked, "passport"))
    assert "number" not in other.context["form"].fields


def test_a_code_of_another_browser_is_refused(client, link, asked):
    client.post(page_of(link, asked, "passport"), {"send": ""})
    stranger = Client()

    refused = stranger.post(page_of(link, asked, "passport"), {"enter": "", "code": code_in_mail()})

    assert refused.status_code == 422
    assert "expired" in str(refused.context["form"].errors["code"])


def test_five_wrong_codes_and_no_more(client, link, asked):
    path = page_of(link, asked, "passport")
    client.post(path, {"send": ""})
    right = code_in_mail()
    wrong = f"{(int(right) + 1) % 10**6:06}"

    for _number in range(5):
        refused = client.post(path, {"enter": "", "code": wrong})
        assert "The code is not right" in refused.text
    refused = client.post(path, {"enter": "", "code": right})

    assert "Too many wrong codes" in refused.text
    assert "number" not in client.get(path).context["form"].fields


def test_a_code_lasts_an_hour_and_what_it_opens_half_of_one(client, link, asked, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    path = page_of(link, asked, "passport")
    client.post(path, {"send": ""})
    code = code_in_mail()
    time_machine.shift(dt.timedelta(minutes=61))
    assert "expired" in client.post(path, {"enter": "", "code": code}).text

    open_passport(client, link, asked)
    time_machine.shift(dt.timedelta(minutes=29))
    assert "number" in client.get(path).context["form"].fields
    time_machine.shift(dt.timedelta(minutes=2))
    assert "number" not in client.get(path).context["form"].fields


def test_six_codes_a_day(client, link, asked):
    path = page_of(link, asked, "passport")
    for _number in range(6):
        assert client.post(path, {"send": ""}).status_code == 302

    refused = client.post(path, {"send": ""})

    assert "Too many attempts" in refused.text
    assert OutboundMail.objects.filter(kind="passport_code").count() == 6


def test_a_new_link_needs_a_new_code(client, link, asked):
    open_passport(client, link, asked)
    expert_link.renew(link)

    assert "number" not in client.get(page_of(link, asked, "passport")).context["form"].fields


def test_a_link_without_address_says_whom_to_ask(client, link, asked):
    link.email = ""
    link.save()

    assert "Ask the organizer" in client.get(page_of(link, asked, "passport")).text
    refused = client.post(page_of(link, asked, "passport"), {"send": ""})

    assert "no e-mail address" in refused.text
    assert not OutboundMail.objects.exists()


def test_staff_see_no_code_in_the_outbox(organizer, client, link, asked):
    client.post(page_of(link, asked, "passport"), {"send": ""})
    row = OutboundMail.objects.get(kind="passport_code")
    code = passport.code_of(link, row.payload["key"])

    page = organizer.get(f"/admin/mail/outboundmail/{row.pk}/change/")

    assert page.status_code == 200
    assert code not in page.text
    assert code not in str(row.payload)


# The passport


def test_passport_is_saved_with_the_consent_as_it_read(client, link, asked):
    factories.role(event=asked.event, organization=factories.organization(name_en="Port Office"))
    open_passport(client, link, asked)

    response = enter(client, link, asked)

    assert response.status_code == 302, response.context["form"].errors
    data = PassportData.objects.get()
    assert (data.number, data.nationality.code, data.sex) == ("ZZ9900877", "GB", "F")
    assert "Port Office" in data.consent_text
    assert "erased 30 days after the event" in data.consent_text
    assert data.consented_at == data.entered_at


@pytest.mark.parametrize(
    "change", [{"consent": None}, {"agreed_to": "0" * 64}, {"agreed_to": None}]
)
def test_without_the_consent_of_now_nothing_is_saved(client, link, asked, change):
    open_passport(client, link, asked)

    response = enter(client, link, asked, **change)

    assert response.status_code == 422
    assert not response.context["form"]["consent"].value()
    assert not PassportData.objects.exists()


def test_the_box_of_the_consent_begins_empty(client, link, asked):
    open_passport(client, link, asked)

    form = client.get(page_of(link, asked, "passport")).context["form"]

    assert not form["consent"].value()


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("number", "12", "5 to 20 letters"),
        ("number", "<script>", "5 to 20 letters"),
        ("expires_on", "2025-01-01", "expires before the event ends"),
        ("born_on", "2199-01-01", "in the past"),
        ("issued_on", "2199-01-01", "not in the future"),
        ("nationality", "??", "valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(client, link, asked, name, typed, said):
    open_passport(client, link, asked)

    response = enter(client, link, asked, **{name: typed})

    assert response.status_code == 422
    assert said in str(response.context["form"].errors[name])
    assert not PassportData.objects.exists()


def test_saved_data_is_shown_masked_and_never_filled_in(client, link, asked, caplog):
    caplog.set_level("DEBUG")
    open_passport(client, link, asked)
    enter(client, link, asked)

    page = client.get(page_of(link, asked, "passport"))
    texts = [
        page.text,
        client.get(page_of(link)).text,
        Client().get(page_of(link, asked, "passport")).text,
        client.get(asked.event.get_absolute_url()).text,
        str(list(AuditEntry.objects.values())),
        str(list(OutboundMail.objects.values())),
        str(dict(client.session)),
        caplog.text,
        *(each.body for each in mail.outbox),
    ]

    assert "•••••••77" in page.text
    found = [(secret, text) for secret in SECRETS for text in texts if secret in text]
    assert not found
    values = [bound.value() for bound in page.context["form"] if bound.name != "agreed_to"]
    assert not any(values)


def test_typed_anew_it_replaces_all(client, link, asked):
    open_passport(client, link, asked)
    enter(client, link, asked)

    enter(client, link, asked, number="YY1234567", contact="", visa_city="")

    data = PassportData.objects.get()
    assert (data.number, data.contact, data.visa_city) == ("YY1234567", "", "")


def test_the_expert_erases_it_there(client, link, asked):
    factories.passport_data(asked)

    response = client.post(page_of(link, asked, "passport"), {"erase": ""})

    assert "has been erased" in client.get(response.url).text
    assert not PassportData.objects.exists()
    entry = AuditEntry.objects.get(action="expert_visits_erased")
    assert entry.details["reason"] == "own_wish"


def test_the_page_that_erases_reaches_the_visit(client, link, asked):
    factories.passport_data(asked)
    visit.save_travel(asked, {"arrival_by": "CA 938"}, version=asked.version, link=link)

    client.post(page_of(link) + "erase/")

    asked.refresh_from_db()
    assert asked.arrival_by == ""
    assert asked.asks_passport
    assert not PassportData.objects.exists()


def test_an_unasked_passport_can_still_be_erased(client, link, asked):
    factories.passport_data(asked)
    ExpertVisit.objects.update(asks_passport=False)

    assert client.get(page_of(link, asked, "passport")).status_code == 200
    client.post(page_of(link, asked, "passport"), {"erase": ""})

    assert not PassportData.objects.exists()


def test_the_mail_with_the_link_says_what_is_asked(link, asked):
    expert_link.send_links(link.email)

    deliver_due()

    [sent] = mail.outbox
    assert "when you arrive for" in sent.body
    assert "data of your passport" in sent.body
