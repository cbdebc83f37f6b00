"""Short messages are configured by the environment, and what is missing is named."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from mail.checks import check_text_messages
from summit import sms
from summit.lib.sms.aliyun import Aliyun
from summit.lib.sms.configuration import Configuration
from summit.lib.sms.tencent import Tencent

GIVEN = {
    "SMS_PROVIDER": "Aliyun",
    "SMS_KEY_ID": "id",
    "SMS_KEY_SECRET": "very-secret",
    "SMS_SIGN_NAME": "【对接会】",
    "SMS_TEMPLATES": "code=SMS_1, query = SMS_2",
}


def read(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return sms.configuration()


def said(found, settings):
    settings.SMS = found
    return [error.msg for error in check_text_messages()]


def test_without_a_provider_nothing_is_missing(monkeypatch, settings):
    found = read(monkeypatch)

    assert (found.is_on, found.connect(), said(found, settings)) == (False, None, [])


def test_provider_with_all_that_it_needs(monkeypatch, settings):
    found = read(monkeypatch, **GIVEN)

    assert found.connect() == Aliyun(key_id="id", key_secret="very-secret", sign_name="对接会")
    assert found.template("query", is_home=True) == "SMS_2"
    assert found.template("query", is_home=False) == ""
    assert said(found, settings) == []


def test_check_names_what_is_missing(monkeypatch, settings):
    found = read(
        monkeypatch,
        SMS_PROVIDER="tencent",
        SMS_COUNTRIES="+86, 852",
        SMS_SIGN_NAME="石家庄" * 5,
        SMS_TEMPLATES="code=1",
    )

    assert isinstance(found.connect(), Tencent)
    assert found.countries == ("+86", "+852")
    assert said(found, settings) == [
        "Set SMS_KEY_ID.",
        "Set SMS_KEY_SECRET.",
        "Set SMS_APP_ID.",
        "SMS_SIGN_NAME may have 12 characters, so that no message is charged twice.",
        "SMS_TEMPLATES has no template “query”.",
        "SMS_TEMPLATES_ABROAD has no template “code”.",
        "SMS_TEMPLATES_ABROAD has no template “query”.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_PROVIDER", "very-secret"),
        ("SMS_TEMPLATES", "very-secret"),
        ("SMS_TEMPLATES", "code="),
        ("SMS_TEMPLATES_ABROAD", "greeting=SMS_5"),
        ("SMS_COUNTRIES", "China"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_repeated(monkeypatch, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"^{name} cannot be read") as refused:
        read(monkeypatch, **{name: value})

    assert "very-secret" not in str(refused.value)


def test_secret_is_not_shown():
    assert "very-secret" not in repr(Configuration(key_secret="very-secret"))


@pytest.mark.parametrize(
    ("debug", "demonstration", "refused"),
    [(False, False, ["mail.E002"]), (True, False, []), (False, True, [])],
)
def test_codes_are_printed_for_demonstrations_and_developers_alone(
    settings, debug, demonstration, refused
):
    settings.SMS = Configuration(provider="console")
    settings.DEBUG, settings.DEMONSTRATION = debug, demonstration

    assert [error.id for error in check_text_messages()] == refused
