"""How affiliations come together when experts or organizations are merged."""

from collections import defaultdict
from typing import Any

from events.domain import references
from events.domain.references import Reference, Same
from events.models import Affiliation
from events.models.period import first_overlap


def find_same(reference: Reference, rows: list[Affiliation]) -> Same:
    """Pair each row with one of the same expert at the same organization in the same time."""
    # The other side is the same row for both; this one will be.
    other_side = "organization_id" if reference.field.name == "expert" else "expert_id"
    staying: dict[Any, list[tuple[Affiliation, Affiliation]]] = defaultdict(list)
    same: Same = []
    for row in rows:
        # As it will be once it has taken over those after it.
        grown = Affiliation(starts_on=row.starts_on, ends_on=row.ends_on)
        group = staying[getattr(row, other_side)]
        found = next((pair for pair in group if first_overlap([pair[1], grown])), None)
        if found is None:
            group.append((row, grown))
        else:
            same.append((row, found[0]))
            absorb(found[1], grown)
    return same


def absorb(row: Affiliation, other: Affiliation) -> set[str]:
    """Let a row hold in the time of both, and be the primary one if either is."""
    starts, ends = (row.starts_on, other.starts_on), (row.ends_on, other.ends_on)
    row.starts_on = min(day for day in starts if day) if all(starts) else None
    row.ends_on = max(day for day in ends if day) if all(ends) else None
    row.is_primary = row.is_primary or other.is_primary
    return {"starts_on", "ends_on", "is_primary"}


def settle(reference: Reference, rows: list[Affiliation]) -> list[Affiliation]:
    """Leave one primary affiliation at a time of each expert; return those that are none now."""
    changed = []
    primary: dict[Any, list[Affiliation]] = defaultdict(list)
    for row in rows:
        expert = None if reference.field.name == "expert" else row.expert_id
        if row.is_primary and first_overlap([*primary[expert], row]):
            row.is_primary = False
            changed.append(row)
        elif row.is_primary:
            primary[expert].append(row)
    return changed


def register() -> None:
    """Let mergers know these rules. Harmless when repeated."""
    references.find_same[Affiliation] = find_same
    references.absorb[Affiliation] = absorb
    references.settle[Affiliation] = settle
