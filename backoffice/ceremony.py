"""A signing ceremony: all drafts of a session are signed in one step, or none of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts
from backoffice.signing import LARGE
from events.models import Event, Session
from events.models.limits import Person
from projects.domain import signing, snapshot
from projects.domain.draft_versions import versions
from projects.models import CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.database.numbers import fits_bigint
from summit.lib.i18n.bilingual import pick
from summit.lib.i18n.languages import Words, listed_long
from summit.lib.web.requests import StaffRequest

DRAFT = CooperationIntention.Status.DRAFT
PERMISSION = "projects.change_cooperationintention"


class CeremonyForm(forms.Form):
    signed_on = intention_fields.day(_("Signed on"))
    # Which drafts the page has shown and what they were like, so that nobody signs unseen
    # what came in meanwhile or was edited.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_for(session: Session) -> dict[str, Any]:
        seen = versions([draft for draft, _lacks in signing.look_over(session)])
        told = " ".join(f"{key}:{version}" for key, version in seen.items())
        return {"signed_on": session.event.starts_on, "seen": told}

    def clean_seen(self) -> dict[int, str]:
        # What no page of ours has written is no draft's: the domain refuses, and the page that
        # follows shows what there is.
        pairs = (part.partition(":") for part in self.cleaned_data["seen"].split())
        return {int(key): version for key, _colon, version in pairs if fits_bigint(key)}


def _drafts(session: Session) -> IntentionQuerySet:
    return CooperationIntention.objects.filter(session=session, status=DRAFT)


def what_each_lacks(session: Session) -> Facts:
    """Return of each draft the reference it is about to get, its parties, and what it lacks."""
    drafts = signing.look_over(session)
    year = session.event.starts_on.year
    references = signing.upcoming_references(session.event, year, len(drafts))
    return [
        (
            format_html("{}<br>{}", format_html(LARGE, reference), _linked(draft)),
            format_html(
                "{}\n{}\n{}",
                _parties(draft),
                _matter(draft),
                _marked([*lacks, *signing.warnings(draft)], complete=not lacks),
            ),
        )
        for (draft, lacks), reference in zip(drafts, references, strict=True)
    ]


def _parties(draft: CooperationIntention) -> SafeString:
    position = pick(snapshot.position(draft)) if draft.expert else ""
    there = (draft.expert, draft.institution, position)
    sides = [draft.company, " · ".join(str(each) for each in there if each)]
    return format_html_join("\n", LARGE, ((side or "—",) for side in sides))


def _matter(draft: CooperationIntention) -> str:
    """Return what the draft is about: its projects, and its subject where it has one."""
    projects = [link.project for link in draft.project_links.all()]
    return listed_long(each for each in [*projects, draft.subject] if each) or "—"


def _marked(notes: Iterable[Words], *, complete: bool) -> SafeString:
    marked = format_html_join("\n", '<span class="lacking">{}</span>', ((each,) for each in notes))
    if not complete:
        return marked
    return format_html("{}\n{}", pgettext("draft of an intention", "can be signed"), marked)


def _linked(draft: CooperationIntention) -> SafeString:
    url = reverse("admin:projects_cooperationintention_change", args=[draft.pk])
    return format_html('<a href="{}">{}</a>', url, draft)


def run(
    model_admin: ModelAdmin, request: StaffRequest, session: Session, given: dict[str, Any]
) -> None:
    signed = signing.sign_ceremony(session, by=request.user, **given)
    model_admin.message_user(
        request,
        # Not by ngettext: Chinese has one form for both.
        gettext("One intention is signed: %(first)s.") % {"first": signed[0].reference}
        if len(signed) == 1
        else ngettext(
            "%(count)d intention is signed: %(first)s to %(last)s.",
            "%(count)d intentions are signed: %(first)s to %(last)s.",
            len(signed),
        )
        % {
            "count": len(signed),
            "first": signed[0].reference,
            "last": signed[-1].reference,
        },
    )


def _sign_all(session: Session) -> str:
    count = _drafts(session).count()
    return ngettext("Sign %(count)d draft", "Sign all %(count)d drafts", count) % {"count": count}


CEREMONY = Action[Session](
    name="sign-all",
    label=_("Sign all drafts"),
    label_of=_sign_all,
    explanation=_(
        "Signs all of them on one day, in the order in which they were made, each with its own "
        "reference and the terms that its draft holds. Where one of them lacks something, none "
        "is signed. Parties, projects, people and texts cannot be changed afterwards."
    ),
    run=run,
    done=_("The signing ceremony of “%(object)s” is recorded."),
    offered=lambda admin, session: _drafts(session).exists(),
    refused=lambda session: signing.NOTHING_TO_SIGN,
    form=CeremonyForm,
    facts=what_each_lacks,
    facts_title=_("The drafts, and what each lacks"),
    # The domain compares all of each draft, with its rows locked.
    version=lambda session: "",
    permission=PERMISSION,
    is_main=True,
)


def ceremony_buttons(user: Person, event: Event) -> list[tuple[Action[Session], str]]:
    """Return on the page of an event a way to each of its sessions that has drafts to sign."""
    if not user.has_perm(PERMISSION):
        return []
    count = Count("intentions", filter=Q(intentions__status=DRAFT))
    with_drafts = event.sessions.annotate(drafts=count).filter(drafts__gt=0)
    return [_button(row, row.drafts) for row in with_drafts]  # type: ignore[attr-defined]  # just now


def _button(session: Session, drafts: int) -> tuple[Action[Session], str]:
    words = ngettext(
        "Sign %(count)d draft of “%(session)s”",
        "Sign all %(count)d drafts of “%(session)s”",
        drafts,
    )
    label = words % {"count": drafts, "session": session}
    return replace(CEREMONY, label=label, is_main=False), CEREMONY.url(session)
