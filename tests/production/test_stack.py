"""Everything that docker-compose.yml starts, started by the same scripts."""

import re
import signal
import threading

import pytest

from tests.production.world import SIGN_IN
from tests.stack import CommandFailed, Stack
from tests.visitor import RegistrationForm, Visitor

pytestmark = pytest.mark.production


def test_visitor_registers_and_the_link_in_the_mail_opens_their_page(
    stack, mail_server, open_event
):
    slug = open_event()
    port = stack.web()
    stack.worker()
    # Mail leaves by the worker alone: the periodic process would come too late for a visitor.
    stack.periodic(PERIODIC_SECONDS="600")
    visitor = Visitor(port)

    page = visitor.get(f"/en/events/{slug}/")
    answer = RegistrationForm(visitor, slug).send(1)
    message = mail_server.wait_for(1)[0]
    text = message.get_body(("plain",)).get_content()
    link = re.search(r"https://summit\.example(/en/my/\S+)", text)[1]

    assert page.status == 200
    assert page.headers["Strict-Transport-Security"]
    assert answer.status == 302
    assert message["To"] == "person1@example.org"
    assert "Person 1" in Visitor(port).get(link).text
    # Neither mail nor page nor the start of a process asks for anybody else's machine.
    assert stack.hosts() == {"127.0.0.1"}
    assert "person1@example.org" not in stack.said()


def test_two_web_servers_are_one_site(stack, open_event):
    slug = open_event()
    ports = [stack.web(RATE_LIMIT_REGISTER="3"), stack.web(RATE_LIMIT_REGISTER="3")]

    together = Visitor(*ports).has(stack.python(SIGN_IN))
    form = RegistrationForm(Visitor(*ports), slug)
    registered = [form.send(number) for number in range(5)]

    # The session of one is the session of the other,
    assert [together.get("/admin/").status for _port in ports] == [200, 200]
    # tries are counted together,
    assert [answer.status for answer in registered] == [302, 302, 302, 422, 422]
    # and what is written through one is on the kept page of the other at once.
    seen = Visitor(*ports)
    for _n in range(4):
        assert "Renamed" not in seen.get(f"/en/events/{slug}/").text
    stack.rows("UPDATE events_event SET title_en = 'Renamed' WHERE slug = %s", slug)
    for _n in range(4):
        assert "Renamed" in seen.get(f"/en/events/{slug}/").text


def test_two_releases_at_once_both_end_well(cluster, tmp_path):
    cluster.create("at_once")
    stack = Stack(cluster, "at_once", tmp_path)
    said = {}

    def release(number: int) -> None:
        said[number] = stack.run("scripts/release")

    threads = [threading.Thread(target=release, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted("No migrations to apply" in words for words in said.values()) == [False, True]
    assert all("Ready to serve" in words for words in said.values())
    cluster.drop("at_once")


def test_release_without_a_database_says_so_without_the_password(cluster, tmp_path):
    url = "postgres://summit:a-secret@127.0.0.1:1/summit"
    stack = Stack(cluster, "none", tmp_path, DATABASE_URL=url)

    with pytest.raises(CommandFailed) as failure:
        stack.run("scripts/release", "--wait", "1")

    said = str(failure.value)
    assert "“summit” at 127.0.0.1:1 did not answer within 1 seconds" in said
    assert "Traceback" not in said
    assert "a-secret" not in said


@pytest.mark.parametrize("name", ["web", "worker", "periodic"])
def test_process_ends_by_itself_when_it_is_asked_to(stack, name):
    getattr(stack, name)()
    process = stack.processes[-1]
    runs = {
        "web": lambda: True,
        "worker": lambda: "Starting worker" in stack.said(),
        "periodic": lambda: stack.rows("SELECT 1 FROM mail_heartbeat"),
    }
    stack.wait_until(runs[name], f"{name} runs")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
    assert "Traceback" not in stack.said()
