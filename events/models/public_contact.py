from django.db import models
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.bilingual import bilingual
from summit.lib.web.mail_addresses import EmailColumn
from summit.lib.web.phones import dial_link, validate_phone


class PublicContact(models.Model):
    """The one contact of an event, which everybody sees: a person or an office.

    Kept off the history of the event (``PUBLIC_CONTACT_FIELDS``), so that a name that is
    taken out is gone. Contacts that only staff see are in the app ``contacts``.
    """

    # The version before writes no value for these.
    contact_name = bilingual(
        models.CharField(
            _("contact"),
            max_length=100,
            blank=True,
            default="",
            db_default="",
            help_text=_("A person or an office, such as Conference office."),
        )
    )
    contact_phone = models.CharField(
        _("contact’s phone"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        validators=[validate_phone],
    )
    contact_email = EmailColumn(_("contact’s e-mail"), blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def has_contact(self) -> bool:
        return bool(self.contact_name or self.contact_phone or self.contact_email)

    @property
    def contact_dial_link(self) -> str:
        return dial_link(self.contact_phone)


PUBLIC_CONTACT_FIELDS = (
    *("contact_name_en", "contact_name_zh_hans"),
    *("contact_phone", "contact_email"),
)
