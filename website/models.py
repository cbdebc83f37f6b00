from django.db import models


class ContentVersion(models.Model):
    """The tokens that together are the version of everything public pages show.

    Triggers in the database write them, so that no way of writing, the shell and
    bulk updates included, can be forgotten: events/page_cache has the whole story.
    """

    shown_on_public_pages = False

    token = models.CharField(max_length=32)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.token
