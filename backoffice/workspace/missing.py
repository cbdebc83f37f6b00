"""What an event lacks before it is published, each with the page on which it is put right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from backoffice.announcement import TELL, untold
from backoffice.event_status import CHANGE_REASON, POSTPONE
from backoffice.kit.actions import Action
from backoffice.kit.translation import as_bilingual
from backoffice.kit.way_back import change_url, with_way_back
from backoffice.workspace.menu import DETAILS, ENTRIES
from backoffice.workspace.projects import PUBLISH_PROJECTS, drafts_of
from events.models import (
    Event,
    EventRole,
    Expert,
    Organization,
    ProgrammePerson,
    Session,
)
from events.models.scope import readable
from projects.models import Project
from registrations.domain import announcement
from summit.lib.i18n.bilingual import Bilingual, text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, listed, with_more

# So many rows are named one by one.
NAMED = 5


@dataclass(frozen=True)
class Missing:
    """Something that is missing, in words, with ways to it: each a label and an address."""

    words: Words
    ways: Sequence[tuple[Words, str]] = ()
    left_out: int = 0


def missing(event: Event, request: HttpRequest) -> list[Missing]:
    """Return what is missing, as far as one may read it. A constant number of queries."""
    found = [*_state(event, request)]
    if event.is_cancelled:
        return found
    return [
        *found,
        *_facts(event, request),
        *_drafts(event, request),
        *_languages(event, request),
    ]


def _state(event: Event, request: HttpRequest) -> Iterator[Missing]:
    """Name what is to be done of a postponed or cancelled event, and whom nobody has told."""
    may = request.user.has_perm("events.change_event")

    def way(label: Words, action: Action[Event]) -> list[tuple[Words, str]]:
        return [(label, with_way_back(action.url(event), request.path))] if may else []

    if event.is_postponed:
        words = gettext("The event is postponed, and its new date is not set.")
        yield Missing(words, way(gettext("Set the new date"), POSTPONE))
    if _lacks_language(event, "status_reason"):
        words = gettext("The reason for postponing or cancelling is given in one language only.")
        yield Missing(words, way(CHANGE_REASON.label, CHANGE_REASON))
    if untold(event):
        count = announcement.recipients(event).count()
        words = ngettext(
            "%(count)d attendee has not been told about the latest change.",
            "%(count)d attendees have not been told about the latest change.",
            count,
        ) % {"count": count}
        yield Missing(words, way(gettext("Tell them"), TELL))


def _facts(event: Event, request: HttpRequest) -> Iterator[Missing]:
    if not event.sessions.exists():
        yield _on(event, "programme", gettext("There is no programme yet."))
    roles = set(EventRole.objects.filter(event=event).values_list("role", flat=True))
    if EventRole.Role.SPONSOR not in roles:
        yield _on(event, "organizations", gettext("No sponsor is named."))
    if event.format != Event.Format.ONLINE and not event.venue:
        yield _on(event, DETAILS, gettext("The venue is missing."))
    if not event.is_over and not hasattr(event, "registration_settings"):
        yield _on(
            event, "attendees", gettext("Nobody can register: there are no registration settings.")
        )
    yield from _prefix(event, request)
    yield from _posters(event)


def _posters(event: Event) -> Iterator[Missing]:
    signs = "".join(event.posters.values_list("missing", flat=True))
    if signs:
        lacking = "".join(dict.fromkeys(signs))
        words = gettext("The share posters cannot be made: no font has “%(signs)s”.")
        yield _on(event, "files", words % {"signs": lacking})


def _prefix(event: Event, request: HttpRequest) -> Iterator[Missing]:
    series = event.series
    if series is None:
        words = gettext(
            "The event does not belong to a series, so references have no prefix of their own."
        )
        yield _on(event, DETAILS, words)
    elif not series.reference_prefix:
        words = gettext("The series has no reference prefix for signed intentions.")
        may = request.user.has_perm("events.view_eventseries")
        address = change_url(series, request.path)
        yield Missing(words, [(str(series), address)] if may else [])


def _drafts(event: Event, request: HttpRequest) -> Iterator[Missing]:
    count = drafts_of(event).count()
    if count:
        words = ngettext(
            "%(count)d recommended project is a draft. Publish it too?",
            "%(count)d recommended projects are drafts. Publish them too?",
            count,
        ) % {"count": count}
        address = with_way_back(PUBLISH_PROJECTS.url(event), request.path)
        may = request.user.has_perm(PUBLISH_PROJECTS.permission)
        publish = [(gettext("Publish"), address)] if may else []
        yield Missing(words, [*publish, (gettext("Projects"), ENTRIES["projects"].url(event.pk))])


def _languages(event: Event, request: HttpRequest) -> Iterator[Missing]:
    """Name the texts of the event, and what is in its programme, that lack a language."""
    lacking = _names_lacking(event)
    if lacking:
        words = gettext("Texts of the event in one language only: %(texts)s") % {
            "texts": listed(lacking)
        }
        yield _on(event, DETAILS, words)
    here = Q(appearances__session__event=event) | Q(recommendations__event=event)
    parts: list[tuple[type[Bilingual], Q, str]] = [
        (Session, Q(event=event), gettext("Sessions with texts in one language only")),
        (
            ProgrammePerson,
            Q(event=event),
            gettext("People of the programme with texts in one language only"),
        ),
        (Expert, here, gettext("Experts with texts in one language only")),
        (
            Organization,
            Q(roles__event=event),
            gettext("Organizations with texts in one language only"),
        ),
        (
            Project,
            Q(recommendations__event=event),
            gettext("Projects with texts in one language only"),
        ),
    ]
    for model, condition, words in parts:
        yield from _rows_lacking(model, condition, words, request)


def _rows_lacking(
    model: type[Bilingual], condition: Q, words: str, request: HttpRequest
) -> Iterator[Missing]:
    opts = model._meta
    if not request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        return
    of_event = model._default_manager.filter(condition).values("pk")
    rows = as_bilingual(model._default_manager.filter(pk__in=of_event)).lacking_translation()
    keys = list(readable(rows, request.user).order_by("pk").values_list("pk", flat=True))
    if keys:
        named = model._default_manager.filter(pk__in=keys[:NAMED]).order_by("pk")
        ways = [(_call(row), change_url(row, request.path)) for row in named]
        yield Missing(words, ways, left_out=len(keys) - len(ways))


def _call(row: Model) -> str:
    # As text a person of the programme has no name, for the sake of what keeps such texts.
    if isinstance(row, ProgrammePerson):
        return with_more(row.name, row.get_role_display())
    return str(row)


def _names_lacking(event: Event) -> list[str]:
    return [
        str(event._meta.get_field(f"{name}_en").verbose_name)  # type: ignore[union-attr]  # a field
        for name in event.bilingual_names()
        # Of the reason ``_state`` tells, which has a page of its own.
        if name != "status_reason" and _lacks_language(event, name)
    ]


def _lacks_language(event: Event, name: str) -> bool:
    return len({bool(text_in(event, name, each).strip()) for each in CONTENT_LANGUAGES}) == 2


def _on(event: Event, name: str, words: str) -> Missing:
    return Missing(words, [(ENTRIES[name].label, ENTRIES[name].url(event.pk))])
