from events.admin.importing.page import ImportPage
from events.admin.importing.resource import SheetResource

__all__ = ["ImportPage", "SheetResource"]
