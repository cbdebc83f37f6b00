"""The forms in a Word document as lines of a table: labels become columns, each form a line.

Runs in ``summit.lib.files.limited_reader``. Forms are tables of labels and values, as bureaus
send them round: 技术需求征集表, 成果登记表, 参会回执. A table whose line names its columns is read
as the list that it is. (ECMA-376, part 1, 17.4.)
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import Line, column_of, columns_in

MAIN = "word/document.xml"
# Of the part that is read, in bytes.
MOST_UNPACKED = 20 * 1024 * 1024
# Longer than any label of a form.
_LONGEST_LABEL = 40
# So many labels in one line, and nothing else, name the columns of a list.
_COLUMNS_OF_LIST = 3
_REMARK = re.compile(r"[（(\[【][^（()）\[\]【】]*[)）\]】]")
_COLON = re.compile(r"[:：]")
_TICKED, _BOX = "☑☒■√✓✔", "□☐"
_OPTION = re.compile(f"([{_TICKED}{_BOX}])([^{_TICKED}{_BOX}]*)")


@dataclass
class _Cell:
    """A cell of a table; ``is_continued`` is one that is merged with the one above."""

    text: str = ""
    begins_merge: bool = False
    is_continued: bool = False


type _Row = list[_Cell]


def is_document(data: bytes) -> bool:
    """Whether an archive is a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return MAIN in archive.namelist()
    except zipfile.BadZipFile:
        return False


def lines_of_forms(data: bytes, headings: Mapping[str, str]) -> list[Line]:
    """Return the column names and a line for each form, or the lines of a list.

    Nothing else of the document is looked at, and nothing of it is kept. Raises ``Refused`` with
    ``unpacks``, ``doctype`` and, where no table names two columns, ``no_form``.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.getinfo(MAIN).file_size > MOST_UNPACKED:
            raise Refused("unpacks")
        tables = _Reader().tables(archive.read(MAIN))
    for table in tables:
        if lines := _lines_of_list(table, headings):
            return lines
    forms = _Forms(headings)
    for table in tables:
        forms.take_table(table)
    return forms.lines()


class _Reader:
    """Reads the tables of a document: those within a cell are part of its text."""

    def __init__(self) -> None:
        self._tables: list[list[_Row]] = []
        self._depth = 0
        self._is_text = False

    def tables(self, xml: bytes) -> list[list[_Row]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.Parse(xml, True)
        return self._tables

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._tables.append([])
        elif name == "tr" and self._depth == 1:
            self._tables[-1].append([])
        elif name == "tc" and self._depth == 1 and self._tables[-1]:
            self._tables[-1][-1].append(_Cell())
        elif name == "vMerge" and self._depth == 1 and (cell := self._cell()):
            values = [each for key, each in attributes.items() if key.endswith("val")]
            cell.begins_merge = values == ["restart"]
            cell.is_continued = not cell.begins_merge
        elif name == "t":
            self._is_text = True
        elif name in ("br", "cr"):
            self._write("\n")
        elif name == "tab":
            self._write(" ")

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "tbl":
            self._depth -= 1
        elif name == "t":
            self._is_text = False
        elif name == "p":
            self._write("\n")

    def _add(self, text: str) -> None:
        if self._is_text:
            self._write(text)

    def _write(self, text: str) -> None:
        if self._depth and (cell := self._cell()):
            cell.text += text

    def _cell(self) -> _Cell | None:
        rows = self._tables[-1] if self._tables else []
        return rows[-1][-1] if rows and rows[-1] else None


def _refuse_doctype(*_declared: object) -> None:
    # No office program writes one; with it a few bytes can stand for gigabytes.
    raise Refused("doctype")


def _lines_of_list(table: list[_Row], headings: Mapping[str, str]) -> list[Line]:
    """Return the lines of a table one of which names its columns and no value; none of a form."""
    for place, row in enumerate(table):
        texts = [_plain(cell.text) for cell in row]
        named = [each for each in columns_in(map(_label, texts), headings) if each]
        is_all = all(len(text) <= _LONGEST_LABEL for text in texts)
        below = table[place + 1 : place + 2]
        is_followed = bool(below) and len(below[0]) == len(row)
        if len(set(named)) >= _COLUMNS_OF_LIST and is_all and is_followed:
            values = columns_in((_label(_plain(cell.text)) for cell in below[0]), headings)
            if any(values):
                continue
            return [
                (
                    number,
                    [
                        _value(cell.text) if number > place + 1 else _label(_plain(cell.text))
                        for cell in each
                    ],
                )
                for number, each in enumerate(table[place:], place + 1)
            ]
    return []


@dataclass
class _Forms:
    """The forms that were read so far: of each the values by the label of their column."""

    headings: Mapping[str, str]
    forms: list[dict[str, str]] = field(default_factory=lambda: [{}])
    # The label of each column, as it is in the file for the first time.
    labels: dict[str, str] = field(default_factory=dict)
    # The label in whose merged cell the next rows stand, and one that waits for the next row.
    _group: str = ""
    _waiting: str = ""

    def take_table(self, table: list[_Row]) -> None:
        self._group = self._waiting = ""
        for row in table:
            self._take_row(row)

    def lines(self) -> list[Line]:
        forms = [form for form in self.forms if any(self._column(label) for label in form)]
        columns = list(self.labels.values())
        if sum(bool(self._column(label)) for label in columns) < 2:
            raise Refused("no_form")
        lines = [[form.get(label, "") for label in columns] for form in forms]
        return [(number, cells) for number, cells in enumerate([columns, *lines], 1)]

    def _take_row(self, row: _Row) -> None:
        if row and row[0].is_continued and self._group:
            self._take_part(row[1:])
            return
        self._group = ""
        cells = [cell for cell in row if not cell.is_continued]
        if cells and cells[0].begins_merge and self._column(_plain(cells[0].text)):
            self._group = _plain(cells[0].text)
            self._take_part(cells[1:])
            return
        self._take_pairs([cell.text for cell in cells])

    def _take_part(self, cells: list[_Cell]) -> None:
        """Take a row beside a merged label: a value of its own, or a part with a name."""
        texts = [cell.text for cell in cells if not cell.is_continued]
        while texts:
            name, *texts = texts
            if texts and self._column(_plain(name)):
                self._set(name, texts.pop(0))
            elif texts and _plain(name):
                value = _value(texts.pop(0))
                self._add(self._group, f"{_plain(name)}：{value}" if value else "")
            else:
                self._add(self._group, _value(name))

    def _take_pairs(self, texts: list[str]) -> None:
        if len(texts) == 1 and self._waiting and not self._column(_plain(texts[0])):
            self._set(self._waiting, texts[0])
            return
        self._waiting = ""
        while texts:
            name, *texts = texts
            plain = _plain(name)
            follows = bool(texts) and not self._column(_plain(texts[0]))
            if self._column(plain):
                if follows:
                    self._set(name, texts.pop(0))
                elif not texts:
                    self._waiting = name
            elif not self._take_colon(name) and plain and follows and self._is_label(plain):
                self._set(name, texts.pop(0))

    def _take_colon(self, text: str) -> bool:
        """Take the values of lines such as 联系人：李明, each behind a label that is known."""
        found = False
        for line in text.splitlines():
            label, colon, value = _COLON.sub("：", line, count=1).partition("：")
            if colon and self._column(_plain(label)):
                self._set(label, value)
                found = True
        return found

    def _column(self, label: str) -> str:
        return column_of(_label(label), self.headings) or column_of(
            _REMARK.sub("", label), self.headings
        )

    @staticmethod
    def _is_label(text: str) -> bool:
        return len(text) <= _LONGEST_LABEL and "\n" not in text

    def _set(self, name: str, text: str) -> None:
        """Note the value of a label; one that this form has already begins the next form."""
        value = _value(text)
        label = self._known_as(name)
        if not value or not label:
            return
        if self.forms[-1].get(label, value) != value:
            self.forms.append({})
        self.forms[-1][label] = value

    def _add(self, name: str, value: str) -> None:
        label = self._known_as(name)
        if value and label:
            before = self.forms[-1].get(label, "")
            self.forms[-1][label] = f"{before}\n{value}".strip()

    def _known_as(self, name: str) -> str:
        """Return the label by which the column is called, the same for all of its other names."""
        plain = _plain(name)
        label = _label(plain)
        if not column_of(label, self.headings):
            label = _REMARK.sub("", plain) if self._column(plain) else plain
        return self.labels.setdefault(self._column(plain) or f"? {label}", label)


def _plain(text: str) -> str:
    """Return a label without the spaces that only spread its signs: 联 系 人."""
    return re.sub(r"\s+", "" if re.search(r"[\u3400-\u9fff]", text) else " ", text).strip(" :：*＊")


def _label(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else ""


def _value(text: str) -> str:
    """Return a value with its paragraphs; of boxes the words behind those that are ticked."""
    lines = [line.strip() for line in text.splitlines()]
    plain = "\n".join(line for line in lines if line)
    if plain[:1] and plain[0] in _TICKED + _BOX and any(box in plain for box in _BOX + _TICKED):
        return _ticked(_OPTION.findall(plain))
    return plain


def _ticked(options: Iterable[tuple[str, str]]) -> str:
    return "；".join(words.strip() for box, words in options if box in _TICKED and words.strip())
