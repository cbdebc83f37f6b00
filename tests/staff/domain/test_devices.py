import pytest

from staff.domain import devices


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 "
            "Mobile/15E148 MicroMessenger/8.0",
            "WeChat · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/2010 Firefox/120.0", "Firefox · Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_browser_and_system_are_named_in_words(user_agent, words):
    assert devices.in_words(user_agent) == words
