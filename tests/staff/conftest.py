import pytest

from tests.staff import people


@pytest.fixture(autouse=True)
def _as_in_production(settings, db):
    """Tests of the log-in ask for the second factor, and logins end as they do by default."""
    settings.STAFF_OTP = True
    settings.LOG_IN_IDLE_MINUTES = 60
    settings.LOG_IN_MAX_HOURS = 14


@pytest.fixture
def zhang():
    return people.member()


@pytest.fixture
def connection_dump():
    """All that the tables about log-ins hold, as one text."""
    from django.apps import apps

    def dump() -> str:
        models = [
            model
            for model in apps.get_models()
            if model._meta.app_label in ("staff", "sessions")
            or model.__name__ in ("AuditEntry", "RateCount", "OutboundMail", "LogEntry")
        ]
        rows = [str(list(model._base_manager.values())) for model in models]
        sessions = apps.get_model("sessions", "Session").objects.all()
        return "\n".join([*rows, *(str(session.get_decoded()) for session in sessions)])

    return dump


@pytest.fixture
def at_eight(time_machine):
    """The clock stands still, so that what has to wait does so until it is moved."""
    time_machine.move_to("2027-03-01 08:00Z", tick=False)
    return time_machine
