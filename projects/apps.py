from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from summit.lib.registries import PeriodicStep, Stage, periodic_steps


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = pgettext_lazy("application", "Projects and cooperation")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from audit.actions import register_actions
        from mail.kinds import register_kinds
        from projects.audited import Action
        from projects.domain import digest, merging
        from projects.emails import write_digest
        from projects.mail_kinds import Kind

        register_actions(Action)
        merging.register()
        register_kinds(Kind, write_digest)
        periodic_steps.add("digests queued", PeriodicStep(Stage.CHANGE, digest.queue_due))
