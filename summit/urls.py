"""Every address of the site.

``public`` is the list of what people see without logging in; everything else asks
for a log-in, because ``LoginRequiredMiddleware`` is on. One test asserts the list.
"""

from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from desk.views import (
    attendee_export,
    badges,
    day_list,
    door,
    files,
    meeting,
    meeting_desk,
    meeting_queues,
    meeting_screens,
    meeting_sheets,
    meeting_tables,
    meeting_taps,
    meeting_walk_up,
    taps,
    walk_in,
)
from ops import health, metrics
from staff.views import account, links, log_in
from submissions.kinds import CallKind
from website.feeds import feed
from website.former_addresses import led_from_former_addresses
from website.page_cache import cached_page
from website.views import (
    call,
    contact,
    document,
    event_file,
    expert_proposal,
    expert_slides,
    expert_visit,
    follow_up,
    group,
    interest,
    meeting_feedback,
    meeting_people,
    meeting_requests,
    meeting_schedule,
    meetings,
    my,
    own_number,
    own_screen,
    poster,
    registration,
    site,
    submission,
    submission_files,
    subscription,
)
from website.views.event import EventListView, EventView
from website.views.expert import ExpertListView, ExpertView
from website.views.guards import counted
from website.views.home import HomeView
from website.views.intention import IntentionListView, IntentionView
from website.views.organization import OrganizationListView, OrganizationView
from website.views.pages import AboutView, PrivacyView, event_calendar, session_calendar
from website.views.project import ProjectListView, ProjectView
from website.views.series import SeriesListView, SeriesView
from website.views.session import SessionView

type View = Callable[..., HttpResponseBase]


def public(route: str, view: View, name: str) -> URLPattern:
    """What people read without logging in; it takes nothing. Former addresses lead to it."""
    return path(route, login_not_required(require_safe(led_from_former_addresses(view))), name=name)


def form(route: str, view: View, name: str) -> URLPattern:
    """What people send without logging in: whatever a stranger sends is counted."""
    return path(route, login_not_required(counted(view, "form")), name=name)


def counting_form(route: str, view: View, name: str) -> URLPattern:
    """A form whose view counts what is sent, under limits of its own.

    Those of the log-in count what fails, by the account: visitors on the network of the
    staff shall keep none of them out.
    """
    return path(route, login_not_required(led_from_former_addresses(view)), name=name)


def page(route: str, view: View, name: str) -> URLPattern:
    """A public page that is the same for everybody who is not logged in, and is kept."""
    return public(route, cached_page(view), name)


handler400 = "website.views.site.bad_request"
handler403 = "website.views.site.forbidden"
handler404 = "website.views.site.not_found"
handler500 = "ops.unavailable.unavailable_or_error"

# One of those whom a browser has registered, by its number on the page.
_TYPED = "events/<slug:slug>/registered/<int:number>"

# One of a group, by the number on its page.
_MEMBER = "my/group/<str:code>/<int:number>"

_INTEREST = "my/interest/<str:code>"
_EXPERT = "my/expert/<str:code>"
_SLIDES = f"{_EXPERT}/slides/<slug:file_code>"
_VISIT = f"{_EXPERT}/visits/<slug:event>"
_MEETINGS = "my/<str:code>/meetings"
_SUBMISSION = "submissions/<str:code>"
_ATTACHMENT = f"{_SUBMISSION}/files/<slug:file_code>"

urlpatterns = [
    public("", site.choose_language, "root"),
    form("i18n/setlang/", set_language, "set_language"),
    public("media/<path:path>", site.media, "media"),
    public("sitemap.xml", site.sitemap, "sitemap"),
    public("sitemap-<slug:section>.xml", site.sitemap_section, "sitemap-section"),
    public("robots.txt", site.robots, "robots"),
    public("favicon.ico", site.favicon, "favicon"),
    # Answered by summit/middleware/health_probe.py, for hosts of any name.
    public("healthz", health.healthz, "healthz"),
    public("readyz", health.readyz, "readyz"),
    public("metrics", metrics.metrics, "metrics"),
    path("admin/", admin.site.urls),
    path("desk/", door.desk, name="desk"),
    path("desk/<slug:slug>/", door.door, name="desk-door"),
    path("desk/<slug:slug>/counts.json", door.counts, name="desk-counts"),
    path("desk/<slug:slug>/day-list.json", day_list.day_list, name="desk-day-list"),
    path("desk/<slug:slug>/check-in/", taps.check_in, name="desk-check-in"),
    path("desk/<slug:slug>/undo/", taps.undo, name="desk-undo"),
    path("desk/<slug:slug>/admit/", taps.admit, name="desk-admit"),
    path("desk/<slug:slug>/confirm-contact/", taps.prove, name="desk-prove"),
    path("desk/<slug:slug>/walk-in/", walk_in.walk_in, name="desk-walk-in"),
    path("desk/<slug:slug>/badges/", badges.badges, name="desk-badges"),
    path("desk/<slug:slug>/export/", attendee_export.export, name="desk-export"),
    path("desk/<slug:slug>/files/<slug:code>/", files.file, name="desk-file"),
    path("desk/<slug:slug>/meetings/", meeting_desk.meetings, name="meetings-desk"),
    path("desk/<slug:slug>/meetings/tap/", meeting_taps.tap, name="meetings-tap"),
    path("desk/<slug:slug>/meetings/walk-up/", meeting_walk_up.walk_up, name="meetings-walk-up"),
    path("desk/<slug:slug>/meetings/tables/", meeting_tables.tables, name="meetings-tables"),
    path("desk/<slug:slug>/meetings/queues/", meeting_queues.queues, name="meetings-queues"),
    path("desk/<slug:slug>/meetings/hall/", meeting_screens.hall, name="meetings-hall"),
    path("desk/<slug:slug>/meetings/paper/", meeting_sheets.sheets, name="meetings-sheets"),
    path("desk/<slug:slug>/meetings/<str:code>/", meeting.meeting, name="meetings-meeting"),
    path("desk/<slug:slug>/meetings/<str:code>/move/", meeting.move, name="meetings-move"),
    public("screens/<str:signed>/", meeting_screens.public_hall, "hall-screen"),
    path("documents/<slug:code>/", document.document, name="document"),
    public("files/<slug:code>/", event_file.event_file, "event-file"),
    public("posters/<slug:code>.png", poster.poster, "poster"),
    counting_form("staff/code/", log_in.code, "staff-code"),
    counting_form("staff/no-authenticator/", log_in.no_authenticator, "staff-no-authenticator"),
    counting_form("staff/forgotten/", log_in.forgotten, "staff-forgotten"),
    counting_form("staff/log-in-link/", log_in.log_in_link, "staff-log-in-link"),
    public("staff/welcome/<str:token>/", links.open_link, "staff-link"),
    counting_form("staff/open-log-in/", links.open_log_in, "staff-open-log-in"),
    counting_form("staff/new-password/", links.new_password, "staff-new-password"),
    counting_form("staff/new-authenticator/", links.new_authenticator, "staff-new-authenticator"),
    counting_form("staff/recovery-codes/", links.recovery_codes, "staff-recovery-codes"),
    public("staff/recovery-codes.txt", links.recovery_codes_file, "staff-recovery-codes-file"),
    path("staff/account/", account.account, name="account"),
    path("staff/account/password/", account.password, name="account-password"),
    path(
        "staff/account/authenticator/", account.replace_authenticator, name="account-authenticator"
    ),
    path("staff/account/recovery-codes/", account.new_codes, name="account-recovery-codes"),
    path("staff/account/end-login/", account.end_login, name="account-end-login"),
    counting_form(
        "my/projects/<str:code>/end/", subscription.end_at_once, "subscription-end-at-once"
    ),
    *i18n_patterns(
        page("", HomeView.as_view(), "home"),
        page("series/", SeriesListView.as_view(), "series-list"),
        page("series/<slug:slug>/", SeriesView.as_view(), "series"),
        page("events/", EventListView.as_view(), "events"),
        page("events/<slug:slug>/", EventView.as_view(), "event"),
        page("events/<slug:slug>/calendar.ics", event_calendar, "event-calendar"),
        counting_form("events/<slug:slug>/register/", registration.register, "register"),
        public("events/<slug:slug>/registered/", own_screen.registered, "registered"),
        public(f"{_TYPED}/ticket.png", own_screen.ticket, "registered-ticket"),
        public(f"{_TYPED}/event.ics", own_screen.calendar, "registered-calendar"),
        form(f"{_TYPED}/correct/", own_screen.correct, "registered-correct"),
        form(f"{_TYPED}/cancel/", own_screen.cancel, "registered-cancel"),
        form(f"{_TYPED}/accept/", own_screen.accept, "registered-accept"),
        form(f"{_TYPED}/way/", own_screen.change_way, "registered-way"),
        form(f"{_TYPED}/withdraw/", own_screen.withdraw, "registered-withdraw"),
        form(f"{_TYPED}/send-code/", own_screen.send_code, "registered-send-code"),
        form(f"{_TYPED}/enter-code/", own_screen.enter_code, "registered-enter-code"),
        form(f"{_TYPED}/number/", own_number.change, "registered-number"),
        form(f"{_TYPED}/number/code/", own_number.confirm, "registered-number-code"),
        form(f"{_TYPED}/number/own-code/", own_number.send_code, "registered-own-code"),
        form(
            f"{_TYPED}/number/own-code/enter/", own_number.enter_code, "registered-own-code-enter"
        ),
        form(f"{_TYPED}/number/stop/", own_number.stop, "registered-number-stop"),
        form(f"{_TYPED}/remove/", own_screen.remove, "registered-remove"),
        form(f"{_TYPED}/contact/", own_screen.correct_contact, "registered-contact"),
        form(f"{_TYPED}/singly/", own_screen.wait_singly, "registered-singly"),
        form("events/<slug:slug>/registered/leave/", own_screen.leave, "registered-leave"),
        page(
            "events/<slug:event_slug>/programme/<slug:slug>/",
            SessionView.as_view(),
            "session",
        ),
        page(
            "events/<slug:event_slug>/programme/<slug:slug>/calendar.ics",
            session_calendar,
            "session-calendar",
        ),
        counting_form("events/<slug:slug>/interest/", interest.event, "event-interest"),
        page("experts/", ExpertListView.as_view(), "experts"),
        page("experts/<slug:slug>/", ExpertView.as_view(), "expert"),
        counting_form("experts/<slug:slug>/interest/", interest.expert, "expert-interest"),
        page("organizations/", OrganizationListView.as_view(), "organizations"),
        page("organizations/<slug:slug>/", OrganizationView.as_view(), "organization"),
        counting_form("new-projects/", subscription.subscribe, "subscribe"),
        form("new-projects/code/", subscription.enter_code, "subscribe-code"),
        counting_form("my/projects/<str:code>/", subscription.manage, "subscription"),
        page("projects/", ProjectListView.as_view(), "projects"),
        page("projects/<slug:slug>/", ProjectView.as_view(), "project"),
        counting_form("projects/<slug:slug>/interest/", interest.project, "project-interest"),
        public("interests/sent/", interest.sent, "interests-sent"),
        form("interests/leave/", interest.leave, "interests-leave"),
        page("intentions/", IntentionListView.as_view(), "intentions"),
        page("intentions/<slug:reference>/", IntentionView.as_view(), "intention"),
        page("needs/", call.OpenCallsView.as_view(), "submit-need"),
        page("offers/", call.OpenCallsView.as_view(kinds=(CallKind.OFFER,)), "present-project"),
        counting_form("calls/<slug:slug>/", call.call, "call"),
        counting_form("submissions/", submission.find, "find-submission"),
        counting_form(f"{_SUBMISSION}/", submission.page, "submission"),
        counting_form(f"{_SUBMISSION}/withdraw/", submission.withdraw, "submission-withdraw"),
        counting_form(f"{_SUBMISSION}/new-link/", submission.renew, "submission-renew"),
        counting_form(f"{_SUBMISSION}/erase/", submission.erase, "submission-erase"),
        counting_form(f"{_SUBMISSION}/another/", submission.another, "submission-another"),
        counting_form(f"{_SUBMISSION}/files/", submission_files.page, "submission-files"),
        public(f"{_ATTACHMENT}/", submission_files.download, "submission-file"),
        counting_form(f"{_ATTACHMENT}/remove/", submission_files.remove, "submission-file-remove"),
        counting_form("my/", registration.lost_link, "lost-link"),
        counting_form("my/find/", own_screen.find, "find-registration"),
        counting_form("my/find/text/", own_screen.send_query_code, "find-by-text"),
        counting_form("my/confirm/<str:code>/", contact.confirm, "confirm-address"),
        public("my/group/<str:code>/", group.page, "my-group"),
        counting_form(f"{_MEMBER}/correct/", group.correct, "my-group-correct"),
        counting_form(f"{_MEMBER}/cancel/", group.cancel, "my-group-cancel"),
        counting_form("my/group/<str:code>/accept/", group.accept, "my-group-accept"),
        counting_form("my/group/<str:code>/singly/", group.wait_singly, "my-group-singly"),
        counting_form(f"{_EXPERT}/", expert_proposal.page, "my-expert"),
        counting_form(f"{_EXPERT}/withdraw/", expert_proposal.withdraw, "my-expert-withdraw"),
        counting_form(f"{_EXPERT}/new-link/", expert_proposal.renew, "my-expert-renew"),
        counting_form(f"{_EXPERT}/erase/", expert_proposal.erase, "my-expert-erase"),
        public(f"{_EXPERT}/portrait.webp", expert_proposal.portrait, "my-expert-portrait"),
        counting_form(f"{_EXPERT}/slides/", expert_slides.page, "my-expert-slides"),
        public(f"{_SLIDES}/", expert_slides.download, "my-expert-slides-file"),
        counting_form(f"{_SLIDES}/remove/", expert_slides.remove, "my-expert-slides-remove"),
        counting_form(f"{_VISIT}/travel/", expert_visit.travel, "my-expert-travel"),
        counting_form(f"{_VISIT}/passport/", expert_visit.passport_data, "my-expert-passport"),
        public("my/interest/<str:code>/", interest.page, "my-interest"),
        counting_form(f"{_INTEREST}/withdraw/", interest.withdraw, "my-interest-withdraw"),
        counting_form(f"{_INTEREST}/new-link/", interest.renew, "my-interest-renew"),
        counting_form(f"{_INTEREST}/delete/", interest.delete, "my-interest-delete"),
        counting_form("my/not-me/<str:code>/", group.not_me, "not-me"),
        public("my/<str:code>/", my.page, "my-registration"),
        counting_form("my/<str:code>/correct/", my.correct, "my-correct"),
        counting_form("my/<str:code>/address/", contact.change, "my-address"),
        counting_form("my/<str:code>/address/stop/", contact.stop, "my-stop-address"),
        counting_form("my/<str:code>/cancel/", my.cancel, "my-cancel"),
        counting_form("my/<str:code>/accept/", my.accept, "my-accept"),
        counting_form("my/<str:code>/decline/", my.decline, "my-decline"),
        counting_form("my/<str:code>/consent/", my.consent, "my-consent"),
        counting_form("my/<str:code>/choices/", my.decide, "my-choices"),
        counting_form("my/<str:code>/way/", my.change_way, "my-way"),
        counting_form("my/<str:code>/erase-answer/", my.erase_answer, "my-erase-answer"),
        counting_form("my/<str:code>/new-link/", my.renew, "my-new-link"),
        public("my/<str:code>/data/", my.data_page, "my-data-page"),
        public("my/<str:code>/data.json", my.data, "my-data"),
        public("my/<str:code>/files/<slug:file_code>/", event_file.file_of_attendee, "my-file"),
        public("my/<str:code>/event.ics", my.calendar, "my-calendar"),
        public(f"{_MEETINGS}/schedule/", meeting_schedule.schedule, "my-meetings-schedule"),
        public(
            f"{_MEETINGS}/schedule.ics",
            meeting_schedule.calendar,
            "my-meetings-calendar",
        ),
        counting_form(
            f"{_MEETINGS}/<int:number>/call-off/",
            meeting_schedule.call_off,
            "my-meetings-call-off",
        ),
        public("interpreter/<str:code>/", meeting_schedule.interpreter, "interpreter"),
        public(f"{_MEETINGS}/", meetings.page, "my-meetings"),
        counting_form(f"{_MEETINGS}/entry/", meetings.entry, "my-meetings-entry"),
        counting_form(f"{_MEETINGS}/leave/", meetings.leave, "my-meetings-leave"),
        counting_form(f"{_MEETINGS}/away/", meetings.away, "my-meetings-away"),
        public(f"{_MEETINGS}/people/", meeting_people.people, "my-meetings-people"),
        counting_form(
            f"{_MEETINGS}/people/<int:number>/", meeting_people.person, "my-meetings-person"
        ),
        counting_form(
            f"{_MEETINGS}/requests/<int:number>/", meeting_requests.answer, "my-meetings-request"
        ),
        counting_form(f"{_MEETINGS}/<int:number>/who/", meeting_requests.who, "my-meetings-who"),
        counting_form(f"{_MEETINGS}/feedback/", meeting_feedback.page, "my-meetings-feedback"),
        public("follow-ups/<str:code>/calendar.ics", follow_up.calendar, "follow-up-calendar"),
        page("about/", AboutView.as_view(), "about"),
        page("privacy/", PrivacyView.as_view(), "privacy"),
        page("feed.xml", feed, "feed"),
    ),
]
