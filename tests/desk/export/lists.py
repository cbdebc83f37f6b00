"""What is read of a list that was downloaded, and the column sets that it is asked for with."""

import csv
import io

from registrations.models import ColumnSet


def table(response):
    """The rows of a CSV that was downloaded."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def names(response):
    return [row[0] for row in table(response)[1:]]


def column_set(person, name="Sponsors", columns=("email", "name"), **fields):
    return ColumnSet.objects.create(owner=person.user, name=name, columns=[*columns], **fields)
