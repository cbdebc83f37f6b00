"""No page takes the key of a row that belongs to another event, whatever a browser sends."""

import re

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F

from events.models import Event
from events.models.scope import Events, OfEvent, scope_of
from staff.apps import GRANTED
from tests import factories
from tests.backoffice.posting import filled, url
from tests.cast import Person, make_organizer
from tests.two_series import limited_to_event, world

pytestmark = pytest.mark.django_db

OURS = {
    model: page
    for model, page in admin.site._registry.items()
    if model._meta.app_label in GRANTED and isinstance(scope_of(model), OfEvent | Events)
}
PAGES = [page.name for page in admin.site.get_model_admin(Event).pages]


@pytest.fixture
def told():
    made = world()
    for branch in (made.mine, made.beyond):
        factories.event_file(event=branch.event, session=branch.session)
        factories.intention(event=branch.event, session=branch.session)
    return made


@pytest.fixture(params=["all", "event"])
def organizer(request, told) -> Person:
    """Somebody without limits, and somebody who is limited to the event of what is theirs."""
    return make_organizer("free") if request.param == "all" else limited_to_event(told)


def is_limited(person):
    return person.user.username != "free"


def path_to_event(model) -> str:
    return "pk" if model is Event else scope_of(model).path


def is_of_events(model) -> bool:
    try:
        return isinstance(scope_of(model), OfEvent | Events)
    except LookupError:
        return False


def first_of(model, event):
    """A row of an event, or of another one of its series."""
    own = model._base_manager.filter(**{path_to_event(model): event.pk}).first()
    series = "series" if model is Event else f"{path_to_event(model)}__series"
    return own or model._base_manager.filter(**{series: event.series}).first()


def all_forms(page):
    """Return every form of a page, those of formsets and their empty ones among them."""
    context = page.context
    found = [context["adminform"].form] if context.get("adminform") else []
    formsets = [each.formset for each in context.get("inline_admin_formsets") or []]
    if hasattr(context.get("rows"), "forms"):
        formsets.append(context["rows"])
    if isinstance(context.get("form"), forms.BaseForm):
        found.append(context["form"])
    for formset in formsets:
        found += [*formset.forms, formset.empty_form]
    return found


def choices_of_event_rows(page):
    """Return the fields of a page that name rows of events, with their models.

    Of the rows of a formset those of the first one.
    """
    seen = set()
    for form in all_forms(page):
        for name, field in form.fields.items():
            queryset, box = getattr(field, "queryset", None), form.add_prefix(name)
            kind = re.sub(r"-(\d+|__prefix__)-", "-", box)
            if queryset is not None and is_of_events(queryset.model) and kind not in seen:
                seen.add(kind)
                yield box, field, queryset.model


def takes(field, row) -> bool:
    many = isinstance(field, forms.ModelMultipleChoiceField)
    try:
        found = field.clean([str(row.pk)] if many else str(row.pk))
    except ValidationError:
        return False
    return row in found if many else found == row


def cross_references() -> list[str]:
    """Name every row of an event that refers to a row of another event."""
    found = []
    for model in OURS:
        if model is Event:
            continue
        own = path_to_event(model)
        for field in model._meta.concrete_fields:
            other = field.related_model
            if not field.many_to_one or other is Event or not is_of_events(other):
                continue
            theirs = f"{field.name}__{path_to_event(other)}"
            named = model._base_manager.exclude(**{field.name: None})
            found += [f"{field}: {row.pk}" for row in named.exclude(**{theirs: F(own)})]
    return found


def everything_of(event):
    """Return all that belongs to the series of an event, as it is stored."""
    found = {}
    for model in OURS:
        path = "series" if model is Event else f"{path_to_event(model)}__series"
        found[model] = list(
            model._base_manager.filter(**{path: event.series}).order_by("pk").values()
        )
    return found


def test_world_itself_has_no_references_across(told):
    assert cross_references() == []
    assert sum(map(len, everything_of(told.beyond.event).values())) > 10


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_event_offer_and_take_nothing_of_another(told, organizer, name):
    page = organizer.get(url(told.mine.event, name), follow=True)
    assert page.status_code == 200

    taken = [
        box
        for box, field, model in choices_of_event_rows(page)
        # Which rows a formset has, it compares as it is sent: see below.
        if not box.endswith("-id") and takes(field, first_of(model, told.beyond.event))
    ]

    assert taken == []


def test_pages_of_an_event_have_such_boxes(told, organizer):
    found = {
        model.__name__
        for name in PAGES
        for _box, _field, model in choices_of_event_rows(
            organizer.get(url(told.mine.event, name), follow=True)
        )
    }

    assert {"Session", "EventFile", "Photo", "Recommendation", "EventRole"} <= found


@pytest.mark.parametrize("name", PAGES)
def test_rows_of_another_event_that_are_sent_to_a_page_stay_as_they_are(told, organizer, name):
    """The key of each row of the page is replaced by that of a row of another event."""
    address = url(told.mine.event, name)
    page = organizer.get(address, follow=True)
    before = everything_of(told.beyond.event)
    for box, _field, model in choices_of_event_rows(page):
        forged = {box: first_of(model, told.beyond.event).pk}
        data = {**filled(page), **forged} if page.context.get("adminform") else forged
        deleted = {f"{box.removesuffix('-id')}-DELETE": "on"}
        for more in ({}, deleted) if box.endswith("-id") else ({},):
            answer = organizer.post(address, {**data, **more, "_save": "Save"})
            assert answer.status_code in (200, 302, 422)
    assert everything_of(told.beyond.event) == before
    assert cross_references() == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("name", ["add", "change"])
def test_pages_of_rows_tie_nothing_to_a_row_of_another_event(told, organizer, model, name):
    address = url(model, "add")
    if name == "change":
        address = url(first_of(model, told.mine.event), "change")
    page = organizer.get(address)
    if page.status_code != 200 or not page.context.get("adminform"):
        pytest.skip("Nobody adds one on a page.")
    boxes = list(choices_of_event_rows(page))
    if is_limited(organizer):
        taken = [
            box
            for box, field, other in boxes
            if not box.endswith("-id") and takes(field, first_of(other, told.beyond.event))
        ]
        assert taken == []
        return
    before = everything_of(told.beyond.event)

    # Who runs everything may put a row under any event, and only what belongs to that beside it.
    for box, _field, other in boxes:
        if other is Event:
            continue
        forged = {"event": told.mine.event.pk} if name == "add" else {}
        forged[box] = first_of(other, told.beyond.event).pk
        answer = organizer.post(address, {**filled(page), **forged, "_save": "Save"})
        assert answer.status_code in (200, 302)
    assert everything_of(told.beyond.event) == before
    assert cross_references() == []
