"""Files that are imported into a call: filled Word forms and lists, read as submissions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from backoffice.call_import_columns import SENDER, Columns
from backoffice.kit.importing import sheet, unread
from backoffice.kit.importing.headings import language_of
from backoffice.kit.importing.rows import ByName
from events.models import Department, District
from submissions.domain.comparison import shown
from submissions.domain.importing import Entry, read_entry
from submissions.domain.submission import Sender
from submissions.fields import Widget
from submissions.models import Call, Submission
from summit.lib.files import file_types, uploads
from summit.lib.i18n.languages import Words, listed
from summit.lib.i18n.likeness import one_line
from summit.lib.identifiers import canonical_credit_code, doubt_about_credit_code
from summit.lib.web.mail_addresses import canonical
from summit.lib.web.phones import stored_phone, understand

# So many files are read at once; each takes a process of its own.
MOST_FILES = 20


@dataclass
class Row:
    """What became of one form or line of a file: an entry, or errors. ``doubts`` are no errors."""

    file: str
    line: int
    entry: Entry | None = None
    submission: Submission | None = None
    # The heading as it is in the file, and what is wrong.
    errors: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    is_double: bool = False
    remarks: list[Words] = field(default_factory=list)
    # What is proposed, in words.
    understood: list[tuple[Words, str]] = field(default_factory=list)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = FilesInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        limits = uploads.limits(sheet.MAX_BYTES_OF_DOCUMENT)
        return super().widget_attrs(widget) | limits | {"accept": ".docx,.xlsx,.csv,.doc"}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = list(data or ())
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("These are %(count)d files. Choose at most %(limit)d at once."),
                params={"count": len(files), "limit": MOST_FILES},
            )
        return files


class ImportForm(forms.Form):
    chosen = FilesField(label=_("Word forms, or an Excel or CSV file"))
    mails_receipts = forms.BooleanField(
        label=_("E-mail each company a receipt with its personal link"),
        required=False,
        help_text=_("Without this tick nobody is written to."),
    )


class Reader:
    """Reads the files that were chosen. ``notes`` and ``reading`` are what is said of them."""

    def __init__(self, call: Call) -> None:
        self.call, self.columns = call, Columns(call.kind)
        self.headings = self.columns.headings()
        self.districts, self.departments = ByName(District), ByName(Department)
        self.notes: list[str] = []
        self.reading: list[str] = []

    def rows(self, uploads: Iterable[UploadedFile]) -> list[Row]:
        """Return the rows of all files. Raises ``ValidationError`` for a file that is unreadable.

        The error names the file.
        """
        found: list[Row] = []
        for upload in uploads:
            name = file_types.plain_name(upload.name or "", 80)
            try:
                table = sheet.read(upload, self.headings)
                self._check_columns(table)
            except ValidationError as error:
                raise ValidationError(
                    [_of(name, words) for words in error.messages], code="file"
                ) from None
            self.notes += [_of(name, words) for words in table.notes]
            self.reading += [_of(name, words) for words in table.reading]
            found += self._rows_of(name, table)
            if len(found) > sheet.MAX_ROWS:
                raise ValidationError(
                    _("These files have more than %(limit)d rows. Import them one by one."),
                    params={"limit": sheet.MAX_ROWS},
                )
        return found

    def _check_columns(self, table: sheet.Sheet) -> None:
        known = set(self.headings.values())
        if not set(self.columns.needed) & set(table.headers):
            raise ValidationError(
                _("No heading says what the rows are about. This one is needed: %(needed)s."),
                params={
                    "needed": listed(str(self.columns.label(key)) for key in self.columns.needed)
                },
            )
        named = [each for each in table.headers if each in known]
        if twice := sorted({each for each in named if named.count(each) > 1}):
            titles = [
                title
                for header, title in zip(table.headers, table.titles, strict=True)
                if header in twice
            ]
            raise ValidationError(
                _("These columns appear twice: %(twice)s. Keep one of each."),
                params={"twice": listed(titles)},
            )
        unknown = [
            title
            for header, title in zip(table.headers, table.titles, strict=True)
            if header not in known
        ]
        table.keep(lambda _place, header: header in known)
        table.notes += unread.notes(unknown)
        table.refuse_long(self.columns.has_lines)

    def _rows_of(self, file: str, table: sheet.Sheet) -> Iterator[Row]:
        problems: dict[int, list[tuple[str, str]]] = {}
        for line, column, words in table.problems:
            problems.setdefault(line, []).append((column, words))
        for line, cells in zip(table.lines, table.rows, strict=True):
            given = dict(zip(table.headers, cells, strict=True))
            row = Row(file, line)
            errors = {column: words for column, words in problems.get(line, [])}
            self._read(row, {k: text for k, text in given.items() if text.strip()}, errors)
            row.errors = [(self._title(table, name), words) for name, words in errors.items()]
            row.doubts = [(self._title(table, name), words) for name, words in row.doubts]
            yield row

    def _title(self, table: sheet.Sheet, name: str) -> str:
        """Return a heading as it is in the file; ``name`` may be of a field or of a column."""
        of_phone = ("landline",) if name == "phone" else ()
        names = (name, f"{name}_wan", *of_phone)
        title = next((found for each in names if (found := table.title_of(each))), "")
        return title or str(self.columns.label(name))

    def _read(self, row: Row, given: dict[str, str], errors: dict[str, str]) -> None:
        values: dict[str, Any] = {}
        for name in given.keys() - set(SENDER) - errors.keys():
            try:
                key, value = self.columns.value(name, given[name])
            except ValidationError as error:
                words = " ".join(error.messages)
                row.doubts.append((name, _("%(words)s It was left out.") % {"words": words}))
                continue
            if value not in ("", [], None) and key not in values:
                values[key] = value
        self._doubt_terms(row, values)
        row.understood = [
            (each.label, shown(each, values[key]))
            for key, each in self.columns.fields.items()
            if key in values
        ]
        sender = self._sender(row, given, errors)
        language = language_of("".join((*map(str, values.values()), sender.organization_name)))
        row.entry = Entry(sender, values, language)
        try:
            row.submission = read_entry(self.call, row.entry)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                errors.setdefault(name, " ".join(messages))

    def _doubt_terms(self, row: Row, values: dict[str, Any]) -> None:
        """Say what is kept as it was written, since no list has it."""
        for key, value in values.items():
            each = self.columns.fields[key]
            if each.widget == Widget.MONEY and isinstance(value, str):
                words = _("“%(value)s” was not understood as an amount. It is kept as written.")
                row.doubts.append((key, words % {"value": value[:80]}))
            if each.widget not in (Widget.CHOICE, Widget.CHOICES) or each.options is None:
                continue
            known = dict(each.options())
            for term in value if isinstance(value, list) else [value]:
                if term not in known:
                    words = _("“%(value)s” is not in the list. It is kept as written.")
                    row.doubts.append((key, words % {"value": term[:80]}))

    def _sender(self, row: Row, given: dict[str, str], errors: dict[str, str]) -> Sender:
        said = {name: one_line(given.get(name, "")) for name in SENDER}
        phone, email, code = said["phone"] or said["landline"], said["email"], said["credit_code"]
        if phone:
            phone = next((each for each in _parts(phone) if understand(each)), "")
            if not phone:
                errors.setdefault("phone", gettext("This is no phone number."))
        try:
            email = canonical(email) if email else ""
        except ValidationError as error:
            errors.setdefault("email", " ".join(error.messages))
            email = ""
        code = canonical_credit_code(code)
        if code and (doubt := doubt_about_credit_code(code)):
            row.doubts.append(("credit_code", str(doubt)))
        places: dict[str, Any] = {}
        for name, rows in (("district", self.districts), ("department", self.departments)):
            found = rows.named(said[name]) if said[name] else []
            places[name] = found[0] if len(found) == 1 else None
            if said[name] and places[name] is None:
                words = gettext("“%(value)s” is not in the list. It was left out.")
                row.doubts.append((name, words % {"value": said[name][:80]}))
        return Sender(
            organization_name=said["organization_name"],
            contact_name=said["contact_name"],
            credit_code=code,
            phone=stored_phone(phone),
            email=email,
            **places,
        )


def _of(file: str, words: str) -> str:
    return f"{file}{pgettext('after the kind of a row', ': ')}{words}"


def _parts(text: str) -> list[str]:
    """Return a cell, and what it lists: people write both of their numbers in one."""
    parts = [text]
    for sign in ("/", "、", "；", ";", "，", ","):
        parts += [each.strip() for each in text.split(sign)] if sign in text else []
    return parts
