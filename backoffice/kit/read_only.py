"""Rows that nobody edits by hand."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that the product alone writes: not even a superuser changes one.

    For pages and inlines. Overrides ``has_…_permission``.
    """

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
