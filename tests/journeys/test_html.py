"""Every page goes through the Nu HTML checker."""

import pytest
from django.test import Client

from tests.journeys.html import errors_of

pytestmark = pytest.mark.browser


def test_every_page_is_valid_html(site, tmp_path):
    client = Client()
    extra = ["/en/nowhere/", "/zh-hans/projects/?q=nothing", "/en/experts/?q=wang", "/fr/"]

    pages = {path: client.get(path).content for path in [*site.paths, *extra]}

    assert errors_of(pages, tmp_path) == []
