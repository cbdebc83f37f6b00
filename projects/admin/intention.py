from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from events.admin.base import BilingualAdmin, SummitFields, languages
from events.admin.labels import pair
from events.admin.verbs import DraftDeletion, Verb
from projects.domain import intention as domain
from projects.models import CooperationIntention, IntentionProject
from summit.lib.languages import listed_long


class SignForm(forms.Form):
    signed_on = forms.DateField(
        label=_("Signed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @staticmethod
    def initial_for(intention):
        """Propose the date already noted, else the day on which the event starts."""
        event = intention.event
        started = timezone.localdate(event.starts_at, event.zone)
        return {"signed_on": intention.signed_on or started}


def what_is_fixed(intention):
    """Return what the signature fixes, as it reads now."""
    links = intention.project_links.select_related("project")
    return [
        (_("Event"), intention.event),
        (_("Session"), intention.session or "—"),
        (_("Company"), intention.company or "—"),
        (_("Expert"), intention.expert or "—"),
        (_("The expert acts for"), intention.expert_organization or "—"),
        (_("Projects"), listed_long(link.project for link in links) or "—"),
        (_("Subject"), intention.subject or "—"),
        (_("What is intended"), intention.purpose or "—"),
    ]


def snapshot_rows(snapshot):
    """Return (name, English, Chinese) of all that the snapshot tells."""

    def texts(name, key):
        part = snapshot.get(name) or {}
        return part.get(key, {})

    told = [
        (_("Company"), texts("company", "name")),
        (_("Expert"), texts("expert", "name")),
        (_("Honorific"), texts("expert", "honorific")),
        (_("Position"), snapshot.get("position") or {}),
        (_("The expert acts for"), texts("expert_organization", "name")),
        (_("Event"), texts("event", "title")),
        (_("Session"), texts("session", "title")),
        *((_("Project"), project["title"]) for project in snapshot.get("projects", ())),
        (_("Subject"), snapshot.get("subject") or {}),
        (_("What is intended"), snapshot.get("purpose") or {}),
    ]
    return [
        (name, each.get("en") or "—", each.get("zh-hans") or "—")
        for name, each in told
        if any(each.values())
    ]


SIGN = Verb(
    name="sign",
    label=_("Sign"),
    explanation=_(
        "Gives the intention its reference and keeps all names and positions as they read now, "
        "in both languages. The parties, the projects and the text can not be changed afterwards, "
        "and the intention can not be deleted."
    ),
    run=lambda admin, request, intention, given: domain.sign(intention, by=request.user, **given),
    done=_("Signed: %(object)s."),
    offered=lambda admin, intention: intention.is_draft,
    form=SignForm,
    facts=what_is_fixed,
    facts_title=_("What will be fixed"),
    is_main=True,
)


class FixedBySignature:
    """Rows that a signature fixes: nobody adds, changes or deletes them afterwards."""

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(obj)

    def _is_open(self, obj):
        return obj is None or obj.is_draft


class IntentionProjectInline(FixedBySignature, SummitFields, admin.TabularInline):
    model = IntentionProject
    autocomplete_fields = ["project"]
    fields = ["project", "order"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("project", "intention")


@admin.register(CooperationIntention)
class CooperationIntentionAdmin(DraftDeletion, BilingualAdmin):
    inlines = [IntentionProjectInline]
    verbs = [SIGN, *BilingualAdmin.verbs]
    autocomplete_fields = ["event", "session", "company", "expert", "expert_organization"]
    list_display = [
        "shown_reference",
        "state",
        "signed_on",
        "shown_company",
        "shown_expert",
        "shown_projects",
        "shown_event",
        "is_public",
        languages,
    ]
    list_filter = ["status", "is_public", "event", "is_demonstration"]
    list_select_related = ["event", "company", "expert"]
    date_hierarchy = "signed_on"
    search_fields = [
        "reference",
        *pair("subject"),
        *(f"company__{column}" for column in pair("name")),
        "company__pinyin",
        *(f"expert__{column}" for column in pair("name")),
        "expert__pinyin",
        *(f"projects__{column}" for column in pair("title")),
    ]
    fieldsets = [
        (None, {"fields": [("event", "session"), ("signed_on", "is_public", "is_demonstration")]}),
        (_("Parties"), {"fields": [("company", "expert", "expert_organization")]}),
        (_("Texts"), {"fields": [pair("subject"), pair("purpose")]}),
    ]
    history_parts = {IntentionProject: "intention_id"}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("project_links__project")

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and str(object_id).isdecimal():
            # Nobody edits what another one is signing at this moment.
            rows = CooperationIntention.objects.select_for_update(no_key=True)
            rows.filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def get_readonly_fields(self, request, obj=None):
        if obj is None or obj.is_draft:
            return []
        shown = [name for row in self.fieldsets for line in row[1]["fields"] for name in line]
        fixed = [name for name in shown if name in CooperationIntention.SIGNED_FIELDS]
        return ["shown_reference", "as_signed", *fixed]

    def get_fieldsets(self, request, obj=None):
        if obj is None or obj.is_draft:
            return self.fieldsets
        return [(None, {"fields": ["shown_reference", "as_signed"]}), *self.fieldsets]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description=_("reference"), ordering="reference")
    def shown_reference(self, intention):
        return intention.reference or _("draft")

    @admin.display(description=_("status"), ordering="status")
    def state(self, intention):
        return format_html(
            '<span class="state state-{}">{}</span>',
            intention.status,
            intention.get_status_display(),
        )

    @admin.display(description=_("company"), ordering="company__name_en")
    def shown_company(self, intention):
        return _text(intention.company.label) if intention.company else "—"

    @admin.display(description=_("expert"), ordering="expert__name_en")
    def shown_expert(self, intention):
        return _text(intention.expert.display_name) if intention.expert else "—"

    @admin.display(description=_("event"), ordering="event__starts_at")
    def shown_event(self, intention):
        return _text(intention.event.title)

    @admin.display(description=_("as signed"))
    def as_signed(self, intention):
        rows = snapshot_rows(intention.snapshot or {})
        return format_html(
            '<table class="as-signed">{}</table>',
            format_html_join(
                "",
                '<tr><th scope="row">{}</th><td lang="en">{}</td><td lang="zh-Hans">{}</td></tr>',
                rows,
            ),
        )

    @admin.display(description=_("projects"))
    def shown_projects(self, intention):
        titles = [str(link.project) for link in intention.project_links.all()]
        return listed_long(titles) or intention.subject or "—"


def _text(text):
    return format_html("<span{}>{}</span>", text.lang_attr, text)
