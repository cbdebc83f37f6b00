"""Both providers against a server that looks at every signature."""

import datetime as dt
import json
import socket

import pytest

from summit.lib.process.smtp_mail import OutcomeUnknown
from summit.lib.sms import requests
from summit.lib.sms.aliyun import Aliyun
from summit.lib.sms.console import Console
from summit.lib.sms.messages import BadNumber, Receipt, Refused, ShortMessage
from summit.lib.sms.tencent import Tencent
from tests.sms_server import KEY_ID, KEY_SECRET, SmsServer

SINCE = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
MESSAGE = ShortMessage(
    number="+8613800138000",
    template="SMS_1",
    parameters={"code": "123456", "date": "2027年5月21日"},
    reference="summit-7",
    text="【对接会】验证码123456",
)


@pytest.fixture
def server():
    found = SmsServer()
    yield found
    found.close()


def provider_of(kind, endpoint, key_secret=KEY_SECRET):
    known = {"key_id": KEY_ID, "key_secret": key_secret, "sign_name": "对接会"}
    if kind is Tencent:
        known["app_id"] = "1400006666"
    return kind(endpoint=endpoint, **known)


@pytest.fixture(params=[Aliyun, Tencent])
def provider(request, server):
    return provider_of(request.param, server.endpoint)


def send(provider, message=MESSAGE):
    handed_over = []
    number = provider.send(message, before_handover=lambda: handed_over.append(1))
    assert handed_over == [1]
    return number


def test_aliyun_is_asked_as_its_documentation_says(server):
    assert send(provider_of(Aliyun, server.endpoint)) == "900619746936498440^0"

    [(action, given)] = server.requests
    assert (action, json.loads(given.pop("TemplateParam"))) == ("SendSms", MESSAGE.parameters)
    assert given == {
        "PhoneNumbers": "13800138000",
        "SignName": "对接会",
        "TemplateCode": "SMS_1",
        "OutId": "summit-7",
    }


def test_tencent_is_asked_as_its_documentation_says(server):
    assert send(provider_of(Tencent, server.endpoint)) == "5000:1045710669157053657849499619"

    assert server.requests == [
        (
            "SendSms",
            {
                "PhoneNumberSet": ["+8613800138000"],
                "SmsSdkAppId": "1400006666",
                "SignName": "对接会",
                "TemplateId": "SMS_1",
                "TemplateParamSet": ["123456", "2027年5月21日"],
                "SessionContext": "summit-7",
            },
        )
    ]


def test_foreign_number_goes_to_aliyun_without_its_plus(server):
    message = ShortMessage("+85251234567", "SMS_2", {"code": "1"}, "summit-8")

    send(provider_of(Aliyun, server.endpoint), message)

    assert server.sent[0]["PhoneNumbers"] == "85251234567"


@pytest.mark.parametrize("kind", [Aliyun, Tencent])
def test_wrong_secret_is_refused(server, kind):
    with pytest.raises(Refused, match="Signature"):
        send(provider_of(kind, server.endpoint, key_secret="another"))

    assert server.sent == []


@pytest.mark.parametrize(
    ("kind", "status", "answer", "error"),
    [
        (Aliyun, 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, Refused),
        (Aliyun, 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, BadNumber),
        (Aliyun, 200, {"Code": "isp.SYSTEM_ERROR"}, OutcomeUnknown),
        (Aliyun, 503, {"Code": "ServiceUnavailable"}, OutcomeUnknown),
        (Aliyun, 200, {}, OutcomeUnknown),
        (Aliyun, 200, [], OutcomeUnknown),
        (Tencent, 200, {"Response": {"Error": {"Code": "InternalError.Timeout"}}}, OutcomeUnknown),
        (Tencent, 200, {"Response": {"Error": {"Code": "LimitExceeded.x"}}}, Refused),
        (
            Tencent,
            200,
            {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}},
            Refused,
        ),
        (
            Tencent,
            200,
            {
                "Response": {
                    "SendStatusSet": [{"Code": "InvalidParameterValue.IncorrectPhoneNumber"}]
                }
            },
            BadNumber,
        ),
        (Tencent, 200, {"Response": {"SendStatusSet": []}}, OutcomeUnknown),
        (Tencent, 200, {}, OutcomeUnknown),
    ],
)
def test_answer_is_a_clear_no_or_says_nothing(server, kind, status, answer, error):
    server.answer = lambda action, given: (status, json.dumps(answer))

    with pytest.raises(error) as raised:
        send(provider_of(kind, server.endpoint))

    assert type(raised.value) is error


def test_what_is_no_answer_says_nothing(server, provider):
    for answer in ("hang up", (200, "<html>"), (502, "{}")):
        server.answer = lambda action, given, answer=answer: answer

        with pytest.raises(OutcomeUnknown):
            send(provider)


def test_silence_says_nothing(monkeypatch, provider):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(requests, "SECONDS", 0.2)
        port = silent.getsockname()[1]
        lasting = provider_of(type(provider), f"http://127.0.0.1:{port}")

        with pytest.raises(OutcomeUnknown):
            send(lasting)


@pytest.mark.parametrize("kind", [Aliyun, Tencent])
def test_provider_that_is_not_reached_got_nothing(server, kind):
    server.close()
    handed_over = []

    with pytest.raises(ConnectionError):
        provider_of(kind, server.endpoint).send(
            MESSAGE, before_handover=lambda: handed_over.append(1)
        )

    assert handed_over == []


def test_message_that_is_stopped_does_not_leave(server, provider):
    def stop():
        raise LookupError

    with pytest.raises(LookupError):
        provider.send(MESSAGE, before_handover=stop)

    assert server.requests == []


def test_receipt_is_found_by_our_own_reference(server, provider):
    other = ShortMessage(MESSAGE.number, "SMS_1", MESSAGE.parameters, "summit-6")
    send(provider, other)
    before = provider.find_receipt(MESSAGE, since=SINCE)
    send(provider)

    after = provider.find_receipt(MESSAGE, since=SINCE)

    # Tencent lists a message only once its phone has answered.
    missing = Receipt.NOT_TAKEN if isinstance(provider, Aliyun) else Receipt.UNKNOWN
    assert (before, after) == (missing, Receipt.TAKEN)


@pytest.mark.parametrize(
    ("today", "days", "receipt"),
    [
        (20, ["20270520"], Receipt.NOT_TAKEN),
        (22, ["20270520", "20270521", "20270522"], Receipt.NOT_TAKEN),
        (28, [f"202705{day}" for day in range(20, 27)], Receipt.UNKNOWN),
    ],
)
def test_aliyun_is_asked_for_each_day_of_beijing_since(server, monkeypatch, today, days, receipt):
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime(2027, 5, today - 1, 17, tzinfo=dt.UTC).astimezone(tz)

    since = dt.datetime(2027, 5, 19, 16, tzinfo=dt.UTC)
    monkeypatch.setattr(dt, "datetime", Clock)

    found = provider_of(Aliyun, server.endpoint).find_receipt(MESSAGE, since=since)

    assert [each["SendDate"] for each in server.asked] == days
    assert found is receipt


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (
            Aliyun,
            {
                "Code": "OK",
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": [{"OutId": "summit-7", "SendStatus": 2}]},
            },
        ),
        (
            Tencent,
            {
                "Response": {
                    "PullSmsSendStatusSet": [{"SessionContext": "summit-7", "ReportStatus": "FAIL"}]
                }
            },
        ),
    ],
)
def test_receipt_may_say_that_it_failed(server, kind, answer):
    server.answer = lambda action, given: (200, json.dumps(answer))

    found = provider_of(kind, server.endpoint).find_receipt(MESSAGE, since=SINCE)

    assert found is Receipt.FAILED


def test_console_prints_what_arrives(capsys):
    assert send(Console()) == "summit-7"

    printed = capsys.readouterr().out
    assert "+8613800138000" in printed
    assert "【对接会】验证码123456" in printed


def test_what_is_shown_of_objects_holds_no_secret_and_no_number():
    shown = repr([MESSAGE, provider_of(Aliyun, "x"), provider_of(Tencent, "x")])

    assert KEY_ID in shown
    assert not any(hidden in shown for hidden in (KEY_SECRET, "13800138000", "123456"))
