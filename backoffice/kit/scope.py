"""What an organizer who is limited to series or events finds in the admin.

Every admin says to which events its rows belong, by one of the classes below; a test
refuses one that does not. What is beyond somebody's limits does not exist there: pages,
lists, searches, choices and what is posted know of no such row.
"""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.models.limits import limits_of
from events.models.organizer_scope import of_events_run_by
from summit.lib.database.numbers import is_number


class Scoped:
    """An admin that says what of its rows is whose."""

    def in_scope(self, user, rows):
        """Leave of ``rows`` what somebody reads here."""
        raise NotImplementedError

    def choosable(self, user, rows):
        """Leave of ``rows`` those under which somebody may put others."""
        return self.in_scope(user, rows)

    def why_read_only(self, request, obj):
        """Return why somebody who may change such rows does not change this one, in words."""
        return ""

    def get_queryset(self, request):
        return self.in_scope(request.user, super().get_queryset(request))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # Without the permission, whatever the row, there is nothing to explain.
        if obj is not None and limits_of(request.user) and _may_change_any(request, self.opts):
            context["why_read_only"] = self.why_read_only(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


class OfEvent(Scoped):
    """Rows that each belong to the event to which ``event_path`` leads."""

    event_path = "event"

    def in_scope(self, user, rows):
        return rows.filter(of_events_run_by(user, self.event_path))


class Shared(Scoped):
    """Rows that events have in common: everybody who works here sees and adds them.

    Who is limited changes and deletes those that none of ``connections`` ties to an event
    beyond their limits. To tie one to an event of theirs gives nobody a right to it, since
    they could do so with every row; one that is tied to nothing at all is theirs as well.
    """

    # Paths from a row to the events in which it has a part.
    connections: tuple[str, ...] = ()

    def in_scope(self, user, rows):
        return rows

    def changeable(self, user, rows):
        limits = limits_of(user)
        if limits is None:
            return rows
        beyond = Event.objects.exclude(limits.of_events()).order_by().values("pk")
        for path in self.connections:
            tied = self.model._base_manager.filter(**{f"{path}__in": beyond})
            rows = rows.exclude(pk__in=tied.values("pk"))
        return rows

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_theirs(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_theirs(request, obj)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if limits_of(request.user) is None:
            return rows
        # Asked several times for a page, so that each row brings the answer along.
        theirs = self.changeable(request.user, self.model._base_manager.filter(pk=OuterRef("pk")))
        return rows.annotate(is_theirs=Exists(theirs))

    def _is_theirs(self, request, obj):
        """Whether they may change the row. A query for one that is not of ``get_queryset``."""
        if obj is None or obj.pk is None or limits_of(request.user) is None:
            return True
        if hasattr(obj, "is_theirs"):
            return obj.is_theirs
        rows = self.model._base_manager.filter(pk=obj.pk)
        return self.changeable(request.user, rows).exists()

    def why_read_only(self, request, obj):
        return "" if self._is_theirs(request, obj) else self._beyond()

    def why_not(self, verb, request):
        if limits_of(request.user) and _may_change_any(request, self.opts):
            return self._beyond()
        return super().why_not(verb, request)

    def _beyond(self):
        return _(
            "This %(kind)s also has a part in events outside your limits. Ask an organizer "
            "without limits to change it."
        ) % {"kind": self.opts.verbose_name}

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and limits_of(request.user) and is_number(str(object_id)):
            # Nobody ties it to an event beyond while somebody changes it who then may not.
            _lock(self.model, Q(pk=object_id))
        return super().get_object(request, object_id, from_field)

    def response_action(self, request, queryset, **options):
        """Do nothing at all where what is selected is not all theirs to change."""
        if limits_of(request.user) is None:
            return super().response_action(request, queryset, **options)
        selected = queryset
        if request.POST.get("select_across") != "1":
            keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
            selected = queryset.filter(pk__in=[key for key in keys if is_number(key)])
        with transaction.atomic():
            _lock(self.model, Q(pk__in=selected.order_by().values("pk")))
            if self.changeable(request.user, selected).count() == selected.count():
                return super().response_action(request, queryset, **options)
        self.message_user(
            request,
            _("Some of these have a part in other events than yours alone. Nothing was changed."),
            messages.ERROR,
        )
        return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs, request):
        if all(self.has_delete_permission(request, obj) for obj in objs):
            return super().get_deleted_objects(objs, request)
        # What else the rows are tied to is not theirs to know.
        return [], {}, {str(self.opts.verbose_name)}, []


class OfTheSite(Scoped):
    """Rows that are the same for all events: who is limited reads them."""

    def in_scope(self, user, rows):
        return rows

    def why_read_only(self, request, obj):
        return _("This is the same for all events. Ask an organizer without limits to change it.")

    def has_add_permission(self, request):
        return limits_of(request.user) is None and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return limits_of(request.user) is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return limits_of(request.user) is None and super().has_delete_permission(request, obj)


class NotForTheLimited(Scoped):
    """Rows of which nobody who is limited sees any."""

    def in_scope(self, user, rows):
        return rows if limits_of(user) is None else rows.none()

    def has_module_permission(self, request):
        return limits_of(request.user) is None and super().has_module_permission(request)

    def has_view_permission(self, request, obj=None):
        return limits_of(request.user) is None and super().has_view_permission(request, obj)


def _may_change_any(request, opts):
    permission = get_permission_codename("change", opts)
    return request.user.has_perm(f"{opts.app_label}.{permission}")


def _lock(model, which):
    """Lock rows to the end of the transaction, against new references to them as well."""
    rows = model._base_manager.select_for_update().filter(which)
    list(rows.order_by("pk").values_list("pk"))


def _admin_of(model, site):
    return site.get_model_admin(model) if site.is_registered(model) else None


def readable(rows, request, site):
    """Leave of the rows of any model what its admin lets this person read."""
    model_admin = _admin_of(rows.model, site)
    return model_admin.in_scope(request.user, rows) if isinstance(model_admin, Scoped) else rows


def reads(request, site):
    """Return a function that says whether this person reads a row. A query for each row asked."""
    if limits_of(request.user) is None:
        return lambda row: True
    known = {}

    def is_read(row):
        key = type(row), row.pk
        if key not in known:
            rows = type(row)._default_manager.filter(pk=row.pk)
            known[key] = readable(rows, request, site).exists()
        return known[key]

    return is_read


def choosable(rows, request, site):
    """Leave of the rows of any model those that this person may choose in a form."""
    model_admin = _admin_of(rows.model, site)
    return model_admin.choosable(request.user, rows) if isinstance(model_admin, Scoped) else rows


class ChoicesInScope:
    """Offers and accepts in a form what is within the limits. For admins and inlines."""

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        if limits_of(request.user) is None:
            return rows
        if rows is None:
            rows = db_field.remote_field.model._default_manager.using(db)
        return choosable(rows, request, self.admin_site)


class RowsInScope:
    """An inline on a shared row's page: shows the parts that belong to events of theirs."""

    def get_queryset(self, request):
        return readable(super().get_queryset(request), request, self.admin_site)


class InScopeFilter(admin.RelatedFieldListFilter):
    """Offers to filter by what is within the limits."""

    def field_choices(self, field, request, model_admin):
        model = field.remote_field.model
        rows = readable(model._default_manager.all(), request, model_admin.admin_site)
        theirs = Q(pk__in=rows.order_by().values("pk")) if limits_of(request.user) else Q()
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=theirs,
        )


def view_on_site(site):
    """Return the view that leads to a row's public page, of rows that the person reads here."""

    def view(request, content_type_id, object_id):
        model = _model_of(content_type_id)
        model_admin = _admin_of(model, site)
        if model_admin is None or not model_admin.has_view_permission(request):
            raise Http404
        rows = model._default_manager.filter(pk=object_id) if is_number(object_id) else None
        if rows is None or not readable(rows, request, site).exists():
            raise Http404
        return shortcut(request, content_type_id, object_id)

    return view


def _model_of(content_type_id):
    if not is_number(content_type_id):
        raise Http404
    found = ContentType.objects.filter(pk=content_type_id).first()
    if found is None or found.model_class() is None:
        raise Http404
    return found.model_class()
