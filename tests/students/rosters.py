"""School rosters for tests: CSV files and OneRoster bundles, handed in and read as a worker reads them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Job, User
from sers.lib.uploads import check_sheet
from students import actions, tasks
from students.forms.school_rosters import MOST_ROSTER_BYTES, ROSTER_ENDINGS
from students.models import RosterImport

HEADS = "class,period,student number,first name,last name,e-mail,grade level"
#: Marisol of the cast is registered; Ximena and Yusuf are not.
PERIOD_2 = (
    "Accounting 1,Period 2,101,Marisol,Vega,marisol@example.net,11",
    "Accounting 1,Period 2,102,Ximena,Ruiz,ximena@school.example.org,11",
    "Accounting 1,Period 2,103,Yusuf,Adan,,12",
)


def as_csv(*lines: str, heads: str = HEADS) -> bytes:
    return "\n".join((heads, *lines)).encode()


def as_bundle(files: Mapping[str, str], *, manifest: Mapping[str, str] | None = None) -> bytes:
    """A OneRoster ZIP: each file by its name with its rows as text."""
    said = {"manifest.version": "1.0", "oneroster.version": "1.2", **(manifest or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        lines = "\n".join(f"{name},{value}" for name, value in said.items())
        packed.writestr("manifest.csv", f"propertyName,value\n{lines}\n")
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()


def district(*enrollments: str, users: Sequence[str] = (), first_year: int = 2026) -> dict[str, str]:
    """The files of a small district: Kamiakin, one class of Accounting, three students, these enrollments."""
    enrollments = enrollments or (
        "e1,,,c1,org1,u1,student,,,",
        "e2,,,c1,org1,u2,student,,,",
        "e9,,,c1,org1,t1,teacher,,,",
    )
    users = users or (
        "u1,,,true,marisol,,Marisol,Vega,,101,marisol@example.net,,,,11",
        "u2,,,true,ximena,,Ximena,Ruiz,,102,ximena@school.example.org,,,,11",
    )
    return {
        "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier\norg1,,,Kamiakin High School,school,1\n",
        "academicSessions.csv": "sourcedId,status,dateLastModified,title,type,startDate,endDate\n"
        f"y1,,,This year,schoolYear,{first_year}-09-01,{first_year + 1}-06-15\n"
        f"y0,,,Last year,schoolYear,{first_year - 1}-09-01,{first_year}-06-15\n",
        "classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
        "c1,,,Accounting 1,11,k1,ACC-2,scheduled,,org1,y1,,,2\nc0,,,Accounting 1,11,k1,ACC-1,scheduled,,org1,y0,,,1\n",
        "users.csv": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "identifier,email,sms,phone,agentSourcedIds,grades\n" + "\n".join(users) + "\n",
        "enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
        "beginDate,endDate\n" + "\n".join(enrollments) + "\n",
    }


def hand_in(by: User, content: bytes, name: str = "roster.csv") -> RosterImport:
    """Handed in as the form does, and read by the worker."""
    checked = check_sheet(SimpleUploadedFile(name, content), endings=ROSTER_ENDINGS, most=MOST_ROSTER_BYTES)
    roster = actions.hand_in_roster(checked=checked, by=by)
    tasks.read_roster(Job.objects.get(task=actions.READ_ROSTER_TASK, subject_id=roster.pk).pk)
    roster.refresh_from_db()
    return roster


def take_in(roster: RosterImport) -> RosterImport:
    """Taken in by its person, and by the worker."""
    actions.take_in_roster(roster=roster, by=roster.handed_in_by)
    tasks.take_in_roster(Job.objects.get(task=actions.TAKE_IN_ROSTER_TASK, subject_id=roster.pk).pk)
    roster.refresh_from_db()
    return roster


def came_to(roster: RosterImport) -> tuple[int, int, int, int]:
    """Added, changed, gone, same."""
    return roster.added, roster.changed, roster.gone, roster.same
