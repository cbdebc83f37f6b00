import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from backoffice.kit.deleted_rows import as_new
from backoffice.kit.history import entries
from events.models import Affiliation, Event, Photo
from summit.lib.i18n.clock import moment_in_words
from tests import factories, files
from tests.backoffice.posting import errors, filled, post_at_once, url
from tests.backoffice.workspace.pages import typed_in
from tests.cast import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(django_user_model, organizer):
    user = django_user_model.objects.create_user("colleague", is_staff=True)
    user.groups.set(organizer.user.groups.all())
    return Person(user)


def opened(person, row, page="change"):
    return {**filled(person.get(url(row, page))), "_save": "Save"}


def post(person, row, form, page="change", **changes):
    return person.post(url(row, page), {**form, **changes})


def refusal(response):
    return " ".join(response.context["adminform"].form.non_field_errors())


def test_form_opened_before_somebody_else_saved_is_refused_with_what_was_typed(
    organizer, colleague
):
    series = factories.series(title_en="Before", title_zh_hans="之前")
    form = opened(organizer, series)
    assert post(colleague, series, form, title_en="Theirs").status_code == 302
    record = series.history.first()

    response = post(organizer, series, form, title_zh_hans="我的")

    when = moment_in_words(record.history_date, timezone.get_current_timezone())
    history = url(series, "history")
    assert refusal(response) == (
        f"This was changed by colleague on {when}, after you opened it. What you typed is still "
        f'here; save again to replace what they wrote. <a href="{history}">History</a>'
    )
    assert refusal(response) in response.text
    assert filled(response)["title_zh_hans"] == "我的"
    series.refresh_from_db()
    assert (series.title_en, series.title_zh_hans) == ("Theirs", "之前")


def test_form_that_was_refused_is_saved_the_second_time(organizer, colleague):
    series = factories.series(title_en="Before")
    form = opened(organizer, series)
    post(colleague, series, form, title_en="Theirs")
    refused = post(organizer, series, form, title_en="Mine")

    assert post(organizer, series, {**filled(refused), "_save": ""}).status_code == 302

    series.refresh_from_db()
    assert series.title_en == "Mine"


def test_form_is_refused_again_after_one_more_change(organizer, colleague):
    series = factories.series()
    form = opened(organizer, series)
    post(colleague, series, form, title_en="Theirs")
    refused = post(organizer, series, form, title_en="Mine")
    post(colleague, series, opened(colleague, series), title_en="Theirs again")

    assert "changed by colleague" in refusal(post(organizer, series, filled(refused)))


def test_refusal_is_told_in_chinese(organizer, colleague):
    series = factories.series()
    form = opened(organizer, series)
    post(colleague, series, form, order=7)
    organizer.cookies["django_language"] = "zh-hans"

    told = refusal(post(organizer, series, form))

    assert told.startswith("您打开本页后，colleague于20")
    assert "您填写的内容仍保留在下方，再次保存将覆盖对方的修改。" in told


def test_what_no_person_changed_is_the_systems(organizer):
    series = factories.series()
    form = opened(organizer, series)
    series.order = 7
    series.save()

    assert "changed by the system on" in refusal(post(organizer, series, form))


def test_save_that_changed_nothing_is_no_change(organizer, colleague):
    series = factories.series()
    form = opened(organizer, series)
    post(colleague, series, form)

    assert post(organizer, series, form, order=7).status_code == 302


@pytest.mark.parametrize("version", [None, "", "1", "１-", "1.2.3-", "9" * 5000 + "-"])
def test_form_without_a_version_of_ours_is_saved(organizer, colleague, version):
    series = factories.series()
    form = opened(organizer, series)
    post(colleague, series, form, title_en="Theirs")
    del form["_version"]
    if version is not None:
        form["_version"] = version

    assert post(organizer, series, form).status_code == 302


def test_save_and_continue_twice_is_saved_twice(organizer):
    series = factories.series()
    for title in ("One", "Two"):
        form = {**filled(organizer.get(url(series, "change"))), "_continue": "", "title_en": title}
        assert organizer.post(url(series, "change"), form).status_code == 302

    series.refresh_from_db()
    assert series.title_en == "Two"


def test_button_pressed_meanwhile_is_told(organizer, colleague):
    event = factories.event(status=Event.Status.DRAFT, published_at=None)
    form = opened(organizer, event)
    assert colleague.post(url(event, "action", "publish")).status_code == 302

    assert "changed by colleague on" in refusal(post(organizer, event, form))


def test_session_changed_on_its_own_page_is_told_on_the_programme(organizer, colleague):
    session = factories.session(title_en="Before")
    form = typed_in(organizer.get(url(session.event, "programme")))
    post(colleague, session, opened(colleague, session), title_en="Theirs")
    mine = {"sessions-0-room_en": "Mine"}

    refused = post(organizer, session.event, form, page="programme", **mine)

    assert "changed by colleague on" in refusal(refused)
    typed = typed_in(refused)
    assert typed["sessions-0-room_en"] == "Mine"
    again = {**typed, "_save": ""}
    assert post(organizer, session.event, again, page="programme").status_code == 302


def test_session_changed_on_its_own_page_is_no_matter_of_the_events_details(organizer, colleague):
    session = factories.session(title_en="Before")
    form = opened(organizer, session.event)
    post(colleague, session, opened(colleague, session), title_en="Theirs")

    assert post(organizer, session.event, form, city_en="Mine").status_code == 302

    session.refresh_from_db()
    assert (session.title_en, session.event.city_en) == ("Theirs", "Mine")


def test_part_added_meanwhile_is_told_and_stays(organizer, colleague):
    expert = factories.expert()
    form = opened(organizer, expert)
    factories.affiliation(expert=expert)

    refused = post(organizer, expert, form, name_en="Mine")

    assert "changed by the system on" in refusal(refused)
    assert post(organizer, expert, {**filled(refused), "_save": ""}).status_code == 302
    assert Affiliation.objects.filter(expert=expert).count() == 1


def test_part_deleted_meanwhile_is_told_and_comes_back_as_it_was_typed(organizer):
    expert = factories.expert()
    first, gone, last = (
        factories.affiliation(expert=expert, position_en=name, is_primary=name == "First")
        for name in ("First", "Gone", "Last")
    )
    form = opened(organizer, expert)
    row = next(key for key, value in form.items() if value == "Gone")
    gone.delete()

    refused = post(organizer, expert, form, **{row: "Typed"})

    assert errors(refused).keys() == {"__all__"}
    assert refused.text.count('value="Typed"') == 1
    assert post(organizer, expert, filled(refused)).status_code == 302
    positions = dict(expert.affiliations.values_list("position_en", "pk"))
    assert positions.keys() == {"First", "Typed", "Last"}
    assert (positions["First"], positions["Last"]) == (first.pk, last.pk)


def test_part_that_two_delete_is_deleted(organizer):
    affiliation = factories.affiliation()
    form = opened(organizer, affiliation.expert) | {"affiliations-0-DELETE": "on"}
    affiliation.delete()

    refused = post(organizer, affiliation.expert, form)

    assert errors(refused).keys() == {"__all__"}
    assert post(organizer, affiliation.expert, filled(refused)).status_code == 302
    assert not Affiliation.objects.exists()


def test_photo_deleted_meanwhile_is_told_and_no_row_is_left_of_it(organizer):
    event = factories.event()
    gone, kept = (factories.photo(event=event, caption_en=name) for name in ("Gone", "Kept"))
    form = opened(organizer, event, page="files")
    gone.delete()

    refused = post(organizer, event, form, page="files", **{"photos-1-caption_en": "Mine"})

    assert errors(refused).keys() == {"__all__"}
    typed = filled(refused)
    assert (typed["photos-TOTAL_FORMS"], typed["photos-0-caption_en"]) == ("1", "Mine")
    assert "Gone" not in typed.values()
    assert post(organizer, event, typed, page="files").status_code == 302
    assert list(event.photos.values_list("pk", "caption_en")) == [(kept.pk, "Mine")]


def test_file_deleted_meanwhile_is_asked_for_again(organizer, private_files):
    event = factories.event()
    gone, kept = (factories.event_file(event=event, title_en=name) for name in ("Gone", "Kept"))
    form = opened(organizer, event, page="files")
    gone.delete()

    refused = post(organizer, event, form, page="files")

    assert errors(refused).keys() == {"__all__", "files-1-file"}
    typed = filled(refused)
    assert (typed["files-0-title_en"], typed["files-1-title_en"]) == ("Kept", "Gone")
    new = SimpleUploadedFile("new.pdf", files.pdf(), "application/pdf")
    again = {**typed, "files-1-file": new}
    assert post(organizer, event, again, page="files").status_code == 302
    stored = dict(event.files.values_list("title_en", "file"))
    assert stored["Kept"] == kept.file.name
    assert stored["Gone"] not in (kept.file.name, "")


def test_picture_follows_its_row_when_rows_are_numbered_anew():
    gone, kept = factories.photo(), factories.photo()
    data, files = MultiValueDict(), MultiValueDict({"photos-1-image": ["of the second"]})
    counts = {"photos-TOTAL_FORMS": 2, "photos-INITIAL_FORMS": 2, "photos-0-DELETE": "on"}
    for name, value in {**counts, "photos-0-id": gone.pk, "photos-1-id": kept.pk}.items():
        data[name] = str(value)
    gone.delete()

    rows = {"prefix": "photos", "data": data, "files": files, "queryset": Photo.objects.all()}
    params = as_new(rows)

    assert params["data"].dict() == {
        "photos-TOTAL_FORMS": "1",
        "photos-INITIAL_FORMS": "1",
        "photos-0-id": str(kept.pk),
    }
    assert params["files"].dict() == {"photos-0-image": "of the second"}


@pytest.mark.parametrize("number", ["", "x", "9" * 5000, "-1"])
def test_numbers_that_no_form_of_ours_sends_are_no_error(organizer, number):
    affiliation = factories.affiliation()
    form = opened(organizer, affiliation.expert)
    affiliation.delete()

    for name in ("INITIAL_FORMS", "TOTAL_FORMS", "0-id"):
        answer = post(organizer, affiliation.expert, form, **{f"affiliations-{name}": number})
        assert answer.status_code in (200, 302)


def test_settings_of_registration_changed_on_their_own_page_are_told(organizer, colleague):
    settings = factories.registration_settings(capacity=10)
    event = settings.event
    form = opened(organizer, event, page="attendees")
    assert post(colleague, settings, opened(colleague, settings), capacity=20).status_code == 302

    refused = post(organizer, event, form, page="attendees")

    assert "changed after you opened it" in refusal(refused)
    settings.refresh_from_db()
    assert settings.capacity == 20


def test_question_changed_meanwhile_is_told(organizer, colleague):
    question = factories.question()
    settings = question.settings
    form = opened(organizer, settings)
    prefix = "questions-0-text_en"
    assert post(colleague, settings, form, **{prefix: "Theirs?"}).status_code == 302

    assert "changed after you opened it" in refusal(post(organizer, settings, form))

    question.refresh_from_db()
    assert question.text_en == "Theirs?"


def test_attendee_who_corrects_a_name_meanwhile_is_not_overwritten(organizer):
    registration = factories.registered(factories.registration_settings().event)
    form = opened(organizer, registration)
    registration.name = "Corrected"
    registration.save()

    refused = post(organizer, registration, form, staff_note="Mine")

    assert "changed after you opened it" in refusal(refused)
    assert registration.name not in form["_version"]
    assert filled(refused)["staff_note"] == "Mine"
    registration.refresh_from_db()
    assert registration.name == "Corrected"
    assert post(organizer, registration, filled(refused)).status_code == 302


def test_version_costs_a_query_and_lists_none(organizer, django_assert_max_num_queries):
    series = factories.series()
    organizer.get(url(series, "change"))
    with django_assert_max_num_queries(20) as queries:
        organizer.get(url(series, "change"))
    assert len([q for q in queries if "MAX(" in q["sql"]]) == 1
    with django_assert_max_num_queries(20) as queries:
        organizer.get(url(type(series), "changelist"))
    assert not [q for q in queries if "MAX(" in q["sql"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [factories.series, factories.event, factories.session])
def test_of_two_who_save_at_once_one_is_told(organizer, colleague, make):
    row = make()
    form = opened(organizer, row)
    page = url(row, "change")

    answers = post_at_once(
        (organizer, page, {**form, "title_en": "One"}),
        (colleague, page, {**form, "title_en": "Two"}),
    )

    assert answers == [200, 302]
    assert len([e for e in entries(row, {}) if e.record.history_type == "~"]) == 1
    assert errors(post(organizer, row, form)).keys() == {"__all__"}
