"""Nothing is done that has changed since the page that asks for it was opened."""

import datetime as dt

import pytest

from events.domain import postponement
from events.models import Event
from projects.models import FollowUp, Project, Recommendation
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import confirm, confirm_seen, select, url

CHANGED = "This was changed after you opened this page, so nothing has been done."
EARLIER = {"done_on": "2021-12-01", "note": "By phone"}


def drafts_of_event(count=2):
    event = factories.event()
    for _number in range(count):
        draft = factories.project(status="draft", published_at=None)
        factories.recommendation(event=event, project=draft)
    return event


def add_draft(event):
    factories.recommendation(
        event=event, project=factories.project(status="draft", published_at=None)
    )


def edit_draft(_event):
    draft = Project.objects.first()
    draft.description_en = "Quite another thing"
    draft.save()


@pytest.mark.parametrize("change", [add_draft, edit_draft])
def test_drafts_that_changed_meanwhile_are_not_published_unseen(organizer, change):
    event = drafts_of_event()
    page = organizer.get(url(event, "action", "publish-projects"))
    change(event)

    refused = confirm_seen(organizer, event, "publish-projects", page)

    assert CHANGED in refused.text
    assert not Project.objects.filter(status="published").exists()
    assert confirm_seen(organizer, event, "publish-projects", refused).status_code == 302
    published = Project.objects.filter(status="published").count()
    assert published == Recommendation.objects.count()


def later(event, days):
    return event.starts_at + dt.timedelta(days=days)


@pytest.mark.parametrize("action", ["postpone", "cancel"])
def test_event_that_was_postponed_meanwhile_is_looked_at_again(organizer, action):
    event = factories.upcoming_event()
    page = organizer.get(url(event, "action", action))
    postponement.postpone(event, to=later(event, 7), with_programme=True, by=organizer.user)
    event.refresh_from_db()
    before = Event.objects.values().get()

    refused = confirm_seen(organizer, event, action, page, to="")

    assert CHANGED in refused.text
    assert Event.objects.values().get() == before
    assert confirm_seen(organizer, event, action, refused, to="").status_code == 302


def test_somebody_who_registers_meanwhile_keeps_nobody_from_postponing(organizer):
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    page = organizer.get(url(event, "action", "postpone"))
    factories.registered(event)

    answer = confirm_seen(organizer, event, "postpone", page, to="")

    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.is_postponed


def overdue(session=None):
    signed = factories.signed_intention(**({"event": session.event} if session else {}))
    return list(signed.follow_ups.order_by("pk"))


def test_selected_rows_that_changed_meanwhile_are_shown_again(organizer):
    first, second, *_rest = overdue()
    page = select(organizer, "close-earlier", first, second)
    second.due_on -= dt.timedelta(days=9)
    second.save()

    refused = confirm(organizer, page, _shown=page.context["shown"], **EARLIER)

    assert CHANGED in refused.text
    assert not FollowUp.objects.filter(outcome="earlier").exists()
    done = confirm(organizer, page, _shown=refused.context["shown"], **EARLIER)
    assert CHANGED not in done.text
    assert FollowUp.objects.filter(outcome="earlier").count() == 2


def test_person_whose_state_changed_meanwhile_is_not_erased_unseen(organizer):
    event = factories.registration_settings(event=factories.upcoming_event()).event
    people = [factories.registered(event) for _number in range(2)]
    page = select(organizer, "erase", *people)
    Registration.objects.filter(pk=people[0].pk).update(status="cancelled")

    refused = confirm(organizer, page, _shown=page.context["shown"])

    assert CHANGED in refused.text
    assert not Registration.objects.exclude(erased_at=None).exists()


def test_newcomers_of_the_whole_list_are_left_out_and_hold_nothing_up(organizer):
    overdue()
    page = select(organizer, "close-earlier", FollowUp.objects.first(), select_across="1")
    seen = FollowUp.objects.count()
    overdue()

    done = confirm(organizer, page, _shown=page.context["shown"], **EARLIER)

    assert CHANGED not in done.text
    assert FollowUp.objects.filter(outcome="earlier").count() == seen
