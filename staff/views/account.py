"""My account: who I am here, how I log in, and where I am logged in."""

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff import account_links
from staff.domain import account as accounts
from staff.domain import authenticator, known_browsers, log_in, logins
from staff.forms import ChangePasswordForm, PasswordProofForm, ProofForm
from staff.models import Login
from staff.views.guards import secretive, set_known_browser, show
from staff.views.links import begin, show_codes
from summit.lib.given import given
from summit.lib.i18n.clock import moment
from summit.lib.web.requests import StaffRequest


@secretive
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    zone = ZoneInfo(timezone.get_current_timezone_name())
    own_logins = [
        {
            "pk": login.pk,
            "device": login.device,
            "network_address": login.network_address,
            "started": moment(login.started_at, zone),
            "seen": moment(login.seen_at, zone),
            "is_this": login.session_key == request.session.session_key,
        }
        for login in Login.objects.filter(user=request.user)
    ]
    context = {
        "logins": sorted(own_logins, key=lambda login: not login["is_this"]),
        "known_elsewhere": request.user.known_browsers.exclude(
            logins__session_key=request.session.session_key
        ).count(),
        "asks_for_code": settings.STAFF_OTP,
        "codes_left": authenticator.codes_left(request.user) if settings.STAFF_OTP else 0,
        "idle_minutes": settings.LOG_IN_IDLE_MINUTES,
        "max_hours": settings.LOG_IN_MAX_HOURS,
    }
    return show(request, "staff/account.html", context)


@secretive
def password(request: StaffRequest) -> HttpResponse:
    """Change one's password, which logs one out everywhere else."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if _is_proved(request, form):
        user = accounts.set_password(request.user, form.cleaned_data["password"], request=request)
        old_key = request.session.session_key
        auth.update_session_auth_hash(request, user)
        logins.follow_session(request, given(old_key))
        messages.success(request, _("The password is changed. Other logins are ended."))
        # Both factors were proved here, and no copy of the earlier cookie is worth anything.
        return set_known_browser(redirect("account"), known_browsers.remember(request, user))
    return show(request, "staff/change_password.html", {"form": form})


@secretive
def replace_authenticator(request: StaffRequest) -> HttpResponse:
    """Ask for both factors, then lead to the page with the QR code of a new authenticator."""
    form = _proof_form()(request.POST or None)
    if _is_proved(request, form):
        purpose = account_links.Purpose.AUTHENTICATOR
        return begin(request, account_links.make_token(request.user, purpose))
    return show(request, "staff/prove.html", {"form": form, "what": "authenticator"})


@secretive
def new_codes(request: StaffRequest) -> HttpResponse:
    """Ask for both factors, then show ten new recovery codes."""
    form = _proof_form()(request.POST or None)
    if _is_proved(request, form):
        return show_codes(request, authenticator.make_codes(request.user, request=request))
    return show(request, "staff/prove.html", {"form": form, "what": "codes"})


@secretive
@require_POST
def end_login(request: StaffRequest) -> HttpResponse:
    """End one of one's own logins, or all but this one."""
    if "others" in request.POST:
        logins.end_all(
            request.user, by=request.user, request=request, but=request.session.session_key
        )
    else:
        own_logins = Login.objects.filter(user=request.user)
        try:
            login = forms.ModelChoiceField(own_logins).clean(request.POST.get("login"))
        except ValidationError:  # it has ended meanwhile
            return redirect("account")
        is_this = login.session_key == request.session.session_key
        logins.end(login, by=request.user, request=request)
        if is_this:
            request.session.flush()
    return redirect("account")


def _proof_form() -> type[forms.Form]:
    return ProofForm if settings.STAFF_OTP else PasswordProofForm


def _is_proved(request: StaffRequest, form: forms.Form) -> bool:
    """Say whether a form with the current password, and with a code where it asks, is right."""
    if request.method != "POST" or not form.is_valid():
        return False
    typed = form.cleaned_data
    try:
        log_in.check_password(
            request, username=request.user.get_username(), password=typed["current"]
        )
    except log_in.LogInRefused:
        form.add_error("current", _("This is not your current password."))
        return False
    try:
        if "code" in typed:
            log_in.check_code(request, request.user, typed["code"])
    except ValidationError as refusal:
        form.add_error("code", refusal)
        return False
    return True
