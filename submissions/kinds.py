"""What a call asks for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallKind(TextChoices):
    NEED = "need", _("technology needs")
    TALENT = "talent", _("talent needs")
    OFFER = "offer", _("projects offered")
