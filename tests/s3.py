"""A bucket as S3-compatible stores have it, on this machine: as much as the product asks of one."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, KEY, SECRET = "site", "id", "word"
# A real one lists a thousand at once; so few make every list come in pages.
LISTED_AT_ONCE = 4


class Bucket:
    """The objects by key, and what can be made to go wrong with them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.objects: dict[str, bytes] = {}
        self.changed_at = formatdate(usegmt=True)
        self.parts: dict[str, dict[int, bytes]] = {}
        self.requests: list[str] = []
        # Every request is answered with this status instead.
        self.broken: int | None = None
        # How many objects it still takes; whoever sends one more waits, or is refused.
        self.room: int | None = None
        self.is_full = False
        self.has_room = threading.Event()

    def url(self, prefix: str, bucket: str = BUCKET) -> str:
        """What a variable such as ``MEDIA_STORAGE_URL`` names."""
        return f"s3://{bucket}/{prefix}?endpoint={self.address}&region=test-1&addressing=path"

    def store(self, key: str, content: bytes) -> bool:
        """Keep an object; say whether there was room for it."""
        if self.room is not None:
            if self.room <= 0 and self.is_full:
                return False
            if self.room <= 0:
                self.has_room.wait()
                # Whoever sent it was killed while it waited.
                return False
            self.room -= 1
        self.objects[key] = content
        return True


@contextmanager
def bucket() -> Iterator[Bucket]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    server.bucket = Bucket(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.bucket
    finally:
        server.bucket.has_room.set()
        server.shutdown()
        thread.join()
        # Who still asks is a client that keeps its connection; nobody waits for it.
        server.block_on_close = False
        server.server_close()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        ours: Bucket = self.server.bucket
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        name, _slash, key = unquote(address.path).removeprefix("/").partition("/")
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        ours.requests.append(f"{self.command} {self.path}")
        signed = self.headers.get("Authorization", "")
        hashed = self.headers.get("x-amz-content-sha256")
        if ours.broken:
            self._refuse(ours.broken, "InternalError")
        elif not signed.startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/"):
            self._refuse(403, "AccessDenied")
        elif hashed not in (None, hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"):
            self._refuse(400, "XAmzContentSHA256Mismatch")
        elif name != BUCKET:
            self._refuse(404, "NoSuchBucket")
        else:
            getattr(self, f"_{self.command.lower()}")(ours, key, query, body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer

    def _get(self, ours: Bucket, key: str, query: dict[str, str], body: bytes) -> None:
        if not key:
            self._list(ours, query)
        elif key not in ours.objects:
            self._refuse(404, "NoSuchKey")
        else:
            content = ours.objects[key]
            headers = {
                "ETag": f'"{hashlib.md5(content).hexdigest()}"',
                "Last-Modified": ours.changed_at,
            }
            if "Range" in self.headers:
                first, _dash, last = self.headers["Range"].removeprefix("bytes=").partition("-")
                piece = content[int(first) : int(last) + 1 if last else None]
                until = int(first) + len(piece) - 1
                headers["Content-Range"] = f"bytes {first}-{until}/{len(content)}"
                self._send(206, piece, headers)
            else:
                self._send(200, content, headers)

    _head = _get

    def _list(self, ours: Bucket, query: dict[str, str]) -> None:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        found: dict[str, bool] = {}
        for key in sorted(ours.objects):
            if key.startswith(prefix):
                rest = key.removeprefix(prefix)
                is_folder = bool(delimiter) and delimiter in rest
                found[prefix + rest.partition(delimiter)[0] + delimiter if is_folder else key] = (
                    is_folder
                )
        names = [name for name in found if name > query.get("marker", "")]
        page = names[:LISTED_AT_ONCE]
        more = len(names) > len(page)
        text = "".join(
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
            if found[name]
            else f"<Contents><Key>{escape(name)}</Key></Contents>"
            for name in page
        )
        following = f"<NextMarker>{escape(page[-1])}</NextMarker>" if more else ""
        self._xml(
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{following}{text}"
            "</ListBucketResult>"
        )

    def _put(self, ours: Bucket, key: str, query: dict[str, str], body: bytes) -> None:
        if "partNumber" in query:
            ours.parts[query["uploadId"]][int(query["partNumber"])] = body
        elif not ours.store(key, body):
            self._refuse(507, "QuotaExceeded")
            return
        self._send(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})

    def _post(self, ours: Bucket, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploads" in query:
            number = str(len(ours.parts) + 1)
            ours.parts[number] = {}
            self._xml(f"<R><UploadId>{number}</UploadId></R>")
        else:
            parts = ours.parts.pop(query["uploadId"])
            ours.store(key, b"".join(parts[each] for each in sorted(parts)))
            self._xml("<R><ETag>x</ETag></R>")

    def _delete(self, ours: Bucket, key: str, query: dict[str, str], body: bytes) -> None:
        ours.objects.pop(key, None)
        self._send(204, b"")

    def _refuse(self, status: int, code: str) -> None:
        self._xml(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", status)

    def _xml(self, text: str, status: int = 200) -> None:
        self._send(status, f"<?xml version='1.0'?>{text}".encode())

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
