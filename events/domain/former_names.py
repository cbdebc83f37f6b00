"""Former names: kept in rows of their own, and in a column by which their organization is found."""

from events.models import FormerName, Organization
from summit.lib.i18n.bilingual import in_both


def note_former_names(organization: Organization) -> None:
    """Let searches and likeness find an organization by the former names that it has now.

    Called after its rows of ``FormerName`` were written, in the same transaction. Two queries,
    three where they have changed.
    """
    former = FormerName.objects.filter(organization=organization)
    texts = [text for each in former for text in in_both(each, "name").values() if text]
    lines = "\n".join(dict.fromkeys(texts))
    if lines != organization.names_before:
        organization.names_before = lines
        organization.skip_history_when_saving = True  # type: ignore[attr-defined]  # simple_history
        organization.save(update_fields=["names_before", "search_text"])
        del organization.skip_history_when_saving  # type: ignore[attr-defined]  # as above


def add_former_name(organization: Organization, **fields: object) -> FormerName:
    """Add a name that an organization had. In the caller's transaction."""
    former = FormerName(organization=organization, **fields)
    former.full_clean()
    former.save()
    note_former_names(organization)
    return former
