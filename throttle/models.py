from django.db import models


class RateCount(models.Model):
    """How often something was tried in a window of time; ``key`` is a keyed hash, no address."""

    shown_on_public_pages = False

    key = models.CharField(max_length=64)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["key", "window_starts_at"], name="rate_is_counted_once_a_window"
            )
        ]
        indexes = [models.Index(fields=["window_starts_at"], name="rate_count_window")]

    def __str__(self) -> str:
        return f"{self.window_starts_at:%H:%M} {self.count}"
