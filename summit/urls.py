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

from events.views import my, registration
from events.views.expert import ExpertListView
from events.views.pages import AboutView, PrivacyView, event_calendar
from projects.feeds import feed
from projects.views.expert import ExpertView
from projects.views.intention import IntentionListView, IntentionView
from projects.views.organization import OrganizationView
from projects.views.project import ProjectListView, ProjectView
from summit import views


def public(route: str, view: Callable, name: str) -> URLPattern:
    return path(route, login_not_required(view), name=name)


def later(name: str) -> Callable:
    def view(request, **kwargs):  # noqa: ANN001, ANN003, ANN202
        found = import_string(name)
        return (found.as_view() if isinstance(found, type) else found)(request, **kwargs)

    return view


handler400 = "summit.views.bad_request"
handler403 = "summit.views.forbidden"
handler404 = "summit.views.not_found"
handler500 = "summit.views.server_error"

urlpatterns = [
    public("", views.choose_language, "root"),
    public("i18n/setlang/", set_language, "set_language"),
    public("media/<path:path>", views.media, "media"),
    public("sitemap.xml", views.sitemap, "sitemap"),
    public("robots.txt", views.robots, "robots"),
    public("favicon.ico", views.favicon, "favicon"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        public("", later("projects.views.home.HomeView"), "home"),
        public("series/", later("events.views.series.SeriesListView"), "series-list"),
        public("series/<slug:slug>/", later("projects.views.series.SeriesView"), "series"),
        public("events/", later("events.views.event.EventListView"), "events"),
        public("events/<slug:slug>/", later("projects.views.event.EventView"), "event"),
        public(
            "events/<slug:slug>/calendar.ics",
            event_calendar,
            "event-calendar",
        ),
        public("events/<slug:slug>/register/", registration.register, "register"),
        public("events/<slug:slug>/registered/", registration.registered, "registered"),
        public(
            "events/<slug:event_slug>/programme/<slug:slug>/",
            later("projects.views.session.SessionView"),
            "session",
        ),
        public("experts/", ExpertListView.as_view(), "experts"),
        public("experts/<slug:slug>/", ExpertView.as_view(), "expert"),
        public(
            "organizations/<slug:slug>/",
            OrganizationView.as_view(),
            "organization",
        ),
        public("projects/", ProjectListView.as_view(), "projects"),
        public("projects/<slug:slug>/", ProjectView.as_view(), "project"),
        public("intentions/", IntentionListView.as_view(), "intentions"),
        public(
            "intentions/<slug:reference>/",
            IntentionView.as_view(),
            "intention",
        ),
        public("my/", registration.lost_link, "lost-link"),
        public("my/<str:code>/", my.page, "my-registration"),
        public("my/<str:code>/correct/", my.correct, "my-correct"),
        public("my/<str:code>/cancel/", my.cancel, "my-cancel"),
        public("my/<str:code>/accept/", my.accept, "my-accept"),
        public("my/<str:code>/new-link/", my.renew, "my-new-link"),
        public("my/<str:code>/data.json", my.data, "my-data"),
        public("my/<str:code>/event.ics", my.calendar, "my-calendar"),
        public("about/", AboutView.as_view(), "about"),
        public("privacy/", PrivacyView.as_view(), "privacy"),
        public("feed.xml", feed, "feed"),
    ),
]
