import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projects.models import CooperationIntention
from website.feeds import LENGTH, Entry, atom, event_entries


def intention_entries() -> list[Entry]:
    """The public intentions signed last, each dated at noon of its day where it was signed."""
    intentions = CooperationIntention.objects.visible().with_parties()[:LENGTH]
    return [_entry(intention) for intention in intentions]


def _entry(intention: CooperationIntention) -> Entry:
    signature = intention.signature
    parties = [party.name for party in (signature.company, signature.expert) if party]
    return Entry(
        _("Cooperation intention %(reference)s signed: %(parties)s")
        % {"reference": intention.reference, "parties": " · ".join(parties) or _("not public")},
        intention.get_absolute_url(),
        " · ".join([*(project.name for project in signature.projects)] or [signature.subject]),
        dt.datetime.combine(intention.signed_on, dt.time(12), intention.event.zone),
        f"intention-{intention.reference}",
    )


def feed(request: HttpRequest) -> HttpResponse:
    text = atom(event_entries() + intention_entries())
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
