"""What tests of constraints share: each is tried through ``full_clean()`` and past it."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def models_of(*labels):
    """Return the models of these apps without histories, which repeat the slugs of their rows."""
    return [
        model
        for label in labels
        for model in apps.get_app_config(label).get_models()
        if not hasattr(model, "instance_type")
    ]


def rules_of(rows):
    """Return the names of the constraints of models, and their unique columns by name."""
    named = {constraint.name for model in rows for constraint in model._meta.constraints}
    return named | {
        f"{model.__name__}.{field.name}"
        for model in rows
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not isinstance(field, models.OneToOneField)
    }


def check_full_clean_refuses(make, words):
    with pytest.raises(ValidationError) as refusal:
        make().full_clean()

    said = " ".join(refusal.value.messages)
    assert words in said, said


def check_database_refuses(make):
    row = make()
    before = type(row)._base_manager.count()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.bulk_create([row])

    assert type(row)._base_manager.count() == before
