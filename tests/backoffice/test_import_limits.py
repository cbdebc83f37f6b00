"""A file with more rows than an import takes is refused in words, and nothing of it is written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Expert, Organization, Session
from projects.models import CooperationIntention, Project
from registrations.models import Registration
from summit.lib.spreadsheets import Kind, xlsx_file
from tests import factories

pytestmark = pytest.mark.django_db
IMPORTS = {
    "events_organization": ("name_zh_hans", Organization),
    "events_expert": ("name_zh_hans", Expert),
    "projects_project": ("title_zh_hans", Project),
    "programme": ("title_zh_hans", Session),
    "attendees": ("name", Registration),
    "intentions": ("subject_zh_hans", CooperationIntention),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", IMPORTS)
def test_five_thousand_rows_are_refused_whole_and_in_words(organizer, name, language):
    organizer.cookies["django_language"] = language
    column, model = IMPORTS[name]
    if "_" in name:
        url = reverse(f"admin:{name}_import")
    else:
        event = factories.registration_settings(event=factories.upcoming_event()).event
        url = reverse(f"admin:events_event_{name}_import", args=[event.pk])
    rows = ([f"第{number}行"] for number in range(5000))
    with xlsx_file([column], rows, [Kind.TEXT], widths=[20], sheet="rows") as book:
        upload = SimpleUploadedFile("rows.xlsx", book.read())
    asked = {"source": "list of 3 May", "way": "confirmed"}

    shown = organizer.post(url, {"file": upload, **asked})

    [said] = shown.context["form"].errors["file"]
    assert "5000" in said
    assert "2000" in said
    assert "payload" not in shown.context
    assert not model.objects.exists()
