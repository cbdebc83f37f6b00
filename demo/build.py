"""The demo, built in one go. ``docs/demo.md`` says what is in it and what of it is invented."""

from collections.abc import Callable

from django.contrib.auth.models import User

from demo import arrivals, attendees, calls, catalogue, events, experts, interests, meetings
from demo.builders import Work

# Each step needs the ones before it.
STEPS = (
    ("site profile", catalogue.site_profile),
    ("sectors and modes of cooperation", catalogue.terms),
    ("event series", catalogue.series),
    ("organizations", catalogue.organizations),
    ("experts", catalogue.experts),
    ("projects", catalogue.projects),
    ("contacts", catalogue.contacts),
    ("subscriptions to new projects", catalogue.subscriptions),
    ("events", events.events),
    ("expressions of interest", interests.interests),
    ("calls and what was handed in", calls.calls),
    ("proposals of experts", experts.proposals),
    ("visits of experts", experts.visits),
    ("registrations", attendees.attendees),
    ("one-to-one meetings", meetings.meetings),
    ("desk", arrivals.desk),
)


def build(*, by: User, second: User, desk: User, say: Callable[[str], None]) -> dict[str, int]:
    """Make what is missing of the demo and return how many rows of each model were made.

    Runs in the caller's transaction. Rows that are there already, under the slugs
    of the demo, stay as they are.
    """
    work = Work(by=by, second=second, desk=desk, say=say)
    for label, step in STEPS:
        say(f"{label} …")
        step(work)
    return work.made
