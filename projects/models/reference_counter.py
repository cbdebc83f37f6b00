from django.db import models


class ReferenceCounter(models.Model):
    """The last number given for a prefix and year; its row is locked while one is given."""

    shown_on_public_pages = False

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["prefix", "year"], name="reference_counter_is_one_per_prefix_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"
