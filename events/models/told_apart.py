"""Rows of one name of which somebody has said that they are different ones."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ToldApart(models.Model):
    """A row that is not the same as some that look like it. They are no longer pointed out.

    A pair goes with either of its rows, whether that is deleted or merged into another.
    """

    different_from = models.ManyToManyField(
        "self", blank=True, editable=False, verbose_name=_("different rows that look alike")
    )

    class Meta:
        abstract = True
