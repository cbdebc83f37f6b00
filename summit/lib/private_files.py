"""Files that have no address: only a view that asks who wants them gives them out."""

from django.core.files.storage import FileSystemStorage


class PrivateFileSystemStorage(FileSystemStorage):
    """On the disk of the server, readable by its own user alone."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address.")
