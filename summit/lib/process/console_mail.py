"""Mail for the eye: printed as people read it, where the demo and developers send none."""

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as ConsoleBackend


class EmailBackend(ConsoleBackend):
    """Prints subject, text and the names of attachments, where Django prints them encoded."""

    def write_message(self, message: EmailMessage) -> None:
        attached = ", ".join(str(each.filename) for each in message.attachments)
        lines = (
            "-" * 72,
            f"To: {', '.join(message.to)}",
            f"Subject: {message.subject}",
            *([f"Attached: {attached}"] if attached else []),
            "",
            str(message.body),
            "-" * 72,
            "",
        )
        self.stream.write("\n".join(lines))
