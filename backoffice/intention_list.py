"""The list of intentions: its columns, its filters, and how it searches. Made for 10,000 rows."""

from django.contrib import admin
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from backoffice.intentions_panel import CameOfFilter
from backoffice.kit.bilingual import BilingualAdmin
from backoffice.kit.columns import state_mark
from backoffice.kit.search import few_words, holding
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.report_selection import FigureFilter
from events.models import Expert, Organization
from projects.models import CooperationIntention, IntentionProject, Project
from summit.lib.given import given
from summit.lib.i18n.languages import Words, listed_long
from summit.lib.i18n.money import money

# As many keys as a statement may well name.
FEW = 500
# How much of a project's title a row tells.
LONGEST = 60


class PublicFilter(admin.BooleanFieldListFilter):
    template = "backoffice/named_filter.html"


class SignedInFilter(admin.SimpleListFilter):
    """By the year of signing: those in which anything was signed.

    Django's date hierarchy would read every row found twice more.
    """

    title = _("year of signing")
    parameter_name = "signed_in"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        rows = CooperationIntention.objects.run_by(request.user)
        days = rows.signed().dates("signed_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in days]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        known = dict(self.lookup_choices)
        return queryset.filter(signed_on__year=self.value()) if self.value() in known else queryset


def found_by(term: str) -> Q:
    """Return the condition for intentions that hold a term, or name what does.

    Parties and projects are each searched by themselves: a join with all of them would
    multiply the rows, and sort them all to take the doubles out again.
    """
    columns = ["search_text"]
    organizations = _holding(Organization, columns, term)
    projects = _holding(Project, columns, term)
    links = IntentionProject.objects.filter(project__in=projects).order_by()
    return (
        holding(["reference", "contract_number", "search_text"], term)
        | Q(company__in=organizations)
        | Q(expert_organization__in=organizations)
        | Q(expert__in=_holding(Expert, columns, term))
        | Q(pk__in=links.values("intention"))
    )


def _holding(model: type[Model], columns: list[str], term: str) -> QuerySet:
    return model._default_manager.filter(holding(columns, term)).order_by().values("pk")


class IntentionList(BilingualAdmin):
    """The list of the page of intentions. Overrides ``get_queryset`` and ``get_search_results``."""

    list_display = [
        "shown_reference",
        "state",
        "parties",
        "about",
        "shown_amount",
    ]
    list_filter = [
        "status",
        SignedInFilter,
        ("is_public", PublicFilter),
        by_series("event__series"),
        by_event("event"),
        "intended_currency",
        "contract_kind",
        "is_demonstration",
        CameOfFilter,
        FigureFilter,
    ]
    list_select_related = ["event", "company", "expert"]
    # Counting all rows beside those found would read the table once more.
    show_full_result_count = False
    # Shows the search; get_search_results() says what it finds.
    search_fields = ["reference"]
    search_help_text = _("Reference, contract number, subject, parties, or projects")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CooperationIntention]:
        links = IntentionProject.objects.select_related("project")
        return super().get_queryset(request).prefetch_related(Prefetch("project_links", links))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[CooperationIntention], bool]:
        found, terms = queryset, few_words(search_term)
        for term in terms:
            found = found.filter(found_by(term))
        if terms:
            # Searching costs, and the list would do it twice: to count, and for a page of rows.
            keys = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
            found = queryset.filter(pk__in=keys) if len(keys) <= FEW else found
        return found, False

    @admin.display(description=_("reference"), ordering="reference")
    def shown_reference(self, intention: CooperationIntention) -> str:
        """With the day of the signature under it."""
        if not intention.reference:
            return intention.get_status_display()
        return format_html(
            '{} <span class="other-language">{}</span>',
            intention.reference,
            given(intention.signed_on).isoformat(),
        )

    @admin.display(description=_("status"), ordering="status")
    def state(self, intention: CooperationIntention) -> str:
        state = state_mark(intention.status, intention.get_status_display())
        if intention.is_public:
            return state
        return format_html('{} <span class="other-language">{}</span>', state, _("confidential"))

    @admin.display(description=_("parties"), ordering="company__name_en")
    def parties(self, intention: CooperationIntention) -> str:
        """The company, and the expert under it."""
        return format_html(
            '{} <span class="other-language">{}</span>',
            intention.company.label.in_span if intention.company else "—",
            intention.expert.display_name.in_span if intention.expert else "—",
        )

    @admin.display(description=_("projects, event"), ordering="event__starts_at")
    def about(self, intention: CooperationIntention) -> str:
        """Projects or subject, and the event under them."""
        titles = [Truncator(link.project).chars(LONGEST) for link in intention.project_links.all()]
        return format_html(
            '{} <span class="other-language">{}</span>',
            listed_long(titles) or intention.subject or "—",
            intention.event.title.in_span,
        )

    @admin.display(description=_("amount"))
    def shown_amount(self, intention: CooperationIntention) -> str:
        """The contracted amount, else the intended one, and which of them it is."""
        contracted = money(intention.contracted_amount, intention.contracted_currency)
        intended = money(intention.intended_amount, intention.intended_currency)
        if not (contracted or intended):
            return "—"
        name = _("contracted") if contracted else _("intended")
        return format_html(
            '{} <span class="other-language">{}</span>', contracted or intended, name
        )
