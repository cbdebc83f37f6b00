from submissions.domain import privacy
from summit.lib.process.erasing import ErasingCommand


class Command(ErasingCommand):
    help = (
        "Erases what one person handed in to calls, by e-mail address or mobile number. "
        "erase_attendee erases it too."
    )
    row, rows = "submission", "submissions"
    by_email = staticmethod(privacy.erase_by_email)
    by_phone = staticmethod(privacy.erase_by_phone)
