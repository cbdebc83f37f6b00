import datetime as dt

import pytest
from django.utils import timezone

from events.models import Event
from summit.lib.i18n import clock
from tests import factories
from tests.backoffice.posting import buttons, do, url, use_on_selected
from tests.cast import make_organizer


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("draft", ["publish", "copy", "add-attendee"]),
        (
            "published",
            [
                *("return-to-draft", "cancel", "copy"),
                *("type-attendance", "type-meetings", "add-attendee"),
            ],
        ),
        ("postponed", ["return-to-draft", "postpone", "cancel", "reason", "copy", "add-attendee"]),
        # Nobody is put on the list of what does not take place.
        ("cancelled", ["return-to-draft", "take-up", "reason", "copy"]),
    ],
)
def test_buttons_are_those_that_the_status_allows(organizer, status, offered):
    assert buttons(organizer, factories.event(status=status)) == offered


def test_auditor_has_no_buttons(auditor):
    assert buttons(auditor, factories.event()) == []


@pytest.mark.parametrize(
    ("status", "action", "becomes"),
    [
        ("draft", "publish", "published"),
        ("published", "cancel", "cancelled"),
        ("published", "return-to-draft", "draft"),
        ("cancelled", "return-to-draft", "draft"),
    ],
)
def test_button_moves_the_status_in_the_name_of_who_pressed_it(organizer, status, action, becomes):
    event = factories.event(status=status)

    assert organizer.get(url(event, "action", action)).status_code == 200
    event.refresh_from_db()
    assert event.status == status

    do(organizer, event, action)

    event.refresh_from_db()
    assert event.status == becomes
    assert event.history.latest().history_user == organizer.user


def test_button_works_outside_the_transaction_of_a_test(transactional_db):
    """The row is locked as it is read, which PostgreSQL refuses outside a transaction."""
    event = factories.event(status="draft")

    assert do(make_organizer(), event, "publish").status_code == 302


def test_refusal_is_told_in_plain_words_with_what_refers_to_the_event(organizer):
    recommendation = factories.recommendation()
    event = recommendation.event

    response = do(organizer, event, "return-to-draft")

    assert response.status_code == 200
    assert "These refer to the event" in response.text
    assert str(recommendation.project) in response.text
    event.refresh_from_db()
    assert event.status == "published"


def test_pressing_twice_is_refused_the_second_time(organizer):
    event = factories.event(status="draft")

    do(organizer, event, "publish")
    response = do(organizer, event, "publish")

    assert "Only a draft can be published" in response.text


def test_unknown_verb_and_unknown_event_are_not_found(organizer):
    event = factories.event()

    assert organizer.get(url(event, "action", "explode")).status_code == 404
    assert organizer.get(url(Event, "action", 0, "publish")).status_code == 302


def test_copy_lands_on_the_new_draft_with_programme_and_speakers(organizer):
    appearance = factories.appearance()
    event = appearance.session.event

    response = do(
        organizer,
        event,
        "copy",
        starts_on="2027-10-28",
        with_experts="on",
        title_en="Next summit",
        title_zh_hans="下一届",
    )

    new = Event.objects.exclude(pk=event.pk).get()
    assert response.url == url(new, "overview")
    assert (new.title_en, new.title_zh_hans) == ("Next summit", "下一届")
    assert (new.status, new.starts_at.date()) == ("draft", dt.date(2027, 10, 28))
    assert new.sessions.get().appearances.get().expert == appearance.expert


def test_copy_proposes_the_title_and_asks_for_one(organizer):
    event = factories.event(title_en="Summit")

    page = organizer.get(url(event, "action", "copy"))
    refused = do(organizer, event, "copy", starts_on="2027-10-28")

    assert page.context["form"]["title_en"].value() == "Summit"
    assert "title_en" in refused.context["form"].errors
    assert Event.objects.get() == event


def test_copy_without_a_date_says_so_and_copies_nothing(organizer):
    event = factories.event()

    response = do(organizer, event, "copy", starts_on="soon")

    assert "starts_on" in response.context["form"].errors
    assert Event.objects.count() == 1


def test_draft_is_deleted_with_its_programme(organizer):
    event = factories.session(event=factories.event(status="draft")).event

    organizer.post(url(event, "delete"), {"post": "yes"})

    assert not Event.objects.exists()


@pytest.mark.parametrize("status", ["published", "cancelled"])
def test_what_was_public_is_not_deleted_alone_or_with_others(organizer, status):
    event = factories.event(status=status)

    alone = organizer.post(url(event, "delete"), {"post": "yes"})
    together = organizer.post(
        url(Event, "changelist"),
        {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"},
    )

    assert "Only drafts can be deleted" in alone.text
    assert "Only drafts can be deleted" in together.text
    assert Event.objects.get() == event


def test_refused_deletion_lists_what_refers_to_it(organizer):
    role = factories.role()

    response = organizer.post(url(role.organization, "delete"), {"post": "yes"})

    assert "cannot be deleted because" in response.text
    assert str(role.event) in response.text
    role.organization.refresh_from_db()


def test_history_tells_who_changed_what_from_what_to_what(organizer):
    event = factories.event(title_en="First title")
    session = factories.session(event=event, starts_at=factories.at(10))
    session.starts_at = factories.at(9, 30)
    event.title_en = "Second title"
    factories.save(event)
    factories.save(session)
    do(organizer, event, "cancel")

    page = organizer.get(url(event, "history"))

    told = {
        (change.name, change.old, change.new)
        for entry in page.context["page"]
        for change in entry.changes
    }
    assert ("Title (English)", "First title", "Second title") in told
    assert ("Status", "published", "cancelled") in told
    day = clock.day(session.starts_at.astimezone(event.zone).date())
    assert ("Start", f"{day} 10:00 China time", f"{day} 09:30 China time") in told
    assert f"{clock.zone_name(timezone.get_current_timezone(), timezone.now())}</span>" in page.text
    assert "organizer" in page.text


def test_history_names_what_was_deleted_from_the_page(organizer):
    role = factories.role()
    name = str(role.organization)
    role.delete()

    page = organizer.get(url(role.event, "history"))

    assert [(entry.verb, name in entry.title) for entry in page.context["page"]][0] == (
        "deleted",
        True,
    )


def test_history_costs_the_same_with_few_and_many_entries(organizer, django_assert_num_queries):
    event = factories.appearance().session.event
    organizer.get(url(event, "history"))
    with django_assert_num_queries(16):
        organizer.get(url(event, "history"))
    factories.appearance(session=event.sessions.get(), order=1)
    factories.role(event=event)
    with django_assert_num_queries(16):
        organizer.get(url(event, "history"))


def test_translation_filters_and_mark_as_up_to_date(organizer):
    lacking = factories.event(title_zh_hans="")
    outdated = factories.event()
    outdated.title_en = "Rewritten"
    factories.save(outdated)

    def shown(value):
        page = organizer.get(url(Event, "changelist"), {"translation": value})
        return list(page.context["cl"].result_list)

    assert shown("lacks-zh") == [lacking]
    assert shown("lacks-en") == shown("older-en") == []
    assert shown("older-zh") == [outdated]

    assert "mark-translated" in buttons(organizer, outdated)
    use_on_selected(organizer, "mark-translated", outdated)

    assert shown("older-zh") == []


def test_part_that_is_behind_is_found_and_marked_on_the_page_of_its_event(organizer):
    session = factories.session()
    session.title_en = "Rewritten"
    factories.save(session)

    page = organizer.get(url(Event, "changelist"), {"translation": "older-zh"})
    assert list(page.context["cl"].result_list) == [session.event]
    do(organizer, session.event, "mark-translated")

    session.refresh_from_db()
    assert session.outdated_language == ""
