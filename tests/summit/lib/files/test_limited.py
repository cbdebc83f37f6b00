import fcntl
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from summit.lib.files import limited
from summit.lib.files.limited_reader import MEMORY, SECONDS, limits


def ask(do, path="", data=b"file", **more):
    return limited.ask("tests.probes", [data], do=do, path=str(path), **more)


def refusal_of(do, path="", **more):
    with pytest.raises(limited.Refused) as refusal:
        ask(do, path, **more)
    return refusal.value.code


def memory():
    """Return the most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """A lock of this test's own, so that those beside it need not wait."""
    path = tmp_path / "lock"
    path.touch()
    monkeypatch.setattr(limited, "LOCK", path)
    return path


def test_process_has_limits_and_nothing_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")

    told, _body = ask("look")

    assert told["limits"] == {name: [most, most] for name, most in limits().items()}
    assert limits().keys() >= {"RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NPROC"}
    assert (SECONDS, MEMORY) == (8, 2**30)
    assert set(told["environment"]) <= {"PYTHONPATH", "LC_CTYPE"}
    assert told["session"] != os.getsid(0)


def test_file_is_read_whole_and_answered_in_bytes():
    data = bytes(range(256)) * 1000

    assert ask("echo", data=data) == ({"size": len(data)}, data)


@pytest.mark.parametrize(
    "do", ["allocate", "die", "recurse", "write"], ids=["memory", "kill -9", "stack", "answer"]
)
def test_what_takes_too_much_is_refused_and_takes_nothing_of_this_process(do):
    before = memory()

    assert refusal_of(do) == "too_complex"
    assert memory() - before < 50 * 1024 * 1024


def test_probe_that_stumbles_calls_the_file_broken():
    assert refusal_of("break") == "broken"


@pytest.mark.parametrize("words", ["", "x", "[]", "7", "[" * 100_000, '{"refused": ["x"]}'])
def test_answer_that_makes_no_sense_is_a_refusal(words):
    with pytest.raises(limited.Refused) as refusal:
        ask("babble", words)

    assert limited.worded(refusal.value, {"too_complex": "…"}).code == "too_complex"


def test_process_that_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(limited, "PATIENCE", 3)

    assert refusal_of("sleep", tmp_path / "pid") == "too_complex"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_nothing_is_waited_for_past_the_deadline():
    assert refusal_of("sleep", deadline=time.monotonic()) in ("too_complex", "busy")


def test_two_at_once_take_turns(lock, tmp_path):
    log = tmp_path / "log"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: ask("log", log), range(4)))

    assert log.read_text().split() == ["begin", "end"] * 4


def test_who_waits_too_long_is_told_that_others_are_at_it(lock, monkeypatch):
    monkeypatch.setattr(limited, "TURN_WITHIN", 0)

    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refusal_of("echo") == "busy"

    assert ask("echo")[0] == {"size": 4}


def test_busy_is_said_in_words():
    refusal = limited.worded(limited.Refused("busy"), {"too_complex": "…"})

    assert "Wait a minute" in refusal.messages[0]
