from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = pgettext_lazy("application", "Events")
    # Writes to its tables change what the page cache keeps: website/page_cache/content.py.
    shown_on_public_pages = True

    def ready(self) -> None:
        from audit.actions import register_actions
        from events.audited import Action
        from events.domain import affiliations, poster
        from summit.lib.files.previews import Previews
        from summit.lib.registries import PeriodicStep, Stage, periodic_steps

        register_actions(Action)
        affiliations.register()
        periodic_steps.add("posters drawn", PeriodicStep(Stage.DRAW, poster.draw_due))
        step = PeriodicStep(Stage.DRAW, Previews().store_missing)
        periodic_steps.add("previews of pictures stored", step)
