from backoffice.kit.importing.page import ImportPage
from backoffice.kit.importing.resource import SheetResource
