"""Follow-ups: which are due, to whom they are assigned, and what each found."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backoffice.follow_up_actions import ASSIGN, RECORD, RESCHEDULE, parties_of, state_of
from backoffice.follow_up_filters import PersonFilter, WhenFilter, WhoseFilter
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.labels import pair
from backoffice.report_selection import FigureFilter
from projects.domain import feed
from projects.models import FollowUp
from summit.lib.i18n.names import staff_name


@admin.register(FollowUp)
class FollowUpAdmin(VersionedAdmin):
    """A page that tells, with buttons that do: nothing is typed over what was found."""

    actions = [RECORD, ASSIGN, RESCHEDULE]
    list_display = ["due", "reference", "parties", "person", "state", "done"]
    list_filter = [
        WhenFilter,
        WhoseFilter,
        "outcome",
        ("assigned_to", PersonFilter),
        ("intention__event__series", admin.RelatedOnlyFieldListFilter),
        ("intention__event", admin.RelatedOnlyFieldListFilter),
        FigureFilter,
    ]
    list_select_related = ["intention__event", "assigned_to", "done_by"]
    list_per_page = 50
    show_full_result_count = False
    # What is to be done first, by its day; then what was done last.
    ordering = [F("done_on").desc(nulls_first=True), "due_on", "pk"]
    search_fields = [
        "intention__reference",
        *(f"intention__company__{column}" for column in pair("name")),
        "intention__company__pinyin",
        *(f"intention__expert__{column}" for column in pair("name")),
        "intention__expert__pinyin",
    ]
    search_help_text = _("Reference, company or expert")
    fieldsets = [
        (None, {"fields": ["intention_link", "parties", "due_on", "state", "person"]}),
        (_("What it found"), {"fields": ["done", "note", "next_step"]}),
    ]
    readonly_fields = ["intention_link", "parties", "state", "person", "done"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.feed_view)
        return [path("feed/", view, name="projects_followup_feed"), *super().get_urls()]

    def has_add_permission(self, request):
        # They are planned on the page of an intention.
        return False

    def has_change_permission(self, request, obj=None):
        # Nobody edits a row: what may be done with it, the buttons do.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def may_use(self, action, request, obj):
        return self.has_change_permission(request)

    def event_in_sight(self, obj):
        return obj.intention.event

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def feed_view(self, request):
        """Make, replace or stop the calendar feed of whoever asks."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        do = request.POST.get("do", "")
        if do not in FEED:
            raise Http404
        run, done = FEED[do]
        run(request.user)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:index") + "#start-feed")

    @admin.display(description=_("due on"), ordering="due_on")
    def due(self, follow_up):
        return format_html('<span class="when">{}</span>', follow_up.due_on.isoformat())

    @admin.display(description=_("reference"), ordering="intention__reference")
    def reference(self, follow_up):
        return follow_up.intention.reference

    @admin.display(description=_("parties"))
    def parties(self, follow_up):
        return parties_of(follow_up)

    @admin.display(description=_("cooperation intention"))
    def intention_link(self, follow_up):
        page = reverse("admin:projects_cooperationintention_change", args=[follow_up.intention_id])
        return format_html('<a href="{}">{}</a>', page, follow_up.intention.reference)

    @admin.display(description=_("assigned to"), ordering="assigned_to__username")
    def person(self, follow_up):
        return staff_name(follow_up.assigned_to)

    @admin.display(description=_("status"))
    def state(self, follow_up):
        return format_html('<span class="state state-{}">{}</span>', *state_of(follow_up))

    @admin.display(description=_("done"), ordering="done_on")
    def done(self, follow_up):
        if not follow_up.is_done:
            return "—"
        return format_html(
            '<span class="when">{}</span> {}',
            follow_up.done_on.isoformat(),
            staff_name(follow_up.done_by),
        )


FEED = {
    "make": (feed.create, _("Your calendar feed has a link now.")),
    "replace": (feed.replace, _("Your calendar feed has a new link. The old one no longer works.")),
    "stop": (feed.stop, _("Your calendar feed is stopped.")),
}
