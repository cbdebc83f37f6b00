import datetime as dt

import pytest

from events.models import Event, OrganizerScope
from tests import factories
from tests.backoffice.posting import buttons, do, url
from tests.cast import make_organizer
from tests.factories import DAY, at
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    event = factories.event(ends_at=at(17, day=DAY + dt.timedelta(days=1)))
    factories.session(event=event, title_en="Opening")
    next_day = DAY + dt.timedelta(days=1)
    times = {"starts_at": at(10, day=next_day), "ends_at": at(11, day=next_day)}
    factories.session(event=event, title_en="Visit", **times)
    return event


def limited_to(event):
    person = make_organizer()
    OrganizerScope.objects.create(user=person.user, event=event)
    return person


def move(person, event, **given):
    """Fill in what moves, look at the preview, and confirm it; return both answers."""
    preview = do(person, event, "move", **given)
    shown = preview.context["previewed"]
    return preview, do(person, event, "move", **given, _previewed=shown.seen)


def starts(event):
    return [session.starts_at for session in event.sessions.all()]


def test_move_is_offered_once_there_is_a_programme(organizer, event):
    assert "move" in buttons(organizer, event)
    assert "move" not in buttons(organizer, factories.event())


def test_preview_tells_what_moves_and_moves_nothing(organizer, event):
    before = starts(event)

    preview = do(organizer, event, "move", days="7")

    facts = dict(preview.context["facts"])
    assert facts["Opening"] == "2020-10-29 10:00–11:00 → 2020-11-05 10:00–11:00"
    assert set(facts) == {"the whole event", "Opening", "Visit"}
    assert starts(event) == before


def test_page_offers_a_preview_first_and_to_move_only_then(organizer, event):
    asked = organizer.get(url(event, "action", "move")).text
    shown = do(organizer, event, "move", days="7").text

    assert ('value="Preview"' in asked, 'value="Preview"' in shown) == (True, False)
    assert ('value="Move the programme"' in asked, 'value="Move the programme"' in shown) == (
        *(False, True),
    )


def test_confirmed_preview_moves_the_event_with_its_programme(organizer, event):
    before = starts(event)

    _preview, done = move(organizer, event, days="7")

    assert done.status_code == 302
    assert starts(event) == [each + dt.timedelta(days=7) for each in before]
    event.refresh_from_db()
    assert event.starts_on == DAY + dt.timedelta(days=7)
    assert event.history.latest().history_user == organizer.user


def test_one_day_moves_by_minutes(organizer, event):
    before = starts(event)

    move(organizer, event, day="2020-10-30", minutes="-30")

    assert starts(event) == [before[0], before[1] - dt.timedelta(minutes=30)]


def test_what_was_changed_after_the_preview_is_shown_anew(organizer, event):
    before = starts(event)
    seen = do(organizer, event, "move", days="7").context["previewed"]

    again = do(organizer, event, "move", days="70", _previewed=seen.seen)

    assert again.context["previewed"].seen != seen.seen
    assert starts(event) == before


@pytest.mark.django_db(transaction=True)
def test_a_preview_that_is_confirmed_twice_moves_once(event):
    organizer, before = make_organizer(), starts(event)
    seen = do(organizer, event, "move", days="7").context["previewed"].seen

    answers = at_once(*[lambda: do(organizer, event, "move", days="7", _previewed=seen)] * 2)

    shown, _moved = sorted(answers, key=lambda answer: answer.status_code)
    assert starts(event) == [each + dt.timedelta(days=7) for each in before]
    assert "This was changed after you opened this page" in shown.content.decode()
    assert dict(shown.context["facts"])["Opening"].startswith("2020-11-05")


@pytest.mark.parametrize(
    "given",
    [{}, {"days": "0"}, {"days": "x"}, {"days": "99999999999999999999"}, {"day": "2021-01-01"}],
)
def test_what_makes_no_move_is_said_beside_what_was_typed(organizer, event, given):
    before = starts(event)

    answer = do(organizer, event, "move", **given)

    assert answer.context["form"].errors
    assert starts(event) == before


def test_clash_is_told_in_the_preview_and_not_of_what_others_run(event):
    # Each runs their own event, and learns nothing of the other.
    person = limited_to(event)
    day = DAY + dt.timedelta(days=7)
    other = factories.event(starts_at=at(9, day=day), ends_at=at(17, day=day))
    secret = factories.session(
        event=other, title_en="Secret", starts_at=at(10, day=day), ends_at=at(11, day=day)
    )
    expert = factories.appearance(session=secret).expert
    factories.appearance(session=event.sessions.first(), expert=expert)

    answer = do(person, event, "move", days="7")

    assert "is booked elsewhere at that time" in answer.text
    assert "Secret" not in answer.text
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at


def test_auditor_and_an_organizer_of_another_event_may_not(auditor, event):
    stranger = limited_to(factories.event())

    assert do(auditor, event, "move", days="7").status_code == 403
    assert do(stranger, event, "move", days="7").status_code == 302
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at


def test_times_of_registration_that_stay_are_pointed_to(organizer, event):
    factories.registration_settings(event=event, closes_at=at(9))

    _preview, done = move(organizer, event, days="7")

    page = organizer.get(done.url)
    assert "these times were not" in page.text
