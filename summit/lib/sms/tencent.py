"""Short messages by Tencent Cloud (sms 2021-01-11), with its signature TC3-HMAC-SHA256.

After https://cloud.tencent.com/document/api/382/52072 (signature), 55981 (SendSms) and 55976
(PullSmsSendStatusByPhoneNumber).
"""

import datetime as dt
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from summit.lib.process.smtp_mail import OutcomeUnknown
from summit.lib.sms.messages import BadNumber, Receipt, Refused, ShortMessage
from summit.lib.sms.requests import host_of, post, sha256

ALGORITHM = "TC3-HMAC-SHA256"
ENDPOINT = "https://sms.tencentcloudapi.com"
VERSION = "2021-01-11"
SERVICE = "sms"
JSON = "application/json; charset=utf-8"
_LONGEST_LIST = 100
_BAD_NUMBER = (
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
)
# The provider may have begun before it failed.
_UNKNOWN = ("InternalError", "FailedOperation.FailResolvePacket", "RequestTimeException")


def authorization(
    *,
    key_id: str,
    key_secret: str,
    service: str,
    host: str,
    action: str,
    body: bytes,
    timestamp: int,
) -> str:
    """Return the header ``Authorization`` of a POST of JSON to ``/``."""
    day = f"{dt.datetime.fromtimestamp(timestamp, tz=dt.UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    headers = {"content-type": JSON, "host": host, "x-tc-action": action.lower()}
    lines = "".join(f"{name}:{text}\n" for name, text in headers.items())
    signed = ";".join(headers)
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{sha256(body)}"
    to_sign = f"{ALGORITHM}\n{timestamp}\n{scope}\n{sha256(canonical.encode())}"
    key = f"TC3{key_secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


@dataclass(frozen=True)
class Tencent:
    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    app_id: str
    region: str = "ap-guangzhou"
    endpoint: str = ENDPOINT

    def send(self, message: ShortMessage, *, before_handover: Callable[[], None]) -> str:
        parameters = {
            "PhoneNumberSet": [message.number],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign_name,
            "TemplateId": message.template,
            "TemplateParamSet": list(message.parameters.values()),
            "SessionContext": message.reference,
        }
        answer = self._call("SendSms", parameters, before_handover)
        statuses = answer.get("SendStatusSet") or []
        if len(statuses) != 1:
            raise OutcomeUnknown
        _check(str(statuses[0].get("Code", "")))
        return str(statuses[0].get("SerialNo", ""))

    def find_receipt(self, message: ShortMessage, *, since: dt.datetime) -> Receipt:
        """Look through what phones have answered.

        The list has a message only once its phone or the carrier has answered: one that is not
        in it may still be on its way. What carries no reference of ours is taken for ours.
        """
        parameters = {
            "PhoneNumber": message.number,
            "SmsSdkAppId": self.app_id,
            "BeginTime": int(since.timestamp()),
            "Offset": 0,
            "Limit": _LONGEST_LIST,
        }
        answer = self._call("PullSmsSendStatusByPhoneNumber", parameters, lambda: None)
        for status in answer.get("PullSmsSendStatusSet") or []:
            if status.get("SessionContext") in (None, "", message.reference):
                failed = status.get("ReportStatus") == "FAIL"
                return Receipt.FAILED if failed else Receipt.TAKEN
        return Receipt.UNKNOWN

    def _call(
        self, action: str, parameters: Mapping[str, Any], before_handover: Callable[[], None]
    ) -> dict[str, Any]:
        body = json.dumps(parameters, ensure_ascii=False).encode()
        host, now = host_of(self.endpoint), int(time.time())
        headers = {
            "Authorization": authorization(
                key_id=self.key_id,
                key_secret=self.key_secret,
                service=SERVICE,
                host=host,
                action=action,
                body=body,
                timestamp=now,
            ),
            "Content-Type": JSON,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(now),
            "X-TC-Region": self.region,
        }
        found = post(
            self.endpoint, "/", headers=headers, body=body, before_handover=before_handover
        )
        answer = found.get("Response")
        if not isinstance(answer, dict):
            raise OutcomeUnknown
        if "Error" in answer:
            _check(str(answer["Error"].get("Code", "")))
        return answer


def _check(code: str) -> None:
    """Raise what a code means that is not yes."""
    if code == "Ok":
        return
    if not code or code.startswith(_UNKNOWN):
        raise OutcomeUnknown
    raise (BadNumber if code in _BAD_NUMBER else Refused)(code)
