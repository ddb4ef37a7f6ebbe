"""Files of whole records, lists that are taken away, and the figures that reports are read from."""

from reports.models.exports import RecordExport, RecordExportFile, RecordExportQuerySet
from reports.models.figures import Figure, FigureQuerySet, Figures
from reports.models.lists import ListExport, ListExportQuerySet, ListPart

__all__ = [
    "Figure",
    "FigureQuerySet",
    "Figures",
    "ListExport",
    "ListExportQuerySet",
    "ListPart",
    "RecordExport",
    "RecordExportFile",
    "RecordExportQuerySet",
]
