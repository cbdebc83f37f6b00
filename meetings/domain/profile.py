"""What participants show each other of themselves, and how many of them one may look at."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import Participant, ProfileView

# Nobody copies the whole list by opening it: so many different people a day.
MOST_A_DAY = 60


@transaction.atomic
def open_profile(viewer: Participant, viewed: Participant) -> None:
    """Note that somebody looks at what another one shows. The same one counts once a day.

    Raises ``ValidationError`` where the day's number is used up. Whom the viewer may see the
    caller has asked (``who_may_meet.others_for``).
    """
    Participant.objects.select_for_update(no_key=True).get(pk=viewer.pk)
    today = timezone.localdate(timezone=viewer.event.zone)
    opened = ProfileView.objects.filter(viewer=viewer, viewed_on=today)
    if opened.filter(viewed=viewed).exists():
        return
    if opened.count() >= MOST_A_DAY:
        raise ValidationError(
            _(
                "You have opened %(most)d profiles today, which is the most in a day. Go on "
                "tomorrow, or ask the organizers whom to meet."
            ),
            code="too_many",
            params={"most": MOST_A_DAY},
        )
    ProfileView.objects.create(viewer=viewer, viewed=viewed, viewed_on=today)
