"""Articulations, where they are taught, and the classes that are taught under them."""

from articulations.views.agreements import articulation, new
from articulations.views.schools import school, schools
from articulations.views.searching import search
from articulations.views.sections import new_section, sections

__all__ = ["articulation", "new", "new_section", "school", "schools", "search", "sections"]
