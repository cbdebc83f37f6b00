"""A provider of short messages that checks signatures by code of its own, and keeps messages."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY_ID, KEY_SECRET = "id-of-a-test", "secret-of-a-test"


def _hash(data):
    return hashlib.sha256(data).hexdigest()


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256)


class SmsServer:
    """Speaks as both providers do. ``sent`` has what was taken, by its reference.

    ``answer`` is called with the action and what was asked, and its answer, a status and a
    text, is given instead of the right one; None gives that one, and "hang up" says nothing.
    ``takes_before_it_hangs_up`` says whether the message was taken all the same.
    """

    def __init__(self):
        self.sent = []
        self.asked = []
        self.requests = []
        self.answer = lambda action, given: None
        self.takes_before_it_hangs_up = True
        self.has_receipts = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.keeps = self
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_given):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        is_aliyun = "x-acs-action" in self.headers
        action = self.headers["x-acs-action" if is_aliyun else "X-TC-Action"]
        keeps = self.server.keeps
        is_right = (self._is_aliyun_right if is_aliyun else self._is_tencent_right)(body)
        if not is_right:
            return self._say(*(_ALIYUN_NO if is_aliyun else _TENCENT_NO))
        given = dict(parse_qsl(urlsplit(self.path).query)) if is_aliyun else json.loads(body)
        keeps.requests.append((action, given))
        is_sending = action == "SendSms"
        instead = keeps.answer(action, given)
        is_taken = instead is None or (instead == "hang up" and keeps.takes_before_it_hangs_up)
        if not is_sending:
            keeps.asked.append(given)
        elif is_taken:
            keeps.sent.append(given)
        if instead == "hang up":
            self.close_connection = True
            return None
        if instead is not None:
            return self._say(*instead)
        return self._say(200, json.dumps((_aliyun if is_aliyun else _tencent)(keeps, action)))

    def _say(self, status, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _is_aliyun_right(self, body):
        kind, _space, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        names = parts["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{self.headers[name]}\n" for name in names)
        query = urlsplit(self.path).query
        canonical = "\n".join(("POST", "/", query, lines, ";".join(names), _hash(body)))
        wanted = _mac(KEY_SECRET.encode(), f"{kind}\n{_hash(canonical.encode())}").hexdigest()
        needed = {"host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
        return (
            kind == "ACS3-HMAC-SHA256"
            and parts["Credential"] == KEY_ID
            and needed <= set(names)
            and self.headers["x-acs-content-sha256"] == _hash(body)
            and parts["Signature"] == wanted
        )

    def _is_tencent_right(self, body):
        kind, _space, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(", "))
        key_id, day, service, end = parts["Credential"].split("/")
        names = parts["SignedHeaders"].split(";")
        values = {name: self.headers[name] for name in names}
        values["x-tc-action"] = values.get("x-tc-action", "").lower()
        lines = "".join(f"{name}:{values[name]}\n" for name in names)
        canonical = "\n".join(("POST", "/", "", lines, ";".join(names), _hash(body)))
        stamp = self.headers["X-TC-Timestamp"]
        to_sign = "\n".join((kind, stamp, f"{day}/{service}/{end}", _hash(canonical.encode())))
        key = _mac(f"TC3{KEY_SECRET}".encode(), day).digest()
        for part in (service, end):
            key = _mac(key, part).digest()
        wanted = _mac(key, to_sign).hexdigest()
        is_ours = (kind, key_id, service, end) == ("TC3-HMAC-SHA256", KEY_ID, "sms", "tc3_request")
        return is_ours and {"content-type", "host"} <= set(names) and parts["Signature"] == wanted


_ALIYUN_NO = (400, '{"Code": "SignatureDoesNotMatch", "Message": "…"}')
_TENCENT_NO = (200, '{"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}')


def _aliyun(keeps, action):
    if action == "SendSms":
        return {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0"}
    listed = keeps.sent if keeps.has_receipts else []
    details = [
        {"OutId": sent["OutId"], "PhoneNum": sent["PhoneNumbers"], "SendStatus": 1}
        for sent in listed
    ]
    return {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}


def _tencent(keeps, action):
    if action == "SendSms":
        status = {"Code": "Ok", "SerialNo": "5000:1045710669157053657849499619", "Fee": 1}
        return {"Response": {"SendStatusSet": [status], "RequestId": "1"}}
    listed = keeps.sent if keeps.has_receipts else []
    statuses = [
        {"SessionContext": sent["SessionContext"], "ReportStatus": "SUCCESS"} for sent in listed
    ]
    return {"Response": {"PullSmsSendStatusSet": statuses, "RequestId": "1"}}
