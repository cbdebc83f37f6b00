"""Every page of the admin, one module each."""

from backoffice import (  # noqa: F401 - each registers itself
    account,
    audit,
    catalogue,
    document,
    event,
    expert,
    export_records,
    follow_up,
    group,
    intention,
    lock_out,
    organization,
    outbound_mail,
    project,
    recommendation,
    registration,
    registration_settings,
    series,
    session,
    site_profile,
)
