"""Private files in S3-compatible storage."""

from summit.lib.files.private_files import WithoutAddress
from summit.lib.files.s3 import ServersS3Storage


class PrivateS3Storage(WithoutAddress, ServersS3Storage):
    """Documents: whoever wants one asks this server."""
