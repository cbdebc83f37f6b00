"""The intentions of an event: drafts in rows, ceremonies, what was signed, what is due."""

from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.ceremony import ceremony_buttons
from backoffice.kit.choosers import KeySelect, KeySelectMultiple
from backoffice.kit.labels import pair
from backoffice.kit.new_or_chosen import OrganizationField
from backoffice.kit.way_back import add_url, change_url, with_way_back
from backoffice.workspace.boxes import SessionField, both_lines
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows import Newcomers, RowForm, Rows
from events.models import Event, Expert, Session
from events.models.scope import choosable
from projects.domain import draft as domain
from projects.models import (
    CooperationIntention,
    FollowUp,
    IntentionProject,
    Project,
    Signatory,
)
from summit.lib.web.requests import user_of

# As many are prepared as recommendations, up to these.
PREPARED = 30
# As many of what is due are shown.
DUE = 20
# What is typed of who signs for the local side.
SIGNATORY = (*pair("name"), *pair("capacity"))


class IntentionRow(RowForm):
    """A draft. A row that is as it began makes none."""

    # What the row began with: an expert and the projects.
    begun = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event, known = self.event, list(self.event.recommendations.all())
        experts = {str(each.expert_id): str(each.expert) for each in known}
        projects = {str(each.project_id): str(each.project) for each in known}
        ceremonies = [each for each in event.sessions.all() if each.kind == Session.Kind.SIGNING]
        self.fields["company"] = OrganizationField(
            CooperationIntention._meta.get_field("company"),
            user=self.user,
            country=event.country.code,
            label=_("Signing organization"),
            required=False,
        )
        self.fields["expert"] = forms.ModelChoiceField(
            choosable(Expert.objects.all(), self.user),
            widget=self._chooser(KeySelect, "expert", experts),
            label=_("Expert"),
            required=False,
        )
        self.fields["projects"] = forms.ModelMultipleChoiceField(
            choosable(Project.objects.all(), self.user),
            widget=self._chooser(KeySelectMultiple, "projects", projects),
            label=_("Projects"),
            required=False,
        )
        self.fields["session"] = SessionField(
            event,
            label=_("Ceremony"),
            kind=Session.Kind.SIGNING,
            initial=ceremonies[0].pk if ceremonies else None,
        )
        for name, label in (
            ("name", _("Who signs for it")),
            ("capacity", _("Position of the signatory")),
        ):
            boxes = both_lines(Signatory, name, label=label)
            self.fields |= {f"signatory_{column}": box for column, box in boxes.items()}
        self.fields |= both_lines(CooperationIntention, "subject")

    def _chooser(self, box: Any, name: str, known: dict[str, str]) -> Any:
        relation = CooperationIntention._meta.get_field(name)
        widget = box(relation, site, attrs={"data-near": self.event.pk})
        widget.known = known
        return widget

    def has_changed(self) -> bool:
        typed = ("company", *pair("subject"), *(f"signatory_{name}" for name in SIGNATORY))
        if any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in typed):
            return True
        expert = self.data.get(self.add_prefix("expert"), "")
        projects = self.fields["projects"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("projects")
        )
        chosen = begun_with(expert, projects)
        return chosen != (self.data.get(self.add_prefix("begun")) or begun_with("", []))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.ask("company", self.cleaned_data.get("company"), self.user)
        if self._signatory(pair("capacity")) and not self._signatory(pair("name")):
            self.add_error(
                f"signatory_{pair('name')[0]}", _("Fill this in, in English or in Chinese.")
            )
        if not self.errors:
            self._ask_for_same()
        return cleaned

    def _ask_for_same(self) -> None:
        """Ask whether a draft of the same is meant, as where a page is sent twice."""
        cleaned = self.cleaned_data
        company = cleaned["company"]
        if company is not None and company.pk is None:
            return
        found = domain.find_same(
            self.event,
            company=company,
            expert=cleaned["expert"],
            projects=cleaned["projects"],
            subject={name: cleaned[name] for name in pair("subject")},
        )
        self.ask_about("company", found)

    def _signatory(self, names: tuple[str, ...] = SIGNATORY) -> dict[str, str]:
        """Return what is typed of the signatory, by the signatory's own columns."""
        typed = {name: self.cleaned_data.get(f"signatory_{name}", "") for name in names}
        return {name: text for name, text in typed.items() if text}

    def add(self, newcomers: Newcomers) -> None:
        cleaned = self.cleaned_data
        domain.prepare(
            self.event,
            session=cleaned["session"],
            company=newcomers.stored(cleaned["company"]),
            expert=cleaned["expert"],
            projects=list(cleaned["projects"]),
            subject={name: cleaned[name] for name in pair("subject")},
            signatory=Signatory(**self._signatory()) if self._signatory() else None,
            by=self.user,
        )


def begun_with(expert: Any, projects: Any) -> str:
    """Return what tells whether somebody chose another expert, or other projects."""
    return f"{expert or ''}:{','.join(sorted(map(str, projects or [])))}"


def prepare_rows(event: Event, user: User) -> list[dict[str, Any]]:
    """Return a row for each project recommended here of which no intention of the event is."""
    named = IntentionProject.objects.filter(intention__event=event)
    taken = set(named.values_list("project", flat=True))
    rows: list[dict[str, Any]] = []
    seen: set[int] = set()
    for each in event.recommendations.all():
        if each.project_id not in taken | seen:
            seen.add(each.project_id)
            begun = begun_with(each.expert_id, [each.project_id])
            rows.append({"expert": each.expert_id, "projects": [each.project_id], "begun": begun})
    return rows[:PREPARED]


def list_intentions(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Find drafts, what was signed, the ceremonies to sign at and what is due. A panel."""
    back, user = request.path, user_of(request)
    links = IntentionProject.objects.select_related("project")
    rows = (
        CooperationIntention.objects.filter(event=event)
        .select_related("company", "expert", "expert_organization", "session")
        .prefetch_related(Prefetch("project_links", links))
        .order_by("session__starts_at", "reference", "pk")
    )
    told: dict[str, list[dict[str, Any]]] = {"drafts": [], "signed": [], "abandoned": []}
    for row in rows:
        kind = "drafts" if row.is_draft else "signed" if row.was_signed else "abandoned"
        projects = [link.project for link in row.project_links.all()]
        told[kind].append({"row": row, "url": change_url(row, back), "projects": projects})
    due = FollowUp.objects.filter(intention__event=event).due().select_related("intention")
    may_see_due = user.has_perm("projects.view_followup")
    may_add = user.has_perm("projects.add_cooperationintention")
    return {
        **told,
        "ceremonies": [
            (button, with_way_back(address, back))
            for button, address in ceremony_buttons(user, event)
        ],
        "due": [(each, change_url(each, back)) for each in due[:DUE]] if may_see_due else [],
        "add_url": add_url(CooperationIntention, back, event=event.pk) if may_add else "",
        "today": event.today,
    }


class IntentionsPage(EventPage):
    name = "intentions"
    change_form_template = "backoffice/workspace/intentions.html"
    panels = [list_intentions]
    rows = Rows(
        form=IntentionRow,
        title=_("Prepare drafts"),
        help_text=_(
            "There is one row for each recommended project without an intention: choose the "
            "signing organization, or type the name of a new one. No draft is made from rows "
            "that you leave as they are. The expert signs for their primary affiliation."
        ),
        done=ngettext_lazy(
            "%(count)d draft was created.", "%(count)d drafts were created.", "count"
        ),
        permissions=("projects.add_cooperationintention",),
        begin=prepare_rows,
        empty=2,
        reads=("sessions", "recommendations__expert", "recommendations__project"),
    )
