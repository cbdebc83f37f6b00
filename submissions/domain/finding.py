"""Finding a submission again by its query code, for who has no mail to open."""

from django.utils import timezone

from submissions.models import Submission


def with_contact(key: str) -> list[Submission]:
    """Return those with a contact that ``query_code.contact_key`` returned. Two queries.

    Those whose link has ended are left out: it would lead nowhere.
    """
    rows = Submission.objects.named().select_related("call__event")
    found = [*rows.filter(phone_key=key), *rows.filter(email_key=key).exclude(phone_key=key)]
    return [row for row in found if row.link_ends_at > timezone.now()]
