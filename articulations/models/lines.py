"""Lines of agreements: a high-school course and the college course it counts toward, as searches and lists read them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import models
from django.db.models import Case, Count, F, Max, Min, Q, Value, When, Window
from django.db.models.functions import Greatest, RowNumber

from articulations.models.agreements import Articulation
from articulations.models.courses import CollegeCourse, HighSchoolCourse
from articulations.models.credentials import titles_prepared_for
from organizations.models import College, Consortium, DateRange, HighSchool, SchoolDistrict
from sers.lib.folding import fold
from sers.lib.lexemes import number_in

#: From this share of common letter triples on two words are much alike: `weldng` and `welding` share a half,
#: `zoology` and `terminology` a quarter.
NEAR_ENOUGH = 0.45


class ArticulationCourseQuerySet(models.QuerySet["ArticulationCourse"]):
    #: What a list of lines may be sorted by, and the columns that make the order whole.
    ORDERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "class": ("high_school_course__folded", "high_school_course__school__name"),
        "school": ("high_school_course__school__name", "high_school_course__folded"),
        "college": ("articulation__college__name", "college_course__code"),
        "course": ("college_course__code", "articulation__college__name"),
        "credits": ("credits", "high_school_course__folded"),
    }

    def between(self, first: date, last: date) -> "ArticulationCourseQuerySet":
        """Lines in force on any of these days."""
        return self.filter(valid_from__lte=last, valid_until__gte=first)

    def in_force(self, on: date) -> "ArticulationCourseQuerySet":
        """Course pairs under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)

    def last_ended(self, course: int, college: College, on: date) -> "ArticulationCourse | None":
        """The line of a class and college that was in force last before that day."""
        found = self.filter(high_school_course=course, articulation__college=college, valid_until__lt=on)
        return found.select_related("articulation__college").order_by("-valid_until", "-id").first()

    def current_or_coming(self, on: date) -> "ArticulationCourseQuerySet":
        """Course pairs in force on that day or later: what a search finds."""
        return self.filter(valid_until__gte=on)

    def worded(self, words: str) -> "ArticulationCourseQuerySet":
        """Lines of whose class, course, CIP code, college or school each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def near(self, words: str) -> "ArticulationCourseQuerySet":
        """Lines that have, for each word, one that is written much like it, the likest first: `Acounting`, `Weldng`.

        Asked only when nothing is written exactly so: it looks at every line.
        """
        found: ArticulationCourseQuerySet = self
        likeness: Any = Value(0.0, output_field=models.FloatField())
        for number, word in enumerate(fold(words).split()[:8]):
            name = f"like_{number}"
            found = found.annotate(**{name: TrigramStrictWordSimilarity(word, "folded")}).filter(
                **{f"{name}__gte": NEAR_ENOUGH}
            )
            likeness = likeness + F(name)
        return found.order_by(likeness.desc(), "folded", "id")

    def elsewhere(self, on: date, consortia: Iterable[int]) -> "ArticulationCourseQuerySet":
        """Lines in force on that day or later that belong to none of these consortia."""
        return self.current_or_coming(on).exclude(articulation__consortium__in=list(consortia))

    def alike(
        self, *, words: Sequence[str], cip: str, counties: Sequence[str], beside: Sequence[str]
    ) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Lines whose class or course is like what is looked for, the best first, one a college course.

        `words` are lexemes; `counties` are the same, `beside` near. Points as `rules.alternatives_to` says. The rows are
        found by indexes of words and CIP codes; only what is found is compared.
        """
        county = "high_school_course__school__district__county"
        code = "high_school_course__cip"
        classes = HighSchoolCourse.objects.alike(words, cip).order_by().values("pk")
        courses = CollegeCourse.objects.alike(words).order_by().values("pk")
        found = self.filter(Q(high_school_course__in=classes) | Q(college_course__in=courses))
        same = [
            When(**{f"{code}__startswith": cip[:digits]}, then=Value(points))
            for points, digits in ((3, 6), (2, 4), (1, 2))
            if len(cip) >= digits
        ]
        # Nine tenths, a half, a quarter, a tenth of the words, rounded up.
        shares = [
            When(common__gte=max(1, -(-len(words) * part // whole)), then=Value(points))
            for points, part, whole in ((4, 9, 10), (3, 1, 2), (2, 1, 4), (1, 1, 10))
        ]
        ranked = found.annotate(
            in_class=number_in(words, "high_school_course__terms"),
            in_course=number_in(words, "college_course__terms"),
            common=Greatest("in_class", "in_course"),
            cip_points=Case(*same, default=Value(0)),
            match=F("cip_points") + Case(*shares, default=Value(0)),
            distance=Case(
                When(**{f"{county}__in": counties}, then=Value(0)),
                When(**{f"{county}__in": beside}, then=Value(1)),
                default=Value(2),
            ),
        )
        order = (F("match").desc(), F("distance").asc(), F("common").desc())
        best = Window(RowNumber(), partition_by=F("college_course"), order_by=(*order, F("id").asc()))
        shown = ranked.annotate(best=best).filter(best=1, match__gte=1).order_by(*order, "folded", "id")
        listed: models.QuerySet[ArticulationCourse, Any] = shown.values(
            "match", "cip_points", "in_class", "in_course", "common", "distance", "credits", "valid_until",
            agreement=F("articulation__public_id"),
            number=F("articulation__number"),
            consortium=F("articulation__consortium__name"),
            college=F("articulation__college__name"),
            code=F("college_course__code"),
            course=F("college_course__title"),
            title=F("high_school_course__title"),
            school=F("high_school_course__school__name"),
            county=F(county),
        )  # fmt: skip
        return listed

    def at(
        self, *, district: str = "", school: str = "", college: str = "", cluster: str = ""
    ) -> "ArticulationCourseQuerySet":
        """Lines of one school district, high school, college (public ids), career cluster (id)."""
        places = {
            "high_school_course__school__district__public_id": district,
            "high_school_course__school__public_id": school,
            "articulation__college__public_id": college,
            "high_school_course__cluster": cluster,
        }
        return self.filter(**{path: place for path, place in places.items() if place})

    def of_consortia(self, consortia: Iterable[int]) -> "ArticulationCourseQuerySet":
        """Lines of the agreements of these consortia, and of every class at their districts' schools."""
        consortia = list(consortia)
        districts = SchoolDistrict.objects.filter(consortia__in=consortia)
        return self.filter(
            Q(articulation__consortium__in=consortia) | Q(high_school_course__school__district__in=districts)
        )

    def of_class(self, articulation: int, course: int) -> "ArticulationCourseQuerySet":
        """The lines of one agreement for one class (ids)."""
        return self.filter(articulation=articulation, high_school_course=course)

    def for_class(self, taught: HighSchoolCourse) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Lines of one class, by college and course."""
        return self.filter(high_school_course=taught).in_order("college").listed()

    def taught_at(self, school: HighSchool) -> "ArticulationCourseQuerySet":
        """Lines of the classes of one high school, whenever in force."""
        return self.filter(high_school_course__school=school)

    def span(self) -> tuple[date, date] | None:
        """The first and the last day on which any of these lines is in force."""
        found = self.aggregate(first=Min("valid_from"), last=Max("valid_until"))
        return None if found["first"] is None else (found["first"], found["last"])

    def by_school(self, words: str = "") -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """The high schools of these lines with how many of their classes earn credit; each word begins some word
        of the school's, its district's or its city's name."""
        found = self
        for word in words.split()[:8]:
            begins = rf"(^|[^[:alnum:]]){re.escape(word)}"
            found = found.filter(
                Q(high_school_course__school__name__iregex=begins)
                | Q(high_school_course__school__city__iregex=begins)
                | Q(high_school_course__school__district__name__iregex=begins)
            )
        return (
            found.order_by("high_school_course__school__name", "high_school_course__school__district__name")
            .values(
                school=F("high_school_course__school__public_id"),
                name=F("high_school_course__school__name"),
                city=F("high_school_course__school__city"),
                district=F("high_school_course__school__district__name"),
            )
            .annotate(classes=Count("high_school_course", distinct=True))
        )

    def for_catalog(
        self, on: date, *, words: str, cip: str, cluster: int | None, places: Mapping[str, str]
    ) -> "ArticulationCourseQuerySet":
        """Lines in force on a day, narrowed as the open catalog is asked; `places` are public ids by kind."""
        found = self.in_force(on).worded(words)
        if cip:
            found = found.filter(high_school_course__cip__startswith=cip)
        if cluster is not None:
            found = found.filter(high_school_course__cluster__number=cluster)
        found = found.at(
            district=places.get("district", ""),
            school=places.get("school", ""),
            college=places.get("college", ""),
        )
        if consortium := places.get("consortium"):
            known = Consortium.objects.filter(public_id=consortium).values_list("pk", flat=True)
            found = found.of_consortia(known)
        return found

    def catalog_agreements(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """One row a line, as the open catalog tells it; `key` is what it goes on after."""
        return self.values(
            "credits", "valid_from", "valid_until",
            key=F("pk"),
            agreement_id=F("articulation__public_id"),
            consortium=F("articulation__consortium__name"),
            consortium_id=F("articulation__consortium__public_id"),
            college=F("articulation__college__name"),
            college_id=F("articulation__college__public_id"),
            college_key=F("articulation__college_id"),
            own_minimum=F("articulation__minimum_percent"),
            course=F("college_course__code"),
            course_title=F("college_course__title"),
            course_url=F("college_course__description_url"),
            cip=F("high_school_course__cip"),
            cluster=F("high_school_course__cluster__number"),
            school=F("high_school_course__school__name"),
            school_id=F("high_school_course__school__public_id"),
            district=F("high_school_course__school__district__name"),
            district_id=F("high_school_course__school__district__public_id"),
            district_code=F("high_school_course__school__district__ospi_code"),
            school_code=F("high_school_course__school__ospi_code"),
            class_state_code=F("high_school_course__state_code"),
            class_local_code=F("high_school_course__local_code"),
            class_credits=F("high_school_course__high_school_credits"),
            number=F("articulation__number"),
            title=F("high_school_course__title"),
            credentials=titles_prepared_for("high_school_course"),
        )  # fmt: skip

    def catalog_courses(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """One row a college course."""
        return self.order_by().values(
            key=F("college_course_id"),
            college=F("college_course__college__name"),
            college_id=F("college_course__college__public_id"),
            course=F("college_course__code"),
            course_id=F("college_course__public_id"),
            course_title=F("college_course__title"),
            course_url=F("college_course__description_url"),
            catalog_credits=F("college_course__credits"),
            course_cip=F("college_course__cip"),
            site_url=F("college_course__site_url"),
        ).annotate(
            # One text a course: the greatest is cheaper to find than to group by.
            description=Max("college_course__description"),
            outcomes=Max("college_course__outcomes"),
            classes=Count("high_school_course", distinct=True),
            schools=Count("high_school_course__school", distinct=True),
        )  # fmt: skip

    def catalog_schools(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """One row a high school."""
        return self.order_by().values(
            key=F("high_school_course__school_id"),
            school=F("high_school_course__school__name"),
            school_id=F("high_school_course__school__public_id"),
            kind=F("high_school_course__school__kind"),
            city=F("high_school_course__school__city"),
            district=F("high_school_course__school__district__name"),
            district_id=F("high_school_course__school__district__public_id"),
            school_code=F("high_school_course__school__ospi_code"),
            district_code=F("high_school_course__school__district__ospi_code"),
            county=F("high_school_course__school__district__county"),
        ).annotate(
            classes=Count("high_school_course", distinct=True),
            colleges=Count("articulation__college", distinct=True),
        )  # fmt: skip

    def asking_at_most(
        self, percent: Decimal, minimums: Mapping[int, Decimal]
    ) -> "ArticulationCourseQuerySet":
        """Lines whose minimum is at most this percent: the agreement's own, or else its college's."""
        colleges = [college for college, minimum in minimums.items() if minimum <= percent]
        return self.filter(
            Q(articulation__minimum_percent__lte=percent)
            | Q(articulation__minimum_percent=None, articulation__college__in=colleges)
        )

    def keys(self, most: int) -> list[int]:
        """The keys of the first of these lines."""
        return [line.pk for line in self.only("pk")[:most]]

    def in_order(self, sort: str) -> "ArticulationCourseQuerySet":
        """Sorted by one of ORDERS, downwards with a minus before it; equals in a fixed order."""
        columns = self.ORDERS[sort.removeprefix("-")]
        first = F(columns[0]).desc() if sort.startswith("-") else F(columns[0]).asc()
        return self.order_by(first, *columns[1:], "id")

    def listed(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """What a row of a list shows, as plain values."""
        return self.values(
            "id", "credits", "valid_from", "valid_until", "articulation_id", "high_school_course_id",
            agreement=F("articulation__public_id"),
            number=F("articulation__number"),
            consortium=F("articulation__consortium__name"),
            college_id=F("articulation__college_id"),
            college=F("articulation__college__name"),
            own_minimum=F("articulation__minimum_percent"),
            title=F("high_school_course__title"),
            class_key=F("high_school_course__public_id"),
            cip=F("high_school_course__cip"),
            school=F("high_school_course__school__name"),
            school_key=F("high_school_course__school__public_id"),
            cluster=F("high_school_course__cluster__name"),
            code=F("college_course__code"),
            course=F("college_course__title"),
            description_url=F("college_course__description_url"),
        )  # fmt: skip

    def with_credentials(self) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """The same with the industry credentials the class prepares for."""
        return self.listed().annotate(credentials=titles_prepared_for("high_school_course"))

    def lines(self, keys: Sequence[int]) -> list[dict[str, Any]]:
        """These lines as a list shows them, in the order of the keys.

        A page of a long list is sorted by keys first, so that not every line is joined with all it shows.
        """
        found = {line["id"]: line for line in self.filter(pk__in=keys).order_by().listed()}
        return [found[key] for key in keys if key in found]

    def line(self, key: str) -> dict[str, Any] | None:
        """One line as a list shows it; None when the key is none."""
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return self.filter(pk=int(key)).listed().first()

    def of_agreement(self, articulation: int) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Every line of an agreement, by class and course, with what the course teaches."""
        return (
            self.filter(articulation=articulation)
            .order_by("high_school_course__folded", "college_course__code", "id")
            .listed()
            .annotate(
                site_url=F("college_course__site_url"),
                description=F("college_course__description"),
                outcomes=F("college_course__outcomes"),
            )
        )

    def beside(
        self, articulation: int, college: int
    ) -> models.QuerySet["ArticulationCourse", dict[str, Any]]:
        """Lines by which other colleges articulate a class of this agreement, by college and course."""
        classes = ArticulationCourse.objects.filter(articulation=articulation).values("high_school_course")
        others = self.filter(high_school_course__in=classes).exclude(articulation__college=college)
        return others.in_order("college").listed()


class ArticulationCourse(models.Model):
    """One line of an agreement: this high-school course counts toward this college course.

    A college course is earned when every high-school course that the agreement names for it is
    Completed: several classes may be needed for one course, and one class may earn several courses.
    """

    public_fields: ClassVar = {
        "id", "articulation", "high_school_course", "college_course", "credits", "valid_from",
        "valid_until", "folded",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="courses")
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="articulated")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="articulated")
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    # Copied from the agreement, because a constraint cannot look into another table.
    valid_from = models.DateField(editable=False)
    valid_until = models.DateField(editable=False)
    folded = models.CharField(max_length=400, editable=False, default="")

    objects = ArticulationCourseQuerySet.as_manager()

    class Meta:
        ordering = ("high_school_course", "college_course", "id")
        constraints = (
            ExclusionConstraint(
                name="one_agreement_for_a_course_pair_at_a_time",
                expressions=(
                    (F("high_school_course"), RangeOperators.EQUAL),
                    (F("college_course"), RangeOperators.EQUAL),
                    (DateRange(F("valid_from"), F("valid_until"), Value("[]")), RangeOperators.OVERLAPS),
                ),
                violation_error_message="Another agreement covers this class and this college course in some of these years.",
            ),
            models.CheckConstraint(
                condition=Q(credits__gt=0, credits__lte=25), name="articulation_course_credits"
            ),
        )
        indexes = (GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="articulation_course_words"),)

    def __str__(self) -> str:
        return f"{self.high_school_course_id} > {self.college_course_id}"
