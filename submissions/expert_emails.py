"""What the mails to experts about their link and their proposals say, as it is when they leave."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from events.models import SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from submissions.domain import expert_link, passport, visit
from submissions.mail_kinds import ExpertKind
from submissions.models import ExpertLink, ExpertProposal
from summit.lib.i18n.languages import Words

Status = ExpertProposal.Status
# The subject, and the sentences.
TEXTS: dict[str, tuple[Words, list[Words]]] = {
    ExpertKind.LINK: (
        _("Please check your page: %(site)s"),
        [
            _(
                "With the link below you can check what our site says about you, your talks and "
                "your projects, propose corrections (name, positions, biography, portrait, "
                "languages and texts) and add the slides of your talks."
            ),
            _(
                "You can save and go on later. Nothing that you send is published before an "
                "organizer has accepted it. The link works until %(until)s."
            ),
        ],
    ),
    ExpertKind.SENT: (
        _("Received: your corrections"),
        [_("We have received your corrections (%(reference)s). An organizer will read them.")],
    ),
    ExpertKind.RETURNED: (
        _("Please complete your corrections"),
        [
            _(
                "Your corrections (%(reference)s) have been read and returned to you. Change what "
                "is asked for and send them again."
            ),
            _("Reason: %(reason)s"),
        ],
    ),
    ExpertKind.ACCEPTED: (
        _("Accepted: your corrections"),
        [_("Corrections of yours (%(reference)s) have been accepted. Thank you.")],
    ),
    ExpertKind.REFUSED: (
        _("Your corrections were not accepted"),
        [
            _("Your corrections (%(reference)s) have been read and were not accepted."),
            _("Reason: %(reason)s"),
        ],
    ),
    ExpertKind.PASSPORT_CODE: (
        _("Your code for the passport data"),
        [
            _(
                "Somebody has opened your personal page and wants to enter or see the data of your "
                "passport. If that is you, enter this code on the page that asks for it, within an "
                "hour:"
            ),
            "%(code)s",
            _(
                "If it was not you, do not pass the code on, and replace your personal link by a "
                "new one on your page."
            ),
        ],
    ),
}
_WITHOUT_PROPOSAL = (ExpertKind.LINK, ExpertKind.PASSPORT_CODE)
# What the mail with the link says beside, where a visit is asked about.
_ABOUT_VISIT: list[tuple[str, Words]] = [
    (
        "asks_travel",
        _("Please enter there when you arrive for “%(event)s”, and when you depart."),
    ),
    (
        "asks_passport",
        _("For the letter of invitation to “%(event)s” we ask there for data of your passport."),
    ),
]
# The states of a proposal in which a mail still says what is so, by its kind.
_IS_TRUE: dict[str, tuple[str, ...]] = {
    ExpertKind.RETURNED: (Status.RETURNED,),
    ExpertKind.ACCEPTED: (Status.ACCEPTED, Status.PARTLY_ACCEPTED),
    ExpertKind.REFUSED: (Status.REFUSED,),
}


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail, or nothing where what it says is so no longer."""
    link, proposal = _read(row)
    if link is None or (row.kind == ExpertKind.LINK and not link.is_working):
        return None
    if row.kind not in _WITHOUT_PROPOSAL and proposal is None:
        return None
    if proposal and proposal.status not in _IS_TRUE.get(row.kind, (proposal.status,)):
        return None
    where = settings.SITE_URL + expert_link.path_of(link) if link.is_working else ""
    if row.kind == ExpertKind.PASSPORT_CODE:
        asked = passport.Asked(**row.payload)
        if asked.is_over or not link.is_working:
            return None
        return _message(row, link, None, where="", code=passport.code_of(link, asked.key))
    return _message(row, link, proposal, where=where)


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail as staff may see it: without the link, and without a code."""
    link, proposal = _read(row)
    if link is None or (row.kind not in _WITHOUT_PROPOSAL and proposal is None):
        return None
    where = "" if row.kind == ExpertKind.PASSPORT_CODE else "https://…/"
    return _message(row, link, proposal, where=where, code="······")


def _read(row: OutboundMail) -> tuple[ExpertLink | None, ExpertProposal | None]:
    links = ExpertLink.objects.select_related("expert").exclude(email="")
    link = links.filter(mails=row.pk).first()
    key = row.payload.get("proposal")
    proposal = ExpertProposal.objects.named().filter(pk=key).first() if key else None
    return link, proposal


def _message(
    row: OutboundMail,
    link: ExpertLink,
    proposal: ExpertProposal | None,
    *,
    where: str,
    code: str = "",
) -> EmailMultiAlternatives:
    with translation.override(link.language):
        subject, sentences = TEXTS[row.kind]
        site, name = SiteProfile.load(), str(link.expert.display_name)
        words = {
            "site": site.site_name,
            "until": link.end_in_words,
            "reference": proposal.reference if proposal else "",
            "reason": proposal.reason if proposal else "",
            "code": code,
        }
        told = [sentence % words for sentence in sentences]
        context: dict[str, Any] = {
            "subject": subject % words,
            "sentences": [*told, *_about_visits(row, link)],
            "name": name,
            "link": where,
            "site": site,
        }
        return compose(
            row,
            to=address(str(link.expert.name), link.email),
            subject=str(context["subject"]),
            text=render_to_string("mail/expert.txt", context),
            html=render_to_string("mail/expert.html", context),
        )


def _about_visits(row: OutboundMail, link: ExpertLink) -> list[str]:
    """Return what the mail with the link says of what is asked about visits. One query."""
    if row.kind != ExpertKind.LINK:
        return []
    return [
        sentence % {"event": each.event.title}
        for each in visit.open_visits(link.expert)
        for asked, sentence in _ABOUT_VISIT
        if getattr(each, asked)
    ]
