"""Backup and restore of the whole site: database, pictures and private files.

``make`` writes a backup, ``verify`` reads one through, ``restore`` puts one back. What
they agree on is the manifest. docs/operations.md tells operators how to use them.
"""

from summit.lib.process.restoring import restoring
