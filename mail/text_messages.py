"""One try at sending a text message, which asks for the receipt of an earlier one first."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from mail.models import OutboundMail
from summit.lib.process.smtp_mail import OutcomeUnknown
from summit.lib.sms.messages import BadNumber, Provider, Receipt, Refused, ShortMessage

# A message that was handed over more lately may not be in the provider's list yet.
LISTED_AFTER = dt.timedelta(minutes=5)


@dataclass
class TextMessage:
    """A text message as the queue sends it; ``body`` is what arrives, and it has no ``subject``."""

    row: OutboundMail
    message: ShortMessage
    before_handover: Callable[[], None] = field(default=lambda: None)
    subject: str = ""

    @property
    def body(self) -> str:
        return self.message.text

    def send(self) -> None:
        """Send it, unless the provider has had it already.

        Raises what ``Provider.send`` raises; ``BadNumber`` where the provider could not deliver
        it; and ``OutcomeUnknown``, without sending, while its receipt is open. Only a person
        who queues it again has it sent then, too.
        """
        provider = settings.SMS.connect()
        if provider is None or not self.message.template:
            raise Refused("NotConfigured")
        if self.row.first_handed_over_at and self._was_taken(provider):
            return
        provider.send(self.message, before_handover=self.before_handover)

    def _was_taken(self, provider: Provider) -> bool:
        since = self.row.first_handed_over_at or timezone.now()
        receipt = provider.find_receipt(self.message, since=since)
        if receipt is Receipt.FAILED:
            raise BadNumber("NotDelivered")
        if receipt is Receipt.TAKEN:
            return True
        is_listed = timezone.now() - since > LISTED_AFTER
        # The first try after a person has queued it again.
        is_wanted = receipt is Receipt.UNKNOWN and self.row.attempts == 1
        if not is_listed or not (receipt is Receipt.NOT_TAKEN or is_wanted):
            raise OutcomeUnknown
        return False


def compose(
    row: OutboundMail, *, what: str, number: str, text: str, **parameters: str
) -> TextMessage:
    """Put a text message together; ``what`` names its template, and ``text`` is for the eye.

    ``parameters`` stand in the order of the template.
    """
    sms = settings.SMS
    is_home = number.startswith("+86")
    message = ShortMessage(
        number=number,
        template=sms.template(what, is_home=is_home),
        parameters=parameters,
        reference=f"summit-{row.pk}",
        text=f"【{sms.sign_name}】{text}" if sms.sign_name else text,
    )
    return TextMessage(row, message)
