"""What the page that asks before deleting lists."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import pgettext


class PlainDeletion:
    """Leaves out rows that only tie two things together: "Project_sectors object (44)"."""

    # What to do with a row that cannot be deleted, for the page that says so.
    instead_of_deleting = ""

    def render_delete_form(self, request, context):
        context["instead_of_deleting"] = self.instead_of_deleting
        for name in ("deleted_objects", "protected"):
            context[name] = _punctuated(context[name])
        return super().render_delete_form(request, context)

    def get_deleted_objects(self, objs, request):
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        ties = [
            relation.related_model._meta
            for relation in self.opts.get_fields(include_hidden=True)
            if relation.one_to_many and relation.related_model._meta.auto_created
        ]
        prefixes = tuple(f"{capfirst(tie.verbose_name)}: " for tie in ties)
        plurals = [tie.verbose_name_plural for tie in ties]
        counts = {name: count for name, count in counts.items() if name not in plurals}
        # What stands in the way comes before who may delete it.
        perms_needed = set() if protected else perms_needed
        return _without(to_delete, prefixes), counts, perms_needed, protected


def _without(rows: list, prefixes: tuple[str, ...]) -> list:
    """Return Django's nested list without the lines that begin like that, and empty branches."""
    kept = []
    for row in rows:
        if isinstance(row, list):
            if branch := _without(row, prefixes):
                kept.append(branch)
        elif not row.startswith(prefixes):
            kept.append(row)
    return kept


def _punctuated(rows: list) -> list:
    """Return Django's list with the colon of the language after the kind of each row."""
    colon = pgettext("after the kind of a row", ": ")
    kinds = tuple(f"{capfirst(model._meta.verbose_name)}: " for model in apps.get_models())
    shown = []
    for row in rows:
        if isinstance(row, list):
            shown.append(_punctuated(row))
        elif row.startswith(kinds):
            # What Django has escaped stays so; the template escapes the rest.
            shown.append(type(row)(row.replace(": ", colon, 1)))
        else:
            shown.append(row)
    return shown
