"""Office files written part by part: as programs write them, and as nobody should."""

import io
import zipfile

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument."
SLIDES = f"{TYPE}presentationml.presentation"
TEXT = f"{TYPE}wordprocessingml.document"
WORKBOOK = f"{TYPE}spreadsheetml.sheet"
CHART = f"{TYPE}drawingml.chart+xml"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
UNDER_PASSWORD = OLD + "EncryptedPackage".encode("utf-16-le") + b"\0" * 64

MAIN_PARTS = {
    SLIDES: ("ppt/presentation.xml", "<presentation/>"),
    TEXT: ("word/document.xml", "<document/>"),
    WORKBOOK: ("xl/workbook.xml", "<workbook/>"),
}


def content_types(overrides: dict[str, str], defaults: dict[str, str] | None = None) -> str:
    """Return what a file says of its parts, by their names and their endings."""
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "bin": f"{TYPE}oleObject",
        "xlsx": WORKBOOK,
    }
    return f'<Types xmlns="{PACKAGE}/content-types">{{}}{{}}</Types>'.format(
        "".join(
            f'<Default Extension="{ending}" ContentType="{kind}"/>'
            for ending, kind in (endings | (defaults or {})).items()
        ),
        "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name, kind in overrides.items()
        ),
    )


def relations(*targets: tuple[str, str], mode: str = "", of: str = RELATIONS) -> str:
    """Return relationships, each of a kind to a target; ``mode="External"`` for other files."""
    outside = f' TargetMode="{mode}"' if mode else ""
    rows = (
        f'<Relationship Id="r{number}" Type="{of}/{kind}" Target="{target}"{outside}/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def parts(kind: str = SLIDES, *, main_type: str = "", **types: str) -> dict[str, str | bytes]:
    """Return the parts of an office file by their names; ``types`` are those of more parts."""
    name, content = MAIN_PARTS[kind]
    return {
        "[Content_Types].xml": content_types({name: main_type or f"{kind}.main+xml", **types}),
        "_rels/.rels": relations(("officeDocument", name)),
        name: content,
    }


def zipped(found: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def office(kind: str = SLIDES, changed: dict[str, str | bytes] | None = None, **said) -> bytes:
    """An office file of a kind, some of whose parts are others. ``said`` is as for ``parts``."""
    return zipped(parts(kind, **said) | (changed or {}))


def with_chart(workbook: bytes, *, source: str = CHART) -> bytes:
    """Slides with a chart, behind which lies a workbook."""
    return office(
        changed={
            "ppt/charts/chart1.xml": "<chartSpace/>",
            "ppt/charts/_rels/chart1.xml.rels": relations(("package", "../embeddings/Book1.xlsx")),
            "ppt/embeddings/Book1.xlsx": workbook,
        },
        **{"ppt/charts/chart1.xml": source},
    )


WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Beside a text: a cell that begins a merged one, and one that goes on with it.
DOWN, UP = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def document(*tables: list[list[str | tuple[str, str]]], doctype: str = "") -> bytes:
    """A Word document with tables of texts, each with its lines; a pair has what merges it."""
    body = "".join(f"<w:p><w:r><w:t>附件</w:t></w:r></w:p>{_table(table)}" for table in tables)
    said = f'{doctype}<w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>'
    return office(TEXT, {"word/document.xml": said})


def _table(rows: list[list[str | tuple[str, str]]]) -> str:
    lines = ("".join(map(_cell, row)) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def _cell(cell: str | tuple[str, str]) -> str:
    text, merge = cell if isinstance(cell, tuple) else (cell, "")
    lines = "".join(
        # As Word splits a text wherever somebody has stopped typing.
        f"<w:p><w:r><w:t>{line[:2]}</w:t></w:r><w:r><w:t>{line[2:]}</w:t></w:r></w:p>"
        for line in text.split("\n")
    )
    return f"<w:tc><w:tcPr>{merge}</w:tcPr>{lines}</w:tc>"
