"""A list of the admin takes the parameters of its own filters, and no other lookup."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult

from backoffice.account import AccountAdmin
from backoffice.kit.guard import GuardedAdmin, GuardedChangeList
from backoffice.report_selection import FigureFilter
from backoffice.site import SummitAdminSite
from projects.report.populations import POOLS
from tests import factories
from tests.walk import Everything

pytestmark = pytest.mark.django_db
LOOKUPS = ("", "__in", "__isnull", "__startswith", "__regex")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def address_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def own_parameters(model, person):
    """Return the parameters of the filters that the list has."""
    model_admin = admin.site.get_model_admin(model)
    request = person.get(reverse("admin:index")).wsgi_request
    changelist = model_admin.get_changelist_instance(request)
    found = {
        name for spec in changelist.get_filters(request)[0] for name in spec.expected_parameters()
    }
    # Filters without anything to choose take theirs as well.
    for each in model_admin.get_list_filter(request):
        path = each[0] if isinstance(each, tuple) else each
        found |= {getattr(path, "parameter_name", "")}
        if isinstance(path, str):
            key = f"{path}__id__exact"
            found |= {path, f"{path}__exact", f"{path}__isnull", key}
    return found


@each_model
def test_no_column_and_no_relation_is_looked_up_but_by_a_filter(superuser, model):
    own = own_parameters(model, superuser)
    model_admin = admin.site.get_model_admin(model)
    request = superuser.get(reverse("admin:index")).wsgi_request
    names = [field.name for field in model._meta.get_fields() if field.name != "+"]
    names += [f"{name}__{part}" for name in names for part in ("password", "code")]

    for asked in (f"{name}{lookup}" for name in names for lookup in LOOKUPS):
        if asked not in own:
            request.GET = QueryDict(f"{asked}=1")
            with pytest.raises((DisallowedModelAdminLookup, IncorrectLookupParameters)):
                pytest.fail(f"{asked}: {model_admin.get_changelist_instance(request)}")


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("registrations_registration", "search_text__regex=(a%2B)%2B%24"),
        ("registrations_registration", "email__startswith=a"),
        ("registrations_registration", "code__startswith=a"),
        ("mail_outboundmail", "registration__code__startswith=a"),
        ("mail_outboundmail", "user__password__startswith=a"),
        ("registrations_columnset", "owner__password__startswith=a"),
        ("auth_user", "password__startswith=a"),
        ("auth_user", "email__regex=a"),
        ("projects_documentdownload", "document__title__startswith=a"),
        ("events_event", "starts_at__gte=2020-01-01"),
    ],
)
def test_secrets_and_patterns_are_not_looked_up(superuser, name, asked):
    page = superuser.get(f"{reverse(f'admin:{name}_changelist')}?{asked}")

    assert page.status_code == 400


@each_model
def test_row_is_chosen_by_a_column_that_others_refer_to_and_by_nothing_else(superuser, model):
    model_admin = admin.site.get_model_admin(model)
    request = superuser.get(reverse("admin:index")).wsgi_request
    names = {field.name for field in model._meta.get_fields(include_hidden=True)}

    taken = {name for name in [*names, "", "+"] if model_admin.to_field_allowed(request, name)}

    assert taken <= {model._meta.pk.name}


def test_list_to_choose_from_by_a_relation_is_refused(superuser):
    for name in ("+", "sessions", "nothing"):
        assert superuser.get("/admin/events/event/", {"_to_field": name}).status_code == 400


@pytest.mark.usefixtures("private_files")
def test_every_choice_of_every_filter_and_day_is_answered(superuser):
    Everything()

    for model in MODELS:
        page = superuser.get(address_of(model), follow=True)
        changelist = page.context.get("cl")
        if changelist is None:
            continue
        queries = [
            choice["query_string"]
            for spec in changelist.filter_specs
            for choice in list(spec.choices(changelist))[-1:]
        ]
        if day := changelist.date_hierarchy:
            queries += [f"?{day}__year=2020", f"?{day}__year=2020&{day}__month=10&{day}__day=29"]
        for query in [*queries, "?o=1.-2&p=1&all=&_facets=True&_popup=1"]:
            answer = superuser.get(address_of(model) + query)
            assert answer.status_code == 200, (model, query)


def test_page_of_a_document_leads_to_its_downloads_alone(superuser, private_files):
    everything = Everything()
    download = next(
        row for model, row in everything.rows.items() if model.__name__ == "DocumentDownload"
    )
    list_of_downloads = address_of(type(download))

    mine = superuser.get(list_of_downloads, {"document__id__exact": download.document_id})
    others = superuser.get(list_of_downloads, {"document__id__exact": download.document_id + 1})

    assert list(mine.context["cl"].result_list) == [download]
    assert list(others.context["cl"].result_list) == []


@pytest.mark.parametrize(
    "query",
    [
        {"year": "9999"},
        {"year": "9999", "month": "12"},
        {"year": "1"},
        {"year": "0"},
        {"year": "9" * 30},
        {"year": "9" * 5000},
        {"year": "2020", "month": "13"},
        {"year": "2020", "month": "2", "day": "30"},
        {"month": "1"},
        {"year": "½"},
    ],
)
def test_days_that_no_calendar_has_lead_back_to_the_list(superuser, query):
    factories.event()
    query = urlencode({f"starts_at__{name}": value for name, value in query.items()})

    page = superuser.get(f"{reverse('admin:events_event_changelist')}?{query}")

    assert page.status_code in (200, 302, 400)


@pytest.mark.parametrize("words", ["a " * 5000, "x" * 50_000, "%_\\ " * 900, '"' * 999, "' \" \\"])
@pytest.mark.parametrize("name", ["events_event", "audit_auditentry", "projects_project"])
def test_however_much_is_searched_for_the_database_is_asked_for_little(superuser, name, words):
    with CaptureQueriesContext(connection) as queries:
        page = superuser.get(f"{reverse(f'admin:{name}_changelist')}?{urlencode({'q': words})}")

    assert page.status_code == 200
    assert max(len(query["sql"]) for query in queries) < 40_000


class Unguarded(admin.ModelAdmin):
    pass


@pytest.mark.parametrize("page", [None, Unguarded])
def test_page_that_is_registered_without_a_thought_is_refused(page, monkeypatch):
    site = SummitAdminSite()
    if page:
        monkeypatch.setattr(page, "__module__", "backoffice.new")

    with pytest.raises(ImproperlyConfigured, match="SummitAdmin"):
        site.register(DBTaskResult, page)

    assert not site.is_registered(DBTaskResult)


ACTIONS = [
    (model, action.name)
    for model, page in admin.site._registry.items()
    for action in page.row_actions
    if action.selected
]


@pytest.mark.parametrize(("model", "name"), ACTIONS)
def test_action_on_rows_that_are_not_there_leads_back_to_the_list(superuser, model, name):
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_action"

    # Some are there from the beginning, such as sectors.
    whole_list = () if model.objects.exists() else ("all",)
    for keys in ("987654321,", f"{'9' * 30},", ",,", "x,-1,", *whole_list):
        address = reverse(page, args=[keys, name])
        assert superuser.get(address).status_code == 302
        assert superuser.post(address, {"newest": "9" * 30}).status_code == 302


def test_action_on_a_list_that_cannot_be_is_no_error(superuser):
    factories.registered(factories.registration_settings().event)
    address = reverse("admin:registrations_registration_action", args=["all", "cancel"])

    assert superuser.get(f"{address}?registered_at__gte={'9' * 30}").status_code == 302


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_deleting_rows_that_are_not_there_is_no_error(superuser, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    posted = {"action": "delete_selected", "_selected_action": ["987654321"]}

    assert superuser.post(reverse(name), posted, follow=True).status_code == 200


@pytest.mark.parametrize("model", [StaticDevice, TOTPDevice, DBTaskResult])
def test_pages_that_libraries_bring_are_left_out(model):
    assert not admin.site.is_registered(model)


def test_page_of_a_library_takes_no_place_of_ours():
    site = SummitAdminSite()

    site.register(User, UserAdmin)
    site.register(User, AccountAdmin)

    assert type(site.get_model_admin(User)) is AccountAdmin


@pytest.mark.parametrize("page", admin.site._registry.values(), ids=str)
def test_no_page_undoes_the_guard(page):
    assert isinstance(page, GuardedAdmin)
    assert issubclass(page.changelist_class, GuardedChangeList)
    assert issubclass(page.get_changelist(None), GuardedChangeList)


@pytest.mark.parametrize("model", sorted({pool.model for pool in POOLS}, key=str))
def test_list_behind_each_figure_of_a_report_knows_the_figure(model):
    assert FigureFilter in admin.site.get_model_admin(model).list_filter


@pytest.mark.parametrize(
    ("app_label", "model_name", "field_name"),
    [
        ("events", "event", "sessions"),
        ("events", "organization", "intentions"),
        ("events", "historicalevent", "series"),
        ("admin", "logentry", "user"),
        ("otp_totp", "totpdevice", "user"),
        ("events", "event", "title_en"),
        ("events", "event", "nothing"),
        ("events", "nothing", "event"),
    ],
)
def test_choices_are_searched_for_fields_of_forms_alone(
    superuser, app_label, model_name, field_name
):
    asked = {"app_label": app_label, "model_name": model_name, "field_name": field_name}

    assert superuser.get(reverse("admin:autocomplete"), asked).status_code == 403


def test_day_of_an_event_still_filters(superuser):
    event = factories.event(
        starts_at=dt.datetime(2020, 10, 29, 1, tzinfo=dt.UTC),
        ends_at=dt.datetime(2020, 10, 29, 9, tzinfo=dt.UTC),
    )
    address = reverse("admin:events_event_changelist")

    found = superuser.get(address, {"starts_at__year": "2020", "starts_at__month": "10"})
    none = superuser.get(address, {"starts_at__year": "2020", "starts_at__month": "11"})

    assert list(found.context["cl"].result_list) == [event]
    assert list(none.context["cl"].result_list) == []
