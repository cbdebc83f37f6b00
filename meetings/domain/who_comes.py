"""Who of a delegation has to come to a meeting, and who may."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.domain.agreed import note_people_changed
from meetings.domain.participation import refuse_other_version
from meetings.domain.placing import lock_schedule
from meetings.models import Meeting, MeetingPerson, Participant, ParticipantQuerySet
from summit.lib.database.states import MoveRefused


def candidates(meeting: Meeting, side: int) -> ParticipantQuerySet:
    """Return who can come on a side: those who are in it, and the others of their delegations."""
    there = Participant.objects.filter(meeting_places__meeting=meeting, meeting_places__side=side)
    delegations = there.filter(delegation__isnull=False).values("delegation")
    found = Participant.objects.filter(
        Q(pk__in=there.values("pk")) | Q(delegation__in=delegations), event=meeting.event_id
    )
    other_side = MeetingPerson.objects.filter(meeting=meeting).exclude(side=side)
    return found.admitted().exclude(pk__in=other_side.values("participant"))


@transaction.atomic
def set_people(
    meeting: Meeting,
    *,
    side: int,
    must: Sequence[Participant],
    may: Sequence[Participant] = (),
    least: int = 1,
    version: int,
) -> Meeting:
    """Write who of a side has to come and who may, of whom ``least`` come in all.

    Only members of the delegation of somebody who was in the meeting before. The draft of the
    schedule counts as changed, since it may hold other people now. Raises ``ValidationError`` for
    anybody else or too few, ``ChangedMeanwhile`` where somebody else has saved since that
    ``version``, and ``MoveRefused`` once the meeting is under way, over or called off.
    """
    lock_schedule(meeting.event)
    stored = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    refuse_other_version(stored, version)
    if stored.status != Meeting.Status.AGREED:
        raise MoveRefused(
            _("This is “%(now)s”, so this action is not available."),
            code="not_agreed",
            params={"now": Meeting.Status(stored.status).label},
        )
    wanted = {person.pk: True for person in must} | {
        person.pk: False for person in may if person not in must
    }
    allowed = set(candidates(stored, side).values_list("pk", flat=True))
    if not wanted.keys() <= allowed:
        raise ValidationError(
            _("Choose people of this delegation who take part in the meetings."), code="stranger"
        )
    if least < 1 or len(wanted) < least:
        raise ValidationError(_("Choose as many people as are to come at least."), code="too_few")
    rows = MeetingPerson.objects.filter(meeting=stored, side=side)
    rows.exclude(participant__in=wanted.keys()).delete()
    known = dict(rows.values_list("participant", "pk"))
    for key, is_must in wanted.items():
        if key in known:
            rows.filter(pk=known[key]).update(must=is_must)
        else:
            MeetingPerson.objects.create(
                meeting=stored, participant_id=key, side=side, must=is_must
            )
    setattr(stored, f"least_{side}", max(least, sum(wanted.values())))
    stored.save(update_fields=[f"least_{side}"])
    note_people_changed(stored)
    return stored
