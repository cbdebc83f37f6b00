from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.scope import OfEvent, readable, scoped
from events.models.session import Session
from summit.lib.database.accounts import account_field
from summit.lib.files.file_types import ENDINGS, FileType
from summit.lib.files.private_files import private_storage, unguessable
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual
from summit.lib.i18n.languages import columns
from summit.lib.web.signed_links import new_code

FOLDER = "files"


def unguessable_name(file: "EventFile | None" = None, filename: str = "") -> str:
    """A random name: what somebody's computer called the file is not kept."""
    return unguessable(FOLDER)


class EventFileQuerySet(BilingualQuerySet["EventFile"]):
    def for_everybody(self) -> Self:
        return self.filter(audience=EventFile.Audience.PUBLIC)

    def for_lists(self) -> Self:
        """Public ones, with what the page of an event tells of each."""
        return (
            self.for_everybody()
            .select_related("session")
            .only(
                *("event", "code", "kind", "content_type", "size", "session__slug"),
                *columns("title", "session__title"),
            )
        )

    def for_attendees(self) -> Self:
        """Those that somebody with a confirmed place may have, the public ones among them."""
        return self.filter(audience__in=[EventFile.Audience.PUBLIC, EventFile.Audience.ATTENDEES])

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Public ones of visible events; for staff who may see files all of the events they run."""
        public = Q(audience=EventFile.Audience.PUBLIC, event__in=Event.objects.visible())
        if not (user.is_staff and user.has_perm("events.view_eventfile")):
            return self.filter(public)
        theirs = readable(EventFile.objects.order_by(), user)
        return self.filter(public | Q(pk__in=theirs.values("pk")))


@scoped(OfEvent("event"))
class EventFile(Bilingual):
    """A notice, a handbook, slides: a file of an event or of one of its sessions.

    Its bytes lie in the private storage, and views give them out: to its ``audience``, and to
    who works on the event or at its desk.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", pgettext_lazy("file", "notice")
        HANDBOOK = "handbook", pgettext_lazy("file", "handbook")
        SLIDES = "slides", pgettext_lazy("file", "slides")
        OTHER = "other", pgettext_lazy("file", "other")

    class Audience(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("who sees a file", "everybody")
        ATTENDEES = "attendees", pgettext_lazy("who sees a file", "attendees")
        STAFF = "staff", pgettext_lazy("who sees a file", "staff")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="files", verbose_name=_("event")
    )
    # A file outlives the session that it was for, and stays with the event.
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("session"),
        help_text=_("Empty: the file belongs to the whole event."),
    )
    # What its address carries in place of a number that could be counted up.
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    title = bilingual(models.CharField(_("title"), max_length=200, blank=True))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.NOTICE)
    # Chosen each time: nothing becomes public by itself.
    audience = models.CharField(
        pgettext_lazy("a file", "who sees it"), max_length=20, choices=Audience.choices
    )
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=unguessable_name, max_length=200
    )
    content_type = models.CharField(
        _("type"), max_length=100, choices=FileType.choices, editable=False
    )
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)
    uploaded_by = account_field(_("uploaded by"), editable=False)

    objects = EventFileQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["code", "file", "uploaded_by"])

    class Meta:
        verbose_name = pgettext_lazy("of an event", "file")
        verbose_name_plural = pgettext_lazy("of an event", "files")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("event-file", args=[self.code])

    def clean(self) -> None:
        super().clean()
        if self.session and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError(
                {"session": _("This session belongs to another event. Choose one of this event.")}
            )

    @property
    def ending(self) -> str:
        return ENDINGS[self.content_type]
