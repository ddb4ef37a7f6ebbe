"""What leaves SERS of an agreement: the signed text as a PDF under our seal."""

from articulations.documents.agreement import agreement_pdf

__all__ = ["agreement_pdf"]
