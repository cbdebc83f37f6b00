"""What is optional in general and there all the same, as a rule elsewhere says."""


def given[T](value: T | None) -> T:
    """Return a value that is known to be there. Raises ``ValueError`` where it is not."""
    if value is None:
        raise ValueError("A value that is known to be there is missing.")
    return value
