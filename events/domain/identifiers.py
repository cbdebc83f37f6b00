"""What may be wrong with the identifiers of a row. It is said, and never refused."""

from events.models import Expert, Organization
from events.models.expert import ExpertQuerySet
from events.models.organization import OrganizationQuerySet
from summit.lib.identifiers import (
    doubt_about_credit_code,
    doubt_about_orcid,
    doubt_about_ror,
)


def doubts_about(row: Organization | Expert) -> dict[str, str]:
    """Return for each identifier that cannot be right why, by the name of its field."""
    if isinstance(row, Expert):
        doubts = {"orcid": doubt_about_orcid(row.orcid)}
    else:
        doubts = {
            "credit_code": doubt_about_credit_code(row.credit_code),
            "ror": doubt_about_ror(row.ror),
        }
    return {name: why for name, why in doubts.items() if why}


def others_with_same(
    row: Organization | Expert, field: str
) -> "OrganizationQuerySet | ExpertQuerySet":
    """Return the other rows of the kind that bear the same identifier."""
    value = getattr(row, field)
    rows = type(row).objects.exclude(pk=row.pk)
    return rows.filter(**{field: value}) if value else rows.none()
