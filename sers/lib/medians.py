"""The median as PostgreSQL finds it."""

from django.db.models import Aggregate


class Median(Aggregate):
    """The value in the middle; of an even number the mean of the two. What is null does not count."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"
