"""The attendees of an event as a table: which columns, which rows, and the file."""

from registrations.exports.attendees.columns import (
    DAYS,
    DEFAULT_COLUMNS,
    QUESTIONS,
    Column,
    chosen,
    columns_of,
    labels_of,
)
from registrations.exports.attendees.table import (
    FILE_FORMATS,
    HEADERS,
    ORDERS,
    AttendeeList,
    Manner,
    matching,
)
