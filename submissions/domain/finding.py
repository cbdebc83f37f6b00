"""Finding a submission again by its query code, for who has no mail to open."""

from submissions.models import Submission


def with_contact(key: str) -> list[Submission]:
    """Return those with a contact that ``query_code.contact_key`` returned. Two queries."""
    rows = Submission.objects.named().select_related("call__event")
    return [*rows.filter(phone_key=key), *rows.filter(email_key=key).exclude(phone_key=key)]
