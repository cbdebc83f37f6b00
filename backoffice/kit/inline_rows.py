"""The rows of an inline as they would be saved."""

from django import forms


def count_rows(formset: forms.BaseInlineFormSet) -> int:
    """Return how many rows there would be: changed, new or as they were, without deleted ones."""
    kept = [f for f in formset.forms if f not in formset.deleted_forms and f.has_changed()]
    unchanged = [f for f in formset.initial_forms if not f.has_changed()]
    return len(kept) + len(unchanged)
