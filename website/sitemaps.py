from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import CooperationIntention, Project


class SiteSitemap(Sitemap):
    """Pages in both languages, each naming the other, under the site's own address."""

    i18n = True
    alternates = True
    x_default = True

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(SiteSitemap):
    names = (
        *("home", "series-list", "events", "experts", "about", "privacy"),
        *("projects", "intentions"),
    )

    def items(self) -> tuple[str, ...]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(item)


class SeriesSitemap(SiteSitemap):
    def items(self) -> QuerySet[EventSeries]:
        return EventSeries.objects.visible().order_by("pk")


class EventSitemap(SiteSitemap):
    def items(self) -> QuerySet[Event]:
        return Event.objects.visible().order_by("pk")


class SessionSitemap(SiteSitemap):
    def items(self) -> QuerySet[Session]:
        return Session.objects.visible().select_related("event").order_by("pk")


class ExpertSitemap(SiteSitemap):
    def items(self) -> QuerySet[Expert]:
        return Expert.objects.visible().order_by("pk")


class OrganizationSitemap(SiteSitemap):
    def items(self) -> QuerySet[Organization]:
        return Organization.objects.visible().order_by("pk")


class ProjectSitemap(SiteSitemap):
    def items(self) -> QuerySet[Project]:
        return Project.objects.visible().order_by("pk")


class IntentionSitemap(SiteSitemap):
    def items(self) -> QuerySet[CooperationIntention]:
        return CooperationIntention.objects.visible().order_by("pk")


SITEMAPS = {
    "pages": PageSitemap,
    "series": SeriesSitemap,
    "events": EventSitemap,
    "sessions": SessionSitemap,
    "experts": ExpertSitemap,
    "organizations": OrganizationSitemap,
    "projects": ProjectSitemap,
    "intentions": IntentionSitemap,
}
