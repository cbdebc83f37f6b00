"""The pages of the admin can be read: each stands on few bases, and each base says what it does."""

import inspect
import re

import pytest
from django.contrib import admin

from events.models import Event

MOST = 6
PAGES = list(admin.site._registry.items())
# Those of an event's workspace, which no list leads to.
PAGES += [(Event, page(Event, admin.site)) for page in admin.site._registry[Event].pages]
OURS = ("backoffice.", "events.", "projects.", "registrations.", "staff.", "summit.", "audit.")


def bases_of(page):
    return [base for base in type(page).__mro__[1:] if base.__module__.startswith(OURS)]


def overridden(base):
    """Name what a base has in place of Django's: the hooks, all permissions under one name."""
    return {
        re.sub(r"has_\w+_permission", "has_…_permission", name)
        for name, value in vars(base).items()
        if inspect.isfunction(value) and hasattr(admin.ModelAdmin, name)
    }


@pytest.mark.parametrize(
    ("model", "page"), PAGES, ids=[type(page).__name__ for _model, page in PAGES]
)
def test_page_stands_on_few_bases(model, page):
    bases = bases_of(page)
    print(f"{model.__name__}: {len(bases)}: {', '.join(base.__name__ for base in bases)}")

    assert len(bases) <= MOST


BASES = sorted({base for _model, page in PAGES for base in bases_of(page)}, key=str)


@pytest.mark.parametrize("base", BASES, ids=[base.__name__ for base in BASES])
def test_base_names_the_hooks_that_it_overrides(base):
    said = base.__doc__ or ""

    assert [name for name in sorted(overridden(base)) if f"``{name}``" not in said] == []
