from django.db.models import QuerySet

from projects.models import CooperationIntention, Project
from website.sitemaps import PageSitemap, SiteSitemap


class CataloguePageSitemap(PageSitemap):
    names = ("projects", "intentions")


class ProjectSitemap(SiteSitemap):
    def items(self) -> QuerySet[Project]:
        return Project.objects.visible().order_by("pk")


class IntentionSitemap(SiteSitemap):
    def items(self) -> QuerySet[CooperationIntention]:
        return CooperationIntention.objects.visible().order_by("pk")


SITEMAPS = {
    "catalogue": CataloguePageSitemap,
    "projects": ProjectSitemap,
    "intentions": IntentionSitemap,
}
