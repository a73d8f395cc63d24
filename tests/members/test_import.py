"""Bringing members in from a CSV file."""

import csv
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from backend.members.models import Member, Organisation
from backend.members.roster import COLUMNS
from backend.skills.actions import load_vocabulary
from backend.skills.models import Profession, Sector
from tests.cast import a_member, a_skill, an_organisation
from tests.skills.test_api import named

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[2] / "docs" / "sample-members.csv"
GUIDE = SAMPLE.with_name("import.md")


@pytest.fixture
def bring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Imports this text; answers what was said on stdout, with the refusal after it if there was one, and on stderr."""

    def run(text: str | bytes, *options: str) -> tuple[str, str]:
        path = tmp_path / "members.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        refusal = ""
        try:
            call_command("import_members", str(path), *options)
        except CommandError as error:
            refusal = str(error)
        said = capsys.readouterr()
        return said.out + refusal, said.err

    return run


def words() -> None:
    """A small vocabulary and one organisation."""
    an_organisation(name="Ateliers Unis", slug="ateliers-unis", timezone="Europe/Paris")
    named(
        a_skill("x", key="stage-lighting"), en=["stage lighting"], fr=["éclairage scénique"], de=["Bühnenbeleuchtung"]
    )
    named(a_skill("y", key="sound"), en=["sound", "mixing"])
    named(a_skill("z", key="cooking"), en=["cooking", "mixing"])
    named(Sector.objects.create(key="arts", nace="S90"), en=["Performing arts"])
    named(Profession.objects.create(key="lighting-technician"), en=["lighting technician"], fr=["éclairagiste"])


HEAD = "email,name,organisation,country,languages"
ADA = "ada@example.org,Ada,ateliers-unis,BE,fr:C2"
BOB = "bob@example.org,Bob,ateliers-unis,NL,nl:native"


def test_everything_in_a_row_is_understood(bring: Any) -> None:
    words()
    header = ",".join(COLUMNS)
    row = (
        "Ada@Example.org,Ada Lovelace,Ateliers unis,be,Liège,Europe/Brussels,FR,\"Hello, <b>you</b>\nand you\",éclairagiste,"
        "arts,fr:native; en:b2;nl:2,eclairage scenique:4; Sound,mixing table:0:3,Mon-Tue 9:00-12:30; sat 18:00–24:00,"
        "FR; lu,Organisation,Work,no,yes,NEIN,3,Social; cooperative,oui"
    ).replace("mixing table", "COOKING")  # fmt: skip
    assert bring(f"{header}\n{row}\n") == (
        "1 new, 0 changed, 0 as they were.\n",
        "Read 1 of 1 row.\nWrote 1 of 1 row.\n",
    )
    ada = Member.objects.get(email="ada@example.org")
    assert (ada.name, ada.country, ada.city, ada.timezone, ada.language) == (
        "Ada Lovelace", "BE", "Liège", "Europe/Brussels", "fr",
    )  # fmt: skip
    assert (ada.about, ada.organisation and ada.organisation.slug) == ("Hello, <b>you</b>\nand you", "ateliers-unis")
    assert (ada.profession and ada.profession.key, [s.key for s in ada.sectors.all()]) == (
        "lighting-technician",
        ["arts"],
    )
    assert list(ada.languages.values_list("code", "level")) == [("fr", 7), ("en", 4), ("nl", 2)]
    assert list(ada.offers.values_list("skill__key", "level")) == [("stage-lighting", 4), ("sound", 3)]
    assert list(ada.wants.values_list("skill__key", "level_now", "priority")) == [("cooking", 0, 3)]
    hours = [(0, 540, 750), (1, 540, 750), (5, 1080, 1440)]
    assert list(ada.free_hours.values_list("weekday", "from_minute", "until_minute")) == hours
    assert (ada.seen_abroad, [row.code for row in ada.works_in.all()]) == ("work", ["FR", "LU"])
    assert (ada.seen_by, ada.wishes_abroad, ada.meets_online, ada.meets_in_person) == (
        "organisation",
        False,
        True,
        False,
    )
    assert (ada.guide_capacity, ada.guide_tracks, ada.guide_paused) == (3, ["social", "cooperative"], True)
    assert ada.is_onboarded
    assert not ada.has_usable_password()
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("ada@example.org", False, True)]


def test_running_it_again_changes_nothing(bring: Any) -> None:
    words()
    text = f"{HEAD},offers\n{ADA},sound:2\n{BOB},\n"
    bring(text)
    before = list(Member.objects.order_by("pk").values())
    assert bring(text)[0] == "0 new, 0 changed, 2 as they were.\n"
    assert list(Member.objects.order_by("pk").values()) == before


def test_a_changed_row_changes_its_member_and_an_empty_cell_leaves_what_is_there(bring: Any) -> None:
    words()
    bring(f"{HEAD},offers,city\n{ADA},sound:2,Ghent\n{BOB},,\n")
    assert (
        bring(f"{HEAD},offers,city\nADA@example.org,Ada,,,,cooking:1,\n{BOB},,\n")[0]
        == "0 new, 1 changed, 1 as they were.\n"
    )
    ada = Member.objects.get(email="ada@example.org")
    assert (ada.city, ada.country, list(ada.offers.values_list("skill__key", flat=True))) == (
        "Ghent",
        "BE",
        ["cooking"],
    )


def test_a_member_who_joined_by_themselves_is_recognised(bring: Any) -> None:
    words()
    ada = a_member("Somebody", email="ada@example.org", onboarded_at=None, organisation=None)
    assert bring(f"{HEAD}\n{ADA}\n")[0] == "0 new, 1 changed, 0 as they were.\n"
    ada.refresh_from_db()
    assert (ada.name, ada.is_onboarded) == ("Ada", True)


def test_who_has_said_too_little_introduces_themselves_later(bring: Any) -> None:
    words()
    bring("email,organisation\nada@example.org,Ateliers Unis\n")
    ada = Member.objects.get()
    assert (ada.is_onboarded, ada.timezone) == (False, "Europe/Paris")


def test_a_dry_run_says_what_would_happen_and_writes_nothing(bring: Any) -> None:
    words()
    said = "Nothing was written. It would be: 1 new, 0 changed, 0 as they were.\n"
    assert bring(f"{HEAD}\n{ADA}\n", "--dry-run")[0] == said
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"email": ""}, "email: “” is not an e-mail address."),
        ({"email": "ada"}, "email: “ada” is not an e-mail address."),
        ({"email": "bob@example.org"}, "email: bob@example.org is on line 2 already."),
        ({"name": "A"}, "name: Ensure this field has at least 2 characters."),
        ({"name": "x" * 81}, "name: Ensure this field has no more than 80 characters."),
        ({"organisation": "Nowhere"}, "organisation: “Nowhere” is not there. We know: ateliers-unis. Or add it: --add-organisations."),
        ({"country": "Belgium"}, "country: Ensure this field has no more than 2 characters."),
        ({"country": "XX"}, "country: This is not a country that we know."),
        ({"timezone": "CET+1"}, "timezone: This is not a time zone that we know."),
        ({"languages": "fr"}, "languages: “fr” does not say how well. Write it like fr:B2, fr:4 or fr:native."),
        ({"languages": "fr:7; xx:2"}, "languages “xx:2”: This is not a language that we know."),
        ({"languages": "fr:9"}, "languages “fr:9”: Ensure this value is less than or equal to 7."),
        ({"languages": "fr:well"}, "languages “fr:well”: A valid integer is required."),
        ({"languages": "fr:1;fr:2"}, "languages: Name each one once."),
        ({"offers": "stagelighting"}, "offers: “stagelighting” is not a skill that we know."),
        ({"offers": "stage lihgting:3"}, "offers: “stage lihgting” is not a skill that we know. Did you mean “stage lighting”?"),
        ({"offers": "mixing:3"}, "offers: “mixing” means several: cooking, sound. Write the one that you mean."),
        ({"offers": "sound:6"}, "offers “sound:6”: Ensure this value is less than or equal to 5."),
        ({"offers": "sound:3:1"}, "offers: “sound:3:1” has more numbers than level."),
        ({"wants": "sound:0:1;cooking:0:1;stage-lighting:1:1;sound:0:1"}, "wants: Ensure this field has no more than 3 elements."),
        ({"wants": "sound:9:9"}, "wants “sound:9:9”: Ensure this value is less than or equal to 4. wants “sound:9:9”: Ensure this value is less than or equal to 3."),
        ({"sectors": "magic"}, "sectors: “magic” is not a sector that we know."),
        ({"profession": "sound"}, "profession: “sound” is not a profession that we know."),
        ({"availability": "whenever"}, "availability: “whenever” is not understood. Write it like Mon 09:00-12:00 or Mon-Fri 18:00-20:00."),
        ({"availability": "Lun 09:00-12:00"}, "availability: “Lun” is not a day. Write Mon, Tue, Wed, Thu, Fri, Sat or Sun."),
        ({"availability": "Fri-Mon 09:00-12:00"}, "availability: “Fri-Mon 09:00-12:00”: the days are in the wrong order."),
        ({"availability": "Mon 12:00-09:00"}, "availability “Mon 12:00-09:00”: Hours end after they begin."),
        ({"availability": "Mon 09:00-12:00; Mon 11:00-13:00"}, "availability: These hours overlap on one day."),
        ({"availability": "Mon 09:00-25:00"}, "availability “Mon 09:00-25:00”: Write the time like 09:30."),
        ({"wishes_abroad": "perhaps"}, "wishes_abroad: “perhaps” is neither yes nor no."),
        ({"works_in": "FR; Belgium"}, "works_in “Belgium”: Ensure this field has no more than 2 characters."),
        ({"works_in": "XX"}, "works_in: This is not a country that we know."),
        ({"seen_abroad": "some"}, 'seen_abroad: "some" is not a valid choice.'),
        ({"seen_by": "friends"}, 'seen_by: "friends" is not a valid choice.'),
        ({"guide_capacity": "many"}, "guide_capacity: A valid integer is required."),
        ({"guide_tracks": "magic"}, 'guide_tracks “magic”: "magic" is not a valid choice.'),
        ({"country": "XX", "wishes_abroad": "perhaps", "offers": "?"}, "offers: “?” is not a skill that we know. wishes_abroad: “perhaps” is neither yes nor no."),
    ],
)  # fmt: skip
def test_each_bad_row_is_named_by_line_and_reason_and_nothing_is_written(
    bring: Any, cells: dict[str, str], reason: str
) -> None:
    words()
    good = dict(zip(HEAD.split(","), BOB.split(","), strict=True))
    bad = dict(zip(HEAD.split(","), ADA.split(","), strict=True)) | cells
    text = ",".join(COLUMNS) + "\n" + "".join(",".join(row.get(c, "") for c in COLUMNS) + "\n" for row in (good, bad))
    said, errors = bring(text)
    assert errors.splitlines() == ["Read 2 of 2 rows.", f"Line 3: {reason}"]
    assert said == "1 row cannot be used, so nothing was written. --skip-bad leaves them out."
    assert not Member.objects.exists()
    assert bring(text, "--skip-bad")[0] == "1 new, 0 changed, 0 as they were; 1 row left out.\n"
    assert [member.name for member in Member.objects.all()] == ["Bob"]


def test_lines_are_counted_as_an_editor_does(bring: Any) -> None:
    words()
    text = f'{HEAD},about\r\n{ADA},"two\r\nlines"\r\n\r\n{BOB},,too much\r\nnobody,,,,,\r\n'
    assert bring(text)[1].splitlines()[1:] == [
        "Line 5: has 7 cells, but there are 6 columns.",
        "Line 6: email: “nobody” is not an e-mail address.",
    ]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_can_be_read(bring: Any, mark: str, delimiter: str) -> None:
    words()
    rows = [HEAD.split(","), ["ada@example.org", "Ada", "Ateliers Unis", "BE", "fr:7; en:4"]]
    text = mark + "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert bring(text.replace('"email"', '" E-Mail "'))[0] == "1 new, 0 changed, 0 as they were.\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty."),
        ("\n\n", "is empty."),
        ("name,country\nAda,BE\n", "There is no column “email”; members are recognised by it."),
        ("email,shoe size\nada@example.org,37\n", "Columns that we do not know: 'shoe size'."),
        ("email,name,name\n", "Columns that are there twice: name."),
        ("email,name\nada@example.org,\"Ada\n", "Line 2: this is not CSV (unexpected end of data). Is a quotation mark left open?"),
        ("email,name\nada@example.org,Zo\xe9\n".encode("latin-1"), "is not UTF-8. Save it again as “CSV UTF-8”."),
        (b"PK\x03\x04\xff\xfe", "is not UTF-8. Save it again as “CSV UTF-8”."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_one_sentence(bring: Any, text: str | bytes, reason: str) -> None:
    assert reason in bring(text)[0]


def test_a_file_that_is_not_there_is_refused_in_one_sentence() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be opened: No such file or directory\."):
        call_command("import_members", "nowhere.csv")


def test_organisations_that_are_not_there_are_made_when_asked_to(bring: Any) -> None:
    text = f"{HEAD},timezone\nada@example.org,Ada,La Passerelle,FR,fr:7,Europe/Paris\nbob@example.org,Bob,la passerelle,BE,fr:7,\n"
    assert bring(text, "--add-organisations", "--dry-run")[0].startswith("Nothing was written")
    assert not Organisation.objects.exists()
    bring(text, "--add-organisations")
    assert list(Organisation.objects.values_list("name", "slug", "country", "timezone")) == [
        ("La Passerelle", "la-passerelle", "FR", "Europe/Paris")
    ]
    assert Member.objects.filter(organisation__slug="la-passerelle").count() == 2


def test_progress_is_told_on_a_long_way(bring: Any) -> None:
    words()
    rows = "".join(f"m{number}@example.org,Member {number},ateliers-unis,BE,fr:7\n" for number in range(120))
    said = bring(f"{HEAD}\n{rows}", "--dry-run")[1].splitlines()
    assert said == [
        "Read 100 of 120 rows.",
        "Read 120 of 120 rows.",
        "Wrote 100 of 120 rows.",
        "Wrote 120 of 120 rows.",
    ]


def test_the_sample_comes_in_cleanly(capsys: pytest.CaptureFixture[str]) -> None:
    load_vocabulary()
    call_command("import_members", str(SAMPLE), "--add-organisations")
    rows = list(csv.DictReader(SAMPLE.open(encoding="utf-8", newline="")))
    said = capsys.readouterr()
    assert said.out == f"{len(rows)} new, 0 changed, 0 as they were.\n"
    assert "Line" not in said.err
    assert len(rows) >= 60
    assert Member.objects.present().count() == len(rows)
    assert len({member.country for member in Member.objects.all()}) >= 6
    assert Member.objects.guides().count() >= 15
    call_command("import_members", str(SAMPLE))
    assert capsys.readouterr().out == f"0 new, 0 changed, {len(rows)} as they were.\n"


def test_the_guide_names_every_column() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"| `{column}` |" not in text] == []
