"""Who is admitted to the meetings without having applied: attendees, and experts who appear."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.kit.actions import Action, Facts, ForSelected, RowForm
from backoffice.kit.selected_rows import list_first
from events.models import Event, Expert
from meetings.domain import participation
from meetings.domain.experts import admit_experts, experts_to_admit
from meetings.models import Participant
from registrations.models import Registration
from summit.lib.i18n.languages import OWN_NAMES, SPOKEN, current
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

Side = Participant.Side


def _languages(**more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Languages"), choices=SPOKEN, widget=forms.CheckboxSelectMultiple, **more
    )


class TakesPartForm(forms.Form):
    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, widget=forms.RadioSelect)
    languages = _languages()
    listed = forms.BooleanField(
        label=_("Has agreed to be seen by the other participants"), required=False
    )


def _may_take_part(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    return rows.filter(
        status=Registration.Status.CONFIRMED,
        erased_at=None,
        participant=None,
        event__meeting_settings__isnull=False,
    )


def _is_offered(_admin: ModelAdmin, row: Registration) -> bool:
    return _may_take_part(Registration.objects.filter(pk=row.pk)).exists()


def _refused(row: Registration) -> str:
    if Participant.objects.filter(registration=row).exists():
        return _now("This person is among the participants already.")
    return _now("The event offers no one-to-one meetings, or the registration is not confirmed.")


def _add(
    _admin: ModelAdmin, request: StaffRequest, row: Registration, given: dict[str, Any]
) -> None:
    participation.add(
        row,
        by=request.user,
        side=given["side"],
        languages=given["languages"],
        listed=given["listed"],
    )


def _names(rows: QuerySet[Registration]) -> Facts:
    return list_first(rows, lambda row: (row.name, row.organization_name))


ADD_TO_MEETINGS: Action[Registration] = Action(
    name="add-to-meetings",
    label=_("Add to the meetings"),
    explanation=_("For somebody who asked you. The person is admitted, and told by e-mail."),
    run=_add,
    done=_("The person takes part in the meetings."),
    offered=_is_offered,
    refused=_refused,
    form=TakesPartForm,
    permission="meetings.add_participant",
    selected=ForSelected(
        label=_("Add the selected people to the meetings"),
        explanation=_("They are admitted to the meetings of their event, and told by e-mail."),
        rows=lambda admin, request, rows: _may_take_part(rows),
        done=ngettext_lazy(
            "%(count)d person takes part in the meetings.",
            "%(count)d people take part in the meetings.",
            "count",
        ),
        facts=_names,
    ),
)


class ExpertsForm(RowForm):
    experts = forms.ModelMultipleChoiceField(
        Expert.objects.none(), label=_("Experts"), widget=forms.CheckboxSelectMultiple
    )
    languages = _languages(required=False, help_text=_("Of those whose page names no languages."))
    listed = forms.BooleanField(
        label=_("They have agreed to be seen by the other participants"), required=False
    )
    language = forms.ChoiceField(
        label=_("Names and e-mails in"), choices=OWN_NAMES.items(), initial=current
    )
    source = LineField(
        label=_("Source of the data"),
        max_length=200,
        help_text=_("Where the data comes from. The person can read this."),
    )
    add_seats = forms.BooleanField(label=_("Where all seats are taken, add seats"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["experts"]
        field.queryset = experts_to_admit(self.row)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unknown = [each for each in self.cleaned_data.get("experts", ()) if not each.languages]
        if unknown and not self.cleaned_data.get("languages"):
            names = ", ".join(str(each) for each in unknown)
            words = _now("Choose languages: none are known of %(names)s.") % {"names": names}
            self.add_error("languages", ValidationError(words, code="no_language"))
        return cleaned


def _admit_experts(
    _admin: ModelAdmin, request: StaffRequest, event: Event, given: dict[str, Any]
) -> None:
    admit_experts(
        event,
        given["experts"],
        by=request.user,
        source=given["source"],
        languages=given["languages"],
        listed=given["listed"],
        language=given["language"],
        beyond_capacity=given["add_seats"],
        request=request,
    )


def _has_meetings(_admin: ModelAdmin, event: Event) -> bool:
    return hasattr(event, "meeting_settings") and not event.is_cancelled


ADMIT_EXPERTS: Action[Event] = Action(
    name="admit-experts",
    label=_("Admit experts of the programme"),
    explanation=_(
        "Experts who appear in the programme are added to the attendees, without an e-mail, and "
        "admitted to the meetings with the projects that they recommend here. Who registered on "
        "their own is added from the list of attendees instead."
    ),
    run=_admit_experts,
    done=_("The experts take part in the meetings."),
    offered=_has_meetings,
    refused=lambda event: _now("This event offers no one-to-one meetings yet."),
    form=ExpertsForm,
    permission="meetings.add_participant",
)
