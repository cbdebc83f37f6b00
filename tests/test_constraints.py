"""Every constraint of the database, through ``full_clean()`` and past it."""

import datetime as dt
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import models

from contacts.models import Contact
from events.models import (
    Affiliation,
    Department,
    District,
    Event,
    EventSeries,
    Expert,
    FormerName,
    Organization,
    OrganizerScope,
    Poster,
    Session,
    SiteProfile,
)
from interests.models import HandOver, Interest
from mail.models import OutboundMail
from projects.models import (
    Amendment,
    CooperationIntention,
    CooperationMode,
    Document,
    FollowUp,
    FollowUpDigest,
    FollowUpFeed,
    Industry,
    Project,
    ReferenceCounter,
    Sector,
    Signatory,
)
from registrations.domain import consent
from registrations.models import (
    Answer,
    CheckIn,
    ColumnSet,
    Consent,
    ConsentWording,
    ContactChange,
    DeskAssignment,
    PrivacyNotice,
    Question,
    Registration,
    RegistrationGroup,
    RegistrationSettings,
    SeparateConsent,
)
from submissions.models import (
    Attachment,
    Call,
    CallDistrict,
    Decision,
    ExpertLink,
    ExpertProposal,
    ExpertVisit,
    PassportData,
    Slides,
    Submission,
)
from subscriptions.models import Subscription
from summit.lib.files.file_types import FileType
from tests import factories
from tests.constraints import (
    check_database_refuses,
    check_full_clean_refuses,
    models_of,
    rules_of,
)
from tests.factories import at
from throttle.models import RateCount


def _event(**fields):
    return Event(**{"title_en": "E", "slug": "e", "starts_at": at(9), "ends_at": at(10)} | fields)


def _session(**fields):
    given = {"title_en": "S", "slug": "s", "starts_at": at(9), "ends_at": at(10)}
    return Session(**given | {"event": factories.event()} | fields)


def _same(row, *names, **fields):
    """A second row with the same values in the fields named."""
    return type(row)(**{name: getattr(row, name) for name in names}, **fields)


def _primary_twice():
    first = factories.affiliation()
    return Affiliation(expert=first.expert, organization=factories.organization(), is_primary=True)


def _reversed(model):
    first, last = dt.date(2020, 1, 2), dt.date(2020, 1, 1)
    made = model(organization=factories.organization(), starts_on=first, ends_on=last)
    if model is Affiliation:
        made.expert = factories.expert()
    else:
        made.name_en = "N"
    return made


def _file_of_event(**fields):
    of = factories.event_file()
    return _same(of, "event", "title_en", "audience", "file", "content_type", "size", **fields)


def _passport(**fields):
    of = factories.passport_data()
    names = [each.name for each in of._meta.concrete_fields if each.name not in ("id", "visit")]
    given = {name: getattr(of, name) for name in names}
    return PassportData(visit=factories.expert_visit(), **given | fields)


def _poster(**fields):
    return Poster(**{"language": "en", "shape": "tall", "drawn_from": "0"} | fields)


def _slug_twice_in_an_event():
    first = factories.session(slug="keynote")
    return _session(event=first.event, slug="keynote")


def _project(**fields):
    return Project(title_en="P", slug="p", **fields)


def _double_slug(model, **fields):
    maker = {
        Event: factories.event,
        EventSeries: factories.series,
        Expert: factories.expert,
        Organization: factories.organization,
        Project: factories.project,
        Sector: factories.sector,
        CooperationMode: factories.mode,
        Industry: partial(factories.industry, code="D98"),
        District: factories.district,
        Department: factories.department,
    }[model]
    maker(slug="taken")
    return model(slug="taken", **fields)


def _signed_without_date():
    draft = factories.intention()
    return CooperationIntention(
        event=draft.event, company=draft.company, expert=draft.expert, status="signed"
    )


def _reference_twice():
    signed = factories.signed_intention()
    return CooperationIntention(
        event=signed.event,
        company=signed.company,
        expert=signed.expert,
        status="signed",
        reference=signed.reference,
        signed_on=signed.signed_on,
        snapshot=signed.snapshot,
    )


def _like_a_signed_one(**fields):
    """A second intention that is signed like another one, but for the fields given."""
    signed = factories.signed_intention()
    names = ("event", "company", "expert", "status", "signed_on", "snapshot")
    return CooperationIntention(
        **{name: getattr(signed, name) for name in names} | {"reference": "SJZ-2020-777"} | fields
    )


def _voided(**fields):
    day = {"status": "voided", "closed_on": factories.DAY, "voided_at": at(12)}
    return _like_a_signed_one(**day | {"closing_reason": "Mistaken."} | fields)


def _voided_by_who_signed():
    user = User.objects.create_user("who-signed")
    return _voided(signed_by=user, voided_by=user)


def _amendment(first=None, **fields):
    given = {"number": 1, "amended_on": factories.DAY, "reason_en": "R", "change_en": "C"}
    intention = first.intention if first else factories.signed_intention()
    return Amendment(**given | {"intention": intention} | fields)


def _draft(**fields):
    return CooperationIntention(event=factories.event(), **fields)


def _closes_before_it_opens():
    event = factories.event()
    return RegistrationSettings(event=event, opens_at=at(10), closes_at=at(9))


def _registration(first=None, **fields):
    """A second registration beside the ``first`` one, of somebody else."""
    first = first or factories.registered(factories.registration_settings().event)
    given = {
        "event": first.event,
        "privacy_notice": first.privacy_notice,
        "consented_at": first.consented_at,
        "status": "confirmed",
        "name": "Second",
        "email": "second@example.org",
        "email_key": "second@example.org",
        "category": "company",
        "language": "en",
    }
    return Registration(**given | fields)


def _same_registration(name, **fields):
    first = factories.registered(factories.registration_settings().event)
    return _registration(first, **{name: getattr(first, name)}, **fields)


def _same_mailbox():
    first = factories.registered(factories.registration_settings().event)
    return _registration(first, email=first.email, email_key=first.email_key, name=first.name)


def _same_number():
    how = {"name": "Ann", "phone": "138 0013 8000", "email": ""}
    first = factories.registered(factories.registration_settings().event, **how)
    return _registration(first, **how, email_key="", phone_key=first.phone_key, name_key="ann")


def _answered_twice():
    question = factories.question()
    first = factories.registered(question.settings.event, answers={question.pk: "tea"})
    return Answer(registration=first, question=question, value="coffee")


def _group(**fields):
    notice = consent.current_notice()
    event = factories.registration_settings().event
    known = {"name": "Ann", "language": "en", "privacy_notice": notice, "event": event}
    return RegistrationGroup(**known | {"email": "ann@example.org"} | fields)


def _notice_twice():
    notice = PrivacyNotice.objects.create(digest="d", text_en="Text", text_zh_hans="文字")
    return PrivacyNotice(digest=notice.digest)


def _separate_consent(**fields):
    given = {"settings": factories.registration_settings(), "purpose_en": "reports"}
    return SeparateConsent(**given | fields)


def _consent(**fields):
    to = factories.separate_consent()
    mine = factories.registered(to.settings.event)
    wording = ConsentWording.objects.create(digest="d", terms=to.terms)
    return Consent.objects.create(
        registration=mine, to=to, wording=wording, given_at=at(8), **fields
    )


def _contact_change(**fields):
    mine = factories.registered(factories.registration_settings().event)
    return ContactChange(registration=mine, new_email="new@example.org", **fields)


def _call(**fields):
    given = {"kind": "need", "title_en": "C", "slug": "c", "opens_at": at(9), "closes_at": at(10)}
    parents = {} if "series" in fields else {"event": factories.event()}
    return Call(**given | parents | fields)


def _attachment(**fields):
    defaults = {
        "file": "attachments/x",
        "name": "x.pdf",
        "content_type": "application/pdf",
        "size": 1,
        "sha256": "x" * 64,
    }
    if "submission" not in fields:
        fields["submission"] = factories.submission()
    return Attachment(**defaults | fields)


def _slides(**fields):
    if "proposal" not in fields:
        fields["proposal"] = factories.expert_proposal()
    defaults = {"name": "x.pdf", "content_type": "application/pdf", "size": 1, "sha256": "x" * 64}
    return Slides(**{"file": "slides/x", "session": factories.session()} | defaults | fields)


def _slides_twice():
    row = factories.slides(factories.expert_proposal(), factories.session())
    return _slides(proposal=row.proposal, session=row.session)


def _submission(**fields):
    return Submission(**{"call": factories.call(), "email": "a@example.org"} | fields)


def _proposal(**fields):
    return ExpertProposal(**({} if "expert" in fields else {"expert": factories.expert()}) | fields)


def _district_twice():
    district = factories.district()
    return CallDistrict(call=factories.call(districts=[district]), district=district)


def _change_open_twice():
    first = _contact_change()
    first.save()
    return ContactChange(registration=first.registration, new_email="x@example.org")


def _wording_twice():
    first = ConsentWording.objects.create(digest="d", terms="t")
    return ConsentWording(digest=first.digest, terms="t")


def _arrived_twice(**fields):
    event = factories.registration_settings().event
    if "session" in fields:
        fields["session"] = factories.session(event=event)
    first = CheckIn.objects.create(registration=factories.registered(event), **fields)
    return CheckIn(registration=first.registration, **fields)


def _undone_before_it_was_made():
    mine = factories.registered(factories.registration_settings().event)
    return CheckIn(registration=mine, checked_in_at=at(10), undone_at=at(9))


def _assigned_twice():
    user = User.objects.create_user("clerk")
    return _same(DeskAssignment.objects.create(event=factories.event(), user=user), "event", "user")


def _limited_twice(**fields):
    """The same limit for the same person once more."""
    return _same(OrganizerScope.objects.create(user=_user(), **fields), "user", *fields)


def _column_set_twice(**fields):
    """A second set of the same name: of the same owner, or shared by another."""
    owner = User.objects.create_user("owner")
    ColumnSet.objects.create(owner=owner, name="Partners", columns=["name"], **fields)
    second = User.objects.create_user("second") if fields else owner
    return ColumnSet(owner=second, name="Partners", columns=["name"], **fields)


def _follow_up(**fields):
    signed = factories.signed_intention()
    return FollowUp(intention=signed, due_on=signed.signed_on, **fields)


def _user(name="user"):
    return User.objects.create_user(name)


def _digest_twice():
    first = FollowUpDigest.objects.create(user=_user(), week_starts_on="2021-03-01")
    return _same(first, "user", "week_starts_on")


def _passed_on_twice():
    made = HandOver(
        interest=factories.interest(), contact=factories.contact(), recipient="Harbour Works"
    )
    made.save()
    return _same(made, "interest", "contact", "recipient")


def _interest(**fields):
    defaults = {
        "name": "Li Min",
        "email": "li@example.org",
        "message": "Please call me.",
        "language": "en",
    }
    return Interest(**{"project": factories.project(), **defaults, **fields})


def _document(like=None, **fields):
    """A document, with the intention and the content of another one where that is given."""
    given = {
        "intention": like.intention if like else factories.signed_intention(),
        "sha256": like.sha256 if like else "0" * 64,
        "title": "Scan",
        "file": "documents/00/0",
        "content_type": FileType.PDF,
        "size": 1,
    }
    return Document(**given | fields)


# What makes a row that the constraint refuses, and what the refusal says.
CASES = {
    "event_ends_after_start": (partial(_event, ends_at=at(9)), "must end after it starts"),
    "typed_attendance_has_its_source": (
        partial(_event, typed_attendance=230),
        "both the number of people and its source",
    ),
    "event_status_is_known": (partial(_event, status="lost"), "event_status_is_known"),
    "message_has_its_subject_in_the_language_of_its_text": (
        lambda: factories.message_draft(subject_zh_hans="提示"),
        "subject_in_the_language_of_its_text",
    ),
    "Message.key": (
        lambda: _same(factories.message(), "event", "subject_en", "text_en", "key"),
        "already exists",
    ),
    "message_has_a_text_in_a_language": (
        lambda: factories.message_draft(subject_en="", text_en=""),
        "message_has_a_text_in_a_language",
    ),
    "postponed_event_keeps_its_former_start": (
        partial(_event, status="postponed"),
        "postponed_event_keeps_its_former_start",
    ),
    "organization_has_a_role_once": (
        lambda: _same(factories.role(), "event", "organization", "role"),
        "has this role already",
    ),
    "expert_is_at_an_organization_once_at_a_time": (
        lambda: _same(factories.affiliation(), "expert", "organization"),
        "at this organization already",
    ),
    "expert_has_one_primary_affiliation_at_a_time": (_primary_twice, "Only one affiliation"),
    "affiliation_ends_after_its_start": (partial(_reversed, Affiliation), "before the first"),
    "former_name_ends_after_its_start": (partial(_reversed, FormerName), "before the first"),
    "session_ends_after_start": (partial(_session, ends_at=at(8)), "must end after it starts"),
    "session_slug_is_unique_in_its_event": (_slug_twice_in_an_event, "has this slug"),
    "expert_appears_once_in_a_session": (
        lambda: _same(factories.appearance(), "session", "expert"),
        "in this session already",
    ),
    "programme_person_role_is_known": (
        lambda: _same(factories.programme_person(), "event", "name_en", role="lost"),
        "not a valid choice",
    ),
    "programme_person_has_one_organization": (
        lambda: _same(
            factories.programme_person(organization=factories.organization()),
            *("event", "name_en", "organization"),
            organization_name_zh_hans="科技局",
        ),
        "not both",
    ),
    "site_profile_is_one_row": (
        lambda: SiteProfile(pk=2, site_name_en="Second"),
        "There is one site profile",
    ),
    "project_status_is_known": (
        lambda: Project(title_en="P", slug="p", status="lost"),
        "project_status_is_known",
    ),
    "project_maturity_is_one_to_nine": (
        lambda: Project(title_en="P", slug="p", maturity=10),
        "not a valid choice",
    ),
    "intention_status_is_known": (
        lambda: CooperationIntention(event=factories.event(), status="lost"),
        "intention_status_is_known",
    ),
    "signed_intention_has_date_parties_and_snapshot": (_signed_without_date, "must keep its date"),
    "draft_intention_has_no_reference": (
        lambda: CooperationIntention(event=factories.event(), reference="SJZ-2020-001"),
        "draft_intention_has_no_reference",
    ),
    "closed_intention_has_its_day": (
        partial(_like_a_signed_one, closed_on=factories.DAY),
        "closed_intention_has_its_day",
    ),
    "converted_intention_has_a_contract": (
        partial(_like_a_signed_one, status="converted", closed_on=factories.DAY),
        "converted_intention_has_a_contract",
    ),
    "terminated_intention_has_a_reason": (
        partial(_like_a_signed_one, status="terminated", closed_on=factories.DAY),
        "terminated_intention_has_a_reason",
    ),
    "voided_intention_has_its_moment": (
        partial(_voided, voided_at=None),
        "voided_intention_has_its_moment",
    ),
    "voided_intention_has_a_reason": (
        partial(_voided, closing_reason=""),
        "voided_intention_has_a_reason",
    ),
    "signing_is_voided_by_somebody_else": (_voided_by_who_signed, "voided_by_somebody_else"),
    "intended_amount_has_its_currency": (
        partial(_draft, intended_amount=5),
        "intended amount together with its currency",
    ),
    "contracted_amount_has_its_currency": (
        partial(_draft, contracted_currency="CNY"),
        "contracted amount together with its currency",
    ),
    "intention_is_valid_from_its_signature_on": (
        partial(_draft, signed_on=factories.DAY, valid_until=dt.date(2020, 10, 28)),
        "must end on the day of signing or later",
    ),
    "signatory_side_is_known": (
        lambda: Signatory(intention=factories.intention(), name_en="N", side="lost"),
        "not a valid choice",
    ),
    "amendments_are_numbered_once": (lambda: _amendment(factories.amendment()), "already exists"),
    "amended_amount_has_its_currency": (
        partial(_amendment, intended_amount=5),
        "Enter an amount together with its currency",
    ),
    "intention_names_a_project_once": (
        lambda: _same(factories.intention().project_links.get(), "intention", "project"),
        "named already",
    ),
    "reference_prefix_is_of_one_series": (
        lambda: EventSeries(title_en="S", reference_prefix=factories.series().reference_prefix),
        "Another series has this reference prefix. Choose one of its own.",
    ),
    "reference_prefix_is_not_the_default_one": (
        lambda: EventSeries(title_en="S", reference_prefix="SUMMIT"),
        "SUMMIT is the prefix for intentions signed outside any series. Choose another "
        "prefix, or leave it empty.",
    ),
    "reference_counter_is_one_per_prefix_and_year": (
        lambda: _same(ReferenceCounter.objects.create(prefix="SJZ", year=2020), "prefix", "year"),
        "already exists",
    ),
    "follow_up_is_done_with_an_outcome": (
        partial(_follow_up, done_on="2020-11-29"),
        "done has a day and an outcome",
    ),
    "follow_up_outcome_is_known": (
        partial(_follow_up, done_on="2020-11-29", outcome="lost"),
        "not a valid choice",
    ),
    "digest_is_one_a_week": (_digest_twice, "already exists"),
    "FollowUpFeed.code": (
        lambda: _same(FollowUpFeed.objects.create(user=_user("first")), "code", user=_user()),
        "already exists",
    ),
    "mail_has_one_recipient": (partial(OutboundMail, kind="link"), "mail_has_one_recipient"),
    "expert_recommends_a_project_once_at_an_event": (
        lambda: _same(factories.recommendation(), "expert", "project", "event"),
        "recommended this project at this event already",
    ),
    "registration_closes_after_it_opens": (_closes_before_it_opens, "close after it opens"),
    "registration_status_is_known": (
        partial(_registration, status="lost"),
        "not a valid choice",
    ),
    "registration_has_consent_or_a_source": (
        partial(_registration, privacy_notice=None, consented_at=None),
        "Enter where the data of this person comes from",
    ),
    "sensitive_question_says_how_long_answers_are_kept": (
        lambda: Question(
            settings=factories.registration_settings(),
            kind="short_text",
            text_en="Passport",
            is_sensitive=True,
        ),
        "for how many days",
    ),
    "separate_consent_kind_is_known": (
        lambda: _separate_consent(kind="everything"),
        "not a valid choice",
    ),
    "only_a_recipient_is_abroad": (
        lambda: _separate_consent(kind="photos", is_abroad=True),
        "Only a recipient can be abroad",
    ),
    "separate_consent_of_a_kind_is_asked_once": (
        lambda: _same(
            factories.separate_consent(kind="photos"), "settings", "kind", purpose_en="p"
        ),
        "This event already asks for this consent",
    ),
    "consent_stands_once": (
        lambda: _same(_consent(), "registration", "to", "wording"),
        "consent_stands_once",
    ),
    "consent_is_withdrawn_after_it_was_given": (
        lambda: _same(
            _consent(withdrawn_at=at(9)),
            "registration",
            "to",
            "wording",
            given_at=at(9),
            withdrawn_at=at(8),
        ),
        "consent_is_withdrawn_after_it_was_given",
    ),
    "held_seat_has_an_end": (partial(_registration, status="held"), "held_seat_has_an_end"),
    "registration_proof_is_known": (
        partial(_registration, proof="hearsay"),
        "registration_proof_is_known",
    ),
    "held_seats_are_a_share_of_all": (
        lambda: RegistrationSettings(event=factories.event(), hold_percent=101),
        "less than or equal to 100",
    ),
    "registration_contact_is_known": (
        lambda: RegistrationSettings(event=factories.event(), contact="pigeon"),
        "not a valid choice",
    ),
    "one_place_per_person_with_an_address": (
        _same_mailbox,
        "This person is registered already with this contact",
    ),
    "one_place_per_person_with_a_mobile_number": (
        _same_number,
        "This person is registered already with this contact",
    ),
    "possible_double_is_of_another": (
        partial(_registration, status="double"),
        "possible_double_is_of_another",
    ),
    "question_is_answered_once": (_answered_twice, "already exists"),
    "rate_is_counted_once_a_window": (
        lambda: _same(
            RateCount.objects.create(key="k", window_starts_at=at(9)), "key", "window_starts_at"
        ),
        "already exists",
    ),
    "person_arrives_once_a_day": (
        partial(_arrived_twice, day=dt.date(2027, 5, 10)),
        "is checked in already",
    ),
    "person_attends_a_session_once": (
        partial(_arrived_twice, session=None),
        "is checked in to this session already",
    ),
    "check_in_is_undone_after_it_was_made": (
        _undone_before_it_was_made,
        "check_in_is_undone_after_it_was_made",
    ),
    "person_is_assigned_to_an_event_once": (_assigned_twice, "is assigned to the event already"),
    "organizer_is_limited_to_a_series_or_an_event": (
        lambda: OrganizerScope(user=_user(), series=factories.series(), event=factories.event()),
        "Choose a series or an event, not both",
    ),
    "organizer_is_limited_to_a_series_once": (
        lambda: _limited_twice(series=factories.series()),
        "This series is named already",
    ),
    "organizer_is_limited_to_an_event_once": (
        lambda: _limited_twice(event=factories.event()),
        "This event is named already",
    ),
    "column_set_name_is_unique_to_its_owner": (
        _column_set_twice,
        "You have a column set of this name already",
    ),
    "shared_column_set_name_is_unique": (
        partial(_column_set_twice, is_shared=True),
        "A shared column set of this name exists already",
    ),
    "document_is_attached_once": (
        lambda: _document(like=factories.document()),
        "This file is attached already",
    ),
    "withdrawn_document_has_a_reason_and_no_file": (
        lambda: _document(withdrawn_at=at(9)),
        "withdrawn_document_has_a_reason_and_no_file",
    ),
    "contact_belongs_to_one": (
        lambda: Contact(name="Li Min", source="card"),
        "Choose whose contact this is",
    ),
    "subscription_has_an_address": (
        lambda: Subscription(language="en"),
        "cannot be blank",
    ),
    "subscription_kind_is_known": (
        lambda: Subscription(email="li@example.org", language="en", kind="rumour"),
        "is not a valid choice",
    ),
    "one_subscription_of_an_address": (
        lambda: Subscription(
            email=factories.subscription().email, language="en", confirmed_at=at(9)
        ),
        "has a subscription already",
    ),
    "Subscription.code": (
        lambda: Subscription(
            email="li@example.org", language="en", code=factories.subscription().code
        ),
        "already exists",
    ),
    "interest_is_about_one": (
        partial(_interest, project=None),
        "Choose what this is about",
    ),
    "interest_has_a_contact": (
        partial(_interest, email=""),
        "Enter a phone number or an e-mail address.",
    ),
    "interest_consent_has_its_wording": (
        partial(_interest, consent_wording="1"),
        "A consent has a time and its wording.",
    ),
    "interest_status_is_known": (
        partial(_interest, status="lost"),
        "Value 'lost' is not a valid choice.",
    ),
    "interest_is_passed_on_once_to_a_contact": (
        _passed_on_twice,
        "It was passed on to this contact already.",
    ),
    "Interest.code": (
        lambda: _interest(code=factories.interest().code),
        "already exists",
    ),
    "Document.code": (
        lambda: _document(code=factories.document().code),
        "already exists",
    ),
    "EventFile.code": (
        lambda: _file_of_event(code=factories.event_file().code),
        "already exists",
    ),
    "Poster.code": (
        lambda: _poster(event=factories.event(), code=factories.poster().code, missing="字"),
        "already exists",
    ),
    "event_has_one_poster_of_a_kind": (
        lambda: _poster(event=factories.poster().event, missing="字"),
        "already exists",
    ),
    "poster_has_a_picture_or_says_why_not": (
        lambda: _poster(event=factories.event()),
        "poster_has_a_picture_or_says_why_not",
    ),
    "one_change_of_a_contact_is_open": (
        _change_open_twice,
        "A change of this contact is already waiting for confirmation",
    ),
    "change_of_a_contact_has_ended_or_is_open": (
        partial(_contact_change, status="stopped"),
        "change_of_a_contact_has_ended_or_is_open",
    ),
    "Registration.code": (partial(_same_registration, "code"), "already exists"),
    "Registration.ticket": (partial(_same_registration, "ticket"), "already exists"),
    "RegistrationGroup.code": (
        lambda: _group(code=factories.group().code, email_key="a@example.org"),
        "already exists",
    ),
    "group_has_a_contact": (
        lambda: _group(email=""),
        "Enter a mobile number or an e-mail address.",
    ),
    "PrivacyNotice.digest": (_notice_twice, "already exists"),
    "ConsentWording.digest": (_wording_twice, "already exists"),
    "Event.slug": (
        partial(_double_slug, Event, title_en="E", starts_at=at(9), ends_at=at(10)),
        "already exists",
    ),
    "EventSeries.slug": (partial(_double_slug, EventSeries, title_en="S"), "already exists"),
    "Expert.slug": (partial(_double_slug, Expert, name_en="E"), "already exists"),
    "Organization.slug": (partial(_double_slug, Organization, name_en="O"), "already exists"),
    "Project.slug": (partial(_double_slug, Project, title_en="P"), "already exists"),
    "Sector.slug": (partial(_double_slug, Sector, name_en="S"), "already exists"),
    "CooperationMode.slug": (partial(_double_slug, CooperationMode, name_en="M"), "already exists"),
    "Industry.slug": (partial(_double_slug, Industry, name_en="I", code="D99"), "already exists"),
    "Industry.code": (
        lambda: Industry(code=factories.industry().code, slug="x", name_en="I"),
        "already exists",
    ),
    "District.slug": (partial(_double_slug, District, name_en="D"), "already exists"),
    "Department.slug": (partial(_double_slug, Department, name_en="D"), "already exists"),
    "district_code_names_one_district": (
        lambda: District(code=factories.district(code="130102").code, slug="x", name_en="D"),
        "Another district has this code.",
    ),
    "project_disclosure_is_known": (
        partial(_project, disclosure="some"),
        "Value 'some' is not a valid choice.",
    ),
    "project_amount_has_its_currency": (
        partial(_project, price_to=5),
        "Enter the amount together with its currency",
    ),
    "project_amount_is_not_negative": (
        partial(_project, price_from=-1, price_currency="CNY"),
        "An amount cannot be negative.",
    ),
    "project_amount_is_from_less_to_more": (
        partial(_project, price_from=2, price_to=1, price_currency="CNY"),
        "must not be larger",
    ),
    "project_has_an_amount_or_a_range": (
        partial(_project, price_from=2, price_currency="CNY", price_band="negotiable"),
        "not both",
    ),
    "project_is_needed_from_sooner_to_later": (
        partial(
            _project,
            kind="request",
            needed_from=dt.date(2027, 1, 2),
            needed_until=dt.date(2027, 1, 1),
        ),
        "must not be before",
    ),
    "Call.slug": (lambda: _call(slug=factories.call().slug), "already exists"),
    "call_kind_is_known": (partial(_call, kind="song"), "Value 'song' is not a valid choice."),
    "call_status_is_known": (partial(_call, status="lost"), "call_status_is_known"),
    "call_belongs_to_an_event_or_a_series": (
        lambda: _call(series=factories.series(), event=factories.event()),
        "Choose an event or a series, not both.",
    ),
    "call_closes_after_it_opens": (
        partial(_call, closes_at=at(8)),
        "The call must close after it opens.",
    ),
    "district_takes_part_in_a_call_once": (_district_twice, "This district is named already."),
    "Submission.code": (
        lambda: _submission(code=factories.submission().code),
        "already exists",
    ),
    "submission_status_is_known": (
        partial(_submission, status="lost", sent_at=at(9)),
        "Value 'lost' is not a valid choice.",
    ),
    "submission_source_is_known": (
        partial(_submission, source="dreamt"),
        "Value 'dreamt' is not a valid choice.",
    ),
    "submission_was_sent_before_it_is_reviewed": (
        partial(_submission, status="returned"),
        "submission_was_sent_before_it_is_reviewed",
    ),
    "submission_has_a_contact": (
        partial(_submission, email=""),
        "Enter a mobile number or an e-mail address.",
    ),
    "Attachment.code": (
        lambda: _attachment(code=factories.attachment().code),
        "already exists",
    ),
    "file_is_attached_to_a_submission_once": (
        lambda: _attachment(
            submission=(row := factories.attachment()).submission, sha256=row.sha256
        ),
        "This file is attached already.",
    ),
    "attachment_use_is_known": (
        partial(_attachment, used_as="lost"),
        "Value 'lost' is not a valid choice.",
    ),
    "attachment_used_as_a_picture_is_one": (
        partial(_attachment, used_as="picture"),
        "attachment_used_as_a_picture_is_one",
    ),
    "attachment_has_content": (partial(_attachment, size=0), "attachment_has_content"),
    "Slides.code": (
        lambda: _slides(
            code=factories.slides(factories.expert_proposal(), factories.session()).code
        ),
        "already exists",
    ),
    "talk_has_one_file_of_slides_in_a_proposal": (
        _slides_twice,
        "There are slides of this talk already.",
    ),
    "slides_have_content": (partial(_slides, size=0), "slides_have_content"),
    "slides_are_pdf_or_pptx": (
        partial(_slides, content_type="image/webp"),
        "slides_are_pdf_or_pptx",
    ),
    "decision_outcome_is_known": (
        lambda: Decision(submission=factories.submission(), field="goal", outcome="maybe"),
        "Value 'maybe' is not a valid choice.",
    ),
    "decision_is_about_one_row": (
        lambda: Decision(field="goal", outcome="accepted"),
        "A decision is about a submission or a proposal.",
    ),
    "ExpertLink.code": (
        lambda: ExpertLink(
            expert=factories.expert(), ends_at=at(9), code=factories.expert_link().code
        ),
        "already exists",
    ),
    "expert_visits_an_event_once": (
        lambda: _same(factories.expert_visit(), "expert", "event"),
        "This expert has a visit to this event already.",
    ),
    "visit_ends_after_it_begins": (
        lambda: ExpertVisit(
            expert=factories.expert(),
            event=factories.event(),
            arrives_at=at(10),
            departs_at=at(9),
        ),
        "The departure must be after the arrival.",
    ),
    "passport_sex_is_known": (
        partial(_passport, sex="Q"),
        "Value 'Q' is not a valid choice.",
    ),
    "passport_days_are_in_order": (
        partial(_passport, expires_on=dt.date(2000, 1, 1)),
        "The days are not in order: born, then issued, then valid until.",
    ),
    "proposal_status_is_known": (
        partial(_proposal, status="lost", sent_at=at(9)),
        "Value 'lost' is not a valid choice.",
    ),
    "proposal_was_sent_before_it_is_reviewed": (
        partial(_proposal, status="returned"),
        "proposal_was_sent_before_it_is_reviewed",
    ),
    "expert_has_one_open_proposal": (
        lambda: _proposal(expert=factories.expert_proposal().expert),
        "This expert has an open proposal already.",
    ),
    "CooperationIntention.reference": (_reference_twice, "already exists"),
}

OUR_MODELS = models_of(
    *("audit", "throttle", "mail", "events", "registrations", "projects", "contacts"),
    *("interests", "submissions", "subscriptions", "website"),
)
# Rows that nobody types in: the database alone keeps their rules.
WITHOUT_FORM = {"content_version_is_one_row"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_full_clean_refuses_with_words(name):
    check_full_clean_refuses(*CASES[name])


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses_what_comes_past_full_clean(name):
    check_database_refuses(CASES[name][0])


def test_every_constraint_has_a_case():
    assert set(CASES) == rules_of(OUR_MODELS) - WITHOUT_FORM


def test_every_foreign_key_that_others_show_is_protected():
    """Only the parts of a page die with it."""
    cascading = {
        f"{model.__name__}.{field.name}"
        for model in OUR_MODELS
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.on_delete is models.CASCADE
    }

    assert cascading == {
        "EventRole.event",
        "Photo.event",
        "EventFile.event",
        "Poster.event",
        "Session.event",
        "Appearance.session",
        "ProgrammePerson.event",
        "ProgrammePerson.session",
        "Affiliation.expert",
        "FormerName.organization",
        "Contact.organization",
        "Contact.expert",
        "ExpertLink.expert",
        "ExpertVisit.expert",
        "ExpertVisit.event",
        "PassportData.visit",
        "Contact.project",
        "InterestAnswer.interest",
        "HandOver.interest",
        "FromInterest.intention",
        "CallDistrict.call",
        "IntentionProject.intention",
        "Signatory.intention",
        # An event that anybody has registered for is protected by that registration.
        "RegistrationSettings.event",
        "Announcement.event",
        "Message.event",
        "Question.settings",
        "Answer.question",
        "Answer.registration",
        "SeparateConsent.settings",
        "Consent.registration",
        "ContactChange.registration",
        # What may be one person once more goes with the first; neither is ever deleted alone.
        "Registration.double_of",
        "OutboundMail.subject_type",
        "DeskAssignment.event",
        # With the account go what it was assigned or limited to and its own choices of columns.
        "DeskAssignment.user",
        "OrganizerScope.user",
        "ColumnSet.owner",
        "OutboundMail.user",
        "FollowUpDigest.user",
        "FollowUpFeed.user",
    }
