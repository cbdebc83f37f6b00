"""The web server's own settings, which gunicorn finds by itself in the working directory.

What operators choose (addresses, workers, threads) is in scripts/start-web.
"""

import os
import shutil
import tempfile
from typing import Any

from summit.lib.process import logs

# Threads, of which none waits for a visitor who sends slowly.
worker_class = "ops.web_worker.Worker"

# Nothing of who asks and over which scheme is settled here: summit/middleware/trusted_proxy.py
# does it, from what the connection says and what TRUSTED_PROXIES holds. gunicorn would
# believe any proxy on the same machine or behind a Unix socket.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

# Longest line of a request, most header fields and their size, in bytes: a search in the
# admin needs two thousand, and cookies one thousand.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Its lines look like all others, and are redacted. There is no access log: each request
# has a line of ours, without the keys and addresses that are in a path.
_chosen = os.environ.get("LOG_FORMAT", "").strip().lower()
logconfig_dict = logs.configuration(
    _chosen if _chosen in logs.FORMATS else "json",
    "INFO",
    loggers={"gunicorn.error": {"handlers": ["console"], "propagate": False}},
)


def on_starting(server: Any) -> None:
    """Give the workers a place to count in, of which any of them answers for all."""
    if os.environ.get("METRICS_TOKEN") or os.environ.get("METRICS_TOKEN_FILE"):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="summit-metrics-")


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker has counted, and forget what it was at."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(directory, ignore_errors=True)
