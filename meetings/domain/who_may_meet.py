"""Whom each participant may meet, sees and asks."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.models import MeetingSettings, Participant, ParticipantQuerySet, RatherNot
from projects.models import Project
from projects.models.project import ProjectQuerySet
from registrations.models import Registration


def settings_of(event: Event) -> MeetingSettings:
    """Return by which rules an event has meetings. Raises ``ValidationError`` if it has none."""
    settings = getattr(event, "meeting_settings", None)
    if settings is None:
        raise ValidationError(_("This event has no one-to-one meetings."), code="no_meetings")
    return settings


def may_meet(settings: MeetingSettings, one: Participant, other: Participant) -> bool:
    """Whether two are of sides that meet here, and of two parties. Costs no query."""
    are_two = one.pk != other.pk and one.event_id == other.event_id == settings.event_id
    are_of_two = one.delegation_id is None or one.delegation_id != other.delegation_id
    is_across = settings.sides == MeetingSettings.Sides.ACROSS
    return are_two and are_of_two and not (is_across and one.side == other.side)


def others_for(participant: Participant) -> ParticipantQuerySet:
    """Return whom somebody sees and may ask: listed ones whom the event lets them meet.

    Of a pair that an organizer keeps apart neither sees the other. Who would rather not meet the
    person is among them: nobody may learn of that.
    """
    settings = settings_of(participant.event)
    found = Participant.objects.listed().filter(
        event=participant.event_id,
        registration__status=Registration.Status.CONFIRMED,
        registration__erased_at=None,
    )
    if settings.sides == MeetingSettings.Sides.ACROSS:
        found = found.exclude(side=participant.side)
    if participant.delegation_id:
        found = found.exclude(delegation=participant.delegation_id)
    apart = RatherNot.objects.filter(entered_by__isnull=False)
    return found.exclude(pk=participant.pk).exclude(
        Q(pk__in=apart.filter(participant=participant).values("other"))
        | Q(pk__in=apart.filter(other=participant).values("participant"))
    )


def are_apart(one: Participant, other: Participant) -> bool:
    """Whether one of the two would rather not meet the other, or an organizer keeps them apart."""
    return RatherNot.objects.filter(
        Q(participant=one, other=other) | Q(participant=other, other=one)
    ).exists()


def projects_of(event: Event) -> ProjectQuerySet:
    """Return the public projects that are presented at an event."""
    return Project.objects.visible().filter(recommendations__event=event).distinct()


def would_rather_not(participant: Participant, other: Participant) -> bool:
    """Whether somebody has said so of another one. Nobody else may learn of it."""
    return RatherNot.objects.filter(participant=participant, other=other).exists()


def may_talk_about(asker: Participant, asked: Participant) -> ProjectQuerySet:
    """Return the public projects about which one may ask the other: what either of them presents.

    Of an expert these are also the ones that are recommended at the event.
    """
    both = Q(participants__in=[asker.pk, asked.pk])
    if asked.expert_id:
        both |= Q(recommendations__event=asker.event_id, recommendations__expert=asked.expert_id)
    return Project.objects.visible().filter(both).distinct()
