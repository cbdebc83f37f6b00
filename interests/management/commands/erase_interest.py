from interests.domain import privacy
from summit.lib.process.erasing import ErasingCommand


class Command(ErasingCommand):
    help = (
        "Erases the expressions of interest of one person, by e-mail address or phone number. "
        "erase_attendee erases them too."
    )
    row, rows = "expression of interest", "expressions of interest"
    by_email = staticmethod(privacy.erase_by_email)
    by_phone = staticmethod(privacy.erase_by_phone)
