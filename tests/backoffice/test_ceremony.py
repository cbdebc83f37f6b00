import pytest
from django.contrib.auth.models import Permission, User

from projects.models import CooperationIntention, FollowUp
from tests import factories
from tests.backoffice.posting import url
from tests.cast import Person


@pytest.fixture
def session(db):
    event = factories.event(series=factories.series())
    made = factories.session(event=event, kind="signing", title_en="Signing at noon")
    for _number in range(3):
        factories.intention(session=made)
    return made


def shown(person, session):
    return person.get(url(session, "action", "sign-all"))


def press(person, session, page, **given):
    seen = page.context["form"]["seen"].value()
    return person.post(
        url(session, "action", "sign-all"), {"signed_on": "2020-10-29", "seen": seen, **given}
    )


def labels(person, row):
    return [
        str(action.label) for action, _url in person.get(url(row, "change")).context["row_actions"]
    ]


def test_page_lists_the_drafts_with_what_each_lacks(organizer, session):
    lacking = factories.intention(session=session, company=None, projects=[])

    page = shown(organizer, session)

    for draft in CooperationIntention.objects.all():
        assert url(draft, "change") in page.text
    assert page.text.count("can be signed") == 3
    for words in ("Choose the organization that signs.", "Name a project"):
        assert f'<span class="lacking">{words}' in page.text
    assert "Sign all 4 drafts" in page.text
    assert 'value="2020-10-29"' in page.text
    lacking.refresh_from_db()
    assert lacking.is_draft


def test_ceremony_signs_all_and_history_tells_who(organizer, session):
    response = press(organizer, session, shown(organizer, session))

    assert response.status_code == 302
    signed = CooperationIntention.objects.order_by("pk")
    assert [each.reference for each in signed] == [f"SJZ-2020-00{number}" for number in (1, 2, 3)]
    assert {each.history.latest().history_user for each in signed} == {organizer.user}
    assert FollowUp.objects.filter(assigned_to=organizer.user).count() == 9
    landed = organizer.get(response.url).text
    assert "3 intentions are signed: SJZ-2020-001 to SJZ-2020-003." in landed


def test_ceremony_of_one_names_it_once(organizer, session):
    CooperationIntention.objects.exclude(pk=CooperationIntention.objects.first().pk).delete()

    response = press(organizer, session, shown(organizer, session))

    assert "One intention is signed: SJZ-2020-001." in organizer.get(response.url).text


def test_ceremony_signs_none_where_one_lacks_something(organizer, session):
    factories.intention(session=session, expert=None)

    response = press(organizer, session, shown(organizer, session))

    assert "Choose the expert who signs." in response.text
    assert not CooperationIntention.objects.signed().exists()
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("day", "words"), [("", "Enter the day"), ("2020-10-28", "before the event")]
)
def test_ceremony_on_a_wrong_day_is_refused(organizer, session, day, words):
    response = press(organizer, session, shown(organizer, session), signed_on=day)

    assert words in response.text
    assert not CooperationIntention.objects.signed().exists()


def test_draft_that_came_in_meanwhile_is_shown_before_it_is_signed(organizer, session):
    page = shown(organizer, session)
    late = factories.intention(session=session)

    refused = press(organizer, session, page)

    assert "have changed in the meantime" in refused.text
    assert str(late) in refused.text
    assert not CooperationIntention.objects.signed().exists()
    assert press(organizer, session, refused).status_code == 302
    assert CooperationIntention.objects.signed().count() == 4


def test_draft_that_was_edited_meanwhile_is_shown_before_it_is_signed(organizer, session):
    page = shown(organizer, session)
    edited, other, _third = CooperationIntention.objects.order_by("pk")
    edited.purpose_en, edited.company = "Buy the company", factories.organization(name_en="New Ltd")
    edited.save()

    refused = press(organizer, session, page)

    words = f"These drafts were changed after you opened this page: {edited}. Look at them"
    assert words in refused.text
    assert "New Ltd" in refused.text and f"page: {other}" not in refused.text
    assert not CooperationIntention.objects.signed().exists()
    assert not FollowUp.objects.exists()
    assert press(organizer, session, refused).status_code == 302
    assert CooperationIntention.objects.signed().count() == 3


def test_page_names_what_each_draft_is_about(organizer, session):
    draft = CooperationIntention.objects.first()

    assert draft.projects.get().title_en in shown(organizer, session).text


def test_second_ceremony_is_refused(organizer, session):
    page = shown(organizer, session)
    press(organizer, session, page)

    assert "or somebody has just signed them" in press(organizer, session, page).text


@pytest.mark.parametrize("seen", ["1 or 1", "1:2:3 :", "9" * 5000, "1" * 30])
def test_keys_that_no_page_has_are_refused(organizer, session, seen):
    response = press(organizer, session, shown(organizer, session), seen=seen)

    assert response.status_code == 200
    assert not CooperationIntention.objects.signed().exists()


def test_page_without_drafts_says_so(organizer):
    page = shown(organizer, factories.session(kind="signing"))

    assert "This session has no drafts to sign" in page.text
    assert 'name="signed_on"' not in page.text


def test_page_warns_of_drafts_without_signatories(organizer, session):
    named, *_others = CooperationIntention.objects.order_by("pk")
    for side in ("company", "expert"):
        factories.signatory(intention=named, side=side)

    page = shown(organizer, session)

    assert page.text.count("Nobody is named as signing for the local side.") == 2
    assert page.text.count("Nobody is named as signing for the expert’s side.") == 2


def test_session_and_event_offer_it_while_there_are_drafts(organizer, session):
    on_event = "Sign all 3 drafts of “Signing at noon”"
    assert "Sign all 3 drafts" in labels(organizer, session)
    assert on_event in labels(organizer, session.event)

    press(organizer, session, shown(organizer, session))

    assert not [label for label in labels(organizer, session) if "draft" in label]
    assert on_event not in labels(organizer, session.event)


def test_events_button_leads_to_the_session(organizer, session):
    buttons = organizer.get(url(session.event, "change")).context["row_actions"]

    [address] = [link for action, link in buttons if action.name == "sign-all"]

    assert address == url(session, "action", "sign-all")


def may(*names) -> Person:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return Person(user)


def test_it_takes_the_permission_to_change_intentions_not_sessions(session, auditor):
    editor_of_sessions = may("change_session", "view_session", "view_event")

    for person in (auditor, editor_of_sessions):
        assert not [label for label in labels(person, session) if "draft" in label]
        assert shown(person, session).status_code == 403
        posted = person.post(url(session, "action", "sign-all"), {"signed_on": "2020-10-29"})
        assert posted.status_code == 403
    assert not CooperationIntention.objects.signed().exists()


def test_whoever_changes_intentions_and_sees_the_session_may_hold_it(session):
    person = may("view_session", "change_cooperationintention", "view_cooperationintention")

    assert press(person, session, shown(person, session)).status_code == 302
    assert CooperationIntention.objects.signed().count() == 3


def test_pages_cost_the_same_for_three_drafts_and_thirteen(
    organizer, session, django_assert_max_num_queries
):
    shown(organizer, session)
    with django_assert_max_num_queries(25) as few:
        shown(organizer, session)
    for _number in range(10):
        factories.intention(session=session)

    with django_assert_max_num_queries(25) as many:
        shown(organizer, session)

    assert len(many) == len(few)
