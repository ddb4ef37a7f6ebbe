"""Files of whole records, and the figures that reports are read from."""

from reports.models.exports import RecordExport, RecordExportFile, RecordExportQuerySet
from reports.models.figures import Figure, FigureQuerySet, Figures

__all__ = [
    "Figure",
    "FigureQuerySet",
    "Figures",
    "RecordExport",
    "RecordExportFile",
    "RecordExportQuerySet",
]
