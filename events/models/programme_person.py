import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.organization import FormerNames, Organization
from events.models.scope import OfEvent, scoped
from events.models.session import Session
from summit.lib.database.made_columns import MadeText
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, Text, bilingual
from summit.lib.i18n.languages import columns, current
from summit.lib.i18n.names import searchable
from summit.lib.i18n.romanization import with_reading


class ProgrammePersonQuerySet(BilingualQuerySet["ProgrammePerson"]):
    def for_lines(self) -> Self:
        """Fetch what ``parts`` tells of each."""
        return self.select_related("organization").only(
            *("event", "session", "role", "order"),
            *columns("name", "position", "organization_name", "organization__name"),
            *("organization__is_public", "organization__names_before"),
        )

    def as_of(self, day: dt.date) -> list["ProgrammePerson"]:
        """Return what ``for_lines`` fetches, organizations by the names that they had on a day.

        One query, and one more where any of them had another name.
        """
        people = list(self.for_lines())
        known = [each.organization for each in people if each.organization]
        names = FormerNames((each.pk, each.names_before) for each in known)
        for each in people:
            if each.organization_id:
                each.former_place = names.at(each.organization_id, day)
        return people


def _found_by(row: "ProgrammePerson") -> str:
    return searchable(
        people=[row.name_en, row.name_zh_hans],
        names=[row.organization_name_en, row.organization_name_zh_hans],
        prose=[row.position_en, row.position_zh_hans],
    )


@scoped(OfEvent("event"))
class ProgrammePerson(Bilingual):
    """A person with a part in a session, or in the whole event, who is not one of its experts."""

    required_texts = ("name",)
    # The name that the organization had on the day of the event: of ``as_of()`` alone.
    former_place: Text = Text("", "")

    class Role(models.TextChoices):
        HOST = "host", pgettext_lazy("person in a programme", "host")
        LEADER = "leader", _("opening speaker")
        GUEST = "guest", _("guest of honour")
        INTERPRETER = "interpreter", _("interpreter")

    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="programme_people",
        verbose_name=_("event"),
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="programme_people",
        verbose_name=_("session"),
        help_text=_("Empty: the whole event."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.HOST)
    name = bilingual(
        models.CharField(
            pgettext_lazy("person", "name"),
            max_length=100,
            blank=True,
            help_text=_("As it is written in each language, in its own order: Wang Wei, 王伟."),
        )
    )
    name_en: str
    name_zh_hans: str
    position = bilingual(models.CharField(_("position"), max_length=200, blank=True))
    position_en: str
    position_zh_hans: str
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_people",
        verbose_name=_("organization"),
    )
    organization_name = bilingual(
        models.CharField(
            _("name of the organization"),
            max_length=200,
            blank=True,
            help_text=_("If the organization is not in the list."),
        )
    )
    organization_name_en: str
    organization_name_zh_hans: str
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    search_text = MadeText(made=_found_by)

    objects = ProgrammePersonQuerySet.as_manager()
    # With the row goes the name, wherever it stood.
    history = HistoricalRecords(excluded_fields=["search_text", *columns("name")])

    class Meta:
        verbose_name = _("person in the programme")
        verbose_name_plural = _("people in the programme")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["host", "leader", "guest", "interpreter"]),
                name="programme_person_role_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(organization=None)
                | models.Q(organization_name_en="", organization_name_zh_hans=""),
                name="programme_person_has_one_organization",
                violation_error_message=_(
                    "Choose an organization from the list or enter its name, not both."
                ),
                violation_error_code="two_organizations",
            ),
        ]

    def __str__(self) -> str:
        # Without the name, which the log of the admin would keep.
        return f"{self.get_role_display()} · {self.session or self.event}"

    def clean(self) -> None:
        super().clean()
        if self.session and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError(
                {"session": _("This session belongs to another event. Choose one of this event.")}
            )

    @property
    def display_name(self) -> Text:
        """The name; on English pages a Chinese one has its reading beside it."""
        return with_reading(self.name, self.name)

    @property
    def place(self) -> Text:
        """The name of the organization, of a known one only while it is public."""
        known = self.organization
        if known is None:
            return self.organization_name
        return (self.former_place or known.name) if known.is_public else Text("", current())

    @property
    def parts(self) -> list[Text]:
        """Who it is, in the order of the page's language: place and position first in Chinese."""
        named = [self.place, self.position, self.display_name]
        return [text for text in (named if current() == "zh-hans" else named[::-1]) if text]


def role_of_several(role: str, number: int) -> str:
    """Return what so many people of a role are called, as a heading: ``Hosts``, ``主持人``."""
    words = {
        ProgrammePerson.Role.HOST: ngettext("Host", "Hosts", number),
        ProgrammePerson.Role.LEADER: ngettext("Opening speaker", "Opening speakers", number),
        ProgrammePerson.Role.GUEST: ngettext("Guest of honour", "Guests of honour", number),
        ProgrammePerson.Role.INTERPRETER: ngettext("Interpreter", "Interpreters", number),
    }
    return words[ProgrammePerson.Role(role)]
