"""Slides, Word documents and workbooks as files of events: what is taken, and what is not."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from summit.lib.files import office_probe
from summit.lib.files.file_types import ENDINGS, OFFICE_REFUSALS, REFUSALS, examine
from summit.lib.files.limited_reader import Refused
from tests.files import pdf, upload
from tests.office import (
    CHART,
    MICROSOFT,
    OLD,
    SLIDES,
    TEXT,
    TYPE,
    UNDER_PASSWORD,
    WORKBOOK,
    content_types,
    office,
    parts,
    relations,
    with_chart,
    zipped,
)

MOST = 20 * 1024 * 1024
RELS = "ppt/_rels/presentation.xml.rels"
SLIDE = "ppt/slides/slide1.xml"
HYPERLINK = relations(("hyperlink", "https://example.org"), mode="External")
MACROS = f"{TYPE}presentationml.presentation.macroEnabled.main+xml"


def refusal_of(data):
    with pytest.raises(Refused) as refusal:
        office_probe.probe(data)
    return refusal.value.code


@pytest.mark.parametrize("kind", [SLIDES, TEXT, WORKBOOK])
def test_what_an_office_file_is_its_content_tells_and_not_its_name(kind):
    file = upload(office(kind), "notice.pdf")

    found = examine(file, most_bytes=MOST, takes_office=True)

    assert (found.content_type, found.size) == (kind, file.size)
    assert ENDINGS[kind] in (".pptx", ".docx", ".xlsx")


@pytest.mark.parametrize("data", [office(TEXT), OLD, UNDER_PASSWORD])
def test_office_file_is_no_scan_of_what_was_signed(data):
    with pytest.raises(ValidationError) as refusal:
        examine(upload(data), most_bytes=MOST)

    assert refusal.value.messages == [REFUSALS["unknown_type"]]


def test_other_files_are_taken_beside_office_files():
    found = examine(upload(pdf()), most_bytes=MOST, takes_office=True)

    assert found.content_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ program", "unknown_type"),
        (b"<html>", "unknown_type"),
        (OLD, "old_office"),
        (UNDER_PASSWORD, "office_password"),
        (office()[:-30], "broken"),
        (office(main_type=MACROS), "macros"),
    ],
    ids=["nothing", "program", "html", "ppt", "password", "cut off", "macros"],
)
def test_refusal_says_what_to_do_instead(data, code):
    file = upload(data, "slides.pptx")

    with pytest.raises(ValidationError) as refusal:
        examine(file, most_bytes=MOST, takes_office=True)

    assert (refusal.value.code, refusal.value.messages) == (code, [OFFICE_REFUSALS[code]])
    assert file.tell() == 0


def test_links_pictures_and_the_workbook_of_a_chart_are_no_reason_to_refuse():
    slides = {
        SLIDE: '<sld xmlns:a="a"><a:hlinkClick action="ppaction://hlinksldjump"/></sld>',
        "ppt/slides/_rels/slide1.xml.rels": HYPERLINK,
        "ppt/media/image1.png": b"\x89PNG",
        "ppt/drawings/vmlDrawing1.vml": "<xml><br></xml>",
    }

    assert office_probe.probe(office(changed=slides)) == SLIDES
    assert office_probe.probe(with_chart(office(WORKBOOK))) == SLIDES
    assert office_probe.probe(office(WORKBOOK, changed={"xl/": b""})) == WORKBOOK


def to(kind, target="x.bin", mode="", of=None):
    """Slides that refer to something."""
    more = {"of": of} if of else {}
    return office(changed={RELS: relations((kind, target), mode=mode, **more)})


def slides(content, name=SLIDE):
    return office(changed={name: content})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        # Macros, and what starts programs
        pytest.param(office(main_type=MACROS), "macros", id="pptm"),
        pytest.param(
            office(TEXT, main_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "macros",
            id="docm",
        ),
        pytest.param(to("vbaProject", of=MICROSOFT), "macros", id="project of macros"),
        pytest.param(
            office(**{"ppt/vba.bin": "application/vnd.ms-office.vbaProject"}),
            "macros",
            id="type of macros",
        ),
        pytest.param(
            office(WORKBOOK, **{"xl/m.xml": "application/vnd.ms-excel.macrosheet+xml"}),
            "macros",
            id="macro sheet",
        ),
        pytest.param(
            slides('<sld xmlns:a="a"><a:hlinkMouseOver action="ppaction://program"/></sld>'),
            "macros",
            id="program under the pointer",
        ),
        # What is fetched
        pytest.param(
            office(
                TEXT,
                changed={
                    "word/_rels/settings.xml.rels": relations(
                        ("attachedTemplate", "https://evil.example/t.dotm"), mode="External"
                    )
                },
            ),
            "fetches",
            id="template from elsewhere",
        ),
        pytest.param(to("image", "file://evil/x.png", "External"), "fetches", id="linked picture"),
        pytest.param(
            to("oleObject", "https://evil.example", "External"), "fetches", id="linked object"
        ),
        pytest.param(to("externalLink"), "fetches", id="another workbook, or DDE"),
        pytest.param(to("connections"), "fetches", id="connection to a database"),
        # What is inside
        pytest.param(to("oleObject"), "carries_objects", id="embedded object"),
        pytest.param(to("control"), "carries_objects", id="control"),
        pytest.param(to("aFChunk"), "carries_objects", id="document in a document"),
        pytest.param(to("package"), "carries_objects", id="workbook of no chart"),
        pytest.param(slides(OLD, "ppt/media/a.bin"), "carries_objects", id="old office inside"),
        pytest.param(slides(b"MZ\x90", "ppt/a.bin"), "carries_objects", id="program inside"),
        pytest.param(slides("x", "ppt/a.VBS"), "carries_objects", id="script inside"),
        pytest.param(slides(zipped({"a": "b"}), "a.bin"), "carries_objects", id="archive inside"),
        pytest.param(with_chart(office(TEXT)), "carries_objects", id="text behind a chart"),
        pytest.param(
            with_chart(office(WORKBOOK), source="application/xml"),
            "carries_objects",
            id="workbook of what says to be no chart",
        ),
        pytest.param(with_chart(with_chart(office(WORKBOOK))), "carries_objects", id="two deep"),
        pytest.param(
            with_chart(office(WORKBOOK, changed={RELS: relations(("vbaProject", "a"))})),
            "macros",
            id="macros behind a chart",
        ),
        pytest.param(with_chart(b"a text"), "broken", id="no workbook behind a chart"),
        # A DOCTYPE
        pytest.param(slides("<!DOCTYPE a><sld/>"), "doctype", id="doctype"),
        pytest.param(
            slides("<!DOCTYPE a [<!ENTITY b 'c'>]><sld>&b;</sld>".encode("utf-16")),
            "doctype",
            id="doctype in another encoding",
        ),
        pytest.param(
            office(changed={"_rels/.rels": "<!DOCTYPE a><x/>"}), "doctype", id="in relations"
        ),
        pytest.param(
            office(changed={"[Content_Types].xml": "<!DOCTYPE a><x/>"}), "doctype", id="in types"
        ),
        # Files of other kinds
        pytest.param(
            office(main_type=f"{TYPE}presentationml.slideshow.main+xml"), "other_office", id="ppsx"
        ),
        pytest.param(
            office(TEXT, main_type=f"{TYPE}wordprocessingml.template.main+xml"),
            "other_office",
            id="dotx",
        ),
        pytest.param(
            office(WORKBOOK, main_type="application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
            "other_office",
            id="xlsb",
        ),
        pytest.param(zipped({"mimetype": "application/vnd.oasis"}), "other_office", id="odp"),
        pytest.param(zipped({"Index/Document.iwa": b""}), "other_office", id="keynote"),
        pytest.param(zipped({"a.txt": "b"}), "unknown_type", id="zip"),
        pytest.param(
            office(changed={"_rels/.rels": relations(("image", "a.png"))}),
            "unknown_type",
            id="no main part",
        ),
        pytest.param(
            office(changed={"_rels/.rels": relations(("officeDocument", "gone.xml"))}),
            "other_office",
            id="main part that is not there",
        ),
        # Broken ones
        pytest.param(b"PK\x03\x04" + b"\0" * 100, "broken", id="a beginning alone"),
        pytest.param(office()[:200], "broken", id="half a file"),
        pytest.param(office() + b"<script>", "broken", id="something behind it"),
        pytest.param(office() + office(), "broken", id="two files"),
        pytest.param(slides("<sld>"), "broken", id="part that breaks off"),
        pytest.param(slides(""), "broken", id="empty part"),
        pytest.param(
            zipped(parts(), zipfile.ZIP_BZIP2), "broken", id="packed as no office program does"
        ),
        pytest.param(zipped(parts() | {"PPT/Presentation.xml": "<x/>"}), "broken", id="part twice"),
        pytest.param(
            office(
                changed={
                    "_rels/.rels": relations(
                        ("officeDocument", "ppt/presentation.xml"), ("officeDocument", "b.xml")
                    )
                }
            ),
            "broken",
            id="two main parts",
        ),
    ],
)
def test_file_that_does_something_or_is_no_office_file_is_refused(data, code):
    assert refusal_of(data) == code


def test_part_under_a_password_is_refused():
    data = bytearray(office())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + flags] |= 1

    assert refusal_of(bytes(data)) == "office_password"


def test_damaged_part_is_noticed():
    noise = bytes(range(256)) * 4
    data = bytearray(office(changed={"ppt/media/image1.png": noise}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("ppt/media/image1.png").header_offset
    data[at + 80] ^= 0xFF

    assert refusal_of(bytes(data)) == "broken"


def test_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO(office())
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ppt/media/image1.bmp", "w") as part,
    ):
        for _megabyte in range(office_probe.MOST_UNPACKED // 2**20):
            part.write(b"\0" * 2**20)

    with pytest.raises(ValidationError) as refusal:
        examine(upload(buffer.getvalue()), most_bytes=MOST, takes_office=True)

    assert refusal.value.messages == [OFFICE_REFUSALS["unpacks"]]


def test_workbook_behind_a_chart_counts_with_the_whole(monkeypatch):
    inner = office(WORKBOOK, changed={"xl/media/a.bmp": b"\0" * 50_000})
    monkeypatch.setattr(office_probe, "MOST_UNPACKED", 60_000)
    assert office_probe.probe(with_chart(inner)) == SLIDES

    monkeypatch.setattr(office_probe, "MOST_UNPACKED", 50_000)
    assert refusal_of(with_chart(inner)) == "unpacks"


def test_file_of_endless_parts_is_refused(monkeypatch):
    monkeypatch.setattr(office_probe, "MOST_PARTS", 5)

    assert office_probe.probe(office(changed={"a.png": b"", "b.png": b""})) == SLIDES
    assert refusal_of(office(changed={f"{each}.png": b"" for each in "abc"})) == "unpacks"


def test_archive_that_says_less_than_it_unpacks_to_is_refused():
    data = bytearray(office(changed={"ppt/media/image1.png": b"\0" * 100_000}))
    at = data.rindex(b"PK\x01\x02")
    # The size in the list of parts, by which a reader would stop.
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")

    assert refusal_of(bytes(data)) == "broken"


def test_names_of_parts_are_compared_as_office_programs_do():
    types = content_types({"PPT/Presentation.xml": f"{SLIDES}.main+xml".upper()})

    assert office_probe.probe(office(changed={"[Content_Types].xml": types})) == SLIDES
    assert CHART.islower()
