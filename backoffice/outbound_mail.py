"""The mails and text messages that wait, were sent, or could not be delivered."""

from functools import singledispatch
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.search import found_among_few, found_by_words
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.kit.zones import moment_column
from contacts.models import Contact
from events.models import Event
from interests.models import HandOver, Interest
from mail import outbox, writers
from mail.models import OutboundMail
from registrations import contact_emails
from registrations.models import Registration, RegistrationGroup
from submissions.models import ExpertLink, Submission
from subscriptions.models import Subscription
from summit.lib.i18n.languages import TAGS
from summit.lib.i18n.names import staff_name
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key
from summit.lib.web.requests import StaffRequest

SMS = OutboundMail.Channel.SMS
# The paths from a mail to the event of the row that it is to.
EVENTS = (
    *("registration__event", "registration_group__event"),
    *("submission__call__event", "interest__event", "hand_over__interest__event"),
)
STUCK = (OutboundMail.Status.GIVEN_UP, OutboundMail.Status.UNKNOWN)


def _try_again(
    _admin: SummitAdmin, _request: StaffRequest, row: OutboundMail, _given: dict[str, Any]
) -> None:
    outbox.try_again([row])


TRY_AGAIN: Action[OutboundMail] = Action(
    name="try-again",
    label=_("Try again"),
    explanation=_(
        "It is queued again and sent within a minute. Before a text message that was perhaps sent "
        "goes out again, the provider is asked for its receipt."
    ),
    run=_try_again,
    done=_("Queued again: %(object)s."),
    offered=lambda admin, row: row.status in STUCK,
    selected=ForSelected(
        label=_("Try the selected ones again"),
        explanation=_("They are queued again and sent within minutes."),
        rows=lambda admin, request, rows: rows.filter(status__in=STUCK),
        run=lambda admin, request, rows, given: outbox.try_again(rows),
        done=ngettext_lazy(
            "%(count)d e-mail or text message has been queued.",
            "%(count)d e-mails and text messages have been queued.",
            "count",
        ),
    ),
)


def _zone(row: OutboundMail) -> ZoneInfo:
    event = _event_of(row)
    return event.zone if event else timezone.get_current_timezone()


def _event_of(row: OutboundMail) -> Event | None:
    return getattr(row.subject, "event", None)


@admin.display(description=_("recipient"))
def recipient(row: OutboundMail) -> str:
    """To whom it goes: a row of an app with its contact, or a member of staff."""
    if row.user is not None:
        return staff_name(row.user)
    if row.subject is None:
        return "—"
    if getattr(row.subject, "erased_at", None):
        return gettext("erased")
    page, name, contact = recipient_of(row.subject, row.channel)
    if row.kind in contact_emails.TEXTS or "change" in row.payload:
        # To the address or number before or the new one, as the kind says.
        contact = ""
    return format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', page, name, contact)


@singledispatch
def recipient_of(subject: Model, channel: str) -> tuple[str, str, str]:
    """Return the page in the admin, the name and the contact of a row that mail is written to."""
    raise TypeError(f"Nobody has said how a {type(subject).__name__} is shown.")


@recipient_of.register
def _attendee(subject: Registration, channel: str) -> tuple[str, str, str]:
    page = reverse("admin:registrations_registration_change", args=[subject.pk])
    return page, subject.name, _contact_of(subject, channel)


@recipient_of.register
def _contact_person(subject: RegistrationGroup, channel: str) -> tuple[str, str, str]:
    people = reverse("admin:registrations_registration_changelist")
    return f"{people}?of_group={subject.pk}", subject.name, _contact_of(subject, channel)


def _contact_of(subject: Registration | RegistrationGroup, channel: str) -> str:
    return subject.readable_phone if channel == SMS else subject.readable_email


@recipient_of.register
def _who_handed_in(subject: Submission, channel: str) -> tuple[str, str, str]:
    page = reverse("admin:submissions_submission_change", args=[subject.pk])
    contact = subject.readable_phone if channel == SMS else subject.readable_email
    return page, subject.contact_name or subject.reference, contact


@recipient_of.register
def _expert(subject: ExpertLink, _channel: str) -> tuple[str, str, str]:
    page = reverse("admin:events_expert_change", args=[subject.expert_id])
    return page, str(subject.expert.name), mail_addresses.readable(subject.email)


@recipient_of.register
def _subscriber(subject: Subscription, _channel: str) -> tuple[str, str, str]:
    page = reverse("admin:subscriptions_subscription_change", args=[subject.pk])
    return page, subject.readable_email, ""


@recipient_of.register
def _visitor(subject: Interest, _channel: str) -> tuple[str, str, str]:
    # Whom it is to, its own page says to those who may read it.
    return reverse("admin:interests_interest_change", args=[subject.pk]), str(subject), ""


@recipient_of.register
def _owner(subject: HandOver, _channel: str) -> tuple[str, str, str]:
    page = reverse("admin:interests_interest_change", args=[subject.interest_id])
    return page, str(subject), ""


@recipient_of.register
def _contact(subject: Contact, _channel: str) -> tuple[str, str, str]:
    return reverse("admin:contacts_contact_change", args=[subject.pk]), str(subject), ""


@admin.display(description=_("text"))
def text(row: OutboundMail) -> str:
    """What the mail says, written anew for this page: the queue keeps no texts."""
    if row.subject is None and row.user is None:
        return gettext("You do not have permission to see this e-mail.")
    if row.subject is None:
        return gettext(
            "E-mails to staff are not shown, because they may contain links for logging in."
        )
    if isinstance(row.subject, Interest | HandOver | Contact):
        return gettext("What was sent is shown on the page of the expression of interest.")
    try:
        mail = writers.show(row)
    except ValidationError:
        mail = None
    if mail is None:
        return gettext("There is nothing to show: the personal data has been erased.")
    if row.channel == SMS:
        note = gettext("As approved. Codes are shown to nobody else.")
        return format_html('<div class="mail-text"><p class="help">{}</p>{}</div>', note, mail.body)
    note = (
        gettext("Shown with today’s data. The e-mail that was sent may have been different.")
        if row.status == OutboundMail.Status.SENT
        else gettext("As it would be sent now.")
    )
    return format_html(
        '<div class="mail-text" lang="{}"><p class="help">{}</p><p><strong>{}</strong></p>{}</div>',
        TAGS[row.subject.language],
        note,
        mail.subject,
        mark_safe(linebreaks(mail.body, autoescape=True)),
    )


class MailChangeList(GuardedChangeList, PrivateChangeList):
    pass


@admin.register(OutboundMail)
class OutboundMailAdmin(PrivateSearch, SummitAdmin):
    changelist_class = MailChangeList
    actions = [TRY_AGAIN]
    list_display = [
        *(
            "kind",
            "channel",
            "status",
            recipient,
            "about",
            "attempts",
            "next_try",
            "last_error",
            "sent",
        ),
    ]
    search_help_text = _("Name, pinyin, e-mail, organization, phone or ticket of the recipient.")
    list_filter = [
        "channel",
        "status",
        "kind",
        by_event(*EVENTS),
        by_series("submission__call__series", *(f"{path}__series" for path in EVENTS)),
    ]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    fields = readonly_fields = (  # type: ignore[assignment]  # Django takes functions as well
        *("kind", "channel", recipient, "about", "status", "attempts", "created", "next_try"),
        *("sent", "last_error", text),
    )
    created = moment_column(OutboundMail, "created_at", zone=_zone)
    next_try = moment_column(OutboundMail, "next_try_at", zone=_zone)
    sent = moment_column(OutboundMail, "sent_at", zone=_zone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboundMail]:
        # Of what was handed in, those who may not see it see of its mails that there are some.
        submissions = Submission.objects.select_related("call__event")
        if not request.user.has_perm("submissions.view_submission"):
            submissions = submissions.none()
        links = ExpertLink.objects.select_related("expert")
        if not request.user.has_perm("submissions.view_expertlink"):
            links = links.none()
        subjects = GenericPrefetch(
            "subject",
            [
                Registration.objects.select_related("event"),
                RegistrationGroup.objects.select_related("event"),
                submissions,
                links,
                Subscription.objects.all(),
                Interest.objects.select_related("event"),
                HandOver.objects.select_related("interest__event", "contact"),
            ],
        )
        return super().get_queryset(request).prefetch_related(subjects)

    # Who may not see attendees sees of their mails that there are some.

    def _may_see_people(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registrations.view_registration")

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._allowed(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._allowed(request, super().get_fields(request, obj))

    def _allowed(self, request: HttpRequest, names: Any) -> list[Any]:
        hidden = () if self._may_see_people(request) else (recipient, text)
        return [name for name in names if name not in hidden]

    def get_search_fields(self, request: HttpRequest) -> Any:
        # What is searched for, ``get_search_results`` says.
        return ["registration__search_text"] if self._may_see_people(request) else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboundMail], search_term: str
    ) -> tuple[QuerySet[OutboundMail], bool]:
        if not search_term or not self._may_see_people(request):
            return queryset, False
        people = Registration.objects.search(search_term).order_by().values("pk")
        names = ["username", "first_name", "last_name", "email"]
        staff = found_among_few(User.objects.filter(is_staff=True), names, search_term)
        found = Q(registration__in=people) | Q(user__in=staff.order_by().values("pk"))
        # By the people of a group as well, whose mails go to the contact person.
        groups = people.filter(group__isnull=False).values("group")
        typed = search_term.strip()
        contact = Q(name__icontains=typed) | Q(email__icontains=typed)
        if number := mobile_key(typed):
            contact |= Q(phone_key=number)
        contacts = RegistrationGroup.objects.filter(contact).order_by().values("pk")
        of_group = Q(registration_group__in=groups) | Q(registration_group__in=contacts)
        if request.user.has_perm("submissions.view_submission"):
            handed_in = found_by_words(Submission.objects.all(), ["search_text"], search_term)
            found |= Q(submission__in=handed_in.order_by().values("pk"))
        return queryset.filter(found | of_group), False

    def event_in_sight(self, obj: OutboundMail) -> Event | None:
        return _event_of(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # There is nothing to save: who may try a mail again has a button.
        buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(
            request, object_id, form_url, {**buttons, **(extra_context or {})}
        )

    @admin.display(description=_("event"))
    def about(self, row: OutboundMail) -> str:
        if isinstance(row.subject, Submission):
            return str(row.subject.call)
        return str(_event_of(row) or "—")
