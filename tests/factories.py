"""Rows for tests: plain functions with valid defaults and keyword overrides.

Each goes through ``full_clean()`` as every write of the product does, so that
slugs, pinyin and the like are as they would be. Where a parent is needed and not
given, it is made. Names are numbered, so that two of a kind never clash.
"""

import datetime as dt
import hashlib
import io
import itertools
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone
from PIL import Image

from contacts.models import Contact
from events.domain.former_names import add_former_name
from events.models import (
    Affiliation,
    Appearance,
    Department,
    District,
    Event,
    EventFile,
    EventRole,
    EventSeries,
    Expert,
    FormerName,
    Organization,
    Photo,
    Poster,
    ProgrammePerson,
    Session,
)
from interests.models import Interest
from projects.domain import intention as domain
from projects.domain import signing
from projects.domain.amendment import amend
from projects.models import (
    Amendment,
    CooperationIntention,
    CooperationMode,
    Document,
    FollowUp,
    Industry,
    IntentionProject,
    Project,
    Recommendation,
    Sector,
    Signatory,
)
from registrations.domain.group import ContactPerson
from registrations.domain.proof import prove
from registrations.domain.registration import Applicant, register
from registrations.models import (
    Message,
    Question,
    Registration,
    RegistrationGroup,
    RegistrationSettings,
    SeparateConsent,
)
from submissions.domain import expert_proposal as expert_proposals
from submissions.domain import submission as submissions
from submissions.domain.submission import Sender
from submissions.expert_fields import slides_key
from submissions.fields import fields_of_kind
from submissions.models import (
    Attachment,
    Call,
    CallDistrict,
    ExpertLink,
    ExpertProposal,
    ExpertVisit,
    PassportData,
    Slides,
    Submission,
)
from subscriptions.models import Subscription
from summit.lib.files import pictures
from summit.lib.files.file_types import FileType
from summit.lib.files.pictures import drawn

_numbers = itertools.count(1)
DAY = dt.date(2020, 10, 29)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, *, day: dt.date = DAY) -> dt.datetime:
    """Return a time in Shanghai, by default on the day on which ``event()`` takes place."""
    return dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)


def save(obj: models.Model) -> models.Model:
    obj.full_clean()
    obj.save()
    return obj


def series(**fields) -> EventSeries:
    """The first one begins its references with SJZ, any other in its own way."""
    number = next(_numbers)
    is_first = not EventSeries.objects.filter(reference_prefix="SJZ").exists()
    defaults = {
        "title_en": f"Series {number}",
        "title_zh_hans": f"系列{number}",
        "reference_prefix": "SJZ" if is_first else f"S{number}",
    }
    return save(EventSeries(**defaults | fields))


def event(**fields) -> Event:
    """A published event of one day in 2020; ``status="draft"`` for one that nobody sees."""
    number = next(_numbers)
    defaults = {
        "title_en": f"Summit {number}",
        "title_zh_hans": f"峰会{number}",
        "starts_at": at(9),
        "ends_at": at(17),
        "status": Event.Status.PUBLISHED,
    }
    made = Event(**defaults | fields)
    if made.status != Event.Status.DRAFT:
        made.published_at = made.published_at or timezone.now()
    if made.status == Event.Status.CANCELLED:
        made.cancelled_at = made.cancelled_at or timezone.now()
    if made.status == Event.Status.POSTPONED:
        made.postponed_at = made.postponed_at or timezone.now()
        made.previous_starts_at = made.previous_starts_at or made.starts_at
    return save(made)


def upcoming_event(**fields) -> Event:
    """A published event thirty days from now."""
    start = timezone.now() + dt.timedelta(days=30)
    return event(**{"starts_at": start, "ends_at": start + dt.timedelta(hours=8)} | fields)


def organization(**fields) -> Organization:
    number = next(_numbers)
    defaults = {"name_en": f"Organization {number}", "name_zh_hans": f"机构{number}"}
    return save(Organization(**defaults | fields))


def role(**fields) -> EventRole:
    """The event's sponsor."""
    parents = _with(fields, event=event, organization=organization)
    return save(EventRole(**parents | fields))


def expert(**fields) -> Expert:
    number = next(_numbers)
    defaults = {"name_en": f"Expert {number}", "name_zh_hans": f"专家{number}"}
    return save(Expert(**defaults | fields))


def affiliation(**fields) -> Affiliation:
    defaults = {"position_en": "Director", "position_zh_hans": "主任", "is_primary": True}
    parents = _with(fields, expert=expert, organization=organization)
    return save(Affiliation(**parents | defaults | fields))


def former_name(**fields) -> FormerName:
    """Of an organization, in use until the end of 2020."""
    number = next(_numbers)
    defaults = {
        "name_en": f"Former name {number}",
        "name_zh_hans": f"曾用名{number}",
        "ends_on": dt.date(2020, 12, 31),
    }
    given = _with(fields, organization=organization) | defaults | fields
    return add_former_name(given.pop("organization"), **given)


def contact(**fields) -> Contact:
    """A contact of an organization, unless an expert or a project is given."""
    number = next(_numbers)
    defaults = {
        "name": f"Contact Person {number}",
        "phone": f"+86 311 5550 {number:04d}",
        "email": f"contact{number}@example.org",
        "source": "business card",
    }
    if not {"expert", "project"} & fields.keys():
        fields = _with(fields, organization=organization) | fields
    return save(Contact(**defaults | fields))


def subscription(*sectors: Sector, **fields) -> Subscription:
    """A confirmed subscription to the projects of some sectors, of one at least."""
    given = {
        "email": f"subscriber{next(_numbers)}@example.org",
        "language": "en",
        "confirmed_at": timezone.now(),
    }
    made = save(Subscription(**given | fields))
    made.sectors.set(sectors or [sector()])
    return made


def interest(**fields) -> Interest:
    """What a visitor wrote about a project, unless an expert or an event is given."""
    number = next(_numbers)
    defaults = {
        "name": f"Visitor {number}",
        "organization_name": f"Company {number}",
        "email": f"visitor{number}@example.org",
        "message": "We would like to try this in our laboratory.",
        "language": "en",
    }
    if not {"project", "expert", "event"} & fields.keys():
        fields = _with(fields, project=project) | fields
    return save(Interest(**defaults | fields))


def session(**fields) -> Session:
    """A keynote from 10 to 11, in the event given."""
    number = next(_numbers)
    defaults = {
        "title_en": f"Keynote {number}",
        "title_zh_hans": f"主题报告{number}",
        "starts_at": at(10),
        "ends_at": at(11),
    }
    return save(Session(**_with(fields, event=event) | defaults | fields))


def programme_person(**fields) -> ProgrammePerson:
    """The host of a session, or of the event given."""
    number = next(_numbers)
    defaults = {
        "name_en": f"Host {number}",
        "name_zh_hans": f"主持人{number}",
        "position_en": "Deputy Director",
        "position_zh_hans": "副局长",
    }
    if "event" not in fields:
        fields = _with(fields, session=session) | fields
        defaults["event"] = fields["session"].event
    return save(ProgrammePerson(**defaults | fields))


def appearance(**fields) -> Appearance:
    return save(Appearance(**_with(fields, session=session, expert=expert) | fields))


def picture(
    name: str = "picture.png",
    *,
    size: tuple[int, int] = (64, 48),
    format: str = "PNG",
    exif: Image.Exif | None = None,
) -> SimpleUploadedFile:
    """A picture as a browser uploads it, drawn here."""
    buffer = io.BytesIO()
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, "#3a7d6c").save(buffer, format, **extra)
    return SimpleUploadedFile(name, buffer.getvalue(), f"image/{format.lower()}")


def photo(**fields) -> Photo:
    image = picture()
    # As a process of its own would read it, which takes a hundred times as long to start.
    image.found = drawn(image.read()).found
    defaults = {
        "image": image,
        "caption_en": "Opening",
        "caption_zh_hans": "开幕",
        "credit_en": "courtesy of the organizer",
        "credit_zh_hans": "主办方供图",
    }
    return save(Photo(**_with(fields, event=event) | defaults | fields))


def sector(**fields) -> Sector:
    number = next(_numbers)
    return save(Sector(**{"name_en": f"Sector {number}", "name_zh_hans": f"领域{number}"} | fields))


def mode(**fields) -> CooperationMode:
    number = next(_numbers)
    defaults = {"name_en": f"Mode {number}", "name_zh_hans": f"方式{number}"}
    return save(CooperationMode(**defaults | fields))


def industry(**fields) -> Industry:
    """One that ``migrate`` brings, or one made with its section if a test has emptied the table."""
    given = {
        "code": "C27",
        "name_en": "Manufacture of medicines",
        "name_zh_hans": "医药制造业",
    } | fields
    if section := given["code"][:-2]:
        industry(code=section, name_en="Manufacturing", name_zh_hans="制造业")
    return Industry.objects.filter(code=given["code"]).first() or save(Industry(**given))


def district(**fields) -> District:
    number = next(_numbers)
    names = {"name_en": f"District {number}", "name_zh_hans": f"第{number}区"}
    return save(District(**names | fields))


def department(**fields) -> Department:
    number = next(_numbers)
    names = {"name_en": f"Department {number}", "name_zh_hans": f"第{number}局"}
    return save(Department(**names | fields))


def project(*, sectors=(), modes=(), **fields) -> Project:
    """A published offer with an owner; ``status="draft"`` for one that nobody sees."""
    number = next(_numbers)
    defaults = {
        "title_en": f"Project {number}",
        "title_zh_hans": f"项目{number}",
        "maturity": 6,
        "status": Project.Status.PUBLISHED,
    }
    made = Project(**_with(fields, owner=organization) | defaults | fields)
    if made.status != Project.Status.DRAFT:
        made.published_at = made.published_at or timezone.now()
    if made.status == Project.Status.WITHDRAWN:
        made.withdrawn_at = made.withdrawn_at or timezone.now()
    save(made)
    made.sectors.set(sectors)
    made.modes.set(modes)
    return made


def recommendation(**fields) -> Recommendation:
    """Of a project by an expert; at the event of ``session`` where one is given."""
    if "session" in fields and "event" not in fields:
        fields["event"] = fields["session"].event
    parents = _with(fields, expert=expert, project=project, event=event)
    return save(Recommendation(**parents | fields))


def intention(*, projects=None, **fields) -> CooperationIntention:
    """A draft that could be signed. ``projects=[]`` leaves the projects out."""
    if "session" in fields and "event" not in fields:
        fields["event"] = fields["session"].event
    parents = _with(
        fields,
        event=lambda: event(series=series()),
        company=organization,
        expert=expert,
        expert_organization=organization,
    )
    defaults = {"purpose_en": "To try it together.", "purpose_zh_hans": "共同试用。"}
    made = save(CooperationIntention(**parents | defaults | fields))
    for order, each in enumerate([project()] if projects is None else projects):
        save(IntentionProject(intention=made, project=each, order=order))
    return made


def signatory(**fields) -> Signatory:
    """Who signs for the local side; ``side="expert"`` or ``side="witness"`` for the others."""
    number = next(_numbers)
    defaults = {
        "name_en": f"Signatory {number}",
        "name_zh_hans": f"签署人{number}",
        "capacity_en": "Legal representative",
        "capacity_zh_hans": "法定代表人",
    }
    return save(Signatory(**_with(fields, intention=intention) | defaults | fields))


def signed_intention(*, signed_on: dt.date = DAY, by=None, **fields) -> CooperationIntention:
    """Signed through the domain, with its reference, its snapshot and its follow-ups."""
    return signing.sign(intention(**fields), signed_on=signed_on, by=by)


def converted_intention(
    *,
    kind: str = "licence",
    contracted_on: dt.date = DAY + dt.timedelta(days=100),
    number: str = "C-1",
    amount: Decimal | None = None,
    currency: str = "",
    by=None,
    **fields,
) -> CooperationIntention:
    """Signed, and followed by a contract; ``fields`` are those of ``signed_intention``."""
    return domain.convert(
        signed_intention(by=by, **fields),
        kind=kind,
        contracted_on=contracted_on,
        number=number,
        amount=amount,
        currency=currency,
        by=by,
    )


def lapsed_intention(*, by=None, **fields) -> CooperationIntention:
    """Signed for a year that is over."""
    term = {"valid_until": DAY + dt.timedelta(days=365)}
    return domain.lapse(signed_intention(by=by, **term | fields), by=by)


def terminated_intention(
    *,
    reason: str = "The trial failed.",
    terminated_on: dt.date = DAY + dt.timedelta(days=100),
    by=None,
    **fields,
) -> CooperationIntention:
    signed = signed_intention(by=by, **fields)
    return domain.terminate(signed, reason=reason, terminated_on=terminated_on, by=by)


def abandoned_intention(*, reason: str = "", by=None, **fields) -> CooperationIntention:
    return domain.abandon(intention(**fields), reason=reason, by=by)


def amendment(*, by=None, amended_on: dt.date = DAY + dt.timedelta(days=30), **fields) -> Amendment:
    """Of a signed intention, recorded through the domain."""
    amended = fields.pop("intention", None) or signed_intention()
    defaults = {
        "reason_en": "A slip of the pen.",
        "reason_zh_hans": "笔误。",
        "change_en": "The second paragraph is left out.",
        "change_zh_hans": "删除第二段。",
    }
    return amend(amended, amended_on=amended_on, by=by, **defaults | fields)


def follow_up(*, in_days: int = 0, **fields) -> FollowUp:
    """Due today or ``in_days``, and the only one of its intention where none is given."""
    if "intention" not in fields:
        fields["intention"] = signed_intention()
        fields["intention"].follow_ups.all().delete()
    due_on = timezone.localdate() + dt.timedelta(days=in_days)
    return save(FollowUp(**{"due_on": due_on} | fields))


def event_file(*, data: bytes | None = None, **fields) -> EventFile:
    """For everybody, stored as it is and not looked into."""
    number = next(_numbers)
    data = b"%%PDF-1.7 %d" % number if data is None else data
    defaults = {
        "title_en": f"Notice {number}",
        "title_zh_hans": f"通知{number}",
        "audience": EventFile.Audience.PUBLIC,
        "file": ContentFile(data, "notice.pdf"),
        "content_type": FileType.PDF,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return save(EventFile(**_with(fields, event=event) | defaults | fields))


def poster(**fields) -> Poster:
    """Upright and in English, stored without having been drawn."""
    data = b"\x89PNG of a poster"
    defaults = {
        "language": "en",
        "shape": Poster.Shape.TALL,
        "file": ContentFile(data, "poster.png"),
        "size": len(data),
        "drawn_from": "0" * 64,
    }
    return save(Poster(**_with(fields, event=event) | defaults | fields))


def document(*, data: bytes | None = None, **fields) -> Document:
    """Of a signed intention, stored as it is and not looked into."""
    number = next(_numbers)
    data = b"%%PDF-1.7 %d" % number if data is None else data
    defaults = {
        "title": f"Signed original {number}",
        "file": ContentFile(data, "scan.pdf"),
        "original_name": "scan.pdf",
        "content_type": FileType.PDF,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return save(Document(**_with(fields, intention=signed_intention) | defaults | fields))


def _with(given: dict, **makers) -> dict:
    """Make the parents that were not given (``None`` counts as given)."""
    return {name: make() for name, make in makers.items() if name not in given}


def registration_settings(**fields) -> RegistrationSettings:
    """How an event that is a month ahead takes registrations, without a limit of seats."""
    parents = _with(fields, event=upcoming_event)
    # Seats are given without proof, but where a test holds them.
    return save(RegistrationSettings(**{"hold_hours": None} | parents | fields))


def contact_person(**fields) -> ContactPerson:
    """Who registers a group, with an address."""
    defaults = {"name": "Ann Contact", "language": "en", "email": "contact@example.org"}
    return ContactPerson(**defaults | fields)


def group(event: Event | None = None, number: int = 2, **fields) -> RegistrationGroup:
    """A group of so many people without contacts of their own, in the order of their names."""
    event = event or registration_settings().event
    people = [applicant(name=f"Member {n}", email="") for n in range(1, number + 1)]
    return register(event, people, contact_person=contact_person(**fields))[0].group


def question(**fields) -> Question:
    number = next(_numbers)
    defaults = {"kind": Question.Kind.SHORT_TEXT, "text_en": f"Question {number}"}
    parents = _with(fields, settings=registration_settings)
    return save(Question(**parents | defaults | fields))


def separate_consent(**fields) -> SeparateConsent:
    """A list for a recipient of which nobody has heard; given other ``kind``, all the same."""
    number = next(_numbers)
    defaults = {
        "kind": SeparateConsent.Kind.RECIPIENT,
        "recipient_en": f"Recipient {number}",
        "contact": "list@example.org",
        "purpose_en": "meetings",
        "data_kinds_en": "name",
    }
    parents = _with(fields, settings=registration_settings)
    return save(SeparateConsent(**parents | defaults | fields))


def applicant(**fields) -> Applicant:
    number = next(_numbers)
    defaults = {
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "category": Registration.Category.COMPANY,
        "language": "en",
        "organization_name": "Somewhere Ltd",
    }
    return Applicant(**defaults | fields)


def message_draft(**fields) -> Message:
    """A message that was not saved."""
    defaults = {"subject_en": "Bring a coat", "text_en": "It is cold.", "event": None}
    given = defaults | fields
    return Message(**given | {"event": given["event"] or event()})


def message(**fields) -> Message:
    return save(message_draft(**fields))


def put_in_status(
    registration: Registration, status: str, *, first: Registration, **fields
) -> None:
    """Give a stored registration a status; as a possible duplicate it is one of ``first``."""
    if status == "double":
        fields |= {"double_of": first, "seen_as": "confirmed"}
    if status == "held":
        fields |= {"held_until": registration.event.starts_at}
    Registration.objects.filter(pk=registration.pk).update(status=status, **fields)


def registered(of: Event, **fields) -> Registration:
    """A person registered as the form would do it."""
    # A random ticket is found by two letters that a test looks for, now and then.
    ticket = "".join("BCDFGHJKMN"[int(digit)] for digit in f"{next(_numbers):010}")
    return register(of, [applicant(**{"ticket": ticket} | fields)])[0]


def proven(of: Event, **fields) -> Registration:
    """A person registered as the form would do it, who has opened the link in the mail."""
    return prove(registered(of, **fields), Registration.Proof.LINK)


def call(*, districts=(), **fields) -> Call:
    """A published call for needs that closes in ten days; ``districts`` may have targets."""
    number = next(_numbers)
    now = timezone.now()
    if "series" not in fields:
        fields = _with(fields, event=upcoming_event) | fields
    defaults = {
        "kind": Call.Kind.NEED,
        "title_en": f"Call {number}",
        "title_zh_hans": f"征集{number}",
        "opens_at": now - dt.timedelta(days=10),
        "closes_at": now + dt.timedelta(days=10),
        "status": Call.Status.PUBLISHED,
    }
    made = Call(**defaults | fields)
    if "asked" not in fields:
        made.asked = [field.key for field in fields_of_kind(made.kind)]
    if made.status == Call.Status.PUBLISHED:
        made.published_at = made.published_at or now
    save(made)
    for each in districts:
        of, target = each if isinstance(each, tuple) else (each, None)
        save(CallDistrict(call=made, district=of, target=target))
    return made


def sender(**fields) -> Sender:
    """A company with a person and an address."""
    number = next(_numbers)
    defaults = {
        "organization_name": f"Company {number}",
        "contact_name": "Li Min",
        "email": f"sender{number}@example.org",
    }
    return Sender(**defaults | fields)


NEED = {
    "need_title": "Rapid blood test",
    "problem": "Tests take two hours, and patients wait in the corridor for them.",
    "key_technology": "A cartridge that needs no laboratory.",
    "goal": "Results within ten minutes.",
    "key_indicators": "Sensitivity of at least 95 %.",
}


def submission(call: Call | None = None, *, values=None, by=None, **fields) -> Submission:
    """A draft of a need by a company; with ``status="sent"`` one that was handed in."""
    call = call or globals()["call"]()
    made = submissions.begin(
        call, by or sender(), NEED if values is None else values, language="en"
    )
    if fields.pop("status", "draft") == "sent":
        submissions.send(made, version=made.version)
    if fields:
        for name, value in fields.items():
            setattr(made, name, value)
        made.save()
    return made


def attachment(submission_: Submission | None = None, *, data=None, **fields) -> Attachment:
    """A PDF of a submission that was sent, stored as it is and not looked into."""
    number = next(_numbers)
    data = b"%%PDF-1.7 %d" % number if data is None else data
    defaults = {
        "file": ContentFile(data, "plan.pdf"),
        "name": f"plan-{number}.pdf",
        "content_type": FileType.PDF,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    of = submission_ or submission(status="sent", proven_at=timezone.now())
    return save(Attachment(submission=of, **defaults | fields))


def slides(proposal: ExpertProposal, session: Session, *, data=None, **fields) -> Slides:
    """A PDF that is proposed for a talk, stored as it is and not looked into."""
    number = next(_numbers)
    data = b"%%PDF-1.7 %d" % number if data is None else data
    defaults = {
        "file": ContentFile(data, "talk.pdf"),
        "name": f"talk-{number}.pdf",
        "content_type": FileType.PDF,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    row = save(Slides(proposal=proposal, session=session, **defaults | fields))
    proposal.values[slides_key(session.pk)] = {"code": row.code, "name": row.name}
    proposal.save(update_fields=["values"])
    return row


def expert_link(expert: Expert | None = None, **fields) -> ExpertLink:
    """The personal link of an expert, which works for a month and was mailed to nobody."""
    defaults = {
        "email": f"expert{next(_numbers)}@example.org",
        "ends_at": timezone.now() + dt.timedelta(days=30),
    }
    return save(ExpertLink(expert=expert or globals()["expert"](), **defaults | fields))


def expert_visit(
    link: ExpertLink | None = None, event: Event | None = None, **fields
) -> ExpertVisit:
    """The visit of a link's expert to an event to come, of which everything is asked."""
    whose = fields.pop("expert", None) or (link or expert_link()).expert
    asked = {"asks_travel": True, "asks_passport": True}
    return save(ExpertVisit(expert=whose, event=event or upcoming_event(), **asked | fields))


def passport_data(visit: ExpertVisit | None = None, **fields) -> PassportData:
    """What a passport says that nobody has."""
    defaults = {
        **{"name": "CANARY, ANN QUILL", "sex": "F", "born_on": dt.date(1971, 2, 3)},
        **{"nationality": "GB", "number": "ZZ9900877", "issued_on": dt.date(2024, 1, 2)},
        **{
            "expires_on": dt.date(2034, 1, 1),
            "contact": "Canary Street 9",
            "visa_city": "Canaryville",
        },
        **{"consent_text": "I agree.", "consent_language": "en", "consented_at": timezone.now()},
    }
    return save(PassportData(visit=visit or expert_visit(), **defaults | fields))


def expert_proposal(
    link: ExpertLink | None = None, values=None, *, portrait=None, status="draft"
) -> ExpertProposal:
    """A draft of corrections; with ``status="sent"`` one that waits for review."""
    link = link or expert_link()
    values = {"biography_en": "New biography."} if values is None else values
    found = pictures.check(portrait) if portrait else None
    made = expert_proposals.save(link, values, version=0, portrait=found)
    return expert_proposals.send(made, version=made.version) if status == "sent" else made
