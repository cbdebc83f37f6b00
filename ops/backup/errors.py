"""Why something is not done, in words for whoever runs the server."""


class BackupError(Exception):
    """A refusal or a failure that says what to do. Nothing was left half done."""


class HalfRestored(BackupError):
    """A restore failed after it had begun to replace: the marker stands until it is repeated."""


def of_the_system(error: OSError, place: object) -> BackupError:
    """Word an error of the operating system; the disk of ``place`` is the one to make room on.

    One of a bucket names no file, and says itself whom it asked for what.
    """
    if error.errno is None:
        return BackupError(f"{error or type(error).__name__}.")
    reason = error.strerror or str(error) or type(error).__name__
    return BackupError(f"{error.filename or place}: {reason}.")
