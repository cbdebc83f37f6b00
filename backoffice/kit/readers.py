"""Forms that depend on who has them on the screen."""

from events.models.limits import Person


class ForReader:
    """A form or formset that knows its ``reader``: what it refuses, and says of it, depends on who.

    Its page sets it on the class that Django makes of the form for one request.
    """

    reader: Person


def for_reader[Made: type](made: Made, reader: Person) -> Made:
    """Name the reader to a class of forms or formsets that was made for one request."""
    if issubclass(made, ForReader):
        made.reader = reader
    return made
