"""Industry credentials: the State's list of them, and the classes that prepare for them."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Count, F, OuterRef, Q
from django.db.models.functions import Lower

from articulations.models.courses import CareerCluster, HighSchoolCourse
from organizations.models import AcademicYear
from sers.lib.folding import fold, fold_parts


class IndustryCredentialQuerySet(models.QuerySet["IndustryCredential"]):
    def worded(self, words: str) -> "IndustryCredentialQuerySet":
        """Credentials of whose title and giver each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def recorded_in(self, first_year: int) -> "IndustryCredentialQuerySet":
        """Credentials that are recorded in this school year: not ended before it."""
        return self.filter(Q(last_year=None) | Q(last_year__first_year__gte=first_year))

    def ended_before(self, first_year: int) -> "IndustryCredentialQuerySet":
        """Credentials that were recorded last in a school year before this one."""
        return self.filter(last_year__first_year__lt=first_year)

    def of_cluster(self, cluster: str) -> "IndustryCredentialQuerySet":
        """Credentials of a career cluster (its id), with those that belong to none in particular; all where none is asked."""
        return self.filter(Q(clusters=cluster) | Q(clusters=None)) if cluster else self

    def listed(self) -> models.QuerySet["IndustryCredential", dict[str, Any]]:
        """What a row of the list shows, as plain values by title; with how many classes prepare for each."""
        clusters = IndustryCredential.clusters.through.objects.filter(industrycredential=OuterRef("pk"))
        names = clusters.order_by("careercluster__name").values_list("careercluster__name")
        return (
            self.order_by("folded", "id")
            .values("public_id", "title", "given_by", last=F("last_year__first_year"))
            .annotate(classes_number=Count("classes", distinct=True), cluster_names=ArraySubquery(names))
        )

    def in_order(self) -> "IndustryCredentialQuerySet":
        """By title, each with the last school year it is recorded in."""
        return self.select_related("last_year").order_by("folded", "id")

    def titles_of(self, courses: Iterable[int]) -> list[str]:
        """The titles of the credentials these classes (ids) prepare for, each once."""
        found = self.filter(classes__in=list(courses)).order_by("folded", "id")
        return list(dict.fromkeys(found.values_list("title", flat=True)))


class IndustryCredential(models.Model):
    """What an industry recognizes and a student may earn beside college credit: `OSHA 10-Hour Construction`.

    The field calls it IRC, industry-recognized credential. The State keeps the list. One that is no longer given ends
    with a school year; who earned it keeps it.
    """

    public_fields: ClassVar = {
        "id", "public_id", "title", "given_by", "clusters", "last_year", "classes", "folded",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("title", max_length=120)
    given_by = models.CharField("given by", max_length=120)
    #: None in particular means any.
    clusters = models.ManyToManyField(
        CareerCluster, blank=True, related_name="credentials", verbose_name="career clusters"
    )
    last_year = models.ForeignKey(
        AcademicYear,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="last school year it is recorded in",
    )
    classes = models.ManyToManyField(HighSchoolCourse, related_name="prepares_for", verbose_name="classes")
    folded = models.CharField(max_length=260, editable=False, default="")

    objects = IndustryCredentialQuerySet.as_manager()

    class Meta:
        ordering = ("title", "id")
        constraints = (
            models.UniqueConstraint(
                Lower("title"),
                name="credential_once",
                violation_error_message="This credential is on the list already.",
            ),
        )
        indexes = (GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="credential_words"),)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    def fold(self) -> None:
        """Set what it is found by; cut to its column, because folding can make it longer."""
        self.folded = fold_parts(self.title, self.given_by)[:260]

    def is_recorded_in(self, first_year: int) -> bool:
        """May one be recorded that was earned in this school year?"""
        return self.last_year is None or first_year <= self.last_year.first_year


def titles_prepared_for(course: str) -> ArraySubquery:
    """The titles of the credentials a row's class prepares for, by title; `course` is the way to the class."""
    rows = IndustryCredential.classes.through.objects.filter(highschoolcourse=OuterRef(course))
    ordered = rows.order_by("industrycredential__folded", "industrycredential")
    return ArraySubquery(ordered.values_list("industrycredential__title"))
