from django.db import models


class Heartbeat(models.Model):
    """When a process beside the web server last said that it is alive."""

    shown_on_public_pages = False

    class Process(models.TextChoices):
        WORKER = "worker"
        PERIODIC = "periodic"

    process = models.CharField(max_length=20, choices=Process, primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.process} {self.beaten_at:%Y-%m-%d %H:%M:%S} UTC"
