"""The workspace of an event: its pages in the admin, and the menu that leads to them.

A page is a class of its own module that stands on ``EventPage`` (``page.py``) and bears the
name of an entry of ``menu.py``; ``EventAdmin.pages`` names it, and with that its address
``<pk>/<name>/``, its entry in the menu and its guards are there. A page edits a part of the
event by ``fieldsets`` and ``inlines``, or shows what its ``panels`` and its template say.
"""
