"""New projects by e-mail: asked for, confirmed by a code, told of each Monday, ended and erased."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from mail.delivery import deliver_due
from mail.models import OutboundMail
from registrations.domain import privacy
from subscriptions.domain import digest
from subscriptions.domain import subscription as domain
from subscriptions.models import Subscription
from summit.lib.web.signed_links import sign
from tests import factories
from tests.backoffice.posting import url
from tests.threads import at_once

pytestmark = pytest.mark.django_db

SUNDAY = dt.datetime(2027, 3, 7, 12, tzinfo=dt.UTC)
MONDAY = SUNDAY + dt.timedelta(days=1)


def ask(email="li@example.org", *sectors, kind=""):
    return domain.ask(email, kind=kind, sectors=sectors or [factories.sector()], language="zh-hans")


def published(*sectors, at=SUNDAY, **fields):
    project = factories.project(sectors=sectors, **fields)
    type(project).objects.filter(pk=project.pk).update(published_at=at)
    return project


def subscriber(*sectors, **fields):
    return factories.subscription(*sectors, told_until=SUNDAY - dt.timedelta(days=6), **fields)


def mailed():
    deliver_due()
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent


# The code


def test_code_is_mailed_and_confirms(client):
    sector = factories.sector()
    asked = ask("li@example.org", sector)
    [sent] = mailed()

    code = re.search(r"^\d{6}$", sent.body, re.MULTILINE)[0]
    confirmed = domain.confirm(asked.pk, f" {code[:3]} {code[3:]} ")

    assert sent.to == ["li@example.org"]
    assert confirmed.confirmed_at is not None
    assert list(confirmed.sectors.all()) == [sector]


def test_nothing_is_told_before_the_code():
    sector = factories.sector()
    asked = ask("li@example.org", sector)
    published(sector)
    Subscription.objects.update(told_until=SUNDAY - dt.timedelta(days=6))

    with time_machine.travel(MONDAY):
        assert digest.queue_due() == 0
    assert asked.confirmed_at is None


def test_wrong_and_old_codes_are_refused():
    asked = ask()

    with pytest.raises(domain.CodeRefused) as wrong:
        domain.confirm(asked.pk, "no code")
    with (
        time_machine.travel(timezone.now() + dt.timedelta(hours=2)),
        pytest.raises(domain.CodeRefused) as old,
    ):
        domain.confirm(asked.pk, domain.code_of(asked))
    with pytest.raises(domain.CodeRefused) as unknown:
        domain.confirm(0, domain.code_of(asked))

    assert (wrong.value.code, old.value.code) == ("wrong", "expired")
    assert unknown.value.code == "expired"


def test_nobody_tries_six_codes():
    asked = ask()
    for _number in range(5):
        with pytest.raises(domain.CodeRefused):
            domain.confirm(asked.pk, "000000x")

    with pytest.raises(ValidationError) as refusal:
        domain.confirm(asked.pk, domain.code_of(asked))

    assert refusal.value.code == "too_many"


def test_who_asks_again_replaces_the_earlier_one_by_the_code_alone():
    mine = factories.subscription(email="li@example.org")
    asked = ask("LI@example.org")
    assert Subscription.objects.confirmed().get() == mine

    domain.confirm(asked.pk, domain.code_of(asked))

    assert Subscription.objects.get() == asked


def test_an_address_gets_so_many_codes_a_day_and_the_page_is_the_same(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 86400)}

    for _number in range(4):
        ask()

    assert len(mailed()) == 2
    assert Subscription.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_codes_entered_at_once_leave_one_subscription():
    first, second = ask(), ask()

    ended = at_once(
        lambda: domain.confirm(first.pk, domain.code_of(first)),
        lambda: domain.confirm(second.pk, domain.code_of(second)),
    )

    assert Subscription.objects.get().confirmed_at is not None
    assert sorted(type(each).__name__ for each in ended) == ["CodeRefused", "Subscription"]


# The mail of Monday


def test_mail_names_what_is_new_and_fits():
    sector, other = factories.sector(), factories.sector()
    reader = subscriber(sector, language="zh-hans")
    fits = published(sector, title_zh_hans="血液检测仪")
    published(other, title_zh_hans="别的领域")
    published(sector, at=SUNDAY - dt.timedelta(days=9), title_zh_hans="早已发布")
    published(sector, disclosure="bureau", title_zh_hans="仅组织者")
    published(sector, disclosure="title", title_zh_hans="仅标题")

    with time_machine.travel(MONDAY):
        assert digest.queue_due() == 1
        assert digest.queue_due() == 0
        [sent] = mailed()

    assert sent.to == [reader.email]
    assert sent.subject == "1个新项目"
    assert f"/zh-hans/projects/{fits.slug}/" in sent.body and "血液检测仪" in sent.body
    for left_out in ("别的领域", "早已发布", "仅组织者", "仅标题"):
        assert left_out not in sent.body


def test_kind_is_obeyed():
    sector = factories.sector()
    subscriber(sector, kind="request")
    published(sector, kind="offer")

    with time_machine.travel(MONDAY):
        assert digest.queue_due() == 0
        published(sector, kind="request")
        assert digest.queue_due() == 1


def test_nothing_new_brings_no_mail_and_the_next_week_tells_it():
    sector = factories.sector()
    subscriber(sector)
    with time_machine.travel(MONDAY):
        assert digest.queue_due() == 0
        published(sector, at=MONDAY + dt.timedelta(days=1))
        # Told of the week that began before.
    with time_machine.travel(MONDAY + dt.timedelta(days=7)):
        assert digest.queue_due() == 1
    with time_machine.travel(MONDAY + dt.timedelta(days=14)):
        assert digest.queue_due() == 0


def test_before_monday_eight_nothing_is_queued():
    sector = factories.sector()
    subscriber(sector)
    published(sector)

    # 07:30 in Shanghai.
    with time_machine.travel(dt.datetime(2027, 3, 7, 23, 30, tzinfo=dt.UTC)):
        assert digest.queue_due() == 0


def test_what_was_withdrawn_since_is_not_told():
    sector = factories.sector()
    subscriber(sector)
    project = published(sector)

    with time_machine.travel(MONDAY):
        digest.queue_due()
        type(project).objects.update(status="withdrawn")
        assert mailed() == []

    assert OutboundMail.objects.get().status == OutboundMail.Status.DROPPED


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_queue_one_mail():
    sector = factories.sector()
    subscriber(sector)
    published(sector)

    with time_machine.travel(MONDAY, tick=False):
        at_once(digest.queue_due, digest.queue_due)

    assert OutboundMail.objects.count() == 1


def test_number_of_queries_does_not_grow_with_readers(django_assert_max_num_queries):
    for _number in range(5):
        subscriber(factories.sector())
    published(factories.sector())

    with time_machine.travel(MONDAY), django_assert_max_num_queries(5):
        digest.queue_due()


# The end


def test_mail_program_ends_it_with_one_click(client):
    sector = factories.sector()
    subscriber(sector)
    published(sector)
    with time_machine.travel(MONDAY):
        digest.queue_due()
        [sent] = mailed()
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    shown = client.get(address)
    assert Subscription.objects.exists()
    ended = client.post(address, {"List-Unsubscribe": "One-Click"})

    assert (shown.status_code, ended.status_code) == (302, 200)
    assert not Subscription.objects.exists()
    assert not OutboundMail.objects.exists()
    assert client.post(address).status_code == 404


def test_address_that_a_server_refuses_ends_it():
    refused = factories.subscription()

    assert domain.end_refused(refused)
    assert not domain.end_refused(factories.event())
    assert not Subscription.objects.exists()


def test_what_nobody_confirmed_is_erased_after_a_day():
    ask()
    kept = factories.subscription(asked_at=timezone.now() - dt.timedelta(days=400))

    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        assert domain.erase_unconfirmed() == 1

    assert Subscription.objects.get() == kept


def test_erasing_a_person_ends_it():
    factories.subscription(email="li@example.org")
    other = factories.subscription()

    erased = privacy.erase_person("Li@Example.org")

    assert erased["subscriptions"] == 1
    assert Subscription.objects.get() == other


def test_own_data_has_it_once_the_address_is_proven(client):
    person = factories.registered(factories.registration_settings().event, email="li@example.org")
    factories.subscription(factories.sector(name_en="Diagnostics"), email="li@example.org")
    page = reverse("my-data-page", args=[sign(person.code)])

    assert "Diagnostics" in client.get(page).text


# The pages


def send(client, **fields):
    sector = factories.sector()
    page = reverse("subscribe")
    shown = client.get(page).context["form"]["shown_at"].value()
    given = {"email": "li@example.org", "kind": "", "sectors": [sector.pk], "shown_at": shown}
    return client.post(page, given | fields)


@pytest.fixture(autouse=True)
def _in_no_hurry(settings):
    settings.FORM_MIN_SECONDS = 0


def test_visitor_subscribes_changes_and_ends(client):
    assert send(client).url == reverse("subscribe-code")
    [sent] = mailed()
    code = re.search(r"^\d{6}$", sent.body, re.MULTILINE)[0]

    page = client.post(reverse("subscribe-code"), {"code": code}).url
    other = factories.sector()
    saved = client.post(page, {"kind": "offer", "sectors": [other.pk]}, follow=True)
    mine = Subscription.objects.get()
    assert (mine.kind, list(mine.sectors.all())) == ("offer", [other])
    assert "li@example.org" in saved.text and "Referrer-Policy" in saved.headers
    ended = client.post(page, {"end": ""})

    assert ended.status_code == 200 and not Subscription.objects.exists()
    assert client.get(page).status_code == 404


def test_page_is_the_same_for_an_address_that_has_one(client):
    factories.subscription(email="li@example.org")

    known, unknown = send(client), send(client, email="other@example.org")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Subscription.objects.confirmed().count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nobody"), ("sectors", []), ("kind", "rumour")]
)
def test_bad_input_is_told_and_nothing_is_kept(client, field, value):
    assert send(client, **{field: value}).status_code == 422
    assert not Subscription.objects.exists()


def test_crowd_that_subscribes_keeps_nobody_from_a_lost_link(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": (2, 3600)}
    person = factories.registered(factories.registration_settings().event)
    answers = [send(client).status_code for _each in range(3)]
    page = reverse("lost-link")
    shown = client.get(page).context["form"]["shown_at"].value()

    client.post(page, {"email": person.email, "shown_at": shown})

    assert answers == [302, 302, 422]
    assert person.mails.filter(kind="link").exists()


def test_code_page_without_a_request_leads_to_the_form(client):
    assert client.get(reverse("subscribe-code")).url == reverse("subscribe")


def test_unconfirmed_subscription_has_no_page(client):
    asked = ask()

    assert client.get(reverse("subscription", args=[asked.signed_code])).status_code == 404


def test_form_takes_the_filters_of_the_catalogue(client):
    sector = factories.sector(slug="devices", name_en="Devices")

    page = client.get(reverse("subscribe") + "?sector=devices&kind=offer")

    form = page.context["form"]
    assert (form["kind"].value(), form["sectors"].value()) == (
        "offer",
        [sector.pk],
    )


def test_staff_see_and_erase_and_the_outbox_shows_no_code(organizer):
    asked = ask()
    row = OutboundMail.objects.get()

    listed = organizer.get(reverse("admin:subscriptions_subscription_changelist"))
    shown = organizer.get(reverse("admin:mail_outboundmail_change", args=[row.pk]))
    organizer.post(url(asked, "action", "end"))

    assert "li@example.org" in listed.text
    assert shown.status_code == 200 and domain.code_of(asked) not in shown.text
    assert not Subscription.objects.exists()


def test_auditors_see_none(auditor):
    factories.subscription()

    assert auditor.get(reverse("admin:subscriptions_subscription_changelist")).status_code == 403


def test_list_is_filtered_by_what_the_heading_says(organizer):
    factories.subscription(email="all@example.org", kind="")
    factories.subscription(email="offers@example.org", kind="offer")

    page = organizer.get(
        reverse("admin:subscriptions_subscription_changelist"), {"kind__exact": "offer"}
    )

    assert "By kind of projects" in page.text
    assert "offers@example.org" in page.text and "all@example.org" not in page.text
