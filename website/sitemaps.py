from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse

from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import CooperationIntention, Project
from submissions.models import Call
from summit.lib.i18n.languages import CONTENT_LANGUAGES


class InEveryLanguage(Paginator):
    """Pages of a list of rows, each row once a language. Counts, and fetches those of one page."""

    def _get_page(self, rows: Iterable[Any], number: int, paginator: Paginator) -> Page:
        return Page([(row, code) for row in rows for code in CONTENT_LANGUAGES], number, paginator)


class SiteSitemap(Sitemap):
    """Pages in both languages, each naming the other, under the site's own address."""

    i18n = True
    alternates = True
    x_default = True
    # Of rows, so that a file has twice as many addresses. Each costs four times to be made.
    limit = 500

    @property
    def paginator(self) -> Paginator:
        # Django's own makes a list of all rows in all languages first, for each page of it.
        return InEveryLanguage(self.items(), self.limit)  # type: ignore[arg-type]  # they have a length

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(SiteSitemap):
    names = (
        *("home", "series-list", "events", "experts", "about", "privacy"),
        *("organizations", "projects", "intentions", "submit-need", "present-project"),
    )

    def items(self) -> tuple[str, ...]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(item)


class SeriesSitemap(SiteSitemap):
    def items(self) -> QuerySet[EventSeries]:
        return EventSeries.objects.visible().order_by("pk").only("slug")


class EventSitemap(SiteSitemap):
    def items(self) -> QuerySet[Event]:
        return Event.objects.visible().order_by("pk").only("slug")


class SessionSitemap(SiteSitemap):
    def items(self) -> QuerySet[Session]:
        return (
            Session.objects.visible()
            .select_related("event")
            .only("slug", "event__slug")
            .order_by("pk")
        )


class ExpertSitemap(SiteSitemap):
    def items(self) -> QuerySet[Expert]:
        return Expert.objects.visible().order_by("pk").only("slug")


class OrganizationSitemap(SiteSitemap):
    def items(self) -> QuerySet[Organization]:
        return Organization.objects.visible().order_by("pk").only("slug")


class ProjectSitemap(SiteSitemap):
    def items(self) -> QuerySet[Project]:
        return Project.objects.visible().order_by("pk").only("slug")


class IntentionSitemap(SiteSitemap):
    def items(self) -> QuerySet[CooperationIntention]:
        return CooperationIntention.objects.visible().order_by("pk").only("reference")


class CallSitemap(SiteSitemap):
    """The open ones: a call that has closed takes nothing, and its page is a form."""

    def items(self) -> QuerySet[Call]:
        return Call.objects.open().order_by("pk").only("slug")


SITEMAPS: dict[str, type[SiteSitemap]] = {
    "pages": PageSitemap,
    "series": SeriesSitemap,
    "events": EventSitemap,
    "sessions": SessionSitemap,
    "experts": ExpertSitemap,
    "organizations": OrganizationSitemap,
    "projects": ProjectSitemap,
    "intentions": IntentionSitemap,
    "calls": CallSitemap,
}


def files() -> list[str]:
    """Return the addresses of the files that together list every page. One query a section."""
    found = []
    for name, section in SITEMAPS.items():
        address = settings.SITE_URL + reverse("sitemap-section", args=[name])
        pages = section().paginator
        found += [f"{address}?p={number}" for number in pages.page_range] if pages.count else []
    return found
