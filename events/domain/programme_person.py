from events.models import Organization
from summit.lib.i18n.likeness import key


def find_organization(*names: str) -> Organization | None:
    """Return the organization that all of the names given mean, where it is the only one.

    Of a name that two organizations bear nothing is guessed: it stays a text. One query.
    """
    given = [name for name in names if name.strip()]
    found = Organization.objects.all().alike(*given)
    if len(found) != 1:
        return None
    known = found[0].likeness_keys()
    return found[0] if all(key(name) in known for name in given) else None
