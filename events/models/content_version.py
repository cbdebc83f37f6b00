from django.db import models


class ContentVersion(models.Model):
    """One row whose token changes whenever anything that public pages show is written.

    Triggers in the database keep it (events/page_cache.py), so that no way of
    writing, the shell and bulk updates included, can be forgotten.
    """

    token = models.CharField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="content_version_is_one_row")
        ]

    def __str__(self) -> str:
        return self.token
