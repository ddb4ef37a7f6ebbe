"""English dates with the month in full: `June 15, 2026`. Django's own are those of newspapers: `Sept. 1, 2026`."""

DATE_FORMAT = "F j, Y"
MONTH_DAY_FORMAT = "F j"
YEAR_MONTH_FORMAT = "F Y"
