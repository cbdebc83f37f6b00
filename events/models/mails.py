"""Which mails an organizer who is limited reads: those to people of rows that they read.

Here, since mail knows no events. Apps that send mails name the models that these are to.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from events.models.limits import Person, limits_of
from events.models.scope import Scope, readable, scoped
from mail.models import OutboundMail

_subjects: list[type[Model]] = []


def is_mailed_to[M: type[Model]](model: M) -> M:
    """Let who reads a row of the model read the mails to it. A decorator.

    The model declares a policy of its own.
    """
    _subjects.append(model)
    return model


class OfTheirRows(Scope[QuerySet[Any]]):
    """Mails whose subject somebody reads; none to staff, and none of other models."""

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        if limits_of(user) is None:
            return rows
        theirs = Q(pk__in=[])
        for model in _subjects:
            subjects = readable(model._default_manager.all(), user).order_by().values("pk")
            kind = ContentType.objects.get_for_model(model)
            theirs |= Q(subject_type=kind, subject_id__in=subjects)
        return rows.filter(theirs)


scoped(OfTheirRows())(OutboundMail)
