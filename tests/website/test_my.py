import datetime as dt
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registrations.domain import personal_link, place
from registrations.models import CheckIn, Registration
from summit.lib.web.signed_links import sign
from tests import factories


@pytest.fixture
def mine(db) -> Registration:
    settings = factories.registration_settings(capacity=1)
    return factories.registered(settings.event, name="王伟", email="wei@example.org")


def url(of: Registration, name: str = "my-registration") -> str:
    return reverse(name, args=[sign(of.code)])


def test_page_shows_status_and_code_and_keeps_its_address_to_itself(stranger, mine):
    response = stranger.get(url(mine))

    html = response.content.decode()
    assert response.status_code == 200
    assert "<svg" in html
    assert mine.ticket in html
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "canonical" not in html


def test_place_in_the_queue_is_shown(stranger, mine):
    factories.registered(mine.event)
    second = factories.registered(mine.event)

    assert "You are number 2 on the waiting list." in stranger.get(url(second)).content.decode()


def test_correct_changes_the_data(stranger, mine):
    form = {
        "name": "Wang Wei",
        "organization_name": "Harbour Works",
        "category": "health",
        "language": "zh-hans",
    }

    page = stranger.get(url(mine, "my-correct"))
    response = stranger.post(url(mine, "my-correct"), form)

    mine.refresh_from_db()
    assert page.status_code == 200
    assert response.status_code == 302
    assert (mine.name, mine.category, mine.language) == ("Wang Wei", "health", "zh-hans")


def test_correct_refuses_bad_input_and_changes_nothing(stranger, mine):
    response = stranger.post(url(mine, "my-correct"), {"name": "x" * 10_000})

    mine.refresh_from_db()
    assert response.status_code == 422
    assert mine.name == "王伟"


def test_cancel_asks_first_and_passes_the_seat_on(stranger, mine):
    waiting = factories.registered(mine.event)

    asked = stranger.get(url(mine, "my-cancel"))
    mine.refresh_from_db()
    before = mine.status
    stranger.post(url(mine, "my-cancel"))

    mine.refresh_from_db()
    waiting.refresh_from_db()
    assert (asked.status_code, before) == (200, "confirmed")
    assert (mine.status, waiting.status) == ("cancelled", "confirmed")


def test_who_cancelled_is_led_to_the_form_while_it_is_open(stranger, mine):
    place.cancel(mine)
    form = reverse("register", args=[mine.event.slug])

    before = stranger.get(url(mine)).text
    mine.event.registration_settings.delete()
    after = stranger.get(url(mine)).text

    assert "You can register again." in before
    assert f'href="{form}"' in before
    assert f'href="{form}"' not in after


def test_expired_offer_is_refused_in_words(stranger, mine):
    Registration.objects.filter(pk=mine.pk).update(
        status="offered", offer_expires_at=timezone.now() - dt.timedelta(hours=1)
    )

    response = stranger.post(url(mine, "my-accept"))

    assert response.status_code == 409
    assert "This offer has expired" in response.content.decode()


def test_replaced_link_stops_working(stranger, mine):
    old = url(mine)

    stranger.post(url(mine, "my-new-link"))

    mine.refresh_from_db()
    assert stranger.get(old).status_code == 404
    assert stranger.get(url(mine)).status_code == 200


def test_forged_codes_are_refused_without_asking_for_a_registration(stranger, mine):
    forged = [mine.code, f"{mine.code}.{'x' * 43}", sign(mine.code)[:-1], sign("unknown"), "%00"]

    codes = [stranger.get(f"/en/my/{code}/").status_code for code in forged]

    assert codes == [404] * 5


def test_guessing_is_limited(stranger, mine, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"code": (2, 600)}

    codes = [stranger.get(f"/en/my/guess{n}/").status_code for n in range(4)]

    assert codes == [404, 404, 429, 429]
    assert stranger.get(url(mine)).status_code == 200


def test_own_data_is_downloaded_in_full(stranger, mine):
    mine.staff_note = "wants a seat near the door"
    mine.save()
    session = factories.session(event=mine.event, title_en="", title_zh_hans="主题报告")
    CheckIn.objects.create(registration=mine, session=session)

    response = stranger.get(url(mine, "my-data"))

    kept = json.loads(response.content)
    assert "attachment" in response.headers["Content-Disposition"]
    assert kept["name"] == "王伟"
    assert kept["note_by_staff"] == "wants a seat near the door"
    assert kept["consent"]["at"]
    assert kept["check_ins"][0]["session"] == {"en": "", "zh-hans": "主题报告"}


def test_calendar_entry_is_ones_own(stranger, mine):
    response = stranger.get(url(mine, "my-calendar"))

    assert f"UID:event-{mine.event_id}@" in response.content.decode()
    assert "STATUS:CONFIRMED" in response.content.decode()


@pytest.mark.parametrize("status", Registration.Status.values)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_speaks_of_every_status(stranger, mine, status, language):
    until = timezone.now() + dt.timedelta(hours=1) if status == "offered" else None
    first = factories.registered(mine.event)
    times = {"queued_at": timezone.now(), "offer_expires_at": until}
    factories.put_in_status(mine, status, first=first, **times)

    response = stranger.get(f"/{language}/my/{sign(mine.code)}/")

    assert response.status_code == 200
    assert "王伟" in response.content.decode()


@pytest.mark.parametrize(
    ("status", "words", "buttons"),
    [
        ("confirmed", "Your place goes to", ["Cancel my registration", "Keep my place"]),
        ("waitlisted", "you wait at its end", ["Leave the waiting list", "Stay on it"]),
        ("pending", "before the organizer has answered", ["Take it back", "Keep it"]),
    ],
)
def test_cancelling_says_what_is_given_up(stranger, mine, status, words, buttons):
    Registration.objects.update(status=status, queued_at=timezone.now())

    page = stranger.get(url(mine, "my-cancel")).text

    assert words in page
    form = page.split('class="form-actions"')[1].split("</form>")[0]
    assert re.findall(r">\s*([^<>]+?)\s*</(?:button|a)>", form) == buttons


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["All data stored about you", "Your details", "Registered on", "Confirmed"]),
        ("zh-hans", ["本网站保存的您的全部信息", "个人信息", "报名时间", "已确认"]),
    ],
)
def test_own_data_is_read_as_a_page(stranger, mine, language, words):
    Registration.objects.filter(pk=mine.pk).update(
        phone="+86 311 8612 3456", staff_note="Needs a ramp.", proven_at=timezone.now()
    )
    question = factories.question(settings=mine.event.registration_settings)
    mine.answers.create(question=question, value="tea")
    CheckIn.objects.create(registration=mine, checked_in_at=timezone.now())

    response = stranger.get(url(mine, "my-data-page").replace("/en/", f"/{language}/"))

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    for each in (*words, "王伟", "wei@example.org", "+86 311 8612 3456", "Needs a ramp.", "tea"):
        assert each in response.text
    assert mine.ticket in response.text
    assert "&lt;" not in response.text


def test_the_page_of_own_data_has_all_that_the_file_has(stranger, mine):
    everything = {
        "phone": "0311 8612 3456",
        "position": "Director",
        "organization_name": "Harbour Works",
        "staff_note": "Needs a ramp.",
        "cancel_reason": "",
    }
    now = timezone.now()
    times = dict.fromkeys(("proven_at", "reminded_at", "cancelled_at", "offer_expires_at"), now)
    Registration.objects.filter(pk=mine.pk).update(**everything, **times)

    file = stranger.get(url(mine, "my-data")).json()
    page = stranger.get(url(mine, "my-data-page"))

    shown = dict(row for section in page.context["sections"] for row in section.rows)
    values = {str(value) for value in shown.values()}
    for name in ("name", "email", "phone", "organization", "position", "note_by_staff", "ticket"):
        assert file[name] in values
    moments = [value for value in shown.values() if "<time" in str(value)]
    assert len(moments) == len(times) + 3  # registered, agreed, and the mail


def test_possible_double_looks_like_any_registration_on_its_own_page(stranger, db):
    event = factories.registration_settings().event
    factories.event_file(event=event, audience="attendees")
    wei = {"name": "王伟", "phone": "13800138000"}
    personal_link.prove(factories.registered(event, **wei, email="wei@example.org"))
    double = factories.registered(event, **wei, email="other@example.org")
    form = {"name": "王伟", "organization_name": "Works", "category": "health", "language": "en"}

    page = stranger.get(url(double))
    file = stranger.get(url(double, "my-data")).json()
    data = stranger.get(url(double, "my-data-page"))
    entry = stranger.get(url(double, "my-calendar"))
    corrected = stranger.post(url(double, "my-correct"), form)

    double.refresh_from_db()
    assert (double.status, double.category) == ("double", "health")
    assert file["status"] == "confirmed"
    assert "duplicate" not in data.text + page.text
    assert url(double, "my-correct") in page.text
    assert len(page.context["files"]) == 1
    assert (entry.status_code, corrected.status_code) == (200, 302)


def test_possible_double_that_is_shown_as_waiting_has_a_place_in_the_queue(stranger, mine):
    wei = {"name": "李静", "phone": "13800138000"}
    personal_link.prove(factories.registered(mine.event, **wei, email="li@example.org"))
    double = factories.registered(mine.event, **wei, email="other@example.org")

    page = stranger.get(url(double)).text

    assert "You are number 2 on the waiting list." in page
    assert "Leave the waiting list" in page
