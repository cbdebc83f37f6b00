"""Which privacy notice people agree to."""

import hashlib

from events.models import SiteProfile
from registrations.models import PrivacyNotice


def current_notice() -> PrivacyNotice:
    """Return the version of the privacy notice that stands on the site now."""
    columns = ("privacy_notice_en", "privacy_notice_zh_hans")
    texts = SiteProfile.objects.values_list(*columns).first() or ("", "")
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    return PrivacyNotice.objects.get_or_create(
        digest=digest, defaults={"text_en": texts[0], "text_zh_hans": texts[1]}
    )[0]
