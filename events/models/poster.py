from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.scope import OfEvent, scoped
from summit.lib.files.private_files import private_storage, unguessable
from summit.lib.web.signed_links import new_code

FOLDER = "posters"


def unguessable_name(poster: "Poster | None" = None, filename: str = "") -> str:
    return unguessable(FOLDER)


class PosterQuerySet(models.QuerySet["Poster"]):
    def drawn(self) -> Self:
        """Those that have a picture."""
        return self.exclude(file="")

    def visible(self) -> Self:
        """Drawn ones of events that everybody sees: a draft shows none."""
        return self.drawn().filter(event__in=Event.objects.visible())


@scoped(OfEvent("event"))
class Poster(models.Model):
    """A picture that people share of a published event, in one language and one shape.

    Drawn and removed by ``events/domain/poster.py`` alone. Where its text has a sign that no
    font has there is no picture, and ``missing`` names the sign.
    """

    class Shape(models.TextChoices):
        TALL = "tall", pgettext_lazy("poster", "upright, for chats")
        WIDE = "wide", pgettext_lazy("poster", "wide, for previews of links")

    SIZES: ClassVar[dict[str, tuple[int, int]]] = {Shape.TALL: (750, 1000), Shape.WIDE: (1200, 630)}

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="posters", verbose_name=_("event")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    shape = models.CharField(_("shape"), max_length=10, choices=Shape.choices)
    # What its address carries. Drawn anew it has another one, so that nobody keeps the old.
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=unguessable_name, max_length=200, blank=True
    )
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    missing = models.CharField(_("signs that no font has"), max_length=200, blank=True)
    # A digest of all that it shows and of the fonts: another one means that it is out of date.
    drawn_from = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"), default=timezone.now)

    objects = PosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("poster")
        verbose_name_plural = _("posters")
        # Made and removed by the product alone.
        default_permissions = ()
        ordering = ["event", "language", "shape"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "language", "shape"], name="event_has_one_poster_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(file="") ^ models.Q(missing=""),
                name="poster_has_a_picture_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Poster of %(event)s") % {"event": self.event}

    # As a ``SharedPicture`` of ``page_meta``, which whoever previews a link is shown.

    @property
    def alt(self) -> str:
        return str(self)

    @property
    def url(self) -> str:
        return reverse("poster", args=[self.code])

    @property
    def pixel_width(self) -> int:
        return self.SIZES[self.shape][0]

    @property
    def pixel_height(self) -> int:
        return self.SIZES[self.shape][1]
