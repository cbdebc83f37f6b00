"""Every address of the site.

``public`` is the list of what people see without logging in; everything else asks
for a log-in, because ``LoginRequiredMiddleware`` is on. One test asserts the list.
"""

from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.views.i18n import set_language


def public(route: str, view: Callable, name: str) -> URLPattern:
    return path(route, login_not_required(view), name=name)


def later(name: str) -> Callable:
    def view(request, **kwargs):  # noqa: ANN001, ANN003, ANN202
        found = import_string(name)
        return (found.as_view() if isinstance(found, type) else found)(request, **kwargs)

    return view


urlpatterns = [
    public("", later("summit.views.choose_language"), "root"),
    public("i18n/setlang/", set_language, "set_language"),
    public("media/<path:path>", later("summit.views.media"), "media"),
    public("sitemap.xml", later("summit.views.sitemap"), "sitemap"),
    public("robots.txt", later("summit.views.robots"), "robots"),
    public("favicon.ico", later("summit.views.favicon"), "favicon"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        public("", later("projects.views.home.HomeView"), "home"),
        public("series/", later("events.views.series.SeriesListView"), "series-list"),
        public("series/<slug:slug>/", later("projects.views.series.SeriesView"), "series"),
        public("events/", later("events.views.event.EventListView"), "events"),
        public("events/<slug:slug>/", later("projects.views.event.EventView"), "event"),
        public(
            "events/<slug:slug>/calendar.ics",
            later("events.views.pages.event_calendar"),
            "event-calendar",
        ),
        public(
            "events/<slug:event_slug>/programme/<slug:slug>/",
            later("projects.views.session.SessionView"),
            "session",
        ),
        public("experts/", later("events.views.expert.ExpertListView"), "experts"),
        public("experts/<slug:slug>/", later("projects.views.expert.ExpertView"), "expert"),
        public(
            "organizations/<slug:slug>/",
            later("projects.views.organization.OrganizationView"),
            "organization",
        ),
        public("projects/", later("projects.views.project.ProjectListView"), "projects"),
        public("projects/<slug:slug>/", later("projects.views.project.ProjectView"), "project"),
        public("intentions/", later("projects.views.intention.IntentionListView"), "intentions"),
        public(
            "intentions/<slug:reference>/",
            later("projects.views.intention.IntentionView"),
            "intention",
        ),
        public("about/", later("events.views.pages.AboutView"), "about"),
        public("privacy/", later("events.views.pages.PrivacyView"), "privacy"),
        public("feed.xml", later("projects.feeds.feed"), "feed"),
    ),
]
