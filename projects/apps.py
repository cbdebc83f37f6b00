from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("projects and cooperation")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from projects.emails import write_digest
        from registrations.emails import add_writer
        from staff.permissions import grant

        # After the receiver of django.contrib.auth, which makes the permissions.
        post_migrate.connect(grant, sender=self, dispatch_uid="projects.permissions.grant")
        add_writer("follow_ups", write_digest)
