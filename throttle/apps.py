from django.apps import AppConfig

from summit.lib.registries import PeriodicStep, Stage, periodic_steps


class ThrottleConfig(AppConfig):
    name = "throttle"

    def ready(self) -> None:
        from throttle import rate_limit

        periodic_steps.add("rate counts forgotten", PeriodicStep(Stage.FORGET, rate_limit.forget))
