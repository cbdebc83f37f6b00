"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    CODE = "subscription_code", _("code for new projects by e-mail")
    NEW_PROJECTS = "new_projects", _("new projects")
