import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories

BOX = 'name="is_demonstration"'
MARKED = [
    factories.event,
    factories.organization,
    factories.expert,
    factories.project,
    factories.intention,
    factories.signed_intention,
    factories.call,
]


def pages_of(model) -> tuple[str, str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return f"{name}_add", f"{name}_change"


def test_every_model_with_the_mark_is_tried_here(db):
    marked = {
        model
        for model in admin.site._registry
        if any(field.name == "is_demonstration" for field in model._meta.fields)
    }

    assert {type(make()) for make in MARKED} == marked


@pytest.mark.parametrize("make", MARKED)
def test_a_real_site_asks_of_no_row_whether_it_is_invented(db, organizer, make):
    row = make()
    add, change = pages_of(type(row))

    assert BOX not in organizer.get(reverse(add)).text
    assert BOX not in organizer.get(reverse(change, args=[row.pk])).text


@pytest.mark.parametrize("make", MARKED)
def test_a_row_that_has_the_mark_can_lose_it(db, organizer, make):
    row = make()
    type(row).objects.filter(pk=row.pk).update(is_demonstration=True)

    assert BOX in organizer.get(reverse(pages_of(type(row))[1], args=[row.pk])).text


@pytest.mark.parametrize("make", MARKED)
def test_a_demonstration_asks(db, organizer, settings, make):
    settings.DEMONSTRATION = True
    row = make()
    add, change = pages_of(type(row))

    assert BOX in organizer.get(reverse(add)).text
    assert BOX in organizer.get(reverse(change, args=[row.pk])).text
