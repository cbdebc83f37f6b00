import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import connection
from django.urls import reverse

from tests import factories
from tests.summit.lib.files.test_pictures import bomb, upload

WORDS = {
    "en": "This picture has 30000 × 30000 pixels. Make it smaller first.",
    "zh-hans": "该图片尺寸为30000×30000像素，请缩小后再上传。",
}


class Watched(InMemoryUploadedFile):
    """An upload that notices when it is read, and whether others wait for that."""

    read_in_transaction: list[bool] = []

    def chunks(self, chunk_size=None):
        self.read_in_transaction.append(connection.in_atomic_block)
        return super().chunks(chunk_size)


class WatchingHandler(MemoryFileUploadHandler):
    def handle_raw_input(self, *args, **kwargs):
        self.activated = True

    def file_complete(self, file_size):
        file = super().file_complete(file_size)
        file.__class__ = Watched
        return file


@pytest.fixture
def change(organizer):
    """A function that posts the form of an expert, who has but one picture."""
    expert = factories.expert(name_en="Jane Moss")
    address = reverse("admin:events_expert_change", args=[expert.pk])

    def send(**more):
        page = organizer.get(address)
        posted = {}
        formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
        forms = [page.context["adminform"].form]
        for formset in formsets:
            forms += [formset.management_form, *formset.initial_forms]
        for form in forms:
            for bound in form:
                value = bound.value()
                if value not in (None, "") and bound.name != "photo":
                    posted[bound.html_name] = value
        return organizer.post(address, posted | more)

    send.expert, send.organizer = expert, organizer
    return send


@pytest.mark.parametrize("language", WORDS)
def test_bomb_is_refused_in_the_form_and_what_was_typed_stays(change, language):
    change.organizer.cookies["django_language"] = language

    response = change(photo=upload("a.png", bomb()), name_en="Jane Moss-Hale")

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.errors == {"photo": [WORDS[language]]}
    assert form["name_en"].value() == "Jane Moss-Hale"
    change.expert.refresh_from_db()
    assert (change.expert.name_en, change.expert.photo.name) == ("Jane Moss", "")


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_database_while_a_picture_is_read(change, settings):
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.WatchingHandler"]
    Watched.read_in_transaction = []

    response = change(photo=factories.picture(), name_en="Jane Moss-Hale")

    assert response.status_code == 302
    change.expert.refresh_from_db()
    assert change.expert.photo.name.endswith("-64x48.webp")
    assert Watched.read_in_transaction == [False]


def test_who_may_only_look_starts_no_process(auditor, settings):
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.WatchingHandler"]
    Watched.read_in_transaction = []
    expert = factories.expert()

    response = auditor.post(
        reverse("admin:events_expert_change", args=[expert.pk]), {"photo": factories.picture()}
    )

    assert response.status_code == 403
    assert Watched.read_in_transaction == []
