"""Who runs this process."""

import os
import pwd


def os_user() -> str:
    """Return the account as the machine knows it, whatever the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
