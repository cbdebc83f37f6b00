from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db import models

from events.models import Event, Expert, Session
from events.models.limits import limits_of
from events.models.scope import readable
from summit.lib.i18n.bilingual import BilingualQuerySet

if TYPE_CHECKING:
    from projects.models.intention import CooperationIntention
    from projects.models.intention_project import IntentionProject
    from projects.models.project import Project


# What a row of a list shows.
ROW_COLUMNS = [
    *("pk", "reference", "status", "signed_on", "closed_on", "snapshot", "is_demonstration"),
    *("company__is_public", "expert__is_public"),
]


class IntentionQuerySet(BilingualQuerySet["CooperationIntention"]):
    def signed(self) -> Self:
        """Those that were signed, whatever came of them since; what was voided is none."""
        return self.exclude(status__in=self.model.UNCOUNTED)

    def visible(self) -> Self:
        """Signed, public, and of an event that is visible."""
        return self.signed().filter(is_public=True, event__status__in=Event.VISIBLE)

    def in_register(self) -> Self:
        """What is visible, and beside it what was voided, of which pages say no more than that."""
        return self.exclude(status__in=self.model.UNSIGNED).filter(
            is_public=True, event__status__in=Event.VISIBLE
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Add drafts and confidential ones for staff who may see intentions: of what they run.

        For everybody it is what is ``in_register()``.
        """
        if not (user.is_staff and user.has_perm("projects.view_cooperationintention")):
            return self.in_register()
        return self if limits_of(user) is None else self.in_register() | self.run_by(user)

    def run_by(self, user: User | AnonymousUser) -> Self:
        """Leave out those of other events than somebody who is limited runs."""
        return readable(self, user)

    def about(self, project: "Project") -> Self:
        """Those that name a project."""
        return self.filter(project_links__project=project)

    def about_what_was_presented(
        self,
        *,
        session: Session | None = None,
        expert: Expert | None = None,
        publicly: bool = False,
    ) -> Self:
        """Those that name a project recommended in ``session``, or by ``expert``: one query.

        That is the way from a keynote to what was signed, there or elsewhere. With
        ``publicly`` only recommendations count that pages may name.
        """
        recommended = apps.get_model("projects", "Recommendation").objects.all()
        if publicly:
            recommended = recommended.visible()
        if session is not None:
            recommended = recommended.filter(session=session)
        if expert is not None:
            recommended = recommended.filter(expert=expert)
        about = recommended.order_by().values("project__intention_links__intention")
        return self.filter(pk__in=about)

    def others_about(self, expert: Expert) -> Self:
        """Those about what an expert recommended that somebody else signed, for public pages."""
        about = self.about_what_was_presented(expert=expert, publicly=True)
        return about.exclude(expert=expert)

    def elsewhere_about(self, session: Session) -> Self:
        """Those about what was presented in a session and not signed in it, for public pages."""
        about = self.about_what_was_presented(session=session, publicly=True)
        return about.exclude(session=session)

    def counted(self) -> Self:
        """Annotate ``in_all``: how many there are, however few of them are taken."""
        return self.annotate(in_all=models.Window(models.Count("pk")))

    def with_parties(self) -> Self:
        """Fetch all that ``signature`` reads, in two queries."""
        return self.select_related(
            "company", "expert", "expert_organization", "event", "session__event"
        ).prefetch_related(self.named_projects())

    def named_projects(self) -> "models.Prefetch[Any]":
        """Return how to fetch the projects that ``signature`` names."""
        links = self._links().select_related("project")
        return models.Prefetch(
            "project_links",
            links.only("intention", "project__slug", "project__status", "project__disclosure"),
        )

    def for_rows(self, *more: str) -> "models.QuerySet[CooperationIntention, dict[str, Any]]":
        """Return what a row of a list shows, but for the projects, and the columns given.

        As dictionaries: objects, each with its company, expert and event, cost twice as much.
        """
        return self.values(*ROW_COLUMNS, *more)

    @staticmethod
    def _links() -> "models.QuerySet[IntentionProject]":
        return apps.get_model("projects", "IntentionProject").objects.all()
