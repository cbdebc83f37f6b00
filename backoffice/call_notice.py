"""The notice of a call as it is printed: its text, the deadline, the address and a QR code."""

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backoffice.call_pages import call_urls, link_to
from backoffice.kit.actions import Button
from backoffice.kit.model_admin import SummitAdmin
from events.models import SiteProfile
from submissions.models import Call
from summit.lib.drawing.qr import qr
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, current
from summit.lib.web.requests import StaffRequest

_NAME, _LABEL = "notice", _("Print the notice")


def link_to_notice(call: Call) -> tuple[Button, str]:
    return link_to(_NAME, _LABEL, call)


def notice_urls(page: SummitAdmin) -> list[URLPattern]:
    return call_urls(page, _NAME, _show)


def _show(page: SummitAdmin, request: StaffRequest, call: Call) -> HttpResponse:
    """Answer with the sheet in one language; ``?district=`` fills the district in by the code."""
    chosen = request.GET.get("language", "")
    language = chosen if chosen in CONTENT_LANGUAGES else current()
    districts = list(call.districts.order_by("order", "pk"))
    slug = request.GET.get("district", "")
    district = next((each for each in districts if each.slug == slug), None)
    with translation.override(language):
        address = settings.SITE_URL + call.get_absolute_url()
        if district is not None:
            address += f"?district={district.slug}"
        context = {
            "call": call,
            "address": address,
            "qr": qr(address),
            "districts": districts,
            "district": district,
            "language": language,
            "languages": OWN_NAMES.items(),
            "site": SiteProfile.load(),
            "titles": [call.title],
            "sheet": "notice",
            "page_url": reverse("admin:submissions_call_change", args=[call.pk]),
        }
        response = TemplateResponse(request, "backoffice/print/notice.html", context).render()
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = TAGS[language]
    return response
