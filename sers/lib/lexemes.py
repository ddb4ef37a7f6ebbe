"""Words as PostgreSQL's full text compares them: without endings, without small words."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

#: So many words of a text are compared at most.
MOST = 120


def lexemes_of(text: str, language: str) -> list[str]:
    """The different words of a text: `Welding of joints` and `weld a joint` have the same ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [language, text])
        found: list[str] = cursor.fetchone()[0]
    return found[:MOST]


def any_of(words: Sequence[str]) -> SearchQuery:
    """A text that holds one of these words, or more; answered by a GIN index."""
    quoted = ("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)
    return SearchQuery(" | ".join(quoted), search_type="raw", config="simple")


def number_in(words: Sequence[str], column: str) -> Combinable:
    """How many of these words a column of search vectors holds."""
    known = Cast(Value(list(words), ArrayField(TextField())), ArrayField(TextField()))
    rest = Func(F(column), known, function="ts_delete", output_field=SearchVectorField())
    whole = Func(F(column), function="length", output_field=IntegerField())
    return whole - Func(rest, function="length", output_field=IntegerField())
