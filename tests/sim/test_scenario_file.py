"""A script as TOML: what is written is read back the same, and whatever is wrong is named."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.script import (
    CourierVisit,
    Expectation,
    Expected,
    FaultKind,
    FaultOrder,
    Given,
    Load,
    Mischief,
    Mishap,
    Pickup,
    ResidentVisit,
    Script,
    StaffVisit,
    StaffWork,
    StrangerVisit,
    TechnicianVisit,
)
from sim.scenario.toml_file import BadScript, script_of, toml_of

TIMES = st.floats(0, 1e7, allow_nan=False).map(lambda time: round(time, 1))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
LOADS = st.builds(Load, WORDS, st.sampled_from("SML"), st.sampled_from(Mishap))
VISITS = st.one_of(
    st.builds(CourierVisit, TIMES, WORDS, st.lists(LOADS, max_size=3).map(tuple), TIMES),
    st.builds(ResidentVisit, TIMES, WORDS, st.sampled_from(Pickup), TIMES, st.integers(1, 3), st.booleans()),
    st.builds(StaffVisit, TIMES, WORDS, st.sampled_from(StaffWork)),
    st.builds(TechnicianVisit, TIMES, WORDS),
    st.builds(StrangerVisit, TIMES, TIMES, st.sampled_from(Mischief)),
)
SCRIPTS = st.builds(
    Script,
    WORDS,
    st.builds(
        Given,
        st.sampled_from((24, 48)),
        st.integers(0, 99),
        WORDS,
        TIMES,
        TIMES,
        st.booleans(),
        st.sampled_from((4, 8)),
    ),
    st.lists(VISITS, max_size=5).map(lambda visits: tuple(sorted(visits, key=lambda visit: visit.at_s))),
    st.lists(st.builds(FaultOrder, TIMES, st.sampled_from(FaultKind), WORDS, TIMES, TIMES)).map(tuple),
    st.lists(st.builds(Expectation, st.sampled_from(Expected), st.integers(0, 9), WORDS)).map(tuple),
)


@given(SCRIPTS)
def test_what_is_written_is_read_back_the_same(script: Script) -> None:
    again = script_of(toml_of(script))
    in_order = [sorted(map(repr, one.visits)) for one in (again, script)]
    assert in_order[0] == in_order[1]
    assert dataclasses.replace(again, visits=()) == dataclasses.replace(script, visits=())


def test_a_script_by_hand_needs_little() -> None:
    script = script_of('name = "nothing"')
    assert script == Script("nothing", Given())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nam = 1", "nam: unknown, expected one of: name, given, courier"),
        ("nam = 1", "name: expected what the story is called"),
        ('name = "a"\ngiven = 3', "given: expected a table"),
        ('name = "a"\ncourier = 3', "courier: expected tables in double brackets: [[courier]]"),
        ('name = "a"\n[given]\ndoors = "24"', "given: doors: '24', expected a valid integer"),
        ('name = "a"\n[given]\nheight = 3', "given: height: unknown, expected one of: doors, seed"),
        ('name = "a"\n[[resident]]\nunit = "412"', "resident 1: at_s: missing"),
        (
            'name = "a"\n[[resident]]\nat_s = -4\nunit = "412"',
            "resident 1: at_s: -4, expected seconds from 0",
        ),
        ('name = "a"\n[[fault]]\nat_s = 4\nkind = "rain"', "fault 1: kind: 'rain', expected 'door_jammed'"),
        (
            'name = "a"\n[[courier]]\nat_s = 1\ncarrier = "halvorn"\nloads = [{ unit = "412", siz = "S" }]',
            "courier 1: load 1: siz: unknown, expected one of: unit, size, mishap",
        ),
        ("name = ", "not TOML: Invalid value (at end of document)"),
    ],
)
def test_whatever_is_wrong_is_named_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(BadScript) as refused:
        script_of(text)
    assert [line for line in refused.value.problems if line.startswith(problem)]
    assert all("\n" not in line for line in refused.value.problems)
