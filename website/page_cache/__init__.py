"""Keeps rendered public pages, and never shows a stale one.

``content`` knows which tables the pages show and in which version their content is,
``triggers`` makes every write change that version, ``moments`` knows when a page
changes by time alone, and ``middleware`` keeps the pages.
"""

from website.page_cache.middleware import PageCacheMiddleware, cached_page, keep_page_for
