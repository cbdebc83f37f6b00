from backoffice.kit.exporting.columns import Column, both, column
from backoffice.kit.exporting.table import ExportList
