"""A text field that suggests what other rows have in the same column."""

from typing import Any

from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Model

MOST = 500


class SuggestingInput(AdminTextInputWidget):
    """Suggests the texts of a column that are in use, for texts that people should write alike.

    Costs a query each time it is shown.
    """

    template_name = "backoffice/suggesting_input.html"

    def __init__(
        self, model: type[Model], column: str, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"list": f"{column}-in-use", **(attrs or {})})
        self.model, self.column = model, column

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = self.model._default_manager.exclude(**{self.column: ""}).order_by(self.column)
        in_use = texts.values_list(self.column, flat=True).distinct()[:MOST]
        return context | {"list": self.attrs["list"], "suggestions": in_use}
