"""Totals of meetings, typed: on the page of the event, in the report, printed and in files."""

import pytest

from meetings.models import Meeting, MeetingTotals
from tests import factories
from tests.backoffice.posting import buttons, do, url
from tests.backoffice.test_past_editions import report_of
from tests.meetings import rows

pytestmark = pytest.mark.django_db

JIANGSU = {"held": "329", "intention": "131", "keep_talking": "174", "source": "2023年总结报告"}


def test_totals_are_typed_on_the_page_of_the_event(organizer):
    event = factories.event(series=factories.series())
    assert "type-meetings" in buttons(organizer, event)

    do(organizer, event, "type-meetings", **JIANGSU)

    assert MeetingTotals.objects.get().not_told == 24
    page = organizer.get(url(event, "action", "type-meetings"))
    assert page.context["form"].initial["keep_talking"] == 174


def test_more_outcomes_than_meetings_are_refused_and_the_typing_is_kept(organizer):
    event = factories.event()

    page = do(organizer, event, "type-meetings", **JIANGSU | {"held": "300"})

    assert "The outcomes add up to 305, but only 300 meetings were held." in page.text
    assert 'value="174"' in page.text
    assert not MeetingTotals.objects.exists()


@pytest.mark.parametrize(
    ("language", "words", "not_told"),
    [
        ("en", "Entered by hand: 329", "No outcome told"),
        ("zh-hans", "填报数：329", "未填写结果"),
    ],
)
def test_jiangsus_figures_are_shown_and_add_up(organizer, language, words, not_told):
    event = factories.event(series=factories.series())
    do(organizer, event, "type-meetings", **JIANGSU)

    for subject in (event, event.series):
        page = " ".join(report_of(organizer, subject, query=f"?language={language}").split())
        for text in (words, words.replace("329", "24"), not_told, JIANGSU["source"]):
            assert text in page
        lines = report_of(organizer, subject, "_csv", f"?language={language}").splitlines()
        found = {line.split(",")[0]: line for line in lines if "outcome" in line or "held" in line}
        assert ",329," in found["meetings_held"]
        assert ",131," in found["meetings_outcome_intention"]
        assert ",174," in found["meetings_outcome_keep_talking"]
        assert ",24," in found["meetings_outcome_not_told"]
        assert JIANGSU["source"] in found[f"typed_meetings_held:{event.slug}"]


def test_typed_totals_are_only_beside_the_meetings_that_the_event_has(organizer):
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.participant(event)
    rows.meeting(one, other, status=Meeting.Status.HELD)
    rows.save(MeetingTotals(event=event, held=329, source="minutes"))

    page = report_of(organizer, event)

    assert "Not counted: the event has meetings on this site." in page
    assert "Entered by hand: 329" not in page
    lines = report_of(organizer, event, "_csv").splitlines()
    [held] = [line for line in lines if line.startswith("meetings_held,")]
    assert ",1," in held


def test_report_of_an_event_without_meetings_leaves_the_section_out(organizer):
    assert "section-meetings" not in report_of(organizer, factories.event())
    assert "section-meetings" in report_of(organizer, rows.meeting_event())
