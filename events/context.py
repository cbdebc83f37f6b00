"""What every template may read beside the view's own context."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from events.models import SiteProfile


def site(request: HttpRequest) -> dict[str, object]:
    return {"site": SimpleLazyObject(SiteProfile.load), "SITE_URL": settings.SITE_URL}
