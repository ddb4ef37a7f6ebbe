"""Files of whole records, lists that are taken away, figures that reports are read from, and how SERS runs."""

from reports.models.exports import RecordExport, RecordExportFile, RecordExportQuerySet
from reports.models.figures import Figure, FigureQuerySet, Figures
from reports.models.lists import ListExport, ListExportQuerySet, ListPart
from reports.models.mailings import Mailing, MailingQuerySet, MailingRecipient, NoLetters
from reports.models.operations import Backup, SlowPage
from reports.models.years import StateYear, StateYearQuerySet

__all__ = [
    "Backup",
    "Figure",
    "FigureQuerySet",
    "Figures",
    "ListExport",
    "ListExportQuerySet",
    "ListPart",
    "Mailing",
    "MailingQuerySet",
    "MailingRecipient",
    "NoLetters",
    "RecordExport",
    "RecordExportFile",
    "RecordExportQuerySet",
    "SlowPage",
    "StateYear",
    "StateYearQuerySet",
]
