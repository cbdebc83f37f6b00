"""Workbooks written part by part, as no spreadsheet program would."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets):
    return f'<Relationships xmlns="{PACKAGE}">%s</Relationships>' % "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )


def part(tag, inside):
    return f'<{tag} xmlns="{MAIN}">{inside}</{tag}>'


def sheet(rows):
    return part("worksheet", f"<sheetData>{rows}</sheetData>")


ROWS = '<row><c t="s"><v>0</v></c></row><row><c t="inlineStr"><is><t>Hale</t></is></c></row>'
PARTS = {
    "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": relations(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    ),
    "xl/worksheets/sheet1.xml": sheet(ROWS),
    "xl/sharedStrings.xml": part("sst", "<si><t>name_en</t></si>"),
    "xl/styles.xml": part("styleSheet", ""),
}
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def workbook(changed=None, compression=zipfile.ZIP_DEFLATED):
    """A workbook with a column and a row, some of whose parts are others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in (PARTS | (changed or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def upload(data, name="rows.xlsx"):
    return SimpleUploadedFile(name, data)
