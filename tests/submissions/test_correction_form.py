"""The form of a submission that proposes changes: what nobody touched is proposed by nobody."""

import datetime as dt

import pytest
from django.http import QueryDict

from projects.models.price import PriceBand
from submissions.domain import submission as domain
from submissions.forms.submission import SubmissionForm
from submissions.kinds import CallKind
from submissions.models import Submission
from tests import factories

pytestmark = pytest.mark.django_db
KINDS = {"request": CallKind.NEED, "offer": CallKind.OFFER}


def asked_about(**fields):
    """Return a submission about a project with these fields, read anew."""
    project = factories.project(**{"kind": "request"} | fields)
    project.refresh_from_db()
    call = factories.call(kind=KINDS[project.kind])
    made = domain.propose_changes(call, project, factories.sender(), language="en")
    return Submission.objects.select_related("call").get(pk=made.pk)


def sent_back(submission, **typed):
    """Return the form as a browser sends it back, with what was typed in it."""
    data = QueryDict(mutable=True)
    for box in SubmissionForm.of(submission):
        value = box.value()
        if isinstance(value, list):
            data.setlist(box.html_name, [str(each) for each in value])
        elif value not in (None, False):
            # As browsers send the breaks of lines.
            data[box.html_name] = str(value).replace("\r\n", "\n").replace("\n", "\r\n")
    for name, value in typed.items():
        data[name] = value
    form = SubmissionForm.of(submission, data)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    "fields",
    [
        {"summary_en": "s" * 600},
        {"summary_en": " A  test. \r\n Fast. "},
        {"description_en": "### Expected results\n\n" + "d" * 9000},
        {"kind": "offer", "advantages_en": "a" * 9000, "description_en": "d" * 9000},
        {"keywords_en": "blood, fast test"},
        {"needed_from": dt.date(2020, 1, 1), "needed_until": dt.date(2060, 12, 31)},
        {"price_band": PriceBand.UNDER_200},
        {"price_band": PriceBand.NEGOTIABLE},
        {"price_from": 500_000, "price_to": 805_000, "price_currency": "CNY"},
        {"kind": "offer", "price_to": 20_000, "price_currency": "USD"},
    ],
)
def test_untouched_form_is_taken_and_proposes_nothing(fields):
    made = asked_about(**fields)

    form = sent_back(made)
    domain.save(made, form.sender(), form.values(), version=made.version)

    assert made.base
    assert made.values == {}


def test_long_text_that_stays_keeps_nobody_from_changing_another():
    made = asked_about(kind="offer", advantages_en="a" * 9000)

    form = sent_back(made, summary="A new summary.")
    domain.save(made, form.sender(), form.values(), version=made.version)

    assert made.values == {"summary": "A new summary."}


def test_long_text_grows_no_longer():
    made = asked_about(kind="offer", advantages_en="a" * 9000)

    assert SubmissionForm.of(made).fields["advantages"].max_length == 9000
    assert SubmissionForm.of(made).fields["summary"].max_length == 600
