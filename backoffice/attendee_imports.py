"""The columns of the file from which attendees of an event are imported."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.fields import Field
from import_export.results import Result
from tablib.core import Dataset

from backoffice.attendee_add import WAYS
from backoffice.attendee_words import CATEGORIES, OTHER_HEADINGS, STATES
from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import Choice, YesNo
from backoffice.kit.importing.resource import SheetRow
from events.models import Event
from registrations.domain import attendees, correction
from registrations.domain.attendees import Listed
from registrations.domain.check_in import NoSeat
from registrations.domain.known_people import contacts_of
from registrations.models import Registration
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, current
from summit.lib.i18n.likeness import key
from summit.lib.web import mail_addresses
from summit.lib.web.phones import PhoneField, mobile_key
from summit.lib.web.typed_text import LineField

Category, Status = Registration.Category, Registration.Status
# What an import writes of somebody who is on the list already.
WRITTEN = ("name", "organization_name", "position", "phone", "category", "language", "staff_note")


class AttendeeResource(SheetResource):
    """People of a list: new ones are added by the domain, all of them at once.

    Somebody is on the list already by the address or, without one, by name and organization.
    Who registered or agreed keeps what they typed.
    """

    category = Field("category", "category", Choice(Category.choices, CATEGORIES))
    status = Field(
        "status", "status", Choice([(value, Status(value).label) for value, _way in WAYS], STATES)
    )
    language = Field(
        "language",
        "language",
        Choice(
            [(code, OWN_NAMES[code]) for code in CONTENT_LANGUAGES],
            {"en": ("英文", "英语", "en"), "zh-hans": ("中文", "汉语", "zh", "Chinese")},
        ),
    )
    chose_online = Field("chose_online", "chose_online", YesNo())
    is_told = Field(column_name="is_told", widget=YesNo())

    spread = frozenset({"organization_name"})
    own_labels = {"is_told": gettext_lazy("e-mail with the personal link")}
    own_hints = {
        "is_told": gettext_lazy("Write yes or no. Empty: as ticked above."),
        "status": gettext_lazy("Write confirmed or invited. Empty: as chosen above."),
        "chose_online": gettext_lazy(
            "Only for events in person and online: write yes or no. Empty: in person."
        ),
    }
    other_headings = OTHER_HEADINGS
    example = {
        "name": "李明",
        "organization_name": "示例医疗科技有限公司",
        "position": "总经理",
        "phone": "13800000000",
        "email": "li.ming@example.com",
        "category": Category.COMPANY.label,
        "status": Status.CONFIRMED.label,
    }

    class Meta(SheetResource.Meta):
        model = Registration
        import_id_fields = ()
        fields = (
            *("name", "organization_name", "position", "phone", "email", "category"),
            *("status", "chose_online", "is_told", "language", "staff_note"),
        )

    def __init__(
        self,
        *args: Any,
        event: Event,
        reader: Any,
        source: str = "",
        way: str = Status.CONFIRMED,
        tells: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.event, self.reader = event, reader
        self.source, self.way, self.tells = source, way, tells
        self.new: dict[int, Listed] = {}
        self.kept = 0
        self.phone = PhoneField(max_length=40, required=False)

    @classmethod
    def needed(cls) -> set[str]:
        return {"name"}

    @classmethod
    def options(cls) -> dict[str, forms.Field]:
        return {
            "source": LineField(
                label=_("Source of the data"),
                max_length=200,
                help_text=_(
                    "Where the list comes from, such as: list from the employer, 3 May. Each "
                    "person can read this. Until they agree, they are left out of lists for "
                    "others."
                ),
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            ),
            "way": forms.ChoiceField(
                label=_("Status of these people"),
                choices=WAYS,
                initial=Status.CONFIRMED,
                widget=forms.RadioSelect,
            ),
            "tells": forms.BooleanField(
                label=_("Send an e-mail with the personal link to everyone who has an address"),
                required=False,
            ),
        }

    @classmethod
    def identified_by(cls) -> str:
        return _(
            "People who are on the list of this event are not added again: those with the "
            "same name and the same e-mail address or mobile number or, without an address, the "
            "same name and organization. The entries of people who registered themselves stay as "
            "they are, and people added from a list are updated. Either everyone is added or no "
            "one."
        )

    def name_in(self, row: Any) -> str:
        return str(row.get("name", ""))[:60]

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        known = Registration.objects.active().filter(event=self.event, erased_at=None)
        rows = list(known.select_related("event"))
        self.by_contact = {
            (row.name_key, contact): row for row in rows for contact in contacts_of(row)
        }
        self.by_name = {_who(row.name, row.organization_name): row for row in rows}

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Registration | None:
        name = key(row.get("name", ""))
        if row.get("email"):
            try:
                return self.by_contact.get((name, mail_addresses.key(row["email"])))
            except ValidationError:
                return None
        if found := self.by_contact.get((name, mobile_key(row.get("phone", "")))):
            return found
        return self.by_name.get(_who(row.get("name", ""), row.get("organization_name", "")))

    def init_instance(self, row: dict[str, str] | None = None) -> Registration:
        return Registration(
            event=self.event,
            source=self.source or "—",
            status=self.way,
            category=Category.OTHER,
            language=current(),
        )

    def refused(self, instance: Registration, row: dict) -> dict[str, list[ValidationError]]:
        errors: dict[str, list[ValidationError]] = {}
        if row.get("phone"):
            try:
                row["phone"] = self.phone.clean(row["phone"])
            except ValidationError as error:
                errors["phone"] = error.error_list
        return errors

    def validate_instance(
        self,
        instance: Registration,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """Check the fields alone: the domain and the database look after the rest at once.

        Each constraint would be a query for each row.
        """
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude=list(errors), validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def skip_row(
        self,
        instance: models.Model,
        original: models.Model,
        row: dict[str, str],
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        if isinstance(original, Registration) and original.pk and not original.lacks_consent:
            self.changes = []
            self.kept += 1
            return True
        return super().skip_row(instance, original, row, import_validation_errors)

    def changed(self, instance: Any, original: Any, row: dict[str, str]) -> list[str]:
        return [name for name in super().changed(instance, original, row) if name in WRITTEN]

    def save_instance(
        self, instance: Registration, is_create: bool, row: dict[str, str], **kwargs: Any
    ) -> None:
        if is_create:
            told = self.fields["is_told"].clean(row) if row.get("is_told") else None
            self.new[kwargs["row_number"]] = Listed(
                **{name: getattr(instance, name) for name in (*WRITTEN, "email")},
                online=instance.chose_online,
                is_invited=instance.status == Status.INVITED,
                is_told=(self.tells and bool(instance.email)) if told is None else told,
            )
            return
        changes = {name: getattr(instance, name) for name in WRITTEN}
        correction.correct(instance, **changes)

    def after_import_row(self, row: dict[str, str], row_result: SheetRow, **kwargs: Any) -> None:
        self.tell_changes(row_result)

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """Add those who are new, or say of whom they cannot be added."""
        if self.kept:
            self.remarks.append(
                ngettext(
                    "%(count)d person has already registered. Their entries stay as they are.",
                    "%(count)d people have already registered. Their entries stay as they are.",
                    self.kept,
                )
                % {"count": self.kept}
            )
        if not self.new or result.has_errors() or result.has_validation_errors():
            return
        numbers = list(self.new)
        try:
            made = attendees.add(
                self.event,
                list(self.new.values()),
                source=self.source,
                by=self.reader,
                beyond_capacity=self.alike == "beyond",
            )
        except NoSeat as refusal:
            _refuse(result, numbers[0], "status", refusal)
        except attendees.NotAdded as refusal:
            number = numbers[refusal.number or 0]
            _refuse(result, number, "is_told" if refusal.code == "no_mails" else "email", refusal)
        else:
            for number, registered in zip(numbers, made, strict=True):
                result.rows[number - 1].instance = registered


def _refuse(result: Result, number: int, column: str, refusal: ValidationError) -> None:
    result.append_invalid_row(number, {}, ValidationError({column: refusal}))


def _who(name: str, organization: str) -> tuple[str, str]:
    return key(name), key(organization)
