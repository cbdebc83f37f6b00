"""The addresses that rows had before: their history remembers every slug."""

from typing import Any

from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet
from simple_history.utils import get_history_manager_for_model

from summit.lib.database.merged_rows import merged, present_key


def row_by_former_slug[Row: Model](rows: QuerySet[Row], slug: str, **within: object) -> Row | None:
    """Return the row that had the slug before, the one that had it last; none where none had.

    ``within`` says where, such as in which event. What had it and was merged into another row
    leads to that one. Costs one query; some more where no row that there is had it.
    """
    past = _past(rows.model, **within).filter(slug=slug)
    of_row = past.filter(id=OuterRef("pk"))
    had_it = of_row.order_by().values("id").annotate(last=Max("history_id")).values("last")
    found = rows.filter(Exists(of_row)).annotate(had_it=had_it).order_by("-had_it").first()
    if found is not None:
        return found
    gone = past.filter(_was_merged(rows.model)).order_by("-history_id")
    key = gone.values_list("id", flat=True).first()
    return rows.filter(pk=present_key(rows.model, key)).first() if key else None


def slugs_of_others(row: Model, slugs: list[str], **within: object) -> set[str]:
    """Return which of the slugs are, or once were, those of other rows that there are.

    Those of rows that were merged into others lead to these. Costs two queries.
    """
    model = type(row)
    there = model._base_manager.exclude(pk=row.pk)
    now = there.filter(slug__in=slugs, **within).values_list("slug", flat=True)
    leads = Q(id__in=there.values("pk")) | Q(_was_merged(model))
    before = _past(model, **within).filter(leads, slug__in=slugs)
    return {*now, *before.values_list("slug", flat=True)}


def _was_merged(model: type[Model]) -> Exists:
    return Exists(_past(model).filter(merged(), id=OuterRef("id")))


def _past(model: type[Model], **within: object) -> QuerySet[Any]:
    return get_history_manager_for_model(model).filter(**within)
