import datetime as dt
import re

import pytest
from django.utils import timezone, translation

from events.models import Event
from mail.models import OutboundMail
from registrations.domain.admission import RegistrationClosed
from registrations.models import Registration
from summit.lib.i18n.clock import moment_in_words
from tests import factories, stamps
from tests.website.registering import register_url, typed


def test_form_registers_and_says_where_to_look(stranger):
    event = factories.registration_settings().event

    response = stranger.post(register_url(event, "zh-hans"), typed(event, {"name": "王伟"}))

    made = Registration.objects.get()
    assert response.status_code == 302
    assert response.url == f"/zh-hans/events/{event.slug}/registered/"
    assert (made.name, made.language, made.status) == ("王伟", "zh-hans", "confirmed")
    assert stranger.get(response.url).status_code == 200
    assert made.privacy_notice is not None


def test_answer_is_the_same_for_a_person_who_is_registered(stranger):
    event = factories.registration_settings().event

    first = stranger.post(register_url(event), typed(event))
    second = stranger.post(register_url(event), typed(event, {"email": "PERSON0@example.org"}))

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Registration.objects.seated().count() == 1
    assert list(OutboundMail.objects.values_list("kind", flat=True)) == ["confirmed"] * 2


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
        ({}, {"leave_empty": "http://spam.example"}, "A hidden field"),
        ({}, {"shown_at": "made-up"}, "unusually fast"),
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


def test_one_address_may_hold_two_people(stranger):
    event = factories.registration_settings().event

    response = stranger.post(
        register_url(event), typed(event, {"email": "a@example.org"}, {"email": "A@example.org"})
    )

    assert response.status_code == 302
    assert Registration.objects.filter(status="confirmed").count() == 2
    kinds = OutboundMail.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["group_registered", "informed"]


@pytest.mark.parametrize(
    ("contact", "person", "message"),
    [
        ("either", {"email": ""}, "Enter a mobile number or an e-mail address."),
        ("either", {"email": "", "phone": "0311-8612 3456"}, "it is not a mobile number"),
        ("phone", {"phone": "0311-8612 3456"}, "it is not a mobile number"),
        ("phone", {"phone": ""}, "This field is required"),
        ("email", {"email": "", "phone": "138 0013 8000"}, "This field is required"),
    ],
)
def test_a_person_without_the_contact_of_the_event_is_refused(stranger, contact, person, message):
    event = factories.registration_settings(contact=contact).event

    page = stranger.post(register_url(event), typed(event, person))

    assert page.status_code == 422
    assert message in page.text
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(("contact", "times"), [("either", 2), ("phone", 0), ("email", 0)])
def test_where_either_contact_is_enough_neither_is_called_optional(stranger, contact, times):
    event = factories.registration_settings(contact=contact).event

    page = stranger.get(register_url(event)).text

    assert page.count("(one of the two)") == times


@pytest.mark.parametrize("contact", ["either", "phone"])
@pytest.mark.parametrize("phone", ["138 0013 8000", "+44 7911 123456", "13800138000（微信同号）"])
def test_a_mobile_number_is_enough(stranger, contact, phone):
    event = factories.registration_settings(contact=contact).event

    page = stranger.post(register_url(event), typed(event, {"email": "", "phone": phone}))

    assert page.status_code == 302
    assert Registration.objects.get().phone_key.startswith("+")
    assert OutboundMail.objects.count() == 0


def test_a_landline_beside_an_address_is_taken(stranger):
    event = factories.registration_settings().event

    page = stranger.post(register_url(event), typed(event, {"phone": "0311-8612 3456转801"}))

    assert page.status_code == 302
    assert Registration.objects.get().phone == "+8631186123456;ext=801"


def test_fields_are_asked_as_the_event_says(stranger):
    event = factories.registration_settings(
        contact="email", ask_phone="required", ask_position="no", ask_organization="no"
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


def test_registration_form_is_kept_by_the_own_browser_alone(stranger):
    event = factories.registration_settings().event

    # Under "no-store" a browser would have nothing to go back to.
    for response in (stranger.get(register_url(event)), stranger.post(register_url(event))):
        assert response.headers["Cache-Control"] == "private, no-cache"


def test_time_of_opening_is_named(stranger):
    opens_at = timezone.now() + dt.timedelta(days=3)
    event = factories.registration_settings(opens_at=opens_at).event

    page = stranger.get(register_url(event))

    assert page.status_code == 409
    assert RegistrationClosed.__name__ not in page.content.decode()
    assert moment_in_words(opens_at, event.zone) in page.content.decode()


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        *(
            ("+86 (311) 8612-3456", "+8631186123456"),
            ("０３１１８６１２３４５６", "+8631186123456"),
        ),
        *(("0311-86123456 ext. 12", "+8631186123456;ext=12"), ("138 0013 8000", "+8613800138000")),
        *(("0311-86123456分机12", "+8631186123456;ext=12"), ("Test", ""), ("10086", "")),
        *(("1234", ""), ("86123456 after six", ""), ("没有", "")),
    ],
)
def test_phone_is_a_number_however_it_is_written(stranger, phone, stored):
    event = factories.registration_settings(ask_phone="required").event

    page = stranger.post(register_url(event), typed(event, {"phone": phone}))

    assert page.status_code == (302 if stored else 422)
    assert list(Registration.objects.values_list("phone", flat=True)) == (
        [stored] if stored else []
    )
    if not stored:
        assert page.text.count("This is not a whole phone number.") == 1


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
        assert "Enter only the name, without a web address." in page.text


@pytest.mark.parametrize("people", [1, 3])
def test_what_a_person_has_to_fill_in_says_so_to_the_browser(stranger, people):
    event = factories.upcoming_event(format="hybrid", online_link="https://meet.example.org/room")
    how = factories.registration_settings(event=event, contact="either")
    needed = factories.question(settings=how, is_required=True)
    free = factories.question(settings=how)

    page = stranger.get(f"{register_url(event)}?people={people}").text

    fields = re.findall(r"<input[^>]*>", page)
    named = {name: [each for each in fields if f'-{name}"' in each] for name in _NAMES}
    named |= {"needed": [each for each in fields if f"question_{needed.pk}" in each]}
    named |= {"free": [each for each in fields if f"question_{free.pk}" in each]}
    of_people = {n: [each for each in found if "people-" in each] for n, found in named.items()}
    assert {name: len(found) // people for name, found in of_people.items()} == {
        **{"name": 1, "way": 2, "position": 1, "email": 1, "phone": 1, "needed": 1, "free": 1}
    }
    is_required = {n: {" required" in each for each in found} for n, found in of_people.items()}
    assert is_required == {
        **{"name": {True}, "way": {True}, "position": {False}, "email": {False}},
        **{"phone": {False}, "needed": {True}, "free": {False}},
    }
    assert "novalidate" in page


_NAMES = ("name", "way", "position", "email", "phone")
