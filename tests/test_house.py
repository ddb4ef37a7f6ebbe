"""The laws of the house, as tests. What they protect is written in README, "The floors"; a law that stands in the way
of something better is changed here, with its reason, never gone around.
"""

import ast
import importlib
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import crispy_forms
import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.actions import queue_job
from accounts.models import User
from organizations.models import College, Consortium, HighSchool, SchoolDistrict, Seat
from tests.people import Cast

ROOT = Path(settings.BASE_DIR)
#: From the ground up.
FLOORS = ("accounts", "organizations", "articulations", "students", "grading", "transcripts", "reports")
MODELS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
EVERY_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


@cache
def tracked() -> list[Path]:
    """Every file of the project that git keeps, and those that are about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def sources(*rooms: str) -> list[Path]:
    """Python files of the apps; of these rooms if given: `views` finds views.py and views/*.py."""
    found = [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in FLOORS]
    if rooms:
        found = [path for path in found if path.stem in rooms or path.parent.name in rooms]
    return found


def templates() -> list[Path]:
    return [path for path in tracked() if path.is_relative_to(ROOT / "templates") and path.suffix == ".html"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- Floors and rooms -----------------------------------------------------------------------------------


def test_import_contracts_know_every_floor_and_room() -> None:
    """`manage.py precommit` runs the contracts; this says that they leave nothing out."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in linter["contracts"]}
    assert set(linter["root_packages"]) == {"sers", *FLOORS}
    assert contracts["floors"]["layers"][1:] == [*reversed(FLOORS), "sers.lib"]
    assert set(contracts["rooms"]["containers"]) == set(FLOORS)
    assert contracts["rooms"]["layers"] == [
        f"({room})" for room in ("urls", "views", "forms", "tasks", "actions", "documents", "rules", "models")
    ]
    assert "ignore_imports" not in "".join(map(str, contracts.values()))


def test_roof_names_everything_in_sers() -> None:
    """What is in `sers` is on the ground (lib), on the roof, or settings; nothing stands between."""
    floors = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    roof = {layer.strip(" ()") for layer in floors["layers"][0].split(":")}
    there = {
        f"sers.{path.relative_to(ROOT / 'sers').parts[0].removesuffix('.py')}"
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "sers")
    }
    assert there - {"sers.__init__", "sers.lib", "sers.settings", "sers.templatetags"} == roof


def test_sers_package_is_empty() -> None:
    assert (ROOT / "sers/__init__.py").read_text() == ""


@EVERY_MODEL
def test_foreign_keys_go_down_and_protect(model: type[models.Model]) -> None:
    """A key points to the same floor or a lower one, and no row vanishes because another did."""
    floor = FLOORS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if not field.auto_created and isinstance(field, models.ForeignKey):
            assert FLOORS.index(field.related_model._meta.app_label) <= floor, field
            assert field.remote_field.on_delete is models.PROTECT, field


def test_no_signals_for_domain_work() -> None:
    signal = re.compile(r"\b(pre_save|post_save|pre_delete|post_delete|m2m_changed|django\.dispatch)\b")
    assert [name(path) for path in sources() if signal.search(path.read_text())] == []


def test_mail_leaves_through_the_outbox_only() -> None:
    sending = re.compile(
        r"\b(EmailMessage|EmailMultiAlternatives|send_mass_mail|mail_admins|django\.core\.mail)\b"
    )
    assert [name(path) for path in sources() if sending.search(path.read_text())] == [
        "accounts/actions/outbox.py"
    ]


def test_migrations_are_named_and_import_no_app() -> None:
    for path in tracked():
        if path.parent.name == "migrations" and path.name != "__init__.py":
            assert re.fullmatch(r"\d{4}_(?!auto)[a-z_]+", path.stem), name(path)
            text = path.read_text()
            imported = re.findall(rf"^\s*(?:from|import) (?:{'|'.join(FLOORS)})\b.*", text, re.MULTILINE)
            functions = [
                line for line in imported if line.strip() not in (f"import {app}.models" for app in FLOORS)
            ]
            assert functions == [], name(path)  # `import app.models` is how Django names a default function


# --- Screens --------------------------------------------------------------------------------------------

#: Addresses without a template of their own: acts, files and probes, and what they answer.
NO_TEMPLATE = {
    "accounts:sign_out": "redirects to the front door",
    "accounts:send_again": "goes back to Was it sent?",
    "accounts:choose_language": "goes back to the same page",
    "articulations:catalog_api": "answers a machine with JSON",
    "articulations:catalog_data": "answers a machine with JSON or CSV",
    "articulations:request_file": "answers with the file",
    "articulations:courses_file": "answers with a CSV file",
    "articulations:classes_file": "answers with a workbook",
    "articulations:assurances_file": "answers with a CSV file",
    "articulations:reviews_file": "answers with a file for a spreadsheet or a calendar",
    "articulations:agreement_file": "answers with the file",
    "articulations:signing_link": "goes on to the agreement, with the token out of the address",
    "accounts:passkey": "answers a script with JSON",
    "accounts:openid": "redirects to the sign-in of a district or college",
    "accounts:openid_return": "redirects to where the person wanted to go",
    "accounts:session": "answers a script with JSON",
    "organizations:choose_seat": "redirects to where the person came from",
    "organizations:send_link": "redirects to the person",
    "organizations:template": "answers with a CSV file",
    "students:claim_file": "answers with the file",
    "students:send_link": "redirects to My classes",
    "grading:progress_file": "answers with the file",
    "grading:change_file": "answers with the file",
    "transcripts:stop": "redirects to the run",
    "transcripts:settle_repeat": "goes back to the class, rule by rule",
    "transcripts:resume": "redirects to the run",
    "grading:draft": "answers a script with the time, a button by going back to the roster",
    "grading:sheet": "answers with a CSV file",
    "transcripts:withdraw_request": "redirects to Request transcription",
    "transcripts:undo_identity": "redirects to College IDs",
    "transcripts:retry_reissue": "redirects to the document",
    "transcripts:remake_mailing": "redirects to the mailing",
    "transcripts:take_worksheet": "the worksheet as a file",
    "transcripts:paper": "redirects to the student's credit",
    "transcripts:logo": "is a picture",
    "transcripts:pesc": "is a file",
    "transcripts:badge": "is a file",
    "transcripts:issuer": "answers a verifier with JSON",
    "transcripts:badge_status": "answers a verifier with a signed list",
    "transcripts:pesc_batch": "is a file",
    "transcripts:mailing_file": "is a file",
    "transcripts:mark_mailed": "redirects to the mailing, or shows it with what is wrong",
    "students:mine": "redirects to one's own record",
    "students:provider_news": "answers the payment provider with JSON",
    "reports:mine": "redirects to the file of one's own record",
    "reports:count_again": "goes back to the figures",
    "reports:figures_file": "answers with the file",
    "reports:standing_file": "answers a file",
    "reports:resume_job": "goes back to Operations",
    "reports:list_file": "answers with the file",
    "reports:record_for": "goes back to the request it answers",
    "reports:record_file": "answers with the file",
    "healthz": "answers a probe with JSON",
}
#: The one screen that the front of the address does not name: it is the front.
FRONT = "reports:home"


def walk(
    resolver: URLResolver, prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern, route, inner)
        else:
            yield ":".join((*namespaces, pattern.name or "")), route, pattern


URLS = {full_name: (route, pattern) for full_name, route, pattern in walk(get_resolver())}
EVERY_URL = pytest.mark.parametrize("url", URLS)


def test_every_address_has_a_name_of_its_own() -> None:
    listed = [full_name for full_name, _, _ in walk(get_resolver())]
    assert sorted(listed) == sorted(URLS)
    assert [full_name for full_name in listed if full_name.endswith(":") or not full_name] == []


@EVERY_URL
def test_every_view_has_a_policy(url: str) -> None:
    """Roles, or a sentence that says why the door is open to more."""
    view = URLS[url][1].callback
    policy: Any = getattr(view, "policy", None)
    is_open = not getattr(view, "login_required", True)
    if isinstance(policy, frozenset):
        assert policy, url
        assert policy <= set(Role), url
        assert not is_open, url
    elif isinstance(policy, tuple):
        kind, why = policy
        assert kind == "signed in", url
        assert len(why.split()) >= 3, url
        assert not is_open, url
    else:
        assert isinstance(policy, str), f"{url} has no policy: put @for_roles or @for_anyone on its view"
        assert len(policy.split()) >= 3, url
        assert is_open, url


@EVERY_URL
def test_one_name_for_address_view_template_and_test(url: str) -> None:
    """`grading:roster` = grading/views: roster = templates/grading/roster.html = tests/grading/test_roster.py."""
    route, pattern = URLS[url]
    app, _, view_name = url.rpartition(":")
    view = pattern.callback
    assert view.__name__ == view_name
    if not app:
        assert view.__module__ == "sers.views"
        assert route == f"{view_name}/"
    else:
        assert view.__module__.split(".")[:2] == [app, "views"]
        assert route.split("/")[0] == ("" if url == FRONT else app)
        assert re.search("<(int|slug):", route) is None, "An address carries no key that can be guessed"
    template = ROOT / "templates" / app / f"{view_name}.html"
    assert template.exists() is (url not in NO_TEMPLATE), template
    if url not in NO_TEMPLATE and app:
        test = ROOT / "tests" / app / f"test_{view_name}.py"
        assert test.exists(), test


def test_no_template_list_is_true() -> None:
    assert [url for url in NO_TEMPLATE if url not in URLS] == []


def test_view_modules_are_names_of_things_not_techniques() -> None:
    """Past 500 lines a room is split by noun."""
    techniques = {"utils", "helpers", "common", "misc", "base", "mixins", "tools", "shared", "generic"}
    assert [name(path) for path in tracked() if path.suffix == ".py" and path.stem in techniques] == []


def called(tree: ast.AST) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


@pytest.mark.parametrize("path", sources("views"), ids=name)
def test_views_neither_query_nor_write_nor_count(path: Path) -> None:
    """QuerySet words are in models.py, decisions in rules.py, writes in actions.py."""
    tree = ast.parse(path.read_text())
    words = {"filter", "exclude", "annotate", "aggregate", "extra", "raw", "select_for_update"}
    writes = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "save"}
    assert called(tree) & words == set()
    # A form saves: its save() calls the action. A web session may be saved too.
    saved = {
        ast.unparse(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes
    }
    assert {name for name in saved if not re.search(r"form|session", name)} == set()
    sums = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow)
    ]
    assert sums == []


def test_that_an_answer_is_optional_is_said_by_its_field_alone() -> None:
    """The template of a field adds "(optional)" to what is not required; a label that says it too says it twice."""
    said = [
        f"{name(path)}:{number}"
        for path in sources("forms")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "(optional)" in line
    ]
    assert said == []


# --- Records and their fields ---------------------------------------------------------------------------

#: Models with private fields that `visible_to` does not guard, and what does.
NO_RECORD = {
    "accounts.User": "one's own account; a student's is reached through Student, staff's through Seat",
    "accounts.Event": "read by the history of a record, which is fetched by visible_to first",
    "accounts.Job": "the outbox: read by the worker",
    "accounts.MailedLink": "found by the secret it holds; its person's page tells when one was sent",
    "accounts.OpenSession": "one's own sessions, by OpenSession.objects.of",
    "accounts.AuthenticatorApp": "one's own account, by its user",
    "accounts.Passkey": "one's own account, by its user",
    "accounts.Identity": "one's own account, by its user",
    "accounts.SecurityAnswer": "hashes; asked of who opened the mailed link, shown to nobody",
    "accounts.RecoveryCode": "fingerprints; one's own, by its user",
    "accounts.EmailChange": "one's own account, by its user; staff come to it through a record they see",
    "accounts.RecoveryRequest": "read by the worker, and gone when it has answered",
    "organizations.PeopleFile": "read by the person who handed it in, and by the worker",
    "accounts.RateLimit": "counts tries; no page shows it",
    "students.LateClaimFile": "fetched through its LateClaim, which is a record",
    "students.LateClaimMessage": "fetched through its LateClaim, which is a record",
    "students.RosterImport": "read by the person who handed it in, and by the worker",
    "students.RosterLine": "fetched through its RosterImport, which its person alone reads",
    "students.RequirementDecision": "fetched through its Receipt or its Registration, which are records",
    "students.PaymentShare": "fetched through its Payment, which is a record",
    "students.ProviderNews": "found by the provider's number of it; read by the writer of the next one",
    "students.StudentFile": "read by the person who handed it in, and by the worker",
    "articulations.RequestVersion": "fetched through its ArticulationRequest, which is a record",
    "articulations.RequestStep": "fetched through its ArticulationRequest, which is a record",
    "articulations.RequestMessage": "fetched through its ArticulationRequest, which is a record",
    "articulations.Countersignature": "fetched through its TeacherAssurance, which is a record",
    "articulations.PlannedPartner": "a partner's address, shown to the staff who set the plan",
    "articulations.AgreementSigner": "fetched through its AgreementText, which is a record",
    "articulations.AgreementSignature": "fetched through its AgreementText; its public page leaves network and way out",
    "reports.ListPart": "fetched through its ListExport, which is a record",
    "articulations.SigningLink": "found by the secret it holds",
    "articulations.VCodeCheck": "fetched through its ArticulationRequest, which is a record",
    "grading.GradeChangeFile": "fetched through its GradeChange, which is a record",
    "grading.GradeDraft": "one person's own typing: found by its class and that person together, and by nothing else",
    "transcripts.TranscriptFile": "fetched through its Transcript, which is a record",
    "transcripts.LetterFile": "fetched through its Letter, which is a record",
    "transcripts.MailingPart": "read by the worker that joins them",
    "transcripts.MailingFile": "fetched through its PaperMailing, which is a record",
    "transcripts.AwardSource": "fetched through its CreditAward, which is a record",
    "transcripts.WorksheetFile": "fetched through its WorksheetBatch, which is a record",
    "reports.Figure": "numbers of groups; which of them in full and which as published says rules.reads_in_full",
    "reports.RecordExportFile": "fetched through its RecordExport, which is a record",
}
#: Where the path of a role must end.
ENDS_AT: Mapping[Role, type[models.Model]] = {
    Role.STUDENT: User,
    Role.TEACHER: Seat,
    Role.COUNSELOR: HighSchool,
    Role.DISTRICT: SchoolDistrict,
    Role.FACULTY: College,
    Role.REGISTRAR: College,
    Role.CONSORTIUM: Consortium,
}


@EVERY_MODEL
def test_every_field_is_private_or_not(model: Any) -> None:
    """One list or the other, never both, never neither: a new column is a decision about privacy."""
    own = {field.name for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many)}
    assert model.public_fields | model.private_fields == own
    assert model.public_fields & model.private_fields == set()


@EVERY_MODEL
def test_private_rows_are_records_that_say_who_sees_them(model: Any) -> None:
    label = model._meta.label
    if issubclass(model, Record):
        assert label not in NO_RECORD
        assert model.seen_by, f"{label} must say who sees it"
        assert isinstance(model._default_manager.all(), VisibleQuerySet)
    else:
        assert not model.private_fields or label in NO_RECORD, f"{label} must be a Record"


def test_list_of_exceptions_is_true() -> None:
    labels = {model._meta.label for model in MODELS if not issubclass(model, Record)}
    assert set(NO_RECORD) <= labels


@EVERY_MODEL
def test_paths_of_seen_by_end_where_the_seat_stands(model: Any) -> None:
    """A teacher's path ends at a seat, a registrar's at a college; only the State sees everything."""
    for role, paths in getattr(model, "seen_by", {}).items():
        if paths == ALL:
            assert role == Role.STATE
            continue
        for path in (paths,) if isinstance(paths, str) else paths:
            end = model
            for step in path.split("__"):
                end = end._meta.get_field(step).related_model
            assert end is ENDS_AT[role], f"{model._meta.label}: {role} > {path}"


def choice_fields() -> list[tuple[Any, Any]]:
    return [
        (model, field)
        for model in MODELS
        for field in model._meta.concrete_fields
        if field.choices and not field.is_relation
    ]


@pytest.mark.parametrize(
    ("model", "field"), choice_fields(), ids=lambda one: getattr(one, "__name__", str(one))
)
def test_the_database_keeps_no_unknown_choice(cast: Cast, model: Any, field: Any) -> None:
    """By raw SQL: a copy of a row that stands, with a value that no choice names, is refused by a check."""
    queue_job(key="a job", task="nothing.at_all", subject=cast.run)
    table = model._meta.db_table
    unknown = "99" if isinstance(field, models.IntegerField) else '"zz"'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone() != (0,), f"The cast has no {model._meta.label}: give it one"
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute(
                f'INSERT INTO "{table}" SELECT new.* FROM "{table}" AS old, '
                f"jsonb_populate_record(old, '{{\"{field.column}\": {unknown}}}') AS new LIMIT 1"
            )
    assert getattr(refused.value.__cause__, "pgcode", None) == "23514", refused.value  # check_violation


@pytest.mark.parametrize(
    ("model", "field"), choice_fields(), ids=lambda one: getattr(one, "__name__", str(one))
)
def test_every_known_choice_fits_its_column(db: None, model: Any, field: Any) -> None:
    """A constraint written out beside its choices must name them all (the constraint itself is asked)."""
    for value, _ in field.flatchoices:
        constraints = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
        only_this = [
            one.condition
            for one in constraints
            if {
                reference[0] if isinstance(reference, tuple) else reference
                for reference in _columns(one.condition)
            }
            == {field.name}
        ]
        assert all(condition.check({field.name: value}) for condition in only_this), value


def _columns(condition: models.Q) -> set[str]:
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, models.Q):
            found |= _columns(child)
        else:
            found.add(child[0].split("__")[0])
    return found


# --- Templates ------------------------------------------------------------------------------------------


def test_every_template_is_used() -> None:
    """By a view of its name, by another template or by a line of Python; the form pack by the form library."""
    own = [
        path for path in tracked() if path.suffix in (".py", ".html", ".txt") and "tests" not in path.parts
    ]
    library = [
        path.read_text()
        for path in Path(crispy_forms.__file__).parent.rglob("*.py")
        if "tests" not in path.parts
    ]
    texts = {path: path.read_text() for path in own}
    by_django = {"400.html", "403.html", "404.html", "500.html"}
    unused = []
    for path in templates():
        wanted = str(path.relative_to(ROOT / "templates"))
        of_a_view = wanted.removesuffix(".html").replace("/", ":") in URLS
        called = (
            f'"{wanted.removeprefix("mail/").removesuffix(".html")}"'
            if wanted.startswith("mail/")
            else wanted
        )
        mentioned = any(called in text or wanted in text for other, text in texts.items() if other != path)
        by_library = wanted.startswith("sers/") and any(
            wanted.removeprefix("sers/") in text for text in library
        )
        if not (of_a_view or mentioned or by_library or wanted in by_django):
            unused.append(wanted)
    assert unused == []


def test_components_are_few_and_documented() -> None:
    components = [path for path in templates() if path.parent.name == "components"]
    assert 0 < len(components) <= 18
    assert [name(path) for path in components if not path.read_text().startswith("{# ")] == []


def test_components_are_included_with_what_they_need_only() -> None:
    for path in templates():
        for tag in re.findall(r"{%\s*include\s+\"components/[^%]*%}", path.read_text()):
            assert re.search(r"\bonly\s*%}$", tag), f"{name(path)}: {tag}"


TEMPLATE_SINS = {
    "an inline style": r"<[^>]*\sstyle=",
    "a style element": r"<style\b",
    "an inline event handler": r"<[^>]*\son[a-z]+=",
    "an inline script": r"<script\b(?![^>]*\ssrc=)(?![^>]*json)",
    "something loaded from elsewhere": r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//",
    "text that is not escaped": r"\|\s*safe\b|{%\s*autoescape off",
    "an unfinished thing": r"(?i)\b(?:todo|fixme|lorem ipsum|coming soon|under construction)\b",
    "a link to nowhere": r"href=[\"'](?:#|javascript:[^\"']*)?[\"']",
    "what the frame says already": r"block title %}{% if form\.errors %}|block errors %}{% if form\.errors %}",
}


@pytest.mark.parametrize("sin", TEMPLATE_SINS)
def test_templates_hold_no(sin: str) -> None:
    pattern = re.compile(TEMPLATE_SINS[sin])
    found = [
        f"{name(path)}: {hit.group()[:80]}"
        for path in templates()
        for hit in pattern.finditer(path.read_text())
        # The form pack puts together what the form library has drawn and escaped.
        if not (sin == "text that is not escaped" and path.is_relative_to(ROOT / "templates/sers"))
        # A mail reader loads no style sheet of ours: the one frame of all mail brings its own.
        and not (sin == "a style element" and path == ROOT / "templates/mail/frame.html")
    ]
    assert found == []


# --- Work that leaves the request -----------------------------------------------------------------------


def test_beat_names_tasks_that_exist() -> None:
    import sers.celery

    sers.celery.app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in current_app.tasks


@pytest.mark.parametrize("path", sources("tasks"), ids=name)
def test_tasks_say_their_name_and_take_ids(path: Path) -> None:
    """The name is explicit, so that moving a function loses no queued work; arguments are plain ids."""
    tree = ast.parse(path.read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        doors = [ast.unparse(one) for one in function.decorator_list]
        assert len(doors) == 1, function.name
        assert re.fullmatch(r"shared_task\(.*\bname=.+\)", doors[0]), function.name
        annotations = {ast.unparse(one.annotation) for one in function.args.args if one.annotation}
        assert annotations <= {"int", "str"}, function.name


# --- Python ---------------------------------------------------------------------------------------------

#: Longer than 500 lines, and why that is one noun.
LONG: dict[str, str] = {}


def test_no_file_is_long() -> None:
    free = ("tests/", "sers/seed/")
    long = {
        name(path)
        for path in tracked()
        if path.suffix == ".py"
        and not name(path).startswith(free)
        and "migrations" not in path.parts
        and len(path.read_text().splitlines()) > 500
    }
    assert long == set(LONG)


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions and methods that others call, of a module and of its public classes."""
    for node in ast.parse(path.read_text()).body:
        inside = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
                yield one


DECIDING = [path for path in sources("rules", "actions", "access") if path.name != "__init__.py"]


@pytest.mark.parametrize("path", DECIDING, ids=name)
def test_rules_and_actions_are_typed_and_say_their_policy(path: Path) -> None:
    for function in public_functions(path):
        is_property = any("property" in ast.unparse(one) for one in function.decorator_list)
        dunder_doc = ast.get_docstring(function)
        at_module = function.col_offset == 0
        assert dunder_doc or is_property or not at_module, f"{name(path)}: {function.name} has no docstring"


@pytest.mark.parametrize("path", [*DECIDING, *sources("views", "models", "forms")], ids=name)
def test_signatures_are_typed(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef):
            continue
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        bare = [one.arg for one in arguments if one.annotation is None and one.arg not in ("self", "cls")]
        assert bare == [], f"{name(path)}: {function.name}"
        assert function.returns is not None, f"{name(path)}: {function.name} does not say what it returns"


@pytest.mark.parametrize(
    "package",
    sorted({name(one.parent) for one in sources("rules", "actions", "models") if one.name == "__init__.py"}),
)
def test_what_a_room_offers_is_there(package: str) -> None:
    room = importlib.import_module(package.replace("/", "."))
    assert [one for one in getattr(room, "__all__", ()) if not hasattr(room, one)] == []


@pytest.mark.parametrize("path", sources("actions"), ids=name)
def test_actions_take_the_person_by_name(path: Path) -> None:
    for function in public_functions(path):
        assert "by" not in {one.arg for one in function.args.args}, f"{function.name}: `by` is keyword-only"


@pytest.mark.parametrize("path", sources("rules", "models"), ids=name)
def test_rules_and_models_know_no_request(path: Path) -> None:
    """So jobs, exports and shells stand behind the same wall."""
    assert re.search(r"\brequest\b(?!\s*by)|HttpRequest|django\.http", code_only(path)) is None


def code_only(path: Path) -> str:
    """The source without comments, docstrings and other texts."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)


# --- Text -----------------------------------------------------------------------------------------------


def test_no_file_names_a_package_host_or_a_path_of_some_machine() -> None:
    words = ["pypi.", "pythonhosted", "/work/", "/root/", "/home/"]
    pattern = re.compile("|".join(map(re.escape, words)))
    text_files = {
        ".py",
        ".html",
        ".txt",
        ".md",
        ".toml",
        ".css",
        ".js",
        ".csv",
        ".yml",
        ".yaml",
        ".json",
        ".sh",
        "",
    }
    found = [
        f"{name(path)}: {hit.group()}"
        for path in tracked()
        if path.suffix in text_files
        and "static/vendor" not in name(path)
        and not name(path).startswith("tests/test_")  # those who look for the words
        for hit in [pattern.search(path.read_text(errors="ignore"))]
        if hit
    ]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [
        name(path)
        for path in tracked()
        if path.suffix in (".py", ".css", ".js")
        and "vendor" not in path.parts
        and pattern.search(path.read_text())
    ]
    assert found == []


def test_content_security_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    allowed = {word for words in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for word in words}
    assert allowed == {"'none'", "'self'"}
