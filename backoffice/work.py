"""The menu of the admin: its lists and pages by the work that they serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from summit.lib.i18n.languages import Words


@dataclass(frozen=True)
class Page:
    """A page of the menu that is no list: its address, its name, and who may open it."""

    url_name: str
    label: Words
    permission: str = ""


@dataclass(frozen=True)
class Group:
    name: str
    label: Words
    # Models by their labels, and pages.
    entries: tuple[str | Page, ...]


REPORTS = Page("admin:reports", _("Reports"), "projects.view_cooperationintention")

GROUPS = (
    Group(
        "work",
        pgettext_lazy("group of lists", "Work"),
        (
            Page("admin:index", _("Start page")),
            *("events.Event", "events.EventSeries", "events.Session", "events.ProgrammePerson"),
            REPORTS,
        ),
    ),
    Group(
        "people",
        _("People and projects"),
        (
            *("events.Expert", "events.Organization", "projects.Project"),
            *("contacts.Contact", "projects.Recommendation", "interests.Interest"),
            *("submissions.Call", "submissions.Submission", "submissions.ExpertProposal"),
            "submissions.ExpertVisit",
            *("projects.Sector", "projects.CooperationMode", "projects.Industry"),
            *("events.District", "events.Department"),
        ),
    ),
    Group(
        "signing",
        pgettext_lazy("group of lists", "Signing"),
        (
            *("projects.CooperationIntention", "projects.FollowUp"),
            *("projects.Document", "projects.DocumentDownload"),
        ),
    ),
    Group(
        "registration",
        pgettext_lazy("group of lists", "Registration"),
        (
            "registrations.Registration",
            Page("desk", _("Check-in desk"), "registrations.check_in_registration"),
            *("registrations.RegistrationSettings", "registrations.ColumnSet"),
            "registrations.ExportRecord",
        ),
    ),
    Group(
        "meetings",
        pgettext_lazy("group of lists", "Meetings"),
        (
            *("meetings.Meeting", "meetings.MeetingFeedback"),
            *("meetings.Participant", "meetings.MeetingRequest", "meetings.Delegation"),
            *("meetings.MeetingSlot", "meetings.MeetingTable", "meetings.Interpreter"),
            "meetings.RatherNot",
        ),
    ),
    Group(
        "messages",
        pgettext_lazy("group of lists", "Messages"),
        ("mail.OutboundMail", "subscriptions.Subscription"),
    ),
    # With what no other group names.
    Group(
        "site",
        _("Site and accounts"),
        ("events.SiteProfile", "auth.User", "auth.Group", "staff.LockOut", "audit.AuditEntry"),
    ),
)


def group_of(entry: type[Model] | Page) -> Group:
    """Return the group in which the list of a model stands, or a page that is no list."""
    named = entry if isinstance(entry, Page) else entry._meta.label
    return next((group for group in GROUPS if named in group.entries), GROUPS[-1])


def groups_of_work(request: HttpRequest, apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the apps of Django's menu as groups of work, nothing for whoever sees no list.

    Each has the keys of an app, so that templates of Django's take it; each entry knows
    besides whether it ``is_current``.
    """
    lists = {
        entry["model"]._meta.label: entry | {"is_current": _is_below(request, entry["admin_url"])}
        for app in apps
        for entry in app["models"]
    }
    if not lists:
        return []
    named = {entry for group in GROUPS for entry in group.entries}
    groups = []
    for group in GROUPS:
        entries = list(_entries(request, group, lists))
        if group is GROUPS[-1]:
            entries += [entry for label, entry in lists.items() if label not in named]
        if any("model" in entry for entry in entries):
            groups.append(
                {"app_label": group.name, "name": group.label, "app_url": "", "models": entries}
            )
    return groups


def _entries(
    request: HttpRequest, group: Group, lists: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for entry in group.entries:
        if isinstance(entry, str):
            if entry in lists:
                yield lists[entry]
        elif not entry.permission or request.user.has_perm(entry.permission):
            address = reverse(entry.url_name)
            is_start = entry.url_name == "admin:index"
            yield {
                "name": entry.label,
                "object_name": entry.url_name.partition(":")[2] or entry.url_name,
                "admin_url": address,
                "add_url": None,
                "is_current": (
                    request.path == address if is_start else _is_below(request, address)
                ),
            }


def _is_below(request: HttpRequest, address: str | None) -> bool:
    return bool(address) and request.path.startswith(str(address))
