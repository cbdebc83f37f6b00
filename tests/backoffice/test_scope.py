"""What an organizer who is limited to a series finds in the admin: a walk over all of it."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from audit.models import AuditEntry
from events.models import (
    Event,
    EventRole,
    EventSeries,
    Organization,
    OrganizerScope,
    Session,
)
from events.models.scope import Events, HiddenFromLimited, OfEvent, OfTheSite, is_scoped, scope_of
from projects.models import (
    CooperationIntention,
    FollowUp,
    Recommendation,
    Sector,
)
from registrations.models import Registration
from staff.apps import GRANTED
from tests import factories
from tests.backoffice.posting import errors, inline, save, url, use_on_selected
from tests.two_series import BEYOND, limited_to_event, world

pytestmark = pytest.mark.django_db

OURS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.app_label in GRANTED
}
OF_EVENTS = [model for model in OURS if isinstance(scope_of(model), OfEvent | Events)]
NOBODY = 987654321


def _choices_of(model):
    """The fields of all our forms that may name a row of the model."""
    fields = [field for source in OURS for field in source._meta.fields]
    return [
        each
        for each in fields
        if each.remote_field and each.editable and each.remote_field.model is model
    ]


SEARCHED = [model for model, each in OURS.items() if each.search_fields and _choices_of(model)]


@pytest.fixture
def told():
    return world()


def _rows(model, branch):
    name = "series" if model is Event else f"{scope_of(model).path}__series"
    return model._default_manager.filter(**{name: branch.series})


def _answer(person, address):
    response = person.get(address)
    return response.status_code, response.headers.get("Location")


def test_every_model_says_to_which_events_its_rows_belong():
    undeclared = [model.__name__ for model in OURS if not is_scoped(model)]

    assert undeclared == []


@pytest.mark.parametrize("model", OF_EVENTS, ids=lambda model: model.__name__)
def test_list_holds_what_is_mine_and_nothing_beyond(told, model):
    mine, beyond = _rows(model, told.mine), _rows(model, told.beyond)
    assert mine.exists() and beyond.exists()

    page = told.organizer.get(url(model, "changelist"))

    listed = {row.pk for row in page.context["cl"].queryset}
    assert listed == set(mine.values_list("pk", flat=True))
    assert BEYOND not in page.text


@pytest.mark.parametrize("model", OF_EVENTS, ids=lambda model: model.__name__)
def test_pages_of_mine_open_and_name_nothing_beyond(told, model):
    for row in _rows(model, told.mine):
        for name in ("change", "history"):
            if address := _address(row, name):
                page = told.organizer.get(address)
                assert page.status_code == 200, address
                assert BEYOND not in page.text, address


@pytest.mark.parametrize("model", OF_EVENTS, ids=lambda model: model.__name__)
def test_pages_beyond_answer_as_if_there_were_no_such_row(told, model):
    names = ["change", "history", "delete"]
    for row in _rows(model, told.beyond):
        for name in names:
            if address := _address(row, name):
                of_nobody = _address(model(pk=NOBODY), name)
                assert _answer(told.organizer, address) == _answer(told.organizer, of_nobody)
                assert _answer(told.organizer, address)[0] in (302, 403)


@pytest.mark.parametrize("model", OF_EVENTS, ids=lambda model: model.__name__)
def test_verbs_on_rows_beyond_answer_as_if_there_were_no_such_row(told, model):
    for action in OURS[model].row_actions:
        for row in _rows(model, told.beyond):
            address, of_nobody = (
                url(each, "action", action.name) for each in (row, model(pk=NOBODY))
            )
            for ask in (told.organizer.get, told.organizer.post):
                assert ask(address).status_code == ask(of_nobody).status_code == 302


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model.__name__)
def test_search_for_a_choice_finds_nothing_beyond(told, model):
    field = _choices_of(model)[0]
    asked = {
        "app_label": field.model._meta.app_label,
        "model_name": field.model._meta.model_name,
        "field_name": field.name,
    }

    found = told.organizer.get(f"{reverse('admin:autocomplete')}?{urlencode(asked)}")

    assert found.status_code == 200
    assert found.json()["results"]
    assert BEYOND not in found.text


def test_list_of_companies_does_not_tell_who_signed_elsewhere(told):
    signed = told.beyond.signed

    page = told.organizer.get(url(Organization, "changelist"), {"intentions": signed.pk})

    assert page.status_code == 400
    assert signed.company.name_en not in page.text


@pytest.mark.parametrize("model", [Event, Session, CooperationIntention])
def test_public_page_is_led_to_from_what_is_mine_alone(told, model):
    kind = ContentType.objects.get_for_model(model).pk

    for branch, status in ((told.mine, 302), (told.beyond, 404)):
        for row in _rows(model, branch):
            address = reverse("admin:view_on_site", args=[kind, row.pk])
            assert told.organizer.get(address).status_code == status


def _address(row, name):
    try:
        return url(row, name)
    except NoReverseMatch:
        return None


def test_desk_says_what_one_works_on_and_tells_of_nothing_else(told):
    page = told.organizer.get(reverse("admin:index"))

    assert "You work on:" in page.text
    assert "Own title" in page.text
    assert BEYOND not in page.text


def test_actions_do_nothing_to_rows_beyond(told):
    events = Event.objects.filter(pk__in=[told.mine.event.pk, told.beyond.event.pk])
    events.update(outdated_language="zh-hans")
    use_on_selected(told.organizer, "mark-translated", *events)

    assert list(events.exclude(outdated_language="")) == [told.beyond.event]


def test_follow_ups_beyond_are_not_assigned(told):
    given = {"assigned_to": told.organizer.user.pk}
    use_on_selected(told.organizer, "assign", told.beyond.follow_up, **given)

    assert not FollowUp.objects.filter(assigned_to=told.organizer.user).exists()


# What is posted


def test_intention_cannot_be_put_under_an_event_beyond(told):
    response = save(told.organizer, told.mine.draft, event=told.beyond.event.pk)

    assert "event" in errors(response)


def test_recommendation_cannot_be_added_at_an_event_beyond(told):
    given = {
        "project": told.mine.project.pk,
        "expert": told.beyond.expert.pk,
        "event": told.beyond.event.pk,
        "session": told.beyond.session.pk,
        "order": 0,
    }

    response = told.organizer.post(url(Recommendation, "add"), given)

    assert {"event", "session"} <= set(errors(response))


def test_event_cannot_leave_the_series(told):
    for series in ("", told.beyond.series.pk):
        response = save(told.organizer, told.mine.draft_event, series=series)

        assert "series" in errors(response)


def test_part_of_a_page_beyond_cannot_be_posted_into_mine(told):
    roles = list(EventRole.objects.order_by("pk").values())
    theirs = inline("roles", initial=1) | {
        "roles-0-id": told.beyond.role.pk,
        "roles-0-event": told.mine.event.pk,
        "roles-0-organization": told.mine.organization.pk,
        "roles-0-role": "media",
        "roles-0-order": 7,
    }

    save(told.organizer, told.mine.event, "organizations", **theirs)

    assert list(EventRole.objects.order_by("pk").values()) == roles


def test_recommendations_beyond_are_no_part_of_a_project_that_both_name(told):
    shared = told.mine.project
    theirs = factories.recommendation(
        project=shared, expert=told.beyond.expert, session=told.beyond.session
    )
    stored = list(Recommendation.objects.order_by("pk").values())
    assert BEYOND not in told.organizer.get(url(shared, "change")).text
    assert BEYOND not in told.organizer.get(url(shared, "history")).text

    posted = inline("recommendations", initial=1) | {
        "recommendations-0-id": theirs.pk,
        "recommendations-0-project": shared.pk,
        "recommendations-0-expert": theirs.expert_id,
        "recommendations-0-event": told.mine.event.pk,
        "recommendations-0-order": 5,
    }
    save(told.organizer, shared, **posted)

    assert list(Recommendation.objects.order_by("pk").values()) == stored


# What events have in common


def test_catalogue_and_profile_are_read(told):
    for model in [model for model in OURS if isinstance(scope_of(model), OfTheSite)]:
        row = model._default_manager.first() or factories.sector()
        assert told.organizer.get(url(row, "change")).status_code == 200
        assert told.organizer.post(url(row, "change"), {}).status_code == 403
    assert told.organizer.get(url(Sector, "add")).status_code == 403


def test_trail_is_not_for_the_limited(told, auditor):
    assert auditor.get(url(AuditEntry, "changelist")).status_code == 200
    OrganizerScope.objects.create(user=auditor.user, series=told.mine.series)

    assert isinstance(scope_of(AuditEntry), HiddenFromLimited)
    assert auditor.get(url(AuditEntry, "changelist")).status_code == 403


# Who is limited to an event


def test_who_is_limited_to_an_event_reads_its_series_and_makes_no_other(told):
    person = limited_to_event(told)

    assert person.get(url(told.mine.series, "change")).status_code == 200
    assert person.post(url(told.mine.series, "change"), {"slug": "x"}).status_code == 403
    assert person.get(url(Event, "add")).status_code == 403
    assert person.get(url(EventSeries, "add")).status_code == 403
    copied = person.get(url(told.mine.event, "action", "copy"))
    assert copied.status_code == 403
    assert "You work on single events" in copied.text


def test_who_is_limited_to_an_event_keeps_it_in_its_series(told):
    person = limited_to_event(told)

    save(person, told.mine.event, series="", slug="renamed")

    told.mine.event.refresh_from_db()
    assert (told.mine.event.slug, told.mine.event.series) == ("renamed", told.mine.series)


def test_copy_stays_in_the_series(told):
    response = told.organizer.post(
        url(told.mine.event, "action", "copy"), {"starts_on": "2031-05-05", "title_en": "Copy"}
    )

    assert response.status_code == 302
    assert told.mine.series.events.filter(starts_at__year=2031).exists()


# Reports


@pytest.mark.parametrize("ending", ["", "report.xlsx", "report.csv"])
def test_report_is_of_what_one_runs_as_a_whole(told, ending):
    def status(row):
        kind = "series" if isinstance(row, EventSeries) else "event"
        address = reverse(f"admin:report_{kind}", args=[row.slug])
        return told.organizer.get(address + ending).status_code

    assert [status(told.mine.series), status(told.mine.event)] == [200, 200]
    assert [status(told.beyond.series), status(told.beyond.event)] == [404, 404]
    limited_to_event(told)
    assert [status(told.mine.series), status(told.mine.event)] == [404, 200]


def test_list_of_a_report_beyond_is_empty_and_names_nothing(told):
    query = {"figure": "signed", "scope": f"series:{told.beyond.series.slug}"}

    page = told.organizer.get(f"{url(CooperationIntention, 'changelist')}?{urlencode(query)}")

    assert not page.context["cl"].queryset.exists()
    assert BEYOND not in page.text


def test_reports_are_listed_of_what_one_runs(told):
    page = told.organizer.get(reverse("admin:reports"))
    assert reverse("admin:report_series", args=[told.mine.series.slug]) in page.text
    assert BEYOND not in page.text

    limited_to_event(told)
    page = told.organizer.get(reverse("admin:reports"))
    assert reverse("admin:report_series", args=[told.mine.series.slug]) not in page.text
    assert reverse("admin:report_event", args=[told.mine.event.slug]) in page.text


# Documents, desk, public pages


def test_document_beyond_is_refused_and_mine_is_given(private_files, told):
    given = told.organizer.get(told.mine.document.get_absolute_url())
    assert b"".join(given.streaming_content).startswith(b"%PDF")
    assert told.organizer.get(told.beyond.document.get_absolute_url()).status_code == 403


@pytest.mark.parametrize("name", ["desk-door", "desk-badges", "desk-export", "desk-walk-in"])
def test_desk_beyond_answers_as_if_there_were_no_such_event(told, name):
    assert told.organizer.get(reverse(name, args=[told.mine.event.slug])).status_code == 200

    slugs = (told.beyond.event.slug, "no-such-event")
    beyond, of_nobody = (_answer(told.organizer, reverse(name, args=[slug])) for slug in slugs)

    assert beyond == of_nobody
    assert beyond[0] in (403, 404)


def test_drafts_beyond_are_not_previewed_and_public_pages_are(told):
    assert told.organizer.get(told.mine.draft_event.get_absolute_url()).status_code == 200
    assert told.organizer.get(told.beyond.draft_event.get_absolute_url()).status_code == 404
    assert told.organizer.get(told.beyond.event.get_absolute_url()).status_code == 200


def test_attendees_beyond_are_not_exported(told):
    posted = {
        "action": "export_selected",
        "post": "yes",
        "file_format": "csv",
        "headers": "labels",
        "language": "en",
        "order": "name",
        "_selected_action": [told.beyond.registration.pk],
    }

    response = told.organizer.post(url(Registration, "changelist"), posted, follow=True)

    assert f"{BEYOND} person" not in response.text
    assert "None of these people can be exported" in response.text
