"""Times on pages of the admin name their zone: that of the event, whatever the site's is."""

import datetime as dt

from django.urls import reverse

from mail.models import OutboundMail
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import url

NOON = dt.datetime(2027, 1, 15, 12, 0, tzinfo=dt.UTC)
SHOWN = (
    '<span class="when"><span class="whole">2027-01-15</span> 07:00 '
    '<span class="zone">{}</span></span>'
)


def in_new_york():
    event = factories.upcoming_event(time_zone="America/New_York")
    return factories.registration_settings(event=event)


def test_times_of_a_registration_name_the_zone_of_its_event(organizer):
    registration = factories.registered(in_new_york().event)
    Registration.objects.filter(pk=registration.pk).update(consented_at=NOON)

    page = organizer.get(url(registration, "change"), headers={"Accept-Language": "zh-hans"}).text

    assert SHOWN.format("纽约时间") in page


def test_times_of_a_mail_name_the_zone_of_its_event(organizer):
    registration = factories.registered(in_new_york().event)
    OutboundMail.objects.filter(registration=registration).update(sent_at=NOON)

    page = organizer.get(reverse("admin:mail_outboundmail_changelist")).text

    assert SHOWN.format("New York time") in page


def test_opening_of_registration_names_the_zone_of_its_event(organizer):
    settings = in_new_york()
    settings.opens_at = NOON
    settings.save()

    page = organizer.get(reverse("admin:registrations_registrationsettings_changelist")).text

    assert SHOWN.format("New York time") in page
