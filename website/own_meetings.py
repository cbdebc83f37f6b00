"""What is kept of somebody for the meetings of an event, in words and as values."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from meetings.domain import privacy as meetings
from meetings.models import MeetingRequest, Participant
from registrations.models import Registration
from summit.lib.i18n.bilingual import pick
from summit.lib.i18n.clock import moment
from summit.lib.i18n.languages import listed, listed_long, spoken_names

Request = MeetingRequest.Status


def own_meetings(registration: Registration) -> dict[str, Any] | None:
    """Return what is kept of the person for the meetings of the event, if anything."""
    return meetings.own_data(registration)


def meeting_facts(row: dict[str, Any], zone: ZoneInfo) -> list[tuple[Any, Any]]:
    """Return it as rows of label and value, in the current language."""
    listed_since = row["listed_since"]
    made, received = (
        listed(f"{each[name]} · {Request(each['status']).label}" for each in row[requests])
        for name, requests in (("to", "requests_made"), ("from", "requests_received"))
    )
    return [
        (_("Status"), capfirst(str(Participant.Status(row["status"]).label))),
        (_("Side"), capfirst(str(Participant.Side(row["side"]).label))),
        (pgettext("meetings", "Languages"), listed(spoken_names(row["languages"]))),
        (_("Topics"), row["topics"]),
        (_("Time zone"), row["time_zone"]),
        (_("Agreed to be listed on"), listed_since and moment(listed_since, zone)),
        (_("Applied on"), moment(row["applied_at"], zone)),
        (_("Admitted on"), row["admitted_at"] and moment(row["admitted_at"], zone)),
        (_("Delegation"), row["delegation"]),
        (_("Projects"), listed_long(pick(each) for each in row["projects"])),
        (
            _("Times away"),
            format_html_join(
                " · ", "{}", ((moment(each["from"], zone),) for each in row["times_away"])
            ),
        ),
        (_("Whom you asked"), made),
        (_("Who would like to meet you"), received),
        (_("Whom you would rather not meet"), listed(row["would_rather_not_meet"])),
        (_("Profiles that you opened"), row["profiles_opened"]),
        (_("Your feedback"), listed_long(each["note"] for each in row["feedback"] if each["note"])),
        (_("Note by staff"), row["note_by_staff"]),
    ]
