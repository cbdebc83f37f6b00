"""What is audited. Each app registers its own actions when it is ready."""

from django.db.models import TextChoices

_actions: list[type[TextChoices]] = []


def register_actions(actions: type[TextChoices]) -> None:
    """Let the audit trail record these. Registering them twice is harmless."""
    if actions not in _actions:
        _actions.append(actions)


def registered_actions() -> list[tuple[str, str]]:
    """Return the values and labels of all actions, app by app."""
    return [choice for actions in _actions for choice in actions.choices]
