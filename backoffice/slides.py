"""Slides that experts propose, for who reviews them: read, published with the talk, on record."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy
from django.views.decorators.http import require_safe

from audit import trail
from backoffice.submission_form import ACCEPT, ProposedFile, ReviewForm
from events.models import EventFile, Session
from submissions.audited import Action
from submissions.domain import slides_review
from submissions.domain.comparison import Compared
from submissions.domain.slides_review import Publication
from submissions.expert_fields import InSlides
from submissions.models import ExpertProposal
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, Words
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

# Nothing becomes public by itself: one of them is chosen each time.
_AUDIENCES: list[tuple[str, Words]] = [
    ("", "---------"),
    (EventFile.Audience.PUBLIC, _("Everybody: publish them with the session")),
    (EventFile.Audience.ATTENDEES, _("Attendees of the event")),
    (EventFile.Audience.STAFF, _("The organizers only: do not publish them")),
]


class ProposalForm(ReviewForm):
    """Beside each value the marks; of slides also who sees them, their title, what they replace."""

    def __init__(self, submission: ExpertProposal, rows: list[Compared], **options: Any) -> None:
        super().__init__(submission, rows, **options)
        self.proposed_files = {each.code: each for each in submission.slides.all()} if rows else {}
        self.talks: dict[str, Session] = {}
        for row in rows:
            if isinstance(row.field.target, InSlides):
                self.talks[row.field.key] = submission.record.sessions[row.field.target.pk]
        if not self.talks:
            return
        there = slides_review.files_of_talks(submission)
        before = slides_review.accepted_before(submission)
        for key, talk in self.talks.items():
            files = there.get(talk.pk, [])
            old = next((each for each in files if each.pk == before.get(talk.pk)), None)
            self._ask(key, talk, files, old)

    def _ask(self, key: str, talk: Session, files: list[EventFile], old: EventFile | None) -> None:
        """Add the boxes about slides, which replace ``old`` unless the reviewer says otherwise."""
        fields: dict[str, forms.Field] = self.fields
        fields[f"audience_{key}"] = forms.ChoiceField(
            choices=_AUDIENCES,
            required=False,
            label=pgettext_lazy("slides", "Who sees them"),
            help_text=_("The event is not published yet: nobody else sees them before it is.")
            if talk.event.is_draft
            else "",
        )
        if files:
            fields[f"replaces_{key}"] = forms.ChoiceField(
                choices=[
                    ("", _("nothing: they become another file")),
                    *((str(each.pk), f"{each} ({each.get_audience_display()})") for each in files),
                ],
                required=False,
                initial=str(old.pk) if old else "",
                label=_("They replace"),
                help_text=_("A file that is replaced keeps its address; its content is deleted."),
            )
        for language in CONTENT_LANGUAGES:
            column = f"title_{language.replace('-', '_')}"
            fields[f"{column}_{key}"] = LineField(
                max_length=200,
                required=False,
                initial=getattr(old, column) if old else _title(talk, language),
                label=_("Title · %(language)s") % {"language": OWN_NAMES[language]},
                widget=forms.TextInput({"lang": TAGS[language], "class": "vTextField"}),
            )

    def file_of(self, row: Compared) -> ProposedFile | None:
        key = row.field.key
        if key not in self.talks:
            return None
        return ProposedFile(self.proposed_files.get(row.proposed["code"]), list(self._boxes(key)))

    def _boxes(self, key: str) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name.endswith(f"_{key}") and _is_ours(name))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for row in self.compared:
            key = row.field.key
            if key not in self.talks:
                continue
            is_accepted, audience = self._mark_of(row) == ACCEPT, f"audience_{key}"
            if is_accepted and not self.cleaned_data.get(audience):
                self.add_error(audience, _("Choose who sees the slides."))
            elif not is_accepted and self.cleaned_data.get(audience):
                self.add_error(audience, _("Choose “Accept” above, or leave this empty."))
        return cleaned

    def publications(self) -> dict[str, Publication]:
        """Return what becomes of slides, by their fields. Of a form that is valid."""
        given = self.cleaned_data
        return {
            key: Publication(
                audience=given[f"audience_{key}"],
                title_en=given[f"title_en_{key}"],
                title_zh_hans=given[f"title_zh_hans_{key}"],
                replaces=int(given.get(f"replaces_{key}") or 0) or None,
            )
            for key in self.talks
        }


def _is_ours(name: str) -> bool:
    return name.startswith(("audience_", "replaces_", "title_"))


def _title(talk: Session, language: str) -> str:
    """Propose the title of the slides of a talk in a language; "" where the talk has none."""
    title = getattr(talk, f"title_{language.replace('-', '_')}")
    if not title:
        return ""
    with override(language):
        return str(_("Slides: %(title)s") % {"title": title})[:200]


def slides_urls(page: Any) -> list[URLPattern]:
    """Return the address of proposed slides, for who may see the proposal, once it was sent."""

    @require_safe
    def view(request: StaffRequest, object_id: str, code: str) -> HttpResponseBase:
        proposal = page.read_row(request, unquote(object_id))
        if not isinstance(proposal, ExpertProposal):
            raise Http404
        if not page.has_view_permission(request, proposal):
            raise PermissionDenied
        if not proposal.sent_at:
            raise Http404
        found = get_object_or_404(proposal.slides, code=code)
        response = give_out_or_404(
            found.file,
            size=found.size,
            content_type=found.content_type,
            name=named_for_disk(found.download_name, found.ending),
        )
        trail.record(
            Action.SLIDES_DOWNLOADED,
            by=request.user,
            request=request,
            # By its key: the trail outlives the name of somebody who is on no public page.
            subject=f"expert · {proposal.expert_id}",
            proposal=proposal.reference,
        )
        return response

    site: admin.AdminSite = page.admin_site
    address = "<path:object_id>/slides/<slug:code>/"
    return [path(address, site.admin_view(view), name="submissions_expertproposal_slides")]
