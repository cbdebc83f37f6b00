"""What refers to a row, so that a refusal can name it."""

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError


def referring(obj: models.Model) -> list[models.Model]:
    """Return the rows that keep ``obj`` from being deleted, directly or through its parts.

    Costs a query for each model that points at it.
    """
    collector = Collector(using=router.db_for_write(type(obj), instance=obj))
    try:
        collector.collect([obj])
    except ProtectedError as error:
        return sorted(error.protected_objects, key=str)
    except RestrictedError as error:
        return sorted(error.restricted_objects, key=str)
    return []
