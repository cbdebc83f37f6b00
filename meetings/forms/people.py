"""Whom participants look for, whom they ask and why, and who of a delegation comes."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.domain.who_may_meet import may_talk_about
from meetings.forms.own_entry import VersionedForm
from meetings.models import Meeting, Participant, ParticipantQuerySet
from meetings.models.request import LONGEST_REASON
from projects.models import Project, Sector
from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.likeness import key, search_words
from summit.lib.web.fields import field_of
from summit.lib.web.filters import FilterForm, SearchField
from summit.lib.web.typed_text import BoundedField

_ALL = ("", pgettext_lazy("choices of a filter", "All"))


class PeopleFilter(FilterForm):
    """Filters of the people whom a participant may see. No contact is searched."""

    q = SearchField(label=_("Name, organization or topic"))
    project = forms.ChoiceField(label=_("Project"))
    sector = forms.ChoiceField(label=_("Sector"))
    language = forms.ChoiceField(label=pgettext_lazy("of a person", "Language"))
    side = forms.ChoiceField(label=_("Side"))

    def __init__(self, query: Any, *, people: ParticipantQuerySet) -> None:
        self.people = people
        super().__init__(query)

    def prepare(self) -> None:
        people = self.people.order_by()
        projects = Project.objects.visible().filter(participants__in=people).distinct()
        sectors = Sector.objects.filter(projects__in=projects.order_by()).distinct()
        rows = people.values_list("languages", "side")
        spoken = {language for languages, _side in rows for language in languages}
        sides = {side for _languages, side in rows}
        choices: dict[str, list[tuple[str, Any]]] = {
            "project": [(str(each.pk), each.title) for each in projects],
            "sector": [(str(each.pk), each.name) for each in sectors],
            "language": [pair for pair in SPOKEN if pair[0] in spoken],
            "side": [
                (value, capfirst(label))
                for value, label in Participant.Side.choices
                if value in sides
            ],
        }
        for name, found in choices.items():
            if len(found) > 1 or (name in ("project", "sector") and found):
                field_of(self, name, forms.ChoiceField).choices = [_ALL, *found]
            else:
                del self.fields[name]

    def apply(self) -> ParticipantQuerySet:
        found = self.people
        if project := self.data.get("project"):
            found = found.filter(Exists(_projects().filter(pk=project)))
        if sector := self.data.get("sector"):
            found = found.filter(Exists(_projects().filter(sectors=int(sector))))
        if language := self.data.get("language"):
            # Whether a list of JSON holds something not every database says.
            spoken = Cast("languages", TextField())
            found = found.alias(spoken=spoken).filter(Q(spoken__contains=f'"{language}"'))
        if side := self.data.get("side"):
            found = found.filter(side=side)
        return _search(found, self.typed)


def _projects() -> QuerySet[Project]:
    return Project.objects.visible().filter(participants=OuterRef("pk"))


def _search(people: ParticipantQuerySet, text: str) -> ParticipantQuerySet:
    """Return those in whose name, pinyin, organization, position or topics every word stands."""
    words = search_words(text)
    if text.strip() and not words:
        return people.none()
    found = people
    for typed, word in zip(_typed(text, words), words, strict=True):
        found = found.filter(
            Q(registration__name_key__contains=key(word))
            | Q(registration__sort_name__contains=word)
            | Q(registration__organization_name__icontains=typed)
            | Q(registration__position__icontains=typed)
            | Q(topics__icontains=typed)
        )
    return found


def _typed(text: str, words: list[str]) -> list[str]:
    """Return the words as they were typed, where folding has left as many of them."""
    parts = text.split()
    return parts if len(parts) == len(words) else words


class AskForm(forms.Form):
    """Why somebody would like to meet, and about which projects."""

    reason = BoundedField(
        label=_("Why you would like to meet"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The other side reads it with your name and organization."),
    )
    projects = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("meeting request", "About the projects"),
        queryset=Project.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, asker: Participant, asked: Participant, **kw: Any) -> None:
        super().__init__(*args, **kw)
        projects = may_talk_about(asker, asked)
        field_of(self, "projects", forms.ModelMultipleChoiceField).queryset = projects
        if not projects.exists():
            del self.fields["projects"]


class WhoComesForm(VersionedForm):
    """Who of a delegation has to come to a meeting, who may, and how many come at least."""

    MUST, MAY, NOT = "must", "may", "not"

    least = forms.IntegerField(
        label=_("How many of you come at least"), min_value=1, max_value=50, initial=1
    )

    def __init__(
        self, *args: Any, meeting: Meeting, side: int, people: list[Participant], **kw: Any
    ) -> None:
        least = getattr(meeting, f"least_{side}")
        initial_ = {"least": least, "version": meeting.version}
        super().__init__(*args, **{"initial": initial_, **kw})
        self.people = people
        known = dict(meeting.people.filter(side=side).values_list("participant", "must").order_by())
        for person in people:
            initial = {True: self.MUST, False: self.MAY, None: self.NOT}[known.get(person.pk)]
            self.fields[f"person_{person.pk}"] = forms.ChoiceField(
                label=person.registration.name,
                choices=[
                    (self.MUST, _("has to come")),
                    (self.MAY, _("may come")),
                    (self.NOT, _("does not come")),
                ],
                widget=forms.RadioSelect,
                initial=initial,
            )
        self.order_fields([*(f"person_{person.pk}" for person in people), "least", "version"])

    def chosen(self, how: str) -> list[Participant]:
        given = self.cleaned_data
        return [each for each in self.people if given.get(f"person_{each.pk}") == how]
