"""Asking the owner of a project for corrections: a personal link to a submission about it."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, RowForm
from backoffice.kit.deletion import page_of
from contacts.models import Contact
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
    of = Q(project=project)
    if project.owner_id:
        of |= Q(organization=project.owner_id)
    rows = readable(Contact.objects.filter(of), reader).exclude(email="")
    return list(rows.select_related("project", "organization").order_by("-project", "pk")[:OFFERED])


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
        kinds = _KINDS[Project.Kind(project.kind)]
        calls = readable(Call.objects.filter(kind__in=kinds), self.reader)
        calls = calls.exclude(status=Call.Status.DRAFT)
        keys = list(calls.order_by("-closes_at", "-pk").values_list("pk", flat=True)[:OFFERED])
        fields: dict[str, Any] = self.fields
        fields["call"].queryset = calls.filter(pk__in=keys)
        fields["call"].initial = keys[0] if keys else None
        if not keys:
            fields["call"].help_text = _(
                "There is no published call for such projects, whose form could be used. Publish "
                "one first."
            )
        offered = {each.key: each.label for kind in kinds for each in fields_of_kind(kind)}
        fields["asked"].choices = list(offered.items())
        self.known = _contacts_of(project, self.reader)
        fields["contact"].choices = [
            *((str(each.pk), _named(each)) for each in self.known),
            (OTHER, _("somebody else, as typed below")),
        ]
        fields["contact"].initial = str(self.known[0].pk) if self.known else OTHER
        fields["language"].initial = "zh-hans" if project.title_zh_hans else "en"
        fields["until"].initial = timezone.localdate() + dt.timedelta(days=_DAYS)
        fields["until"].required = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
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
