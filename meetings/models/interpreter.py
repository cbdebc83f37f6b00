"""Who interprets at meetings, between which languages, and when they are there."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event, Session
from events.models.mails import is_mailed_to
from events.models.scope import OfEvent, scoped
from mail.models import OutboundMail
from summit.lib.database.made_columns import MadeLine
from summit.lib.i18n.languages import OWN_NAMES, spoken_names, validate_spoken
from summit.lib.i18n.names import sort_key
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import LONGEST_STORED, PhoneColumn
from summit.lib.web.signed_links import new_code


@is_mailed_to
@scoped(OfEvent("event"))
class Interpreter(models.Model):
    """An interpreter of an event. Personal data: ``__str__`` names nobody.

    ``sessions`` are those that the person interprets in the programme, and is away at.
    """

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="interpreters", verbose_name=_("event")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    email = EmailColumn(_("e-mail"), blank=True)
    phone = PhoneColumn(_("phone"), max_length=LONGEST_STORED, blank=True)
    language = models.CharField(
        _("language of the mails"), max_length=10, choices=OWN_NAMES.items(), default="zh-hans"
    )
    # Between any two of them.
    languages = models.JSONField(
        _("interprets between"), default=list, validators=[validate_spoken]
    )
    sessions = models.ManyToManyField(
        Session,
        blank=True,
        related_name="interpreters",
        verbose_name=_("interprets these sessions"),
    )
    # What the personal link holds.
    code = models.CharField(max_length=40, default=new_code, unique=True, editable=False)
    sort_name = MadeLine(max_length=300, made=lambda row: sort_key(row.name))

    mails = GenericRelation(
        OutboundMail,
        object_id_field="subject_id",
        content_type_field="subject_type",
        related_query_name="interpreter",
    )

    class Meta:
        verbose_name = _("interpreter")
        verbose_name_plural = _("interpreters")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def languages_in_words(self) -> list[str]:
        return spoken_names(self.languages)


@scoped(OfEvent("interpreter__event"))
class Presence(models.Model):
    """A time at which an interpreter is there. Without any, the interpreter is always there."""

    shown_on_public_pages = False

    interpreter = models.ForeignKey(
        Interpreter,
        on_delete=models.CASCADE,
        related_name="presences",
        verbose_name=_("interpreter"),
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))

    class Meta:
        verbose_name = _("time of presence")
        verbose_name_plural = _("times of presence")
        ordering = ["starts_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="presence_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}Z"
