"""The addresses that rows had before: their history remembers every slug."""

from typing import Any

from django.db.models import Exists, Max, Model, OuterRef, QuerySet
from simple_history.utils import get_history_manager_for_model


def row_by_former_slug[Row: Model](rows: QuerySet[Row], slug: str, **within: object) -> Row | None:
    """Return the row that had the slug before, the one that had it last; none where none had.

    ``within`` says where, such as in which event. Costs one query.
    """
    past = _past(rows.model, **within).filter(slug=slug, id=OuterRef("pk"))
    had_it = past.order_by().values("id").annotate(last=Max("history_id")).values("last")
    return rows.filter(Exists(past)).annotate(had_it=had_it).order_by("-had_it").first()


def slugs_of_others(row: Model, slugs: list[str], **within: object) -> set[str]:
    """Return which of the slugs are, or once were, those of other rows that there are.

    Costs two queries.
    """
    model = type(row)
    there = model._base_manager.exclude(pk=row.pk)
    now = there.filter(slug__in=slugs, **within).values_list("slug", flat=True)
    before = _past(model, **within).filter(slug__in=slugs, id__in=there.values("pk"))
    return {*now, *before.values_list("slug", flat=True)}


def _past(model: type[Model], **within: object) -> QuerySet[Any]:
    return get_history_manager_for_model(model).filter(**within)
