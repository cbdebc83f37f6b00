import pytest
from django.utils import translation

from events.models import Event
from registrations.domain import privacy, ticket
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.registration_settings().event


@pytest.mark.parametrize(
    "typed",
    [
        *("7K2M9QXR41", "7k2m9qxr41", " 7K2M 9QXR 41\n", "7K2M-9QXR-41", "7K2M–9QXR–41"),
        *("７Ｋ２Ｍ９ＱＸＲ４１", "7K2M9QXR4I", "7k2m9qxr4l"),
    ],
)
def test_a_ticket_is_read_however_it_is_typed(typed):
    assert ticket.plain(typed) == "7K2M9QXR41"
    assert ticket.looks_like_ticket(typed)


@pytest.mark.parametrize(
    "text", ["", "7K2M9QXR4", "7K2M9QXR412", "王伟", "7K2M9QXR4?", "a@b.example"]
)
def test_other_text_does_not_look_like_a_ticket(text):
    assert not ticket.looks_like_ticket(text)


def test_a_whole_ticket_finds_its_registration(event, django_assert_num_queries):
    mine = factories.registered(event)
    factories.registered(event)

    with django_assert_num_queries(1):
        found = ticket.find(event, mine.ticket.lower())
        assert (found, found.event) == (mine, event)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7K2M", "A code has 10 characters, this has 4. Scan it again or type all."),
        ("", "A code has 10 characters, this has 0. Scan it again or type all."),
        ("0000000000", "Nobody has this code. Scan it again, or search by name."),
        (
            "https://example.org/my/x",
            "This is not the code of a ticket, which has 10 letters and digits.",
        ),
        ("7K2M9QXR4\0", "This is not the code of a ticket, which has 10 letters and digits."),
    ],
)
def test_what_is_no_ticket_is_refused_with_words(event, text, words):
    with pytest.raises(ticket.TicketRefused) as refusal:
        ticket.find(event, text)

    assert refusal.value.messages == [words]


def test_a_ticket_of_another_event_says_of_which(event):
    other = factories.upcoming_event(title_en="Harbour Forum", title_zh_hans="海港论坛")
    mine = factories.registered(factories.registration_settings(event=other).event)

    with pytest.raises(ticket.TicketRefused) as refusal, translation.override("zh-hans"):
        ticket.find(event, mine.ticket)

    with translation.override("zh-hans"):
        assert "海港论坛" in refusal.value.messages[0]
    assert refusal.value.messages == ["This code is for another event: “Harbour Forum”."]


def test_a_ticket_of_a_draft_does_not_name_it(event):
    other = factories.registration_settings().event
    mine = factories.registered(other)
    Event.objects.filter(pk=other.pk).update(status="draft")

    with pytest.raises(ticket.TicketRefused) as refusal:
        ticket.find(event, mine.ticket)

    assert refusal.value.messages == ["This code is for another event."]


def test_a_ticket_of_an_erased_person_is_nobodys(event):
    mine = factories.registered(event)
    privacy.erase([mine])

    with pytest.raises(ticket.TicketRefused, match="Nobody has this code"):
        ticket.find(event, mine.ticket)
