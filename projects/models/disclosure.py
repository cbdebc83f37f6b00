"""How much of a project others than the bureau may see. Decided here, and nowhere else."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Disclosure(models.TextChoices):
    """From all to nothing. Whatever is not named here is for the bureau alone."""

    PUBLIC = "public", _("public")
    TITLE = "title", _("only the title is public")
    PARTICIPANTS = "participants", _("only participants")
    BUREAU = "bureau", _("only the organizers")


def is_public(through: str = "") -> Q:
    """Return what holds of a published project of which everything is public.

    ``through`` is the path from the rows that are filtered to their project.
    """
    before = f"{through}__" if through else ""
    return Q(**{f"{before}status": "published", f"{before}disclosure": Disclosure.PUBLIC})


# Of these the catalogue has a card and the project a page, of the second kind with its title alone.
IS_LISTED = Q(status="published", disclosure__in=[Disclosure.PUBLIC, Disclosure.TITLE])


class Disclosed(models.Model):
    """A project of which organizers say what is public."""

    status: "models.Field[str, str]"

    # Each from the most open value on: what a merger proposes.
    strictest = {
        "disclosure": Disclosure.values,
        "shows_price": [True, False],
        "shows_contacts": [True, False],
    }

    disclosure = models.CharField(
        _("what is public"),
        max_length=20,
        choices=Disclosure.choices,
        default=Disclosure.PUBLIC,
        db_default=Disclosure.PUBLIC.value,
        help_text=_(
            "Only the title: the catalogue shows it, and whom to ask. Only participants or "
            "organizers: no public page shows or counts the project."
        ),
    )
    shows_price = models.BooleanField(
        _("the amount is public"),
        default=False,
        db_default=False,
        help_text=_("Tick where the page may show the budget or the asking price."),
    )
    shows_contacts = models.BooleanField(
        _("the contacts are public"),
        default=False,
        db_default=False,
        help_text=_("Tick where the contacts of the project agreed that its page names them."),
    )

    class Meta:
        abstract = True

    CONSTRAINTS = [
        models.CheckConstraint(
            condition=Q(disclosure__in=["public", "title", "participants", "bureau"]),
            name="project_disclosure_is_known",
        ),
    ]

    @property
    def is_public(self) -> bool:
        """Published, and everything of it is public."""
        return self.status == "published" and self.disclosure == Disclosure.PUBLIC

    @property
    def is_listed(self) -> bool:
        """Whether visitors see anything of it: all, or its title."""
        return self.status == "published" and not self.is_confidential

    @property
    def is_title_only(self) -> bool:
        return self.disclosure == Disclosure.TITLE

    @property
    def is_confidential(self) -> bool:
        """Not even the title is public."""
        return self.disclosure not in (Disclosure.PUBLIC, Disclosure.TITLE)
