"""Former names: kept in rows of their own, and in a column by which their organization is found."""

from collections.abc import Sequence

from events.models import FormerName, Organization
from events.models.organization import overlapping_name
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import column
from summit.lib.i18n.likeness import key


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


def keep_names(organization: Organization, merged: Sequence[Organization]) -> None:
    """Keep the names of organizations that were merged into one among its former names.

    Without days, and but for those that are like a name that it has. What refers to the merged
    ones refers to ``organization`` already, their former names among it: of two that are the same
    one stays, and of two that were in use at once one loses its days.
    """
    _tidy(organization)
    known = organization.likeness_keys()
    for each in FormerName.objects.filter(organization=organization):
        known |= {key(text) for text in in_both(each, "name").values()}
    for row in merged:
        for name in ("name", "short_name"):
            texts = {
                column("name", language): text for language, text in in_both(row, name).items()
            }
            keys = {key(text) for text in texts.values()} - {""}
            if not keys <= known:
                add_former_name(organization, **texts)
                known |= keys
    note_former_names(organization)


def _tidy(organization: Organization) -> None:
    rows = list(FormerName.objects.filter(organization=organization))
    seen = set()
    for row in list(rows):
        same = (row.name_en, row.name_zh_hans, row.starts_on, row.ends_on)
        if same in seen:
            rows.remove(row)
            row.delete()
        seen.add(same)
    while (second := overlapping_name(rows)) is not None:
        if second.starts_on is not None:
            second.starts_on = None
        else:
            second.ends_on = None
        second.save()


def add_former_name(organization: Organization, **fields: object) -> FormerName:
    """Add a name that an organization had. In the caller's transaction."""
    former = FormerName(organization=organization, **fields)
    former.full_clean()
    former.save()
    note_former_names(organization)
    return former
