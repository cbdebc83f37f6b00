"""What all rows have in common that are a file which somebody has added by a personal link."""

from django.db import models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from summit.lib.files.file_types import ENDINGS, FileType
from summit.lib.web.signed_links import new_code

# Pictures are encoded anew, as all that the product takes.
WEBP = "image/webp"
_DOCUMENTS = (FileType.PDF, FileType.DOCX, FileType.XLSX, FileType.PPTX)


class UploadQuerySet[Row: "Upload"](models.QuerySet[Row]):
    def total_size(self) -> int:
        """Return how many bytes they have together. One query."""
        return self.aggregate(total=Sum("size"))["total"] or 0


class Upload(models.Model):
    """A file in the private storage, known by its content. The person and the reviewers get it.

    Each kind says in which folder its bytes lie: ``submissions/domain/upload.py``.
    """

    # What its address carries in place of a number that could be counted up.
    code = models.CharField(max_length=40, unique=True, default=new_code, editable=False)
    file: models.FileField
    name = models.CharField(pgettext_lazy("of a file", "name"), max_length=200)
    content_type = models.CharField(
        _("type"),
        max_length=100,
        choices=[*((each.value, each.label) for each in _DOCUMENTS), (WEBP, _("picture"))],
    )
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.pk or 0}"

    @property
    def is_picture(self) -> bool:
        return self.content_type == WEBP

    @property
    def ending(self) -> str:
        return ".webp" if self.is_picture else ENDINGS[self.content_type]

    @property
    def download_name(self) -> str:
        """The name that it came with, and the ending of what it is."""
        stem, _dot, _ending = self.name.rpartition(".")
        return (stem or self.name) + self.ending
