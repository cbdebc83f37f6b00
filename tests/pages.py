"""The public pages, as the URL configuration and a small whole story give them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import CooperationIntention, Project
from tests import factories

# What a visitor fills in, or opens with a key of their own: for people, not for search
# engines, caches or the map of the site.
PERSONAL = {
    "call",
    "submission",
    "submission-withdraw",
    "submission-renew",
    "submission-erase",
    "submission-another",
    "submission-files",
    "submission-file",
    "submission-file-remove",
    "find-submission",
    "register",
    "registered",
    "registered-ticket",
    "registered-calendar",
    "registered-correct",
    "registered-cancel",
    "registered-accept",
    "registered-way",
    "registered-withdraw",
    "registered-send-code",
    "registered-enter-code",
    "registered-number",
    "registered-number-code",
    "registered-own-code",
    "registered-own-code-enter",
    "registered-number-stop",
    "registered-remove",
    "registered-contact",
    "registered-singly",
    "registered-leave",
    "lost-link",
    "find-registration",
    "find-by-text",
    "event-interest",
    "expert-interest",
    "project-interest",
    "interests-sent",
    "interests-leave",
    "my-expert",
    "my-expert-withdraw",
    "my-expert-renew",
    "my-expert-erase",
    "my-expert-portrait",
    "my-expert-slides",
    "my-expert-slides-file",
    "my-expert-slides-remove",
    "my-expert-travel",
    "my-expert-passport",
    "hall-screen",
    "my-interest",
    "my-interest-withdraw",
    "my-interest-renew",
    "my-interest-delete",
    "subscribe",
    "subscribe-code",
    "subscription",
    "subscription-end-at-once",
    "my-group",
    "my-group-correct",
    "my-group-cancel",
    "my-group-accept",
    "my-group-singly",
    "not-me",
    "my-registration",
    "my-correct",
    "my-address",
    "my-stop-address",
    "confirm-address",
    "my-cancel",
    "my-decline",
    "my-consent",
    "my-choices",
    "my-way",
    "my-erase-answer",
    "my-accept",
    "my-new-link",
    "my-data",
    "my-data-page",
    "my-calendar",
    "my-meetings-schedule",
    "my-meetings-calendar",
    "my-meetings-call-off",
    "interpreter",
    "my-meetings-feedback",
    "my-file",
    "my-meetings",
    "my-meetings-entry",
    "my-meetings-leave",
    "my-meetings-away",
    "my-meetings-people",
    "my-meetings-person",
    "my-meetings-request",
    "my-meetings-who",
    "follow-up-calendar",
    "staff-code",
    "staff-no-authenticator",
    "staff-forgotten",
    "staff-log-in-link",
    "staff-open-log-in",
    "staff-link",
    "staff-new-password",
    "staff-new-authenticator",
    "staff-recovery-codes",
    "staff-recovery-codes-file",
}
# What machines ask; tests/ops/test_health.py and test_metrics.py answer for them.
PROBES = {"healthz", "readyz", "metrics"}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def public_patterns() -> Iterator[URLPattern]:
    """Every pattern whose view asks for no log-in, outside the admin."""

    def walk(patterns) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.app_name != "admin":
                    yield from walk(pattern.url_patterns)
            elif getattr(pattern.callback, "login_required", True) is False:
                yield pattern

    yield from walk(get_resolver().url_patterns)


# Files, and what leads elsewhere.
NO_PAGES = {"media", "event-file", "poster", "set_language", "favicon", "root"}


@dataclass
class Story:
    """One of everything that visitors may see, each linked with the next."""

    series: EventSeries
    event: Event
    session: Session
    organization: Organization
    expert: Expert
    project: Project
    intention: CooperationIntention

    def arguments(self) -> dict[str, dict[str, str]]:
        """What the public patterns with arguments are reversed with, by their names."""
        return {
            "sitemap-section": {"section": "events"},
            "series": {"slug": self.series.slug},
            "event": {"slug": self.event.slug},
            "event-calendar": {"slug": self.event.slug},
            "session": {"event_slug": self.event.slug, "slug": self.session.slug},
            "session-calendar": {"event_slug": self.event.slug, "slug": self.session.slug},
            "expert": {"slug": self.expert.slug},
            "organization": {"slug": self.organization.slug},
            "project": {"slug": self.project.slug},
            "intention": {"reference": self.intention.reference},
        }

    def addresses(self) -> list[str]:
        """Every public address of this story, in both languages where it has one in each."""
        found = []
        for pattern in public_patterns():
            if pattern.name in NO_PAGES | PERSONAL | PROBES:
                continue
            kwargs = self.arguments().get(pattern.name, {})
            for language in LANGUAGES:
                with translation.override(language):
                    found.append(reverse(pattern.name, kwargs=kwargs))
        return list(dict.fromkeys(found))

    def pages(self) -> list[str]:
        """The addresses that are HTML pages."""
        return [path for path in self.addresses() if path.endswith("/")]


def listed_pages(client: Client) -> list[str]:
    """Return the path of every page that the files of the sitemap list."""

    def listed(path: str) -> list[str]:
        return re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get(path).text)

    return [path for file in listed("/sitemap.xml") for path in listed(file)]


def story(**texts) -> Story:
    """Make the story; ``texts`` goes into every bilingual title and name."""
    titles = {f"title_{code}": text for code, text in texts.items()}
    names = {f"name_{code}": text for code, text in texts.items()}
    series = factories.series(**titles)
    event = factories.event(series=series, **titles)
    session = factories.session(event=event, **titles)
    organization = factories.organization(**names)
    expert = factories.expert(**names)
    factories.role(event=event, organization=organization)
    factories.affiliation(expert=expert, organization=organization)
    factories.appearance(session=session, expert=expert)
    project = factories.project(
        owner=organization,
        sectors=[factories.sector()],
        modes=[factories.mode()],
        industry=factories.industry(),
        district=factories.district(),
        department=factories.department(),
        stage="pilot_trial",
        **titles,
    )
    factories.recommendation(expert=expert, project=project, session=session)
    intention = factories.signed_intention(
        session=session,
        company=organization,
        expert=expert,
        expert_organization=organization,
        projects=[project],
    )
    return Story(series, event, session, organization, expert, project, intention)
