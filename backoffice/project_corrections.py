"""Asking the owner of a project for corrections: a personal link to a submission about it."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, RowForm
from backoffice.kit.deletion import page_of
from contacts.models import MAY_SEE_CONTACTS, Contact
from events.models.scope import readable
from projects.models import Project
from submissions.domain import submission as domain
from submissions.domain.submission import Sender
from submissions.fields import BY_KEY, fields_of_kind
from submissions.kinds import CallKind
from submissions.models import Call, Submission
from summit.lib.i18n.languages import Words
from summit.lib.web import mail_addresses
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

# As many calls and contacts are offered, and open submissions named.
OFFERED, SHOWN = 20, 3
# How long somebody has, unless the organizer says otherwise.
_DAYS = 14
_KINDS = {
    Project.Kind.REQUEST: (CallKind.NEED, CallKind.TALENT),
    Project.Kind.OFFER: (CallKind.OFFER,),
}
OTHER = ""


def _contacts_of(project: Project, reader: Any) -> list[Contact]:
    """Return the contacts with an address that somebody may see: of the project and its owner."""
    if not reader.has_perm(MAY_SEE_CONTACTS):
        return []
    of = Q(project=project)
    if project.owner_id:
        of |= Q(organization=project.owner_id)
    rows = readable(Contact.objects.filter(of), reader).exclude(email="")
    return list(rows.select_related("project", "organization").order_by("-project", "pk")[:OFFERED])


def _calls_for(project: Project, reader: Any) -> list[Call]:
    """Return the published calls whose form fits: those first that are like where it came from.

    Two queries.
    """
    kinds = list(_KINDS[Project.Kind(project.kind)])
    rows = readable(Call.objects.filter(kind__in=kinds), reader)
    found = list(rows.exclude(status=Call.Status.DRAFT).order_by("-closes_at", "-pk")[:OFFERED])
    came_by = project.submissions.order_by("pk").values_list("call", "call__kind").first()
    call, kind = came_by or (None, kinds[0])
    return sorted(
        found,
        key=lambda each: (each.pk != call, each.kind != kind, kinds.index(CallKind(each.kind))),
    )


def _fields_to_check(project: Project, calls: list[Call]) -> list[tuple[Any, Any]]:
    """Return the fields of the calls in groups: what the project has, what it lacks, others."""
    first = CallKind(calls[0].kind)
    own = fields_of_kind(first)
    known = {
        key for code, _name in settings.LANGUAGES for key in domain.known_of(project, own, code)
    }
    keys = {each.key for each in own}
    others = {
        each.key: each
        for kind in dict.fromkeys(call.kind for call in calls)
        for each in fields_of_kind(kind)
        if each.key not in keys
    }
    groups = [
        (_("On record now"), [each for each in own if each.key in known]),
        (_("Not given so far"), [each for each in own if each.key not in known]),
        (_("Only in other kinds of calls"), list(others.values())),
    ]
    return [(label, [(each.key, each.label) for each in found]) for label, found in groups if found]


class AskForm(RowForm):
    """Whom to ask, about what, and by which call: it has the form."""

    call = forms.ModelChoiceField(
        queryset=Call.objects.none(),
        label=_("Call"),
        empty_label=None,
        help_text=_("Its form is shown, with what the project has now, also what is not public."),
    )
    asked = forms.MultipleChoiceField(
        label=_("What is to be checked"), widget=forms.CheckboxSelectMultiple
    )
    note = intention_fields.text(
        pgettext_lazy("to the owner of a project", "Note"),
        length=1200,
        help_text=_("In the language of the e-mail. Optional."),
    )
    contact = forms.ChoiceField(
        label=pgettext_lazy("e-mail", "To"), required=False, widget=forms.RadioSelect
    )
    name = LineField(label=_("Contact person"), max_length=100, required=False)
    email = EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language of the e-mail"), choices=settings.LANGUAGES)
    until = intention_fields.day(_("May be sent until the end of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Project = self.row
        calls = _calls_for(project, self.reader)
        if not calls:
            self._lead_to_calls(project)
            return
        fields: dict[str, Any] = self.fields
        fields["call"].queryset = Call.objects.filter(pk__in=[call.pk for call in calls])
        fields["call"].initial = calls[0].pk
        fields["call"].choices = [(call.pk, str(call)) for call in calls]
        language = "zh-hans" if project.title_zh_hans else "en"
        fields["asked"].choices = _fields_to_check(project, calls)
        self.known = _contacts_of(project, self.reader)
        fields["contact"].choices = [
            *((str(each.pk), _named(each)) for each in self.known),
            (OTHER, _("somebody else, as typed below")),
        ]
        fields["contact"].initial = str(self.known[0].pk) if self.known else OTHER
        fields["language"].initial = language
        fields["until"].initial = timezone.localdate() + dt.timedelta(days=_DAYS)
        fields["until"].required = True

    def _lead_to_calls(self, project: Project) -> None:
        """Ask for nothing but the call, which has to be there first, and say where to add it."""
        self.fields = {"call": self.fields["call"]}
        box: Any = self.fields["call"]
        box.empty_label = _("no published call for such projects")
        box.queryset = Call.objects.none()
        words = _(
            "The owner answers on the form of a call, so publish one for such projects first. Its "
            "deadline does not matter: the link works until the day that you choose here."
        )
        links = []
        if self.reader.has_perm("submissions.view_call"):
            links.append((reverse("admin:submissions_call_changelist"), _("All calls")))
        if self.reader.has_perm("submissions.add_call"):
            kind = _KINDS[Project.Kind(project.kind)][0]
            address = f"{reverse('admin:submissions_call_add')}?kind={kind}"
            links.append((address, _("Add a call")))
        listed = format_html_join(" · ", '<a href="{}">{}</a>', links)
        box.help_text = format_html("{} {}", words, listed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if "contact" not in self.fields:
            return cleaned
        chosen = next((each for each in self.known if str(each.pk) == given.get("contact")), None)
        if chosen is not None:
            given["name"], given["email"] = chosen.name, chosen.email
        elif not {"name", "email"} & self.errors.keys():
            for name in ("name", "email"):
                if not given.get(name):
                    self.add_error(name, _("Choose a contact above, or fill this in."))
        call = given.get("call")
        if call is not None and "asked" in given:
            there = {each.key for each in call.form_fields}
            if left := [key for key in given["asked"] if key not in there]:
                words = _("This call does not ask for “%(field)s”.")
                label = BY_KEY[left[0]].label
                self.add_error("asked", ValidationError(words, params={"field": label}))
        return cleaned


def _named(contact: Contact) -> str:
    return f"{contact.name} · {mail_addresses.readable(contact.email)} ({contact.owner})"


def _ask(
    _admin: ModelAdmin, request: StaffRequest, project: Project, given: dict[str, Any]
) -> None:
    if not request.user.has_perm("submissions.change_submission"):
        raise ValidationError(_("You may not review submissions."))
    call: Call = given["call"]
    owner = project.owner
    domain.propose_changes(
        call,
        project,
        Sender(
            organization_name=str(owner.name)[:200] if owner else "",
            credit_code=owner.credit_code if owner else "",
            contact_name=given["name"],
            email=given["email"],
            district=project.district,
            department=project.department,
        ),
        language=given["language"],
        asked=given["asked"],
        note=given["note"],
        until=dt.datetime.combine(given["until"], dt.time(23, 59, 59), tzinfo=call.zone),
    )


def _what_it_is(project: Project) -> Facts:
    rows = open_corrections(project)
    waiting = ", ".join(f"{row.reference} ({row.get_status_display()})" for row in rows)
    return [
        (_("Project"), project.title.in_span),
        (_("Owner"), project.owner.label.in_span if project.owner else "—"),
        (_("Corrections that were asked for already"), waiting or "—"),
    ]


def _warn(project: Project) -> list[Words]:
    if not open_corrections(project).exists():
        return []
    return [_("Somebody was asked already. A second link leads to a second submission.")]


ASK_OWNER: Action[Project] = Action(
    name="ask-owner",
    label=_("Ask the owner for corrections"),
    explanation=_(
        "The person gets an e-mail with a personal link to a form that shows what the project has "
        "now. What they change is a submission: nothing of the project changes before you accept "
        "it."
    ),
    run=_ask,
    done=_("The link about “%(object)s” is on its way."),
    form=AskForm,
    facts=_what_it_is,
    warnings=_warn,
)


def open_corrections(project: Model) -> QuerySet[Submission]:
    """Select the submissions that propose changes to a project and are not decided yet."""
    status = Submission.Status
    rows = Submission.objects.named().filter(
        project=project.pk, status__in=(status.DRAFT, status.SENT, status.RETURNED)
    )
    return rows.select_related("call").order_by("-pk")


def tell_corrections(_page: Any, request: HttpRequest, project: Model) -> dict[str, Any]:
    """Say that corrections were asked for, for who may see submissions. A panel. One query."""
    if not request.user.has_perm("submissions.view_submission"):
        return {}
    rows = readable(open_corrections(project), request.user)
    return {"asked_owner": [(page_of(row), row) for row in rows[:SHOWN]]}
