"""The logins of staff. Accounts are Django's own, authenticators those of django-otp."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Login(models.Model):
    """A member of staff is logged in on some device: one row for each web session.

    It goes with the session: ending one ends the other. ``staff/domain/logins.py`` does both.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="logins",
        verbose_name=_("account"),
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField(_("logged in at"), default=timezone.now)
    # To the minute: it is written at most once a minute.
    seen_at = models.DateTimeField(_("last active at"), default=timezone.now)
    network_address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    # In a few words that a person recognizes: “Chrome · Android”.
    device = models.CharField(_("device"), max_length=100, blank=True)
    # Known from then on; whoever ends this login ends that too.
    browser = models.ForeignKey(
        "KnownBrowser", on_delete=models.SET_NULL, null=True, blank=True, related_name="logins"
    )

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        ordering = ["-seen_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["seen_at"], name="login_seen")]

    def __str__(self) -> str:
        return f"{self.user} · {self.started_at:%Y-%m-%d %H:%M} UTC"


class KnownBrowser(models.Model):
    """A browser in which an account was logged in before: guesses from elsewhere do not slow it.

    The browser has a random code in a cookie, and one code for all accounts that are used
    in it. ``staff/domain/known_browsers.py`` makes these rows and ends them.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="known_browsers",
        verbose_name=_("account"),
    )
    code_hash = models.CharField(max_length=64, editable=False)
    # Of the password that the account had: another password makes the browser unknown.
    password_hash = models.CharField(max_length=64, editable=False)
    seen_at = models.DateTimeField(_("last logged in"), default=timezone.now)

    class Meta:
        verbose_name = _("known browser")
        verbose_name_plural = _("known browsers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "code_hash"], name="browser_is_known_once_to_an_account"
            )
        ]
        indexes = [models.Index(fields=["seen_at"], name="known_browser_seen")]

    def __str__(self) -> str:
        return f"{self.user} · {self.seen_at:%Y-%m-%d %H:%M} UTC"


class LogInLink(models.Model):
    """A mailed link that opens the log-in of an account in one browser; using it deletes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="log_in_links"
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} · {self.made_at:%Y-%m-%d %H:%M} UTC"


class LockOutQuerySet(models.QuerySet["LockOut"]):
    def current(self) -> Self:
        """Those that have to wait just now."""
        return self.filter(failures__gte=settings.LOG_IN_TRIES, until__gt=timezone.now())


class LockOut(models.Model):
    """How often logging in to an account has failed in one place, and until when that place waits.

    ``staff/domain/lockout.py`` counts.
    """

    class Place(models.TextChoices):
        NETWORK = "network", _("network")
        # Each with a count of its own, which nobody else can use up.
        BROWSER = "browser", _("known browser")
        LOGIN = "login", _("login")
        # Wrong codes from all unknown browsers together: six digits are too few for each
        # network to have its own tries.
        CODES = "codes", _("codes from unknown browsers")

    # The name of an account, or a keyed hash of a name that no account has.
    username = models.CharField(_("account"), max_length=150)
    place = models.CharField(_("place"), max_length=10, choices=Place)
    # The network's address, or the number of the browser or the login.
    place_key = models.CharField(_("network address"), max_length=60, blank=True)
    failures = models.PositiveIntegerField(_("failed log-ins"), default=0)
    last_at = models.DateTimeField(_("last failed at"), default=timezone.now)
    until = models.DateTimeField(_("locked until"), default=timezone.now)

    objects = LockOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("lock-out")
        verbose_name_plural = _("lock-outs")
        ordering = ["-last_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["username", "place", "place_key"],
                name="failures_of_an_account_are_counted_once_a_place",
            )
        ]
        indexes = [models.Index(fields=["last_at"], name="lock_out_last")]

    def __str__(self) -> str:
        return f"{self.username} · {self.place} {self.place_key}".rstrip()
