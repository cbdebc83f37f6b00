"""What drafts were like when somebody looked at them before they were signed."""

import hashlib
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.domain import snapshot
from projects.models import CooperationIntention
from summit.lib.i18n.languages import Words, listed_long

CODE = "changed_meanwhile"
_CHANGED: Words = _(
    "These drafts were changed after you opened this page: %(drafts)s. Look at them and sign again."
)
_OTHERS: Words = _(
    "The drafts of this session have changed in the meantime. Look at the list again."
)
_LENGTH = 32


def versions(drafts: Sequence[CooperationIntention]) -> dict[int, str]:
    """Return by its key a digest of all that a signature would fix of each draft.

    Names of parties, projects and people are part of it. No query where parties, event and
    ``snapshot.PARTS`` are fetched, else a few, however many drafts there are.
    """
    taken = snapshot.take(drafts)
    return {
        draft.pk: _digest((words, _columns(draft), draft.institution and draft.institution.pk))
        for draft, words in zip(drafts, taken, strict=True)
    }


def _columns(draft: CooperationIntention) -> list[tuple[str, str]]:
    fields = (field for field in draft._meta.concrete_fields if field.editable)
    return [(field.attname, str(getattr(draft, field.attname))) for field in fields]


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:_LENGTH]


def explain_changes(
    drafts: Sequence[CooperationIntention], seen: Mapping[int, str]
) -> list[ValidationError]:
    """Return why what is about to be signed is not what was ``seen``, in words; else nothing."""
    now = versions(drafts)
    changed = [draft for draft in drafts if seen.get(draft.pk, now[draft.pk]) != now[draft.pk]]
    errors = []
    if changed:
        params = {"drafts": listed_long(changed)}
        errors.append(ValidationError(_CHANGED, code=CODE, params=params))
    if now.keys() != seen.keys():
        errors.append(ValidationError(_OTHERS, code=CODE))
    return errors
