"""Pages of accounts are tested as the log-in is."""

from tests.staff.conftest import _as_in_production, connection_dump, zhang  # noqa: F401
