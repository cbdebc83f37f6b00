"""The columns of the files from which organizations and experts are imported."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field

from backoffice.kit.importing import SheetResource
from backoffice.kit.importing.columns import BySlug, Choice, Country, Languages, YesNo, by_slug
from backoffice.kit.labels import pair
from events.models import Affiliation, Expert, Organization


class OrganizationResource(SheetResource):
    kind = Field("kind", "kind", Choice(Organization.Kind.choices))
    country = Field("country", "country", Country())
    is_public = Field("is_public", "is_public", YesNo())

    class Meta(SheetResource.Meta):
        model = Organization
        fields = (
            *("slug", *pair("name"), *pair("short_name"), "kind", "country", *pair("city")),
            *(*pair("district"), "credit_code", "ror"),
            *("website", *pair("description"), "is_public"),
        )


class ExpertResource(SheetResource):
    """Experts, each with one affiliation where the file names the organization."""

    of_affiliation = ("organization", *pair("position"))

    country = Field("country", "country", Country())
    languages = Field("languages", "languages", Languages())
    is_public = Field("is_public", "is_public", YesNo())
    organization = Field(column_name="organization", widget=BySlug(Organization))
    position_en = Field(column_name="position_en")
    position_zh_hans = Field(column_name="position_zh_hans")

    class Meta(SheetResource.Meta):
        model = Expert
        fields = (
            *("slug", *pair("name"), *pair("honorific"), *pair("biography")),
            *("country", "languages", "orcid", "is_public", "organization", *pair("position")),
        )

    @classmethod
    def meant(cls, column: str) -> type[models.Model]:
        return Affiliation if column in cls.of_affiliation else Expert

    def refused(self, instance: Expert, row: dict) -> dict[str, list[ValidationError]]:
        errors = super().refused(instance, row)
        if row.get("organization"):
            try:
                by_slug(Organization, row["organization"])
            except ValueError as error:
                errors["organization"] = [ValidationError(str(error))]
        elif any(row.get(name) for name in pair("position")):
            errors["organization"] = [
                ValidationError(_("Name the organization at which this position is held."))
            ]
        return errors

    def changed(self, instance: Expert, original: Expert, row: dict) -> list[str]:
        found = super().changed(instance, original, row)
        stored = original.affiliations.filter(organization__slug=row.get("organization")).first()
        if row.get("organization") and stored is None:
            found.append("organization")
        for name in pair("position"):
            if row.get(name) and row[name] != getattr(stored, name, ""):
                found.append(name)
        return found

    def after_save_instance(self, instance: Expert, row: dict, **kwargs: Any) -> None:
        if not row.get("organization"):
            return
        organization = by_slug(Organization, row["organization"])
        affiliation = instance.affiliations.filter(
            organization=organization
        ).first() or Affiliation(
            expert=instance,
            organization=organization,
            is_primary=not instance.affiliations.filter(is_primary=True).exists(),
        )
        for name in pair("position"):
            if row.get(name):
                setattr(affiliation, name, row[name])
        affiliation.full_clean()
        affiliation.save()
