"""What search engines are told of events, people and organizations, in the words of schema.org."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from events.domain.online_link import link_to_join
from events.models import Event, EventRole, Expert, Organization
from summit.lib.given import given
from summit.lib.i18n.languages import TAGS, current
from website.people import Host, Person

_MODES: dict[str, str] = {
    Event.Format.IN_PERSON: "OfflineEventAttendanceMode",
    Event.Format.ONLINE: "OnlineEventAttendanceMode",
    Event.Format.HYBRID: "MixedEventAttendanceMode",
}


def event_data(event: Event, hosts: list[Host], people: Iterable[Person]) -> dict[str, Any] | None:
    """Return the event as JSON-LD, nothing for a draft. ``hosts`` are the public ones.

    Of a postponed event without a new date the dates are those of before, as search engines
    ask for; one that has a new date tells the former start beside it.
    """
    if event.is_draft:
        return None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": str(event.title),
        "description": str(event.summary),
        "url": settings.SITE_URL + event.get_absolute_url(),
        "startDate": _iso(event.starts_at, event),
        "endDate": _iso(event.ends_at, event),
        "eventStatus": f"https://schema.org/{_state(event)}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[event.format]}",
        "inLanguage": TAGS[current()],
        "location": _places(event),
        "performer": [_person(each.expert, str(each.name)) for each in people],
        "sponsor": _organizations(hosts, EventRole.Role.SPONSOR),
        "organizer": _with_contact(event, _organizations(hosts, EventRole.Role.ORGANIZER)),
    }
    if event.is_rescheduled:
        data["previousStartDate"] = _iso(given(event.previous_starts_at), event)
    if event.series:
        data["superEvent"] = {"@type": "EventSeries", "name": str(event.series.title)}
    return {name: value for name, value in data.items() if value}


def _state(event: Event) -> str:
    """Return the schema.org ``EventStatusType``."""
    if event.is_cancelled:
        return "EventCancelled"
    if event.is_postponed:
        return "EventPostponed"
    return "EventRescheduled" if event.is_rescheduled else "EventScheduled"


def _iso(moment: dt.datetime, event: Event) -> str:
    return moment.astimezone(event.zone).isoformat()


def _places(event: Event) -> list[dict[str, Any]]:
    places = []
    if event.format != Event.Format.ONLINE:
        address = {
            "@type": "PostalAddress",
            "streetAddress": str(event.address),
            "addressLocality": str(event.city),
            "addressCountry": event.country.code,
        }
        name = str(event.venue or event.city or event.country.name)
        places.append({"@type": "Place", "name": name, "address": address})
    if event.format != Event.Format.IN_PERSON:
        page = settings.SITE_URL + event.get_absolute_url()
        places.append({"@type": "VirtualLocation", "url": link_to_join(event) or page})
    return places


def _with_contact(event: Event, organizers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the first organizer the event's contact: an event itself has no place for one."""
    point = {
        "@type": "ContactPoint",
        "name": str(event.contact_name),
        "telephone": event.contact_phone,
        "email": event.contact_email,
    }
    for organizer in organizers[:1] if event.has_contact else []:
        organizer["contactPoint"] = {name: value for name, value in point.items() if value}
    return organizers


def _organizations(hosts: list[Host], role: str) -> list[dict[str, Any]]:
    return [_organization(each.organization, each.name) for each in hosts if each.role == role]


def _organization(organization: Organization, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "Organization", "name": str(name)}
    return data | _same_as(organization.ror_link)


def _person(expert: Expert, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "Person", "name": name}
    return data | _same_as(expert.orcid_link)


def _same_as(*addresses: str) -> dict[str, list[str]]:
    """Return where registers and others tell of the same person or body."""
    known = [address for address in addresses if address]
    return {"sameAs": known} if known else {}


def organization_data(organization: Organization) -> dict[str, Any] | None:
    """Return an organization as JSON-LD, nothing for one that is not public."""
    if not organization.is_public:
        return None
    return {
        "@context": "https://schema.org",
        **_organization(organization, organization.name),
        "url": settings.SITE_URL + organization.get_absolute_url(),
        **_same_as(organization.ror_link, organization.website),
    }


def expert_data(expert: Expert) -> dict[str, Any] | None:
    """Return an expert as JSON-LD, nothing for one who is not public."""
    if not expert.is_public:
        return None
    affiliations = [
        {"@type": "Organization", "name": str(each.organization.name)}
        for each in expert.present_affiliations
    ]
    return {
        "@context": "https://schema.org",
        **_person(expert, str(expert.display_name)),
        "url": settings.SITE_URL + expert.get_absolute_url(),
        **({"affiliation": affiliations} if affiliations else {}),
    }
