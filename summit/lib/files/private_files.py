"""Files that have no address: only a view that asks who wants them gives them out."""

from django.core.files.storage import FileSystemStorage


class WithoutAddress:
    """A storage that hands out no links, signed ones neither."""

    def url(self, name: str | None, *args: object, **kwargs: object) -> str:
        raise ValueError("A private file has no address.")


class PrivateFileSystemStorage(WithoutAddress, FileSystemStorage):
    """On the disk of the server, readable by its own user alone.

    Where a proxy gives the files out (``X_ACCEL_PREFIX``) it has to read them:
    ``group_may_read`` lets those in who are in the group of the server's user.
    """

    def __init__(self, location: str, *, group_may_read: bool = False) -> None:
        files, folders = (0o640, 0o750) if group_may_read else (0o600, 0o700)
        super().__init__(
            location=location, file_permissions_mode=files, directory_permissions_mode=folders
        )
