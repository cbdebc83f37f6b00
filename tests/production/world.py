"""What the processes of a test find in their database; run inside the product."""

# Prints the cookie of a session of somebody who gave password and code: its name, its value.
SIGN_IN = """
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
user = User.objects.create_superuser("root", "root@example.org", "long enough to be one")
device = TOTPDevice.objects.create(user=user, name="phone", confirmed=True)
client = Client()
client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
session = client.session
session["otp_device_id"] = device.persistent_id
session.save()
print(settings.SESSION_COOKIE_NAME, session.session_key)
"""

# Prints the personal link of a submission whose address is proven.
LINK_OF_SUBMISSION = """
from django.utils import timezone
from submissions.domain import link
from tests import factories
print(link.path_of(factories.submission(proven_at=timezone.now())))
"""

# Makes an event with programme, projects and intentions; prints its slug and public addresses.
BUSY_SITE = """
from scripts.benches.world import World
from tests import factories
world = World()
world.grow(sessions=12, experts=10, projects=40, intentions=4)
slug = factories.registration_settings().event.slug
print(slug, "/en/", f"/en/events/{slug}/", f"/zh-hans/events/{world.event.slug}/",
    f"/en/events/{world.event.slug}/", "/en/projects/", "/zh-hans/projects/?page=2",
    f"/en/projects/{world.project.slug}/", f"/en/experts/{world.expert.slug}/", "/en/intentions/")
"""
