"""The projects of an event: what is recommended at it by whom, edited in place, and new ones."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Max, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_manager_for_model

from backoffice.kit.actions import Action, Facts
from backoffice.kit.choosers import KeySelect
from backoffice.kit.columns import state_mark
from backoffice.kit.labels import pair
from backoffice.kit.new_or_chosen import OrganizationField
from backoffice.kit.way_back import with_way_back
from backoffice.workspace.boxes import SessionField, both_lines
from backoffice.workspace.page import EventPage
from backoffice.workspace.rows_inline import NewcomerForm, NewcomerFormSet, RowsInline
from events.models import Event
from events.models.scope import scope_of
from projects.domain import project as domain
from projects.models import Project, Recommendation
from summit.lib.web.requests import StaffRequest


class RecommendationForm(NewcomerForm):
    """A recommendation; a new one names a project that is there, or the title of a new one."""

    new_ones = ("project",)
    # Of a new project, in rows of new recommendations.
    NEW = (*pair("title"), "kind", "owner")

    @property
    def row(self) -> Project:
        """What the row is about, whose page its name leads to."""
        return self.instance.project

    @property
    def row_more(self) -> str:
        return str(self.instance.expert)

    @property
    def row_state(self) -> SafeString:
        project = self.instance.project
        return state_mark(project.status, project.get_status_display())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance.pk:
            self._clean_project()
        return cleaned

    def _clean_project(self) -> None:
        titles = {name: self.cleaned_data.get(name, "") for name in pair("title")}
        title = next((name for name in self.fields if titles.get(name)), "")
        if self.cleaned_data.get("project"):
            if title:
                self.add_error(
                    title, _("Choose a project or type the title of a new one, not both.")
                )
        elif "project" not in self.errors and title:
            self._clean_new(title, titles)
        elif "project" not in self.errors:
            self.add_error("project", _("Choose a project, or type the title of a new one."))

    def _clean_new(self, title: str, titles: dict[str, str]) -> None:
        project = Project(**titles, kind=self.cleaned_data.get("kind") or Project.Kind.OFFER)
        self.cleaned_data["project"] = project
        self.ask(title, project, self.reader)
        owner = self.cleaned_data.get("owner")
        self.ask("owner", owner, self.reader)

    def save(self, commit: bool = True) -> Recommendation:
        new = self.unsaved("project")
        if isinstance(new, Project):
            new.owner = self.newcomers.stored(self.cleaned_data["owner"])
            self.instance.project = domain.add(new, by=self.newcomers.by)
        return super().save(commit)


class RecommendationFormSet(NewcomerFormSet):
    """Offers the sessions of the event, read once for all rows."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        event = self.instance
        if "session" in form.fields:
            form.fields["session"] = SessionField(event, label=_("Session"))
        if not isinstance(form, RecommendationForm) or form.instance.pk:
            # Another project or another expert is another recommendation.
            form.fields.pop("project", None)
            form.fields.pop("expert", None)
            return
        form.fields["project"].required = False
        form.fields["project"].label = _("Existing project")
        new: dict[str, forms.Field] = {
            **both_lines(Project, "title", label=_("new project")),
            "kind": forms.ChoiceField(
                label=_("Kind"), choices=Project.Kind.choices, initial=Project.Kind.OFFER
            ),
            "owner": OrganizationField(
                Project._meta.get_field("owner"),
                user=self.reader,
                label=_("Owner"),
                required=False,
            ),
        }
        # What is new comes first: it is typed, and what is there is chosen.
        form.fields = {**new, **form.fields}

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        rows: list[Any] = self.forms
        for form in rows:
            new = form.unsaved("project") if form.is_valid() else None
            keys = new.likeness_keys() if isinstance(new, Project) else set()
            if seen & keys:
                form.add_error(
                    None, _("Another row on this page has this name. Remove one of them.")
                )
            seen |= keys


class RecommendationInline(RowsInline):
    model = Recommendation
    form = RecommendationForm
    formset = RecommendationFormSet
    autocomplete_fields = ["expert", "project"]
    fields = ["project", "expert", "session", pair("note"), "order", "told"]
    verbose_name_plural = _("recommended projects")
    about = _(
        "One row for each project. Type the title of a new project, which stays a draft "
        "until it is published, or choose an existing one. Then choose who recommends it."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recommendation]:
        related = ("expert", "event", "session", "project")
        return super().get_queryset(request).select_related(*related)

    def get_formset(
        self, request: HttpRequest, obj: Any = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        if obj is not None:
            prefetch_related_objects([obj], "sessions")
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in ("expert", "project"):
            near = {"data-near": self.event.pk}
            kwargs["widget"] = KeySelect(db_field, self.admin_site, attrs=near)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def drafts_of(event: Event) -> QuerySet[Project]:
    """Return the projects recommended at an event that are no more than drafts."""
    recommended = Recommendation.objects.filter(event=event).values("project")
    return Project.objects.filter(pk__in=recommended, status=Project.Status.DRAFT).order_by("pk")


def _beyond_limits() -> str:
    return gettext(
        "These projects are also used in events outside your limits. Ask an organizer "
        "without limits to publish them."
    )


def _publish(page: Any, request: StaffRequest, event: Event, _given: dict[str, Any]) -> None:
    """Publish the drafts that somebody may change, and say how many others there are."""
    drafts = drafts_of(event).select_for_update(no_key=True)
    theirs = list(scope_of(Project).changeable(drafts, request.user))
    left = drafts.count() - len(theirs)
    if left and not theirs:
        raise ValidationError(_beyond_limits())
    domain.publish_all(theirs, by=request.user)
    if left:
        words = ngettext(
            "%(count)d draft was not published: it also has a part in events outside your limits.",
            "%(count)d drafts were not published: they also have a part in events outside your "
            "limits.",
            left,
        )
        page.message_user(request, words % {"count": left}, messages.WARNING)


def _name_publishing(event: Event) -> str:
    count = drafts_of(event).count()
    if not count:
        return gettext("Publish the recommended projects")
    return ngettext("Publish %(count)d draft", "Publish all %(count)d drafts", count) % {
        "count": count
    }


def _list_drafts(event: Event) -> Facts:
    return [("", draft) for draft in drafts_of(event)]


def _version_of_drafts(event: Event) -> object:
    """Return which drafts there are, and what each is like, of which only the title is shown."""
    history = get_history_manager_for_model(Project).filter(id__in=drafts_of(event).values("pk"))
    newest = history.order_by("id").values_list("id").annotate(Max("history_id"))
    return list(drafts_of(event).values_list("pk", flat=True)), list(newest)


PUBLISH_PROJECTS = Action[Event](
    name="publish-projects",
    label=_("Publish the recommended projects"),
    label_of=_name_publishing,
    explanation=_("Everybody will be able to see the projects in the catalogue."),
    run=_publish,
    done=_("Projects recommended at “%(object)s” were added to the catalogue."),
    offered=lambda admin, event: drafts_of(event).exists(),
    refused=lambda event: gettext("No project recommended here is a draft."),
    facts=_list_drafts,
    facts_title=_("Drafts"),
    version=_version_of_drafts,
    permission="projects.change_project",
)


def offer_publishing(page: EventPage, request: HttpRequest, event: Event) -> dict[str, Any]:
    """Say how many projects are drafts, with the way to publish them. A panel."""
    count = drafts_of(event).count()
    may = request.user.has_perm(PUBLISH_PROJECTS.permission)
    address = with_way_back(PUBLISH_PROJECTS.url(event), request.path) if may else ""
    return {"drafts": count, "publish_url": address}


class ProjectsPage(EventPage):
    name = "projects"
    change_form_template = "backoffice/workspace/projects.html"
    inlines = [RecommendationInline]
    panels = [offer_publishing]
    history_parts = {Recommendation: "event_id"}
