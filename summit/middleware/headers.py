"""The headers of a strict site, on every answer there is."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP, build_policy

from summit.lib.process.logs import route_of

# Everything that a browser would ask a person for, or use without asking.
FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
# Where tickets are read with the camera of a phone.
WITH_CAMERA = frozenset(
    {"desk-door", "desk-check-in", "desk-undo", "desk-admit", "desk-prove", "desk-walk-in"}
)


class HeadersMiddleware:
    """Adds what an answer has not from further inside: static files and errors included.

    ``SecurityMiddleware`` and Django's middleware for the content security policy stand
    further inside, where they know of nonces, and are past what answers before them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            CSP.HEADER_ENFORCE.value: build_policy(settings.SECURE_CSP),  # type: ignore[arg-type]  # a directive may be True
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        may_see = route_of(request) in WITH_CAMERA
        response.headers.setdefault("Permissions-Policy", _permissions(camera=may_see))
        return response


def _permissions(*, camera: bool) -> str:
    allowed = {"camera": "(self)"} if camera else {}
    return ", ".join(f"{feature}={allowed.get(feature, '()')}" for feature in FEATURES)
