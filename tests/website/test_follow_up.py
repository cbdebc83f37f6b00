import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from icalendar import Calendar

from projects.domain import feed
from projects.domain import follow_up as domain
from projects.domain import intention as intentions
from projects.models import FollowUp
from summit.lib.web.signed_links import FOLLOW_UPS, new_code, sign
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def address(person, language="en"):
    return f"/{language}/follow-ups/{feed.key_of(feed.create(person.user))}/calendar.ics"


def entries(response):
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_feed_holds_what_is_assigned_and_still_to_be_done(stranger, organizer, auditor):
    late = factories.follow_up(in_days=-40, assigned_to=organizer.user)
    soon = factories.follow_up(in_days=400, assigned_to=organizer.user)
    done, ended = (factories.follow_up(assigned_to=organizer.user) for _number in range(2))
    factories.follow_up(assigned_to=auditor.user)
    today = timezone.localdate()
    domain.record(done, outcome="stalled", done_on=today, by=organizer.user)
    intentions.terminate(ended.intention, reason="x", terminated_on=today, by=organizer.user)

    found = entries(stranger.get(address(organizer)))

    assert [entry["dtstart"].dt for entry in found] == [late.due_on, soon.due_on]
    assert [entry["summary"].split(" · ")[0] for entry in found] == [
        f"Follow-up: {row.intention.reference}" for row in (late, soon)
    ]
    assert all(type(entry["dtstart"].dt) is dt.date for entry in found)
    assert str(found[0]["url"]).endswith(f"/admin/projects/followup/{late.pk}/change/")


def test_feed_is_a_calendar_with_a_name_that_is_private_and_found_by_nobody(stranger, organizer):
    factories.follow_up(assigned_to=organizer.user)

    response = stranger.get(address(organizer))

    calendar = Calendar.from_ical(response.content)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.cookies == {}
    assert (calendar["version"], calendar["name"]) == ("2.0", "Follow-ups")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in response.content
    assert calendar.errors == []


def test_feed_speaks_the_language_of_its_address(stranger, organizer):
    company = factories.organization(name_en="Hebei Devices", name_zh_hans="河北器械")
    signed = factories.signed_intention(company=company)
    factories.follow_up(intention=signed, assigned_to=organizer.user)

    english, chinese = (
        entries(stranger.get(address(organizer, language)))[0]["summary"]
        for language in ("en", "zh-hans")
    )

    assert "Hebei Devices" in english
    assert "河北器械" in chinese


def test_feed_tells_no_parties_of_what_is_confidential_and_no_notes(stranger, organizer):
    signed = factories.signed_intention(is_public=False)
    row = factories.follow_up(intention=signed, assigned_to=organizer.user)
    FollowUp.objects.filter(pk=row.pk).update(note="Secret", next_step="Secret")

    text = stranger.get(address(organizer)).content.decode().replace("\r\n ", "")

    assert signed.reference in text
    for words in (signed.company.name_en, signed.expert.name_en, "Secret"):
        assert words not in text


def test_entry_keeps_its_uid_and_counts_up_when_it_moves(stranger, organizer):
    row = factories.follow_up(assigned_to=organizer.user)
    [before] = entries(stranger.get(address(organizer)))

    domain.reschedule(row, due_on=row.due_on + dt.timedelta(days=9), by=organizer.user)
    [after] = entries(stranger.get(address(organizer)))

    assert before["uid"] == after["uid"]
    assert str(before["uid"]).split("@")[0] != str(row.pk)
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstamp"].dt >= before["dtstamp"].dt
    assert after["dtstart"].dt == row.due_on


def test_row_without_a_history_is_an_entry_too(stranger, organizer):
    factories.follow_up(assigned_to=organizer.user).history.all().delete()

    [entry] = entries(stranger.get(address(organizer)))

    assert (entry["sequence"], entry["dtstamp"].dt.date()) == (0, dt.date(2020, 10, 29))


def test_two_of_one_intention_on_one_day_are_two_entries(stranger, organizer):
    row = factories.follow_up(assigned_to=organizer.user)
    factories.follow_up(intention=row.intention, assigned_to=organizer.user)

    assert len({entry["uid"] for entry in entries(stranger.get(address(organizer)))}) == 2


def test_feed_that_has_not_changed_answers_304(stranger, organizer):
    factories.follow_up(assigned_to=organizer.user)
    first = stranger.get(address(organizer))
    asked = {"if-none-match": first.headers["ETag"]}

    same = stranger.get(address(organizer), headers=asked)
    factories.follow_up(assigned_to=organizer.user)
    changed = stranger.get(address(organizer), headers=asked)

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["Cache-Control"] == "private, no-cache"
    assert changed.status_code == 200


def test_empty_feed_is_a_calendar_too(stranger, organizer):
    assert entries(stranger.get(address(organizer))) == []


def test_replaced_and_stopped_links_work_no_more(stranger, organizer):
    old = address(organizer)
    feed.replace(organizer.user)
    new = address(organizer)
    answers = [stranger.get(old).status_code, stranger.get(new).status_code]

    feed.stop(organizer.user)

    assert [*answers, stranger.get(new).status_code] == [404, 200, 404]


@pytest.mark.parametrize("what", ["inactive", "no staff", "no permission"])
def test_feed_of_who_may_no_longer_see_is_not_found(stranger, organizer, what):
    factories.follow_up(assigned_to=organizer.user)
    link = address(organizer)
    assert stranger.get(link).status_code == 200

    if what == "no permission":
        organizer.user.groups.clear()
    else:
        changed = {"is_active": False} if what == "inactive" else {"is_staff": False}
        User.objects.filter(pk=organizer.user.pk).update(**changed)

    assert stranger.get(link).status_code == 404


def test_unknown_codes_are_not_found_and_limited(stranger, organizer, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"code": (3, 600)}
    made = feed.create(organizer.user)
    tried = [new_code(), sign(new_code(), FOLLOW_UPS), sign(made.code), made.code]

    codes = [stranger.get(f"/en/follow-ups/{code}/calendar.ics").status_code for code in tried]

    assert codes == [404, 404, 404, 429]
    assert stranger.get(address(organizer)).status_code == 200


def test_feed_costs_the_same_for_few_and_many(stranger, organizer, django_assert_num_queries):
    link = address(organizer)
    for number in range(2):
        for _each in range(1 + 4 * number):
            factories.follow_up(assigned_to=organizer.user)
        # The feed with its owner, their permissions and those of their groups, the rows.
        with django_assert_num_queries(4):
            stranger.get(link)


@pytest.mark.django_db(transaction=True)
def test_made_twice_at_once_is_one_feed(organizer):
    made = at_once(lambda: feed.create(organizer.user), lambda: feed.create(organizer.user))

    assert made[0] == made[1]
    assert made[0].code == made[1].code
