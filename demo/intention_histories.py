"""What became of the demo's intentions: amended, looked at again, and closed."""

from datetime import datetime, time

from django.core.files.base import ContentFile

from demo import documents
from demo.builders import Work, build
from demo.source import Row, columns
from projects.domain import amendment as amendment_domain
from projects.domain import document as document_domain
from projects.domain import follow_up as follow_up_domain
from projects.domain import intention as domain
from projects.domain import voiding
from projects.models import Amendment, CooperationIntention, Document, FollowUp, Signatory
from summit.lib.given import given

# What an intention's table says beside its columns.
PARTS = (
    *("signatory", "amendment", "follow_up", "document"),
    *("contract", "lapsed", "terminated", "abandoned", "voided"),
)


def signatories(work: Work, intention: CooperationIntention, row: Row) -> None:
    for order, person in enumerate(row.get("signatory", []), start=1):
        build(work, Signatory, intention=intention, order=order, **columns(person))


def live(work: Work, intention: CooperationIntention, row: Row) -> None:
    """Let happen to an intention what its table tells; what closes it comes last."""
    for paper in row.get("document", []):
        _attach(work, intention, paper)
    for change in row.get("amendment", []):
        amendment_domain.amend(intention, by=work.by, **columns(change))
        work.count(Amendment)
    for look in row.get("follow_up", []):
        _look(work, intention, look)
    _close(work, intention, row)
    # Planned by the signature, and by looks that asked for another.
    for _each in intention.follow_ups.all():
        work.count(FollowUp)


def void(work: Work, intention: CooperationIntention, reason: str) -> None:
    """Void what was signed by mistake, as a second organizer did on the same evening."""
    voiding.void(intention, reason=reason, by=work.second)
    evening = datetime.combine(given(intention.signed_on), time(19), intention.event.zone)
    CooperationIntention.objects.filter(pk=intention.pk).update(
        closed_on=intention.signed_on, voided_at=evening
    )


def _look(work: Work, intention: CooperationIntention, row: Row) -> None:
    planned = intention.follow_ups.get(due_on=row["due_on"])
    if row["outcome"] == FollowUp.Outcome.EARLIER:
        one = intention.follow_ups.filter(pk=planned.pk)
        follow_up_domain.close_as_done_earlier(
            one, done_on=row["done_on"], note=row["note"], by=work.by
        )
        return
    found = {name: value for name, value in row.items() if name != "due_on"}
    follow_up_domain.record(planned, by=work.by, **found)


def _close(work: Work, intention: CooperationIntention, row: Row) -> None:
    if "contract" in row:
        domain.convert(intention, by=work.by, **row["contract"])
    elif "terminated" in row:
        domain.terminate(intention, by=work.by, **row["terminated"])
    elif row.get("lapsed"):
        domain.lapse(intention, by=work.by)
    elif "abandoned" in row:
        domain.abandon(intention, reason=row["abandoned"], by=work.by)


def _attach(work: Work, intention: CooperationIntention, row: Row) -> None:
    is_scan = row["kind"] == "scan"
    data = documents.scan() if is_scan else documents.pdf(_words(intention))
    file = ContentFile(data, "scan.jpg" if is_scan else "signed.pdf")
    document_domain.attach(intention, file, title=row["title"], by=work.by)
    work.count(Document)


def _words(intention: CooperationIntention) -> list[tuple[str, str]]:
    """The lines of a document, each in English and in Chinese."""
    words = given(intention.snapshot)
    parties = (words["company"]["name"], words["expert"]["name"])
    return [
        (f"Cooperation intention {intention.reference}", f"合作意向书 {intention.reference}"),
        (
            "DEMONSTRATION DATA. Invented; nobody has signed this.",
            "演示数据：内容均为虚构，并无任何人签署。",
        ),
        *((name["en"] or name["zh-hans"], name["zh-hans"] or name["en"]) for name in parties),
        (f"Signed on {intention.signed_on:%Y-%m-%d}", f"签署日期 {intention.signed_on:%Y-%m-%d}"),
    ]
