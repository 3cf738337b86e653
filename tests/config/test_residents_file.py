"""A list of residents as offices export it: taken as it comes, or every wrong line named at once."""

from pathlib import Path

import pytest

from config.residents_file import (
    LARGEST_BYTES,
    BadResidents,
    parse_residents,
    read_residents,
    residents_text,
)
from kiosk.domain.model.directory import UnitMode
from kiosk.domain.model.household import Household, Listed

ANA = Listed("Ana Prado", "es", "ana@example.org", is_accessible=True)
FULL = "unit,mode,name,language,contact,accessible\n412,separate,Ana Prado,es,ana@example.org,yes\n"


def parse(text: str | bytes) -> tuple[Household, ...]:
    return parse_residents(text.encode() if isinstance(text, str) else text, "list.csv")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(BadResidents) as bad:
        parse(text)
    return list(bad.value.problems)


def test_a_full_line_says_everything() -> None:
    assert parse(FULL) == (Household("412", UnitMode.SEPARATE, (ANA,)),)


def test_unit_and_name_are_enough() -> None:
    assert parse("unit,name\n412,Ana Prado\n") == (Household("412", None, (Listed("Ana Prado"),)),)


USUAL = {
    "a byte order mark": b"\xef\xbb\xbf" + FULL.encode(),
    "semicolons": FULL.replace(",", ";").encode(),
    "line ends of another system": FULL.replace("\n", "\r\n").encode(),
    "columns in another order, in capitals": (
        b"Name,UNIT,Language,Mode,Accessible,Contact\nAna Prado,412,es,separate,YES,ana@example.org\n"
    ),
    "spaces around": FULL.replace(",", " , ").encode(),
    "empty lines": FULL.replace("\n", "\n\n,,,,,\n").encode(),
    "quotes": FULL.replace("Ana Prado", '"Ana Prado"').encode(),
    "a space that does not break": FULL.replace("Ana Prado", "Ana\u00a0Prado").encode(),
}


@pytest.mark.parametrize("case", USUAL)
def test_it_is_read_as_offices_write_it(case: str) -> None:
    assert parse(USUAL[case]) == parse(FULL)


def test_an_accent_is_the_same_however_it_is_written() -> None:
    (home,) = parse("unit,name\n1,Zoe\u0308\n")
    assert home.members[0].name == "Zoë"
    assert problems("unit,name\n1,Zoe\u0308\n1,Zoë\n") == [
        "list.csv: line 3: the same person as in line 2",
    ]


def test_people_of_one_unit_come_together_whatever_the_case() -> None:
    homes = parse("unit,name\n4a,Ana\n2,Cy\n4A,Ben\n")
    assert [(home.label, [one.name for one in home.members]) for home in homes] == [
        ("4a", ["Ana", "Ben"]),
        ("2", ["Cy"]),
    ]


def test_several_contacts_in_one_cell_stay_apart() -> None:
    (home,) = parse('unit,name,contact\n1,Ana,"a@example.org\nb@example.org"\n')
    assert home.members[0].contact == "a@example.org b@example.org"


WRONG = {
    "no unit": ("unit,name\n,Ana\n", ["line 2: unit is empty"]),
    "no name": ("unit,name\n1,\n", ["line 2: name is empty"]),
    "a strange mode": (
        "unit,name,mode\n1,Ana,shared\n",
        ["line 2: mode shared, expected household or separate"],
    ),
    "a strange yes": (
        "unit,name,accessible\n1,Ana,maybe\n",
        ["line 2: accessible maybe, expected yes or no"],
    ),
    "a value too many": ("unit,name\n1,Ana,x\n2,Ben\n3\n", [
        "line 2: 3 values, expected 2", "line 4: 1 values, expected 2",
    ]),
    "a person twice": ("unit,name\n1,Ana\n2,Ana\n1,ANA\n", ["line 4: the same person as in line 2"]),
    "a unit in two modes": (
        "unit,name,mode\n1,Ana,separate\n1,Cy,\n1,Ben,household\n",
        ["line 4: unit 1 is household here, and separate in line 2"],
    ),
    "a long unit": (
        "unit,name\n1234567890123,Ana\n",
        ["line 2: unit has 13 characters, expected at most 12"],
    ),
    "a bell": ("unit,name\n1,A\x07na\n", ["line 2: name has characters that cannot be shown"]),
    "a mark that turns the text around": (
        "unit,name\n1,A\u202ena\n",
        ["line 2: name has characters that cannot be shown"],
    ),
    "a zero byte": ("unit,name\n1,A\x00na\n", ["line 2: name has characters that cannot be shown"]),
    "several things in one line": ("unit,name,mode\n,,x\n", [
        "line 2: unit is empty", "line 2: name is empty", "line 2: mode x, expected household or separate",
    ]),
    "a line after a cell of two lines": (
        'unit,name,contact\n1,Ana,"a\nb"\n2,,\n',
        ["line 4: name is empty"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_every_wrong_line_is_named(case: str) -> None:
    text, expected = WRONG[case]
    assert [one.removeprefix("list.csv: ") for one in problems(text)] == expected


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+A1"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_refused(cell: str) -> None:
    assert problems(f'unit,name\n1,"{cell}"\n') == [
        f"list.csv: line 2: name begins with {cell[0]}, as a spreadsheet's formula does"
    ]


def test_a_telephone_number_is_no_formula() -> None:
    (home,) = parse("unit,name,contact\n1,Ana,+44 (0)20 7946-0000\n")
    assert home.members[0].contact == "+44 (0)20 7946-0000"


@pytest.mark.parametrize(
    "header", ["", "unit", "name,contact", "unit,name,name", "unit,name,age", "Ana Prado,412"]
)
def test_columns_that_are_missing_or_strange_are_said(header: str) -> None:
    (said,) = problems(f"{header}\n1,2\n")
    assert said.startswith("list.csv: line 1: ")
    assert "expected the columns unit and name" in said


@pytest.mark.parametrize("text", ["unit,name\n", "unit,name\n,\n\n"])
def test_a_list_without_people_is_no_list(text: str) -> None:
    assert problems(text) == ["list.csv: nobody is on the list"]


def test_what_is_not_utf_8_is_named_by_its_line() -> None:
    assert problems("unit,name\n1,Ana\n2,Zoë\n".encode("latin-1")) == [
        "list.csv: line 3 is not UTF-8; save the list as CSV UTF-8"
    ]


@pytest.mark.parametrize("text", ['unit,name\n1,"Ana\n2,Ben\n', 'unit,name\n1,"A"na\n'])
def test_quotes_that_do_not_close_are_named(text: str) -> None:
    (said,) = problems(text)
    assert said.startswith("list.csv: line ")


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(BadResidents, match="larger than 1 MiB"):
        read_residents(path)


def test_the_largest_list_has_room_for_a_large_building() -> None:
    line = "unit,name,contact\n" + "1234,Somebody With A Long Name,somebody.long@mail.example.org\n" * 5000
    assert len(line) < LARGEST_BYTES


def test_what_is_written_can_be_read_again() -> None:
    homes = parse(FULL + '9 B,,Zoë,,+44 20,\n101,household,"O\'Neill, Pat",,,no\n')
    assert parse(residents_text(homes)) == homes


def test_one_line_may_say_the_mode_for_all_of_its_unit() -> None:
    (home,) = parse("unit,name,mode\n1,Ana,\n1,Ben,separate\n1,Cy,\n")
    assert home.mode is UnitMode.SEPARATE
