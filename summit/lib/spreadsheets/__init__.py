"""Tables as files that spreadsheets open rightly: CSV and XLSX, row by row.

A row is a tuple of ``str``, numbers, naive ``datetime``, ``date`` or ``None``;
moments are on the wall clock that the reader is meant to see. Nothing here is
executed by the program that opens it: in CSV what would be a formula there is
neutralised, in XLSX text is written as text.
"""

from summit.lib.spreadsheets.separated import as_typed, csv_chunks, neutralised, read_as_typed
from summit.lib.spreadsheets.table import Cell, Kind, Row, distinct, width
from summit.lib.spreadsheets.workbook import (
    MOST_CHARACTERS,
    MOST_ROWS,
    TooManyRows,
    xlsx_file,
)
