"""The admin as a whole: its pages, its groups and its start page."""

import datetime as dt
from contextlib import suppress

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from backoffice.kit.bilingual import BilingualAdmin, BilingualForm
from events.models import Event, Organization
from projects.models import (
    Project,
    Sector,
)
from staff.apps import GRANTED
from tests import factories
from tests.cast import make_clerk


def url(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_old_versions_cannot_be_written_back(superuser):
    """simple-history's page for it let even those who may only read write past every rule."""
    for model in admin.site._registry:
        with pytest.raises(NoReverseMatch):
            url(model, "simple_history", 1, 1)


def test_staff_in_no_group_see_an_empty_desk(client, db):
    factories.event(status="draft", title_en="Secret summit")
    user = User.objects.create_user("nobody", is_staff=True)
    client.force_login(user)

    page = client.get(reverse("admin:index"))

    assert page.status_code == 200
    assert "Secret summit" not in page.text


def test_groups_are_there_after_migrate_and_migrating_again_changes_nothing(db):
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}

    call_command("migrate", verbosity=0)

    assert set(before) == {"Organizer", "Auditor", "Desk"}
    assert before == {group.name: set(group.permissions.all()) for group in Group.objects.all()}


def test_auditor_has_view_permissions_only_and_nobody_writes_history(db):
    auditor = Group.objects.get(name="Auditor").permissions
    organizer = Group.objects.get(name="Organizer").permissions

    assert not auditor.exclude(codename__startswith="view_").exists()
    assert not organizer.filter(content_type__app_label="auth").exists()
    history = organizer.filter(content_type__model__startswith="historical")
    assert history.exists()
    assert not history.exclude(codename__startswith="view_").exists()


def test_desk_group_checks_in_and_exports_and_does_nothing_else(db):
    desk = Group.objects.get(name="Desk").permissions

    assert set(desk.values_list("codename", flat=True)) == {
        "check_in_registration",
        "export_registration",
        "run_meeting",
    }


def test_whoever_may_only_check_in_is_led_from_the_admin_to_the_desk(organizer, auditor):
    clerk = make_clerk()

    response = clerk.get(reverse("admin:index"))

    assert (response.status_code, response.url) == (302, "/desk/")
    for other in (organizer, auditor):
        assert other.get(reverse("admin:index")).status_code == 200


def test_admin_offers_the_desk_to_those_who_may_check_in(organizer, auditor):
    assert '<a href="/desk/">Check-in desk</a>' in organizer.get(reverse("admin:index")).text
    assert 'href="/desk/"' not in auditor.get(reverse("admin:index")).text


def full_desk():
    soon = timezone.now() + dt.timedelta(days=3)
    event = factories.event(
        starts_at=soon, ends_at=soon + dt.timedelta(hours=8), title_en="Next summit"
    )
    factories.session(event=event, starts_at=soon, ends_at=soon + dt.timedelta(hours=1))
    seats = factories.registration_settings(event=event, capacity=2)
    for _person in range(3):
        factories.registered(event)
    seats.needs_approval = True
    seats.save()
    factories.registered(event).mails.update(status="given_up")
    factories.event(status="draft", title_en="Unpublished summit", title_zh_hans="")
    factories.project(status="draft", title_en="Unpublished project")
    factories.intention(company=factories.organization(name_en="Waiting company"))
    factories.signed_intention(company=factories.organization(name_en="Signing company"))


def test_desk_shows_what_is_next_unpublished_untranslated_and_signed(organizer):
    full_desk()
    outdated = factories.organization()
    outdated.name_en = "Renamed"
    factories.save(outdated)

    page = organizer.get(reverse("admin:index"))

    for words in (
        "Next summit",
        "Unpublished summit",
        "Unpublished project",
        "Waiting company",
        "Signing company",
        "2 of 2 seats taken",
        "1 waiting",
        "1 awaiting approval",
        "1 e-mail could not be delivered",
        f"{url(Event, 'changelist')}?translation=lacks-zh",
        f"{url(Organization, 'changelist')}?translation=older-zh",
    ):
        assert words in page.text


def test_desk_counts_the_seats_of_a_hybrid_event_apart(organizer):
    event = factories.upcoming_event(format="hybrid")
    factories.registration_settings(event=event, capacity=2, online_capacity=9)
    for online in (False, True, True):
        factories.registered(event, online=online)

    page = organizer.get(reverse("admin:index")).text

    assert "1 of 2 seats taken" in page
    assert "2 online" in page


def test_desk_tells_nothing_of_registrations_to_those_who_may_not_see_them(organizer):
    full_desk()
    names = ("view_registration", "view_outboundmail")
    organizer.user.groups.clear()
    organizer.user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=GRANTED).exclude(codename__in=names)
    )

    page = organizer.get(reverse("admin:index"))

    assert "Next summit" in page.text
    assert "seats taken" not in page.text
    assert "could not be delivered" not in page.text


def test_desk_costs_the_same_with_one_and_three_of_everything(organizer, django_assert_num_queries):
    full_desk()
    organizer.get(reverse("admin:index"))
    with django_assert_num_queries(39):
        organizer.get(reverse("admin:index"))
    for _each in range(2):
        full_desk()
    with django_assert_num_queries(39):
        organizer.get(reverse("admin:index"))


def test_desk_with_nothing_says_so(organizer):
    page = organizer.get(reverse("admin:index"))

    assert "No event is ahead." in page.text
    assert "There are no drafts." in page.text


def test_language_switch_keeps_the_page(organizer):
    page = reverse("admin:events_event_changelist") + "?q=a"

    assert f'value="{page}"' in organizer.get(page).text
    response = organizer.post(
        reverse("set_language"), {"language": "zh-hans", "next": page}, follow=True
    )

    assert response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"] == page
    assert 'lang="zh-hans"' in response.text


def test_sessions_are_named_with_their_event_where_they_are_searched(organizer):
    session = factories.session(title_en="Keynote on blood")

    found = organizer.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "projects",
            "model_name": "recommendation",
            "field_name": "session",
            "term": "blood",
        },
    ).json()["results"]

    assert [row["text"] for row in found] == [
        f"Keynote on blood · 2020-10-29 10:00 · {session.event}"
    ]


def test_a_copied_event_is_told_from_the_other_by_its_day_where_they_are_searched(organizer):
    evening = dt.datetime(2020, 10, 29, 17, tzinfo=dt.UTC)
    for starts_at in (evening, evening + dt.timedelta(days=365)):
        factories.event(
            title_en="Forum on blood",
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
        )

    found = organizer.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "projects",
            "model_name": "recommendation",
            "field_name": "event",
            "term": "blood",
        },
    ).json()["results"]

    assert {row["text"] for row in found} == {
        "Forum on blood · 2020-10-30",
        "Forum on blood · 2021-10-30",
    }


@pytest.mark.parametrize("action", ["delete_selected", "mark-translated", "publish"])
def test_auditor_is_offered_no_action_and_cannot_post_one(auditor, action):
    project = factories.project(status="draft")
    address = url(Project, "changelist")

    assert f'value="{action}"' not in auditor.get(address).text
    auditor.post(address, {"action": action, "_selected_action": [project.pk], "post": "yes"})
    if action != "delete_selected":
        assert auditor.post(url(Project, "action", f"{project.pk},", action)).status_code == 403

    project.refresh_from_db()
    assert project.is_draft
    assert project.history.count() == 1


def test_address_of_a_list_that_makes_no_sense_twice_is_answered(organizer):
    page = organizer.get(url(Event, "changelist"), {"e": "1", "status__exact": ""})

    assert page.status_code == 200


def test_staff_who_may_not_see_a_draft_are_not_led_to_it(organizer):
    draft = factories.event(status="draft")
    kind = ContentType.objects.get_for_model(Event)
    address = reverse("admin:view_on_site", args=[kind.pk, draft.pk])

    assert organizer.get(address).status_code == 302
    assert make_clerk().get(address).status_code == 404


@pytest.mark.parametrize("value", ["", "lacks-fr", "a\x00b"])
def test_filter_by_a_translation_that_there_is_not_shows_all(organizer, value):
    event = factories.event()

    page = organizer.get(url(Event, "changelist"), {"translation": value})

    assert list(page.context["cl"].result_list) == [event]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/registrations/registration/?event__id__exact=999999999999999999999999999999",
        "/admin/events/event/?starts_at__year=999999999999999999999999999999",
    ],
)
def test_a_number_that_no_database_holds_is_no_error_of_the_server(superuser, address):
    response = superuser.get(address, follow=True)

    assert response.status_code == 200
    assert "Traceback" not in response.text


# What no page of ours sends


# Numbers that no database holds, and what is none.
STRANGE_KEYS = ["9" * 5000, "9" * 30, "x", "", "-1", "1.5", "１"]


@pytest.mark.django_db
def test_action_on_keys_that_can_be_none_changes_nothing(superuser):
    row = factories.sector()
    address = reverse("admin:projects_sector_changelist")
    chosen = {"action": "delete_selected", "index": "0"}

    response = superuser.post(address, {**chosen, "_selected_action": STRANGE_KEYS})
    with_one = superuser.post(address, {**chosen, "_selected_action": [*STRANGE_KEYS, str(row.pk)]})

    assert response.status_code == 302
    assert [each.pk for each in with_one.context["queryset"]] == [row.pk]
    assert Sector.objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_keys_that_can_be_none_are_no_error_of_any_list_or_form(superuser, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    model_admin = admin.site.get_model_admin(model)
    request = superuser.get(reverse("admin:index")).wsgi_request
    for key in STRANGE_KEYS:
        for action in {"delete_selected", *model_admin.get_actions(request)}:
            superuser.post(
                reverse(f"{name}_changelist"), {"action": action, "_selected_action": key}
            )
    with suppress(NoReverseMatch):
        fields = flatten_fieldsets(model_admin.get_fieldsets(request))
        for key in STRANGE_KEYS[:2]:
            superuser.post(reverse(f"{name}_add"), dict.fromkeys(fields, key))


def test_pages_of_rows_with_a_slug_keep_it_where_a_form_is_refused():
    with_slug = [
        page
        for model, page in admin.site._registry.items()
        if isinstance(page, BilingualAdmin) and hasattr(model, "slug")
    ]

    assert len(with_slug) >= 6
    assert [page for page in with_slug if not issubclass(page.form, BilingualForm)] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_stand_in_groups_of_work(organizer, settings, language):
    organizer.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    apps = organizer.get("/admin/").context["app_list"]

    assert [app["app_label"] for app in apps] == [
        *("work", "people", "signing", "registration", "meetings"),
        *("messages", "site"),
    ]
    assert [entry["object_name"] for entry in apps[0]["models"]] == [
        *("index", "Event", "EventSeries", "Session", "ProgrammePerson", "reports"),
    ]


def test_menu_names_every_list_once_and_marks_the_one_that_is_open(superuser):
    page = superuser.get("/admin/events/expert/")

    entries = [entry for group in page.context["available_apps"] for entry in group["models"]]
    models = [entry["model"] for entry in entries if "model" in entry]
    assert sorted(models, key=str) == sorted(admin.site._registry, key=str)
    assert [entry["object_name"] for entry in entries if entry["is_current"]] == ["Expert"]
    assert page.text.count('aria-current="page">') == 2  # and the last of the breadcrumbs


def test_menu_leaves_out_the_pages_that_somebody_may_not_open(auditor):
    groups = auditor.get("/admin/").context["app_list"]

    names = {entry["object_name"] for group in groups for entry in group["models"]}
    assert {"Registration", "reports"} <= names
    assert "desk" not in names


def test_list_of_one_app_has_its_own_page(organizer):
    page = organizer.get("/admin/events/")

    assert [app["app_label"] for app in page.context["app_list"]] == ["events"]
    assert "/admin/events/expert/add/" in page.text
