from contacts.domain import contact
from summit.lib.process.erasing import ErasingCommand


class Command(ErasingCommand):
    help = (
        "Erases the contacts of one person, by e-mail address or phone number. erase_attendee "
        "erases them too."
    )
    row, rows = "contact", "contacts"
    by_email = staticmethod(contact.erase_by_email)
    by_phone = staticmethod(contact.erase_by_phone)
