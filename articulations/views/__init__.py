"""Articulations, where they are taught, and the classes that are taught under them."""

from articulations.views.agreements import articulation, new
from articulations.views.catalog import catalog, catalog_api, catalog_data
from articulations.views.schools import school, schools
from articulations.views.searching import search
from articulations.views.sections import new_section, sections

__all__ = [
    "articulation",
    "catalog",
    "catalog_api",
    "catalog_data",
    "new",
    "new_section",
    "school",
    "schools",
    "search",
    "sections",
]
