"""Short messages by Alibaba Cloud (Dysmsapi 2017-05-25), with its signature V3.

After https://help.aliyun.com/document_detail/315526.html (signature V3), 419273 (SendSms) and
419277 (QuerySendDetails).
"""

import datetime as dt
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from summit.lib.process.smtp_mail import OutcomeUnknown
from summit.lib.sms.messages import BadNumber, Receipt, Refused, ShortMessage
from summit.lib.sms.requests import host_of, post, sha256

ALGORITHM = "ACS3-HMAC-SHA256"
ENDPOINT = "https://dysmsapi.aliyuncs.com"
VERSION = "2017-05-25"
# Its days are those of Beijing.
_ZONE = ZoneInfo("Asia/Shanghai")
_SENDING_FAILED = 2
_PAGE = 50
# More days than the tries of one message last.
_DAYS = 7
_BAD_NUMBER = ("isv.MOBILE_NUMBER_ILLEGAL", "isv.INVALID_PARAMETERS_MOBILE")
# The provider may have begun before it failed.
_UNKNOWN = ("isp.SYSTEM_ERROR", "InternalError", "ServiceUnavailable", "isp.UNKNOWN_ERROR")


def authorization(
    *, key_id: str, key_secret: str, query: str, headers: Mapping[str, str], body: bytes
) -> str:
    """Return the header ``Authorization`` of a POST to ``/``; all ``headers`` are signed.

    The names of the headers are in lower case, and ``query`` is canonical already.
    """
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    canonical = f"POST\n/\n{query}\n{lines}\n{signed}\n{sha256(body)}"
    to_sign = f"{ALGORITHM}\n{sha256(canonical.encode())}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), "sha256").hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return the parameters in the order and the encoding that are signed."""
    return urlencode(sorted(parameters.items()), quote_via=quote, safe="-_.~")


@dataclass(frozen=True)
class Aliyun:
    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    endpoint: str = ENDPOINT

    def send(self, message: ShortMessage, *, before_handover: Callable[[], None]) -> str:
        parameters = {
            "PhoneNumbers": _number(message),
            "SignName": self.sign_name,
            "TemplateCode": message.template,
            "TemplateParam": json.dumps(dict(message.parameters), ensure_ascii=False),
            "OutId": message.reference,
        }
        answer = self._call("SendSms", parameters, before_handover)
        return str(answer.get("BizId", ""))

    def find_receipt(self, message: ShortMessage, *, since: dt.datetime) -> Receipt:
        """Look through what was sent to the number on each day since then.

        The list has a message as soon as it was taken, so that one that is not in it was not. It
        is asked for a week at most: of what is older nothing is said.
        """
        first, today = since.astimezone(_ZONE).date(), dt.datetime.now(_ZONE).date()
        for number in range(min((today - first).days + 1, _DAYS)):
            for sent in self._sent_on(message, f"{first + dt.timedelta(days=number):%Y%m%d}"):
                if sent.get("OutId") == message.reference:
                    failed = sent.get("SendStatus") == _SENDING_FAILED
                    return Receipt.FAILED if failed else Receipt.TAKEN
        return Receipt.NOT_TAKEN if (today - first).days < _DAYS else Receipt.UNKNOWN

    def _sent_on(self, message: ShortMessage, day: str) -> list[dict[str, Any]]:
        parameters = {
            "PhoneNumber": _number(message),
            "SendDate": day,
            "PageSize": str(_PAGE),
            "CurrentPage": "1",
        }
        answer = self._call("QuerySendDetails", parameters, lambda: None)
        found: list[dict[str, Any]] = answer.get("SmsSendDetailDTOs", {}).get(
            "SmsSendDetailDTO", []
        )
        return found

    def _call(
        self, action: str, parameters: Mapping[str, str], before_handover: Callable[[], None]
    ) -> dict[str, Any]:
        query, body = canonical_query(parameters), b""
        headers = {
            "host": host_of(self.endpoint),
            "x-acs-action": action,
            "x-acs-content-sha256": sha256(body),
            "x-acs-date": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": VERSION,
        }
        headers["Authorization"] = authorization(
            key_id=self.key_id,
            key_secret=self.key_secret,
            query=query,
            headers=headers,
            body=body,
        )
        path = f"/?{query}"
        answer = post(
            self.endpoint, path, headers=headers, body=body, before_handover=before_handover
        )
        code = str(answer.get("Code", ""))
        if code == "OK":
            return answer
        if not code or code in _UNKNOWN:
            raise OutcomeUnknown
        raise (BadNumber if code in _BAD_NUMBER else Refused)(code)


def _number(message: ShortMessage) -> str:
    """Return the number as it is written there: abroad with its country, without the plus."""
    return message.number[3:] if message.is_home else message.number.removeprefix("+")
