import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from events.models import SiteProfile
from projects.domain import follow_up as domain
from projects.domain import intention as intentions
from projects.models import FollowUp, FollowUpFeed
from tests import factories
from tests.backoffice.posting import confirm, do, errors, save, select, url, use_on_selected

LIST = "/admin/projects/followup/"
LATER = dt.date(2021, 2, 1)


def listed(person, query=""):
    page = person.get(LIST + query)
    assert page.status_code == 200
    return set(page.context["cl"].queryset)


def recorded(row, person, **fields):
    given = {"outcome": "stalled", "done_on": LATER} | fields
    return domain.record(row, by=person.user, **given)


def ended(person, **fields):
    row = factories.follow_up(**fields)
    intentions.terminate(row.intention, reason="x", terminated_on=LATER, by=person.user)
    return row


# The list


def test_list_filters_by_day_by_person_and_by_series(organizer, auditor):
    late = factories.follow_up(in_days=-1, assigned_to=organizer.user)
    soon = factories.follow_up(in_days=5, assigned_to=auditor.user)
    far = factories.follow_up(in_days=50)
    done = recorded(factories.follow_up(), organizer)
    void = ended(organizer, in_days=-1)
    series = late.intention.event.series

    found = {
        query: listed(organizer, query)
        for query in (
            *("?when=overdue", "?when=upcoming", "?when=due", "?when=done", "?when=ended"),
            *("?whose=mine", "?whose=others", "?whose=nobody", "?outcome__exact=stalled"),
            f"?series__id__exact={series.pk}",
            "?when=overdue&whose=mine",
        )
    }

    assert found == {
        "?when=overdue": {late},
        "?when=upcoming": {soon},
        "?when=due": {late, soon, far},
        "?when=done": {done},
        "?when=ended": {void},
        "?whose=mine": {late},
        "?whose=others": {soon},
        "?whose=nobody": {far, done, void},
        "?outcome__exact=stalled": {done},
        f"?series__id__exact={series.pk}": {late},
        "?when=overdue&whose=mine": {late},
    }


def test_filters_bear_names_that_read_well(organizer):
    factories.follow_up(assigned_to=organizer.user)

    page = organizer.get(LIST).text

    for name in ("When", "Whose", "Assigned to"):
        assert f"<summary> {name} </summary>" in page


def test_list_finds_by_reference_and_parties(organizer):
    company = factories.organization(name_en="Hebei Devices", name_zh_hans="河北器械")
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="王伟")
    signed = factories.signed_intention(company=company, expert=expert)
    factories.follow_up()

    for words in (signed.reference, "hebei dev", "器械", "hale", "王伟", "wang wei"):
        assert {row.intention for row in listed(organizer, f"?q={words}")} == {signed}, words


def test_list_says_where_each_stands_and_names_parties_as_signed(organizer):
    company = factories.organization(name_en="Hebei Devices", name_zh_hans="", is_public=False)
    signed = factories.signed_intention(company=company)
    signed.follow_ups.all().delete()
    factories.follow_up(intention=signed, in_days=-1)
    recorded(factories.follow_up(), organizer)
    ended(organizer)
    type(company).objects.update(name_en="Renamed")

    text = organizer.get(LIST).text

    for words in ("overdue", "stalled", "no longer needed"):
        assert f">{words}</span>" in text
    assert "Hebei Devices" in text
    assert "Renamed" not in text
    organizer.cookies["django_language"] = "zh-hans"
    assert '<span lang="en">Hebei Devices</span>' in organizer.get(LIST).text


def test_list_costs_the_same_for_few_and_many(organizer, django_assert_max_num_queries):
    def counted():
        with django_assert_max_num_queries(40) as queries:
            organizer.get(LIST)
        return len(queries)

    factories.follow_up(assigned_to=organizer.user)
    counted()
    few = counted()
    for _number in range(5):
        recorded(factories.follow_up(assigned_to=organizer.user), organizer)
        factories.follow_up()

    assert counted() == few <= 12


# Recording


def test_record_is_offered_and_knows_what_the_last_one_found(organizer):
    row = factories.follow_up()
    recorded(
        factories.follow_up(intention=row.intention, in_days=-9), organizer, note="Call Li again."
    )

    page = organizer.get(url(row, "action", "record"))

    assert url(row, "action", "record") in organizer.get(url(row, "change")).text
    assert "Call Li again." in page.text
    assert row.intention.reference in page.text
    assert f'value="{timezone.localdate()}"' in page.text


def test_record_keeps_what_was_typed_and_plans_the_next(organizer):
    row = factories.follow_up(assigned_to=organizer.user)

    response = do(
        organizer,
        row,
        "record",
        outcome="keep_talking",
        done_on="2021-02-01",
        note="They met.",
        next_step="A visit in May",
        next_due_on="2021-05-01",
    )

    assert response.url == url(row, "change")
    row.refresh_from_db()
    assert (row.outcome, row.done_on, row.done_by) == ("keep_talking", LATER, organizer.user)
    assert (row.note, row.next_step) == ("They met.", "A visit in May")
    following = FollowUp.objects.get(done_on=None)
    assert (following.due_on, following.assigned_to) == (dt.date(2021, 5, 1), organizer.user)


def test_record_refused_keeps_what_was_typed_on_the_page(organizer):
    row = factories.follow_up()

    page = do(organizer, row, "record", outcome="", done_on="", note="They met.")

    assert "Choose what the follow-up found." in page.text
    assert "Enter the day on which it was done." in page.text
    assert "They met." in page.text
    row.refresh_from_db()
    assert not row.is_done


def test_record_after_somebody_else_is_refused_in_plain_words(organizer):
    row = recorded(factories.follow_up(), organizer)

    page = do(organizer, row, "record", outcome="progressing", done_on="2021-02-01")

    assert "Somebody has recorded this follow-up already." in page.text
    row.refresh_from_db()
    assert row.outcome == "stalled"


def test_what_is_done_is_read_only_and_has_no_buttons(organizer):
    row = recorded(factories.follow_up(), organizer)

    page = organizer.get(url(row, "change"))

    assert "/do/" not in page.text
    assert 'name="_save"' not in page.text
    assert organizer.post(url(row, "change"), {"due_on": "2030-01-01"}).status_code == 403


def test_follow_ups_are_never_deleted(superuser):
    row = factories.follow_up()

    superuser.post(url(row, "delete"), {"post": "yes"})
    superuser.post(LIST, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})

    assert FollowUp.objects.get() == row


def test_history_says_who_and_when(organizer):
    row = factories.follow_up()
    do(organizer, row, "record", outcome="stalled", done_on="2021-02-01")

    text = organizer.get(url(row, "history")).text

    assert "organizer" in text
    assert "<ins>stalled</ins>" in text


def test_auditor_reads_and_may_do_nothing(auditor):
    row = factories.follow_up()

    page = auditor.get(url(row, "change"))

    assert row.intention.reference in page.text
    assert "/do/" not in page.text
    for action in ("record", "assign", "reschedule"):
        assert do(auditor, row, action).status_code == 403
    assert do(auditor, row.intention, "plan-follow-up").status_code == 403


# Assigning and planning


def test_assign_one_to_somebody_who_may_see_it(organizer, auditor):
    row = factories.follow_up()
    User.objects.create_user("blind", is_staff=True)

    page = organizer.get(url(row, "action", "assign"))
    do(organizer, row, "assign", assigned_to=auditor.user.pk)

    assert re.findall(r'<option value="\d+"[^>]*>(\w+)', page.text) == ["auditor", "organizer"]
    assert FollowUp.objects.get().assigned_to == auditor.user


def test_assign_the_selected_asks_to_whom_and_then_does_it(organizer, auditor):
    rows = [factories.follow_up() for _number in range(3)]

    asked = select(organizer, "assign", *rows[:2])
    confirm(organizer, asked, assigned_to=auditor.user.pk)

    assert "2 follow-ups" in asked.text
    assert rows[0].intention.reference in asked.text
    assert rows[2].intention.reference not in asked.text
    assert set(FollowUp.objects.of(auditor.user)) == set(rows[:2])


@pytest.mark.parametrize(("number", "has_more"), [(20, False), (21, True)])
def test_page_of_an_action_names_twenty_rows_and_says_that_there_are_more(
    organizer, number, has_more
):
    rows = [factories.follow_up() for _number in range(number)]

    facts = select(organizer, "assign", *rows).context["facts"]

    assert len(facts) == 20 + has_more
    assert (facts[-1] == ("", "…")) == has_more


def test_assign_all_of_a_filtered_list(organizer):
    rows = [factories.follow_up() for _number in range(2)]
    recorded(factories.follow_up(), organizer)

    asked = select(organizer, "assign", rows[0], query="?when=due", select_across="1")
    confirm(organizer, asked, assigned_to=organizer.user.pk)

    [(address, _status)] = asked.redirect_chain
    assert address == f"{url(FollowUp, 'action', 'all', 'assign')}?when=due"
    assert "2 follow-ups" in asked.text
    assert set(FollowUp.objects.of(organizer.user)) == set(rows)


def test_auditor_cannot_assign_the_selected(auditor):
    row = factories.follow_up()

    use_on_selected(auditor, "assign", row, assigned_to=auditor.user.pk)

    assert FollowUp.objects.get().assigned_to is None


def test_assign_to_whom_it_is_assigned_already_is_refused_beside_the_box(organizer):
    row = factories.follow_up(assigned_to=organizer.user)

    page = do(organizer, row, "assign", assigned_to=organizer.user.pk)

    assert page.context["form"].errors == {"assigned_to": ["It is assigned to organizer already."]}
    assert not LogEntry.objects.filter(object_id=str(row.pk)).exists()


def test_what_has_ended_is_neither_assigned_nor_moved(organizer):
    row = ended(organizer)

    for action in ("assign", "reschedule"):
        page = organizer.get(url(row, "action", action))
        given = {"assigned_to": organizer.user.pk, "due_on": "2021-05-01"}
        refused = do(organizer, row, action, **given)
        assert "Only signed intentions that have not ended are followed up." in page.text
        assert "<form" not in page.text.partition('class="action-form"')[2]
        assert "Only signed intentions that have not ended are followed up." in refused.text
    row.refresh_from_db()
    assert (row.assigned_to, row.due_on) == (None, timezone.localdate())


def test_moved_to_a_day_on_which_another_is_due_is_refused_beside_the_box(organizer):
    row = factories.follow_up(intention=factories.signed_intention())

    page = do(organizer, row, "reschedule", due_on="2020-11-29")

    told = ["A follow-up of this intention is due on that day already."]
    assert page.context["form"].errors == {"due_on": told}
    assert do(organizer, row, "reschedule", due_on=row.due_on.isoformat()).status_code == 302


@pytest.mark.parametrize("name", ["page", "list", "filter", "assign", "intention"])
def test_chinese_staff_are_named_in_their_order(organizer, name):
    User.objects.filter(pk=organizer.user.pk).update(last_name="王", first_name="伟")
    row = factories.follow_up(assigned_to=organizer.user)
    factories.amendment(intention=row.intention, by=organizer.user)

    told = organizer.get(
        {
            "page": url(row, "change"),
            "list": LIST,
            "filter": LIST + "?when=done",
            "assign": url(row, "action", "assign"),
            "intention": url(row.intention, "change"),
        }[name]
    ).text.partition('id="content"')[2]

    assert "王伟" in told
    assert "伟 王" not in told


def test_change_the_day(organizer):
    row = factories.follow_up()

    do(organizer, row, "reschedule", due_on="2021-02-01")

    assert FollowUp.objects.get().due_on == LATER


def test_plan_one_more_on_the_page_of_the_intention(organizer):
    signed = factories.signed_intention()

    page = organizer.get(url(signed, "change"))
    do(organizer, signed, "plan-follow-up", due_on="2021-02-01", assigned_to=organizer.user.pk)

    assert url(signed, "action", "plan-follow-up") in page.text
    assert url(signed.follow_ups.first(), "change") in page.text
    made = FollowUp.objects.get(due_on=LATER)
    assert (made.intention, made.assigned_to) == (signed, organizer.user)


def test_plan_twice_is_refused_in_plain_words(organizer):
    signed = factories.signed_intention()

    page = do(organizer, signed, "plan-follow-up", due_on="2020-11-29")

    assert "due on that day already" in page.text
    assert signed.follow_ups.count() == 3


def test_drafts_have_no_follow_ups_to_plan(organizer):
    draft = factories.intention()

    assert "plan-follow-up" not in organizer.get(url(draft, "change")).text
    assert "Only signed intentions" in do(organizer, draft, "plan-follow-up").text


# The months


def test_months_are_edited_in_the_site_profile(organizer):
    profile = SiteProfile.load()

    save(organizer, profile, follow_up_months="3，9")

    profile.refresh_from_db()
    assert profile.follow_up_intervals == [3, 9]


@pytest.mark.parametrize("typed", ["", "one", "0", "1,,2", "121", "-1", "1.5", "１"])
def test_months_that_are_none_are_refused(organizer, typed):
    profile = SiteProfile.load()

    response = save(organizer, profile, follow_up_months=typed)

    assert "follow_up_months" in errors(response)
    profile.refresh_from_db()
    assert profile.follow_up_intervals == [1, 6, 12]


# The desk


def desk(person):
    return person.get("/admin/").text


def test_desk_shows_mine_then_counts_of_others_and_of_nobody(organizer, auditor):
    mine = factories.follow_up(in_days=-2, assigned_to=organizer.user)
    for days in (-1, 3, 4):
        factories.follow_up(in_days=days, assigned_to=auditor.user)
    factories.follow_up(in_days=-1)
    factories.follow_up(in_days=31)

    text = desk(organizer)

    assert url(mine, "change") in text
    for words in (
        "1 of yours is overdue",
        "1 overdue, assigned to somebody else",
        "2 due within 30 days, assigned to others",
        "1 overdue, assigned to nobody",
    ):
        assert words in text
    for link in re.findall(r'href="(/admin/projects/followup/\?[^"]+)"', text):
        query = link.replace("&amp;", "&").removeprefix(LIST)
        assert len(listed(organizer, query)) == (2 if "upcoming" in query else 1), query


def test_desk_with_nothing_to_follow_up_says_so(organizer):
    assert "You have nothing to follow up within 30 days." in desk(organizer)


def test_desk_names_who_gets_no_mail_and_who_has_left(organizer, auditor):
    gone = User.objects.create_user("gone", "gone@example.org")
    for person in (auditor.user, gone):
        factories.follow_up(assigned_to=person)
    User.objects.filter(pk=auditor.user.pk).update(email="")

    text = desk(organizer)

    assert "auditor has no e-mail address and gets no e-mails about follow-ups." in text
    assert "gone no longer has access: assign the follow-ups to somebody else." in text


def test_desk_leaves_out_what_has_ended(organizer):
    row = ended(organizer, in_days=-1, assigned_to=organizer.user)

    text = desk(organizer)

    assert url(row, "change") not in text
    assert "of yours" not in text


def test_desk_tells_nothing_to_those_who_may_not_see_follow_ups(client, db):
    factories.follow_up(in_days=-1)
    client.force_login(User.objects.create_user("nobody", is_staff=True))

    assert "start-follow-ups" not in desk(client)


# The feed's link


def test_feed_is_made_replaced_and_stopped_on_the_desk(organizer):
    post = f"{LIST}feed/"

    assert "Make a private link" in desk(organizer)
    organizer.post(post, {"do": "make"})
    first = FollowUpFeed.objects.get().code
    assert f"http://testserver/en/follow-ups/{first}." in desk(organizer)
    organizer.post(post, {"do": "make"})
    assert FollowUpFeed.objects.get().code == first
    organizer.post(post, {"do": "replace"})
    assert FollowUpFeed.objects.get().code != first
    organizer.post(post, {"do": "stop"})
    organizer.post(post, {"do": "stop"})
    assert FollowUpFeed.objects.count() == 0


def test_feed_is_made_by_posting_and_only_by_those_who_may_see(organizer, client):
    post = f"{LIST}feed/"
    client.force_login(User.objects.create_user("nobody", is_staff=True))

    assert organizer.get(post).status_code == 405
    assert organizer.post(post, {"do": "explode"}).status_code == 404
    assert client.post(post, {"do": "make"}).status_code == 403
    assert FollowUpFeed.objects.count() == 0
