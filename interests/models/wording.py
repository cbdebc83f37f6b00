"""In which words visitors are asked whether name and contact may be passed on."""

from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words

# Never change one that was asked: add another one, which is then the present one.
WORDINGS: dict[str, Words] = {
    "1": _(
        "The organizers may pass on my name, organization, contact and message to the owner of "
        "what I ask about, so that they can reply to me."
    )
}
PRESENT = "1"
