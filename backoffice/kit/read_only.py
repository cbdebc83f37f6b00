"""Rows that nobody edits by hand."""


class ReadOnly:
    """Written by the product alone: not even a superuser changes it. For admins and inlines."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
