"""What is exported, and who exported it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event
from events.models.limits import Person, limits_of
from events.models.scope import OfEvent, Scope, scoped
from summit.lib.database.accounts import account_field

REASON_LENGTH = 200


class ColumnSetQuerySet(models.QuerySet["ColumnSet"]):
    def usable_by(self, user: Person) -> Self:
        """Shared ones, and this person's own."""
        return self.filter(Q(is_shared=True) | Q(owner=user.pk))


class OwnAndShared(Scope[ColumnSetQuerySet]):
    """Everybody reads their own column sets and those that are shared, a superuser all of them.

    A shared one of somebody else is changed by organizers who are not limited. An account is
    deleted with its sets.
    """

    def readable(self, rows: ColumnSetQuerySet, user: Person) -> ColumnSetQuerySet:
        return rows if user.is_superuser else rows.usable_by(user)

    def may_change(self, user: Person, row: models.Model | None) -> bool:
        if not isinstance(row, ColumnSet) or user.is_superuser or row.owner_id == user.pk:
            return True
        is_organizer = user.has_perm("registrations.change_columnset") and limits_of(user) is None
        return row.is_shared and is_organizer


@scoped(OwnAndShared())
class ColumnSet(models.Model):
    """A choice of columns kept under a name, for the lists that a partner asks for again."""

    shown_on_public_pages = False

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="column_sets",
        verbose_name=pgettext_lazy("column set", "owner"),
    )
    name = models.CharField(_("name of the column set"), max_length=60)
    is_shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everybody who may export can use it.")
    )
    is_for_others = models.BooleanField(
        _("for lists for others"),
        default=False,
        db_default=False,
        help_text=_("Choose the recipient of the list before you use it."),
    )
    # Names of columns, in order: registrations/exports/attendees/columns.py.
    columns = models.JSONField(_("columns"), default=list)

    objects = ColumnSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("column set")
        verbose_name_plural = _("column sets")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="column_set_name_is_unique_to_its_owner",
                violation_error_message=_("You have a column set of this name already."),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(is_shared=True),
                name="shared_column_set_name_is_unique",
                violation_error_message=_("A shared column set of this name exists already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@scoped(OfEvent("event"))
class ExportRecord(models.Model):
    """Who exported attendees, when, which and how many. Written by the product alone."""

    shown_on_public_pages = False

    class Source(models.TextChoices):
        ADMIN = "admin", _("admin")
        DESK = "desk", _("desk")
        SHELL = "shell", _("command line")

    class Outcome(models.TextChoices):
        STARTED = "started", _("started")
        COMPLETE = "complete", _("complete")
        INTERRUPTED = "interrupted", _("interrupted")
        REFUSED = "refused", _("refused")

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="export_records", verbose_name=_("event")
    )
    user = account_field(_("user"))
    # Stays when the account goes; for the command line, the account of the machine.
    user_name = models.CharField(_("exported by"), max_length=150)
    exported_at = models.DateTimeField(_("exported at"), default=timezone.now)
    source = models.CharField(_("asked for in"), max_length=10, choices=Source.choices)
    outcome = models.CharField(
        pgettext_lazy("export", "outcome"),
        max_length=12,
        choices=Outcome.choices,
        default=Outcome.STARTED,
    )
    file_format = models.CharField(_("file format"), max_length=10, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    columns = models.JSONField(_("columns"), default=list)
    # Names of filters and what was chosen; never a name or an address that was searched for.
    filters = models.JSONField(_("filter"), default=dict)
    # The version before writes no value for these two.
    purpose = models.CharField(_("Purpose"), max_length=REASON_LENGTH, blank=True, db_default="")
    recipient = models.CharField(
        _("Recipient"), max_length=REASON_LENGTH, blank=True, db_default=""
    )
    is_abroad = models.BooleanField(_("abroad"), default=False, db_default=False)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)

    class Meta:
        verbose_name = _("record of an export")
        verbose_name_plural = _("records of exports")
        ordering = ["-exported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.event} · {self.exported_at:%Y-%m-%d %H:%M} UTC"
