import datetime as dt
import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events.models import Event
from mail.models import OutboundMail
from registrations.domain import check_in, personal_link, place, registration
from registrations.domain.admission import RegistrationClosed
from registrations.forms.registration import SharedForm
from registrations.forms.stamp import MAX_AGE, Stamp
from registrations.models import Registration
from summit.lib.i18n.clock import moment_in_words
from summit.lib.web.personal_links import sign
from tests import factories, stamps
from tests.threads import at_once
from throttle import rate_limit


@pytest.fixture(autouse=True)
def _no_hurry(settings):
    settings.FORM_MIN_SECONDS = 0


def typed(event: Event, *people: dict, **shared) -> dict:
    """What a visitor sends: one block for each person, and what they share."""
    people = people or ({},)
    data = {
        "people-TOTAL_FORMS": len(people),
        "people-INITIAL_FORMS": 0,
        "organization_name": "Harbour Works",
        "category": "company",
        "consent": "on",
        "shown_at": stamps.of_registration(event),
        **shared,
    }
    for number, person in enumerate(people):
        defaults = {"name": f"Person {number}", "email": f"person{number}@example.org"}
        for name, value in (defaults | person).items():
            data[f"people-{number}-{name}"] = value
    return data


def register_url(event: Event, language: str = "en") -> str:
    return f"/{language}/events/{event.slug}/register/"


def test_form_registers_and_says_where_to_look(stranger):
    event = factories.registration_settings().event

    response = stranger.post(register_url(event, "zh-hans"), typed(event, {"name": "王伟"}))

    made = Registration.objects.get()
    assert response.status_code == 302
    assert response.url == f"/zh-hans/events/{event.slug}/registered/"
    assert (made.name, made.language, made.status) == ("王伟", "zh-hans", "confirmed")
    assert stranger.get(response.url).status_code == 200
    assert made.privacy_notice is not None


def test_answer_is_the_same_for_an_address_that_is_registered(stranger):
    event = factories.registration_settings().event

    first = stranger.post(register_url(event), typed(event))
    second = stranger.post(register_url(event), typed(event, {"email": "PERSON0@example.org"}))

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Registration.objects.count() == 1
    assert list(OutboundMail.objects.order_by("pk").values_list("kind", flat=True)) == [
        "confirmed",
        "link",
    ]


def test_company_registers_several_in_one_go(stranger):
    event = factories.registration_settings(capacity=2).event

    stranger.post(register_url(event), typed(event, {}, {}, {}))

    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == [
        "confirmed",
        "confirmed",
        "waitlisted",
    ]


def test_another_person_keeps_what_was_typed_and_checks_nothing_yet(stranger):
    event = factories.registration_settings().event

    response = stranger.post(
        register_url(event), typed(event, {"name": "Ann", "email": "not yet"}, more="1")
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert 'value="Ann"' in html
    assert "people-1-name" in html
    assert "errorlist" not in html


def test_blocks_after_the_first_may_stay_empty(stranger):
    event = factories.registration_settings().event

    stranger.post(register_url(event), typed(event, {}, {"name": "", "email": ""}))

    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "shared", "message"),
    [
        ({"name": "x" * 10_000}, {}, "at most 100 characters"),
        ({"name": ""}, {}, "This field is required"),
        ({"email": "wei@"}, {}, "valid email address"),
        ({}, {"consent": ""}, "Without your consent"),
        ({}, {"category": "king"}, "Select a valid choice"),
        ({}, {"website": "http://spam.example"}, "very quick"),
        ({}, {"shown_at": "made-up"}, "very quick"),
    ],
)
def test_bad_input_is_refused_in_words_and_nothing_is_kept(stranger, person, shared, message):
    event = factories.registration_settings().event

    response = stranger.post(register_url(event), typed(event, person, **shared))

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Registration.objects.count() == OutboundMail.objects.count() == 0


def test_form_sent_at_once_is_refused(stranger, settings):
    settings.FORM_MIN_SECONDS = 3
    event = factories.registration_settings().event
    page = stranger.get(register_url(event))

    response = stranger.post(
        register_url(event), typed(event, shown_at=page.context["shared"]["shown_at"].value())
    )

    assert response.status_code == 422
    assert Registration.objects.count() == 0


def test_emoji_and_long_chinese_names_are_kept_as_they_are(stranger):
    event = factories.registration_settings().event

    stranger.post(register_url(event), typed(event, {"name": "👩‍⚕️ 阿卜杜拉·买买提"}))

    assert Registration.objects.get().name == "👩‍⚕️ 阿卜杜拉·买买提"


def test_one_address_for_two_people_is_refused(stranger):
    event = factories.registration_settings().event

    response = stranger.post(
        register_url(event), typed(event, {"email": "a@example.org"}, {"email": "A@example.org"})
    )

    assert response.status_code == 422
    assert Registration.objects.count() == 0


def test_fields_are_asked_as_the_event_says(stranger):
    event = factories.registration_settings(
        ask_phone="required", ask_position="no", ask_organization="no"
    ).event

    page = stranger.get(register_url(event)).content.decode()
    response = stranger.post(register_url(event), typed(event))

    assert "people-0-phone" in page
    assert "people-0-position" not in page
    assert "organization_name" not in page
    assert response.status_code == 422


def test_questions_are_asked_and_their_answers_kept(stranger):
    settings = factories.registration_settings()
    kinds = {
        "short_text": factories.question(settings=settings, is_required=True),
        "choice": factories.question(
            settings=settings, kind="choice", options_en="Tea\nCoffee", options_zh_hans="茶\n咖啡"
        ),
        "choices": factories.question(settings=settings, kind="choices", options_en="A\nB\nC"),
        "yes_no": factories.question(settings=settings, kind="yes_no"),
    }
    answers = {
        f"question_{kinds['short_text'].pk}": "vegetarian",
        f"question_{kinds['choice'].pk}": "2",
        f"question_{kinds['choices'].pk}": ["1", "3"],
        f"question_{kinds['yes_no'].pk}": "no",
    }

    stranger.post(register_url(settings.event, "zh-hans"), typed(settings.event, answers))

    made = Registration.objects.get()
    kept = {answer.question.kind: answer.value for answer in made.answers.all()}
    assert kept == {
        "short_text": "vegetarian",
        "choice": "2",
        "choices": ["1", "3"],
        "yes_no": False,
    }
    with translation.override("en"):
        assert made.answers.get(question__kind="choice").shown == "Coffee"


@pytest.mark.parametrize(
    ("status", "code"), [(Event.Status.CANCELLED, 409), (Event.Status.DRAFT, 404)]
)
def test_event_that_is_not_open_says_so(stranger, status, code):
    event = factories.upcoming_event(status=status)
    factories.registration_settings(event=event)

    got = stranger.get(register_url(event))
    posted = stranger.post(register_url(event), typed(event))

    assert (got.status_code, posted.status_code) == (code, code)
    assert Registration.objects.count() == 0


def test_full_event_offers_the_waiting_list(stranger):
    settings = factories.registration_settings(capacity=1)
    factories.registered(settings.event)

    page = stranger.get(register_url(settings.event)).content.decode()

    assert "All seats are taken" in page
    assert "Join the waiting list" in page


def test_rate_is_limited_across_events(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (2, 600)}
    event = factories.registration_settings().event

    codes = [
        stranger.post(register_url(event), typed(event, {"email": f"p{n}@example.org"})).status_code
        for n in range(3)
    ]

    assert codes == [302, 302, 422]
    assert Registration.objects.count() == 2


def test_lost_link_is_mailed_without_telling_who_is_registered(stranger):
    attendee = factories.registered(factories.registration_settings().event, email="a@example.org")

    known, unknown = (
        stranger.post("/en/my/", {"shown_at": stamps.of_lost_link(), "email": email})
        for email in ("A@example.org", "b@example.org")
    )

    assert known.content == unknown.content
    assert attendee.mails.filter(kind="link").count() == 1


def test_registration_form_is_not_kept_by_caches(stranger):
    event = factories.registration_settings().event

    assert "no-store" in stranger.get(register_url(event)).headers["Cache-Control"]


def test_time_of_opening_is_named(stranger):
    opens_at = timezone.now() + dt.timedelta(days=3)
    event = factories.registration_settings(opens_at=opens_at).event

    page = stranger.get(register_url(event))

    assert page.status_code == 409
    assert RegistrationClosed.__name__ not in page.content.decode()
    assert moment_in_words(opens_at, event.zone) in page.content.decode()


@pytest.mark.parametrize(
    ("phone", "is_one"),
    [
        *(("+86 (311) 8612-3456", True), ("０３１１８６１２３４５６", True), ("10086", True)),
        *(("0311-86123456 ext. 12", True), ("0311-86123456转12", True)),
        *(("0311-86123456x12", True), ("0311-86123456分机12", True)),
        *(("Test", False), ("1234", False), ("86123456 after six", False), ("没有", False)),
    ],
)
def test_phone_is_a_number_however_it_is_written(stranger, phone, is_one):
    event = factories.registration_settings(ask_phone="required").event

    page = stranger.post(register_url(event), typed(event, {"phone": phone}))

    assert page.status_code == (302 if is_one else 422)
    assert Registration.objects.filter(phone=phone).exists() is is_one
    if not is_one:
        assert "Give a phone number, such as +86 311 8612 3456" in page.text


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Win at https://evil.example now", False),
        ("领奖请访问evil.example", False),
        ("www.evil.example", False),
        ("EVIL.EXAMPLE/prize", False),
        ("Dr.Wang", True),
        ("J.R. Smith-Jones", True),
        ("O’Connor, Seán M.Sc.", True),
        ("王伟/Wang Wei", True),
        ("José María Núñez", True),
    ],
)
def test_name_with_which_mails_begin_holds_no_web_address(stranger, name, is_one):
    event = factories.registration_settings().event

    page = stranger.post(register_url(event), typed(event, {"name": name}))

    assert page.status_code == (302 if is_one else 422)
    assert Registration.objects.filter(name=name).exists() is is_one
    if not is_one:
        assert "Give the name alone, without a web address." in page.text


# Limits: people are counted, and whatever strangers send


def sends(stranger, event, *people, **shared):
    return stranger.post(register_url(event), typed(event, *people, **shared))


def ten(name: str) -> list[dict]:
    return [{"email": f"{name}{number}@example.org"} for number in range(10)]


def test_people_are_counted_and_not_forms(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (25, 600)}
    event = factories.registration_settings().event

    pages = [sends(stranger, event, *ten(name)) for name in "abc"]

    assert [page.status_code for page in pages] == [302, 302, 422]
    assert "Too many tries from here" in pages[2].text
    assert 'value="c9@example.org"' in pages[2].text
    assert Registration.objects.count() == 20


@pytest.mark.parametrize(
    ("shared", "code"),
    [
        ({"category": ""}, 422),
        ({"website": "http://spam.example"}, 422),
        ({"shown_at": "made-up"}, 422),
        ({"people-TOTAL_FORMS": "9999"}, 422),
        ({}, 409),
    ],
)
def test_forms_that_are_refused_are_counted_too(stranger, settings, shared, code):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (3, 600)}
    event = factories.registration_settings().event
    if code == 409:
        Event.objects.update(status="cancelled", cancelled_at=timezone.now())

    codes = [sends(stranger, event, **shared).status_code for _n in range(3)]
    Event.objects.update(status="published", cancelled_at=None)
    last = sends(stranger, event)

    assert codes == [code] * 3
    assert last.status_code == 422
    assert "Too many tries from here" in last.text


def test_posts_to_events_that_are_none_are_counted(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (2, 600)}
    event = factories.registration_settings().event

    codes = [stranger.post("/en/events/none/register/").status_code for _n in range(2)]

    assert codes == [404, 404]
    assert sends(stranger, event).status_code == 422


def test_asking_for_more_blocks_takes_nothing_from_the_registrations(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": (1, 600), "form": (3, 600)}
    event = factories.registration_settings().event

    codes = [sends(stranger, event, more="1").status_code for _n in range(4)]

    assert codes == [200, 200, 200, 429]
    assert sends(stranger, event).status_code == 302


def test_invalid_lost_links_are_counted_too(stranger, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 600)}
    for _n in range(2):
        stranger.post("/en/my/", {"email": "nobody"})

    page = stranger.post("/en/my/", {"email": "a@b.org", "shown_at": stamps.of_lost_link()})

    assert page.status_code == 422
    assert "Too many tries from here" in page.text


# Unproven registrations of one network


@pytest.fixture
def capped(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (3, 86400)}
    return factories.registration_settings().event


def test_network_holds_no_more_unproven_places_than_the_limit(stranger, capped):
    first = sends(stranger, capped, {"email": "a@b.org"}, {"email": "b@b.org"})
    too_many = sends(stranger, capped, {"email": "c@b.org"}, {"email": "d@b.org"})
    fits = sends(stranger, capped, {"email": "c@b.org"})

    assert [page.status_code for page in (first, too_many, fits)] == [302, 422, 302]
    assert "have not yet opened the link in their mail" in too_many.text
    assert 'value="d@b.org"' in too_many.text
    assert Registration.objects.count() == 3


def test_opened_links_make_room_for_the_colleagues(stranger, capped):
    for name in "abc":
        sends(stranger, capped, {"email": f"{name}@b.org"})
    full = sends(stranger, capped, {"email": "d@b.org"})

    for row in Registration.objects.all()[:2]:
        stranger.get(reverse("my-registration", args=[sign(row.code)]))
    codes = [sends(stranger, capped, {"email": f"{n}@b.org"}).status_code for n in "def"]

    assert full.status_code == 422
    assert codes == [302, 302, 422]


def test_places_that_were_given_back_are_no_reason_for_new_ones(stranger, capped, organizer):
    for name in "abc":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    place.cancel_all(Registration.objects.all(), by=organizer.user, tell=False)

    assert sends(stranger, capped, {"email": "d@b.org"}).status_code == 422


def test_other_networks_other_events_and_another_day_are_not_capped(stranger, capped):
    other = factories.registration_settings().event
    for name in "abc":
        sends(stranger, capped, {"email": f"{name}@b.org"})

    elsewhere = stranger.post(
        register_url(capped), typed(capped, {"email": "d@b.org"}), REMOTE_ADDR="203.0.113.9"
    )
    at_other = sends(stranger, other, {"email": "a@b.org"})
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=2))
    next_day = sends(stranger, capped, {"email": "e@b.org"})

    assert [page.status_code for page in (elsewhere, at_other, next_day)] == [302] * 3


def test_one_network_of_ipv6_is_one_whatever_its_addresses(stranger, capped):
    codes = [
        stranger.post(
            register_url(capped),
            typed(capped, {"email": f"p{number}@b.org"}),
            REMOTE_ADDR=f"2001:db8:1:1::{number:x}",
        ).status_code
        for number in range(1, 6)
    ]

    assert codes == [302, 302, 302, 422, 422]


def test_of_the_network_a_hash_is_kept_for_a_day_and_until_it_is_proven(stranger, capped):
    for name in "ab":
        sends(stranger, capped, {"email": f"{name}@b.org"})
    proven, old = Registration.objects.order_by("pk")
    keys = {proven.network_key, old.network_key}

    personal_link.prove(proven)
    before = registration.forget_networks()
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=2))
    after = registration.forget_networks()

    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert (before, after) == (0, 1)
    assert set(Registration.objects.values_list("network_key", flat=True)) == {""}


def test_networks_race_for_no_more_than_the_limit(transactional_db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (3, 86400)}
    event = factories.registration_settings().event

    at_once(
        *(
            lambda: registration.register(event, [factories.applicant()], network="192.0.2.1")
            for _n in range(6)
        )
    )

    assert Registration.objects.count() == 3


def test_check_in_proves_the_address(capped, organizer):
    row = factories.registered(capped)

    check_in.check_in(row, by=organizer.user)

    row.refresh_from_db()
    assert row.proven_at is not None


# The stamp of a form


def test_form_sent_twice_is_refused_once_and_keeps_what_was_typed(stranger):
    event = factories.registration_settings().event
    form = typed(event, {"email": "a@b.org"})
    stranger.post(register_url(event), form)

    page = stranger.post(register_url(event), form | {"people-0-email": "b@b.org"})
    stamp = page.context["shared"]["shown_at"].value()
    again = stranger.post(
        register_url(event), form | {"people-0-email": "b@b.org", "shown_at": stamp}
    )

    assert page.status_code == 422
    assert "This form has already been sent" in page.text
    assert 'value="b@b.org"' in page.text
    assert again.status_code == 302
    assert sorted(Registration.objects.values_list("email", flat=True)) == ["a@b.org", "b@b.org"]


def test_one_more_press_succeeds_without_a_wait(stranger, settings):
    settings.FORM_MIN_SECONDS = 3
    event = factories.registration_settings().event
    form = typed(event, {"email": "a@b.org"})
    stranger.post(register_url(event), form)

    page = stranger.post(register_url(event), form)
    stamp = page.context["shared"]["shown_at"].value()

    assert stranger.post(register_url(event), form | {"shown_at": stamp}).status_code == 302


@pytest.mark.parametrize("shared", [{"category": ""}, {"more": "1"}])
def test_stamp_of_a_form_that_was_not_taken_is_not_used(stranger, shared):
    event = factories.registration_settings().event
    form = typed(event)

    page = stranger.post(register_url(event), form | shared)
    stamp = page.context["shared"]["shown_at"].value()

    assert stamp == form["shown_at"]
    assert stranger.post(register_url(event), form).status_code == 302


def test_stamp_of_a_form_that_was_refused_whole_is_not_used(stranger, capped):
    form = typed(capped, {}, {}, {}, {})

    refused = stranger.post(register_url(capped), form)

    assert refused.status_code == 422
    fewer = {name: value for name, value in form.items() if not name.startswith("people-3")}
    fewer["people-TOTAL_FORMS"] = 3
    assert stranger.post(register_url(capped), fewer).status_code == 302


@pytest.mark.parametrize("of", ["another event", "another form", "another day"])
def test_stamp_of_something_else_is_refused(stranger, of):
    event, other = (factories.registration_settings().event for _n in range(2))
    purpose = SharedForm.purpose_of(event)
    stamp = {
        "another event": stamps.of_registration(other),
        "another form": stamps.of_lost_link(),
        "another day": str(Stamp(purpose, "x", 1.0, int(time.time()) - 24 * 3600)),
    }[of]

    page = sends(stranger, event, shown_at=stamp)
    renewed = page.context["shared"]["shown_at"].value()

    assert page.status_code == 422
    assert "That was very quick, or the page was old" in page.text
    assert sends(stranger, event, shown_at=renewed).status_code == 302


def test_lost_link_form_is_sent_once(stranger):
    form = {"shown_at": stamps.of_lost_link(), "email": "a@b.org"}

    pages = [stranger.post("/en/my/", form) for _n in range(2)]

    assert [page.status_code for page in pages] == [200, 422]
    assert "This form has already been sent" in pages[1].text


def test_one_stamp_at_once_registers_once(transactional_db, settings):
    settings.FORM_MIN_SECONDS = 0
    event = factories.registration_settings().event
    form = typed(event)
    forms = [form | {"people-0-email": f"p{number}@b.org"} for number in range(4)]

    answers = at_once(*(lambda f=f: Client().post(register_url(event), f) for f in forms))

    assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]
    assert Registration.objects.count() == 1


def test_used_stamps_are_remembered_for_longer_than_they_hold(stranger):
    event = factories.registration_settings().event
    issued = int(time.time()) - MAX_AGE + 60
    stamp = str(Stamp(SharedForm.purpose_of(event), "x", 1.0, issued))
    sends(stranger, event, shown_at=stamp)

    rate_limit.forget()

    assert sends(stranger, event, shown_at=stamp).status_code == 422
