from django.tasks import task


@task
def deliver_mails() -> int:
    """Send what is due. Retries live in the table of outbound mail, not here."""
    from events.domain.mail import deliver_due

    return deliver_due()
