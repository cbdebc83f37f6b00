"""The list of e-mails and text messages is called by both, wherever it is named."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection

pytestmark = pytest.mark.django_db

NAMES = {"en": "Outbound e-mails and text messages", "zh-hans": "外发邮件和短信"}


@pytest.mark.parametrize("language", NAMES)
def test_menu_and_breadcrumbs_name_both(organizer, language):
    organizer.cookies["django_language"] = language

    page = organizer.get("/admin/mail/outboundmail/").text

    # In the title, in the menu, and in the breadcrumbs by application and model.
    assert page.lower().count(NAMES[language].lower()) >= 3


def test_permissions_that_exist_are_renamed():
    of_mails = Permission.objects.filter(content_type__app_label="mail")
    fresh = dict(of_mails.values_list("codename", "name"))
    for each in of_mails.filter(codename__endswith="_outboundmail"):
        each.name = each.name.replace(" or text message", "")
        each.save()
    assert of_mails.get(codename="view_outboundmail").name == "Can view outbound e-mail"

    migration = import_module("mail.migrations.0004_call_text_messages_by_name")
    migration.rename_permissions(apps, SimpleNamespace(connection=connection))

    assert dict(of_mails.values_list("codename", "name")) == fresh
