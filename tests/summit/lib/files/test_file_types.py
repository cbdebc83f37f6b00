import hashlib
import io
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from pypdf import PdfWriter

from summit.lib.files import file_probe
from summit.lib.files.file_types import REFUSALS, Examined, examine, plain_name
from tests import factories
from tests.files import packed, pdf, upload

MOST = 20 * 1024 * 1024


def picture(format):
    return factories.picture(format=format).read()


def refusal_of(data, name="scan.pdf"):
    with pytest.raises(ValidationError) as refusal:
        examine(upload(data, name), most_bytes=MOST)
    assert refusal.value.messages == [REFUSALS[refusal.value.code]]
    return refusal.value.code


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (pdf(), "application/pdf"),
        (pdf(pages=300), "application/pdf"),
        (packed(), "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
    ],
    ids=["pdf", "long pdf", "packed pdf", "jpeg", "png"],
)
def test_what_a_file_is_its_content_tells_and_not_its_name(data, content_type):
    file = upload(data, "holiday.exe")

    assert examine(file, most_bytes=MOST) == Examined(
        content_type, len(data), hashlib.sha256(data).hexdigest()
    )
    assert file.read() == data


def protected(*, user, owner):
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt(user, owner, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


AES = (
    b"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O <%s> /U <%s> /OE <%s> "
    b"/UE <%s> /Perms <%s> /CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> "
    b"/StmF /StdCF /StrF /StdCF >>" % (b"00" * 48, b"00" * 48, b"00" * 32, b"00" * 32, b"00" * 16)
)
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
ADDRESS = b"<< /S /URI /URI (http://a.example) >>"


def by_itself(action: bytes) -> bytes:
    """A PDF that does something as soon as it is opened."""
    return pdf(b"<< >>", ADDRESS, catalog=b"/OpenAction << /S %s >>" % action)


def played(kind: str) -> bytes:
    """A PDF with an annotation that plays something."""
    return pdf(b"<< /Type /Annot /Subtype /%s /Rect [0 0 9 9] >>" % kind.encode())


@pytest.mark.parametrize(
    "harmless",
    [
        {"catalog": b"/OpenAction [10 0 R /Fit]"},
        {"catalog": b"/OpenAction (a place with a name)"},
        {"catalog": b"/OpenAction << /S /GoTo /D [10 0 R /Fit] >>"},
        {"catalog": b"/OpenAction << /S /Named /N /LastPage /Next << /S /GoTo >> >>"},
        {"catalog": b"/OpenAction 999 0 R"},
        {"catalog": b"/URI << /Base (http://a.example) >>"},
    ],
)
def test_pdf_that_turns_to_a_page_of_its_own_is_taken(harmless):
    assert file_probe.probe(pdf(**harmless), 1_000_000) == "application/pdf"


def test_pdf_with_a_link_that_is_clicked_is_taken():
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>" % ADDRESS

    assert file_probe.probe(pdf(link), 1_000_000) == "application/pdf"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: b"", "unknown_type", id="nothing"),
        pytest.param(lambda: b"MZ\x90\0" + b"\0" * 500, "unknown_type", id="program"),
        pytest.param(lambda: b"<html><script>alert(1)</script>", "unknown_type", id="html"),
        pytest.param(lambda: b"<svg><script/></svg>", "unknown_type", id="svg"),
        pytest.param(lambda: b"PK\x03\x04" + b"\0" * 100, "unknown_type", id="zip or docx"),
        pytest.param(lambda: b"GIF89a\x01\0\x01\0\0\0\0;", "unknown_type", id="gif"),
        pytest.param(lambda: b"<html>" + pdf(), "unknown_type", id="html before a pdf"),
        pytest.param(lambda: b"%PDF-1.7\n<html>\n%%EOF\n", "broken", id="html as a pdf"),
        pytest.param(lambda: pdf() + b"PK\x03\x04zip", "broken", id="zip behind a pdf"),
        pytest.param(lambda: pdf() + b"<script>", "broken", id="script behind a pdf"),
        pytest.param(lambda: picture("PNG") + b"PK\x03\x04zip", "broken", id="zip behind a png"),
        pytest.param(lambda: picture("JPEG") + b"PK\x03\x04zip", "broken", id="zip behind a jpeg"),
        pytest.param(
            lambda: pdf(b"<< /S 101 0 R /F (x.exe) >>", b"/Launch"),
            "active",
            id="action by reference",
        ),
        pytest.param(lambda: pdf()[:-20], "broken", id="pdf without its end"),
        pytest.param(lambda: pdf()[:150], "broken", id="half a pdf"),
        pytest.param(lambda: pdf()[:150] + b"\n%%EOF\n", "broken", id="half a pdf, closed"),
        pytest.param(lambda: pdf(pages=0), "no_page", id="pdf without a page"),
        pytest.param(lambda: protected(user="x", owner="x"), "encrypted", id="password"),
        pytest.param(lambda: protected(user="", owner="x"), "encrypted", id="not to be copied"),
        pytest.param(lambda: pdf(trailer=AES), "encrypted", id="cipher unknown here"),
        pytest.param(lambda: pdf(catalog=b"/OpenAction " + SCRIPT), "active", id="script"),
        pytest.param(lambda: packed(SCRIPT), "active", id="packed script"),
        pytest.param(
            lambda: pdf(b"[1 [<< /A << /S /Launch /F (cmd.exe) >> >>]]"), "active", id="launch"
        ),
        pytest.param(lambda: pdf(b"<< /S /SubmitForm /F (http) >>"), "active", id="form"),
        pytest.param(lambda: pdf(catalog=b"/AcroForm << /XFA [] >>"), "active", id="xfa"),
        *(
            pytest.param(partial(by_itself, action), "active", id=f"by itself: {action[:14]}")
            for action in (
                b"/URI /URI (http://a.example)",
                b"/GoToR /F (a.pdf) /D [0 /Fit]",
                b"/GoToE /F (a.pdf)",
                b"/Rendition /OP 0",
                b"/RichMediaExecute",
                b"/Thread /F (a.pdf)",
                b"/Movie",
                b"/Sound",
                b"/Unheard-of",
                b"/GoTo /D [10 0 R /Fit] /Next << /S /URI /URI (http://a.example) >>",
                b"/GoTo /Next [<< /S /Hide >> << /S /URI /URI (http://a.example) >>]",
                b"/GoTo /Next 101 0 R",
            )
        ),
        pytest.param(
            lambda: pdf(b"<< /AA << /PO << /S /URI /URI (http://a.example) >> >> >>"),
            "active",
            id="page that opens an address",
        ),
        pytest.param(
            lambda: pdf(b"<< /AA 101 0 R >>", b"<< /O 102 0 R >>", b"<< /S 103 0 R >>", b"/URI"),
            "active",
            id="action by many references",
        ),
        pytest.param(
            lambda: packed(b"<< /AA << /O << /S /GoToR /F (a.pdf) >> >> >>"),
            "active",
            id="packed opening of a file",
        ),
        pytest.param(
            lambda: pdf(b"<< /S /GoTo /Next 100 0 R >>", catalog=b"/OpenAction 100 0 R"),
            "too_complex",
            id="actions in a circle",
        ),
        *(
            pytest.param(partial(played, kind), "active", id=f"played: {kind}")
            for kind in ("RichMedia", "3D", "Movie", "Screen", "Sound")
        ),
        # Some readers take the first of two, others the last.
        *(
            pytest.param(partial(pdf, catalog=catalog), "broken", id=f"read in two ways: {name}")
            for name, catalog in {
                "opening": b"/OpenAction [10 0 R /Fit] /OpenAction " + ADDRESS,
                "action": b"/OpenAction << /S /GoTo /S /URI /URI (http://a.example) >>",
                "anything": b"/X 1 /X << /EF << >> >>",
                "word": b"/X nonsense /OpenAction " + ADDRESS,
                "bracket": b"/X ] /OpenAction " + ADDRESS,
                "digits": b"/X <zz> /OpenAction " + ADDRESS,
                "list": b"/X [1 nonsense] /OpenAction " + ADDRESS,
            }.items()
        ),
        pytest.param(
            lambda: packed(b"<< /OpenAction [1] /OpenAction " + ADDRESS + b" >>"),
            "broken",
            id="packed and read in two ways",
        ),
        pytest.param(
            lambda: pdf().replace(
                b"/Root 1 0 R",
                b"/Root << /Type /Catalog /Pages 2 0 R /OpenAction " + ADDRESS + b" >>",
            ),
            "broken",
            id="catalog that is no object",
        ),
        pytest.param(
            lambda: pdf(
                b"<< /F << /FS /URL /F (http://a.example) >> /Length 0 >>\nstream\n\nendstream"
            ),
            "active",
            id="data of another host",
        ),
        pytest.param(
            lambda: pdf(catalog=b"/Names << /EmbeddedFiles << /Names [] >> >>"),
            "carries_files",
            id="files inside",
        ),
        pytest.param(lambda: picture("JPEG")[:-40], "broken", id="half a jpeg"),
        pytest.param(lambda: picture("PNG")[:-40], "broken", id="half a png"),
        pytest.param(lambda: b"\xff\xd8\xff" + b"\0" * 50, "broken", id="no jpeg"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "broken", id="no png"),
    ],
)
def test_what_is_no_fit_document_is_refused(make, code):
    with pytest.raises(file_probe.Refused) as refusal:
        file_probe.probe(make(), 1_000_000)

    assert refusal.value.args == (code,)
    assert code in REFUSALS


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"MZ", "unknown_type"), (pdf()[:-20], "broken"), (packed(SCRIPT), "active")],
)
def test_refusal_says_what_to_do(data, code):
    assert refusal_of(data) == code


def test_digital_signature_and_links_are_no_reason_to_refuse():
    signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /Contents <00> /ByteRange [0 1 2 3] >>"
    link = b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org) >> >>"
    data = pdf(signature, link, catalog=b"/AcroForm << /Fields [100 0 R] /SigFlags 3 >>")

    assert examine(upload(data), most_bytes=MOST).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "words", "advice"),
    [
        ("scan.PDF", "This PDF has 20.0 MB. Attach one of", "scan in grey"),
        ("photo.jpg", "This picture has 20.0 MB. Attach one of", "save it smaller"),
        ("slides.pptx", "These slides have 20.0 MB. Attach a file of", "take out videos"),
        ("notice.docx", "This document has 20.0 MB. Attach one of", "save it as PDF"),
        ("list.xlsx", "This workbook has 20.0 MB. Attach one of", "sheets that are not needed"),
        ("pptx", "These slides have 20.0 MB. Attach a file of", "take out videos"),
        ("unknown", "This file has 20.0 MB. Attach one of", "or split it"),
    ],
)
def test_too_large_a_file_is_refused_before_anything_of_it_is_read(name, words, advice):
    file = upload(b"")
    file.name, file.size = name, MOST + 1
    file.chunks = file.open = None

    with pytest.raises(ValidationError) as refusal:
        examine(file, most_bytes=MOST)

    message = refusal.value.messages[0].replace("\xa0", " ")
    assert message.startswith(f"{words} at most 20.0 MB")
    assert advice in message
    assert ("grey" in message) == name.lower().endswith(".pdf")


def test_file_that_lies_about_its_size_is_refused():
    file = upload(pdf())
    file.size = 10

    with pytest.raises(ValidationError) as refusal:
        examine(file, most_bytes=100)

    assert refusal.value.code == "too_large"


def test_small_pdf_that_unpacks_to_a_huge_one_is_refused():
    data = packed(padding=2**28)
    assert len(data) < 2 * 2**20

    assert refusal_of(data) == "too_complex"


def test_pdf_that_keeps_a_parser_busy_is_given_up():
    busy = pdf(*[b"<< /A [ 1 2 3 (x) ] /B << /C /D >> >>"] * 200_000)

    assert refusal_of(busy) == "too_complex"


def test_pages_that_hold_themselves_are_refused():
    loop = pdf().replace(b"/Kids [10 0 R]", b"/Kids [2 0 R ]")

    assert refusal_of(loop) == "broken"


def test_nesting_without_end_is_refused():
    assert refusal_of(pdf(b"[" * 100_000 + b"]" * 100_000)) in ("broken", "too_complex")


def test_small_picture_that_unpacks_to_a_huge_one_is_refused():
    buffer = io.BytesIO()
    Image.new("L", (9000, 9000)).save(buffer, "PNG")

    assert len(buffer.getvalue()) < 2**20
    assert refusal_of(buffer.getvalue()) == "too_many_pixels"


def test_check_that_cannot_run_is_a_fault_of_the_server_and_not_of_the_file(monkeypatch):
    monkeypatch.setattr("sys.path", [])

    with pytest.raises(RuntimeError, match="Files cannot be checked"):
        examine(upload(pdf()), most_bytes=MOST)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王伟\\合作意向书.pdf", "合作意向书.pdf"),
        ("a\r\nSet-Cookie: x\0.pdf", "a Set-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  two   words .pdf ", "two words .pdf"),
        ("", ""),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("文" * 300, "文" * 200),
        ("<script>alert(1)<", "<script>alert(1)<"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_name_of_a_file_is_harmless_text(name, plain):
    assert plain_name(name) == plain
