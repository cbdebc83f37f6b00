from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.limits import limits_of
from events.models.scope import Series, scoped
from summit.lib.database.made_columns import MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import Titled

if TYPE_CHECKING:
    from events.models.event import EventQuerySet

# Of what is signed outside any series, or in one without a prefix of its own.
DEFAULT_PREFIX = "SUMMIT"


class EventSeriesQuerySet(BilingualQuerySet["EventSeries"]):
    def visible(self) -> Self:
        """What has an event that everybody may see: a series only groups."""
        return self.filter(models.Exists(self._events().visible()))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Add those without a visible event for staff who may see series: of what they run."""
        if user.is_staff and user.has_perm("events.view_eventseries"):
            return self if limits_of(user) is None else self.visible() | self.read_by(user)
        return self.visible()

    def run_by(self, user: User | AnonymousUser) -> Self:
        """Leave out what somebody does not run as a whole, who is limited."""
        limits = limits_of(user)
        return self.filter(pk__in=limits.series) if limits else self

    def read_by(self, user: User | AnonymousUser) -> Self:
        """Those that somebody runs, and those of the single events that one is limited to."""
        limits = limits_of(user)
        if limits is None:
            return self
        theirs = self._events().filter(pk__in=limits.events)
        return self.filter(models.Q(pk__in=limits.series) | models.Exists(theirs))

    def _events(self) -> "EventQuerySet":
        events: EventQuerySet = apps.get_model("events", "Event").objects.all()
        return events.filter(series=models.OuterRef("pk"))


def _found_by(row: "EventSeries") -> str:
    names = (row.title_en, row.title_zh_hans)
    return searchable(names=names, others=[row.slug, row.reference_prefix])


@scoped(Series())
class EventSeries(Titled):
    known_by = ("title",)

    reference_prefix = models.CharField(
        _("reference prefix"),
        max_length=8,
        blank=True,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9]*$", _("Use capital letters and digits, such as SJZ."))
        ],
        help_text=_("Begins the reference of each intention signed here: SJZ gives SJZ-2020-003."),
    )
    summary = bilingual(models.TextField(_("summary"), max_length=600, blank=True))
    description = bilingual(
        models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    )
    cover = PictureField(_("cover"))
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers come first.")
    )

    search_text = MadeText(made=_found_by)

    objects = EventSeriesQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("event series")
        verbose_name_plural = _("event series")
        ordering = ["order", "pk"]
        constraints = [
            # Numbers run per prefix: two that share one would leave gaps in each other's.
            models.UniqueConstraint(
                fields=["reference_prefix"],
                condition=~models.Q(reference_prefix=""),
                name="reference_prefix_is_of_one_series",
                violation_error_message=_(
                    "Another series has this reference prefix. Choose one of its own."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(reference_prefix="SUMMIT"),
                name="reference_prefix_is_not_the_default_one",
                violation_error_message=_(
                    "SUMMIT is the prefix for intentions signed outside any series. Choose "
                    "another prefix, or leave it empty."
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])
