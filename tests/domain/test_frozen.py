"""Copies of frozen values: like the standard ones, and refused where they would be wrong."""

import dataclasses
from typing import Any

import pytest

from kiosk.domain.frozen import replace
from kiosk.domain.model.directory import Directory
from kiosk.domain.model.ids import UnitId
from kiosk.domain.model.session import Step, Visit
from tests.domain.rig import Rig


def test_a_copy_is_the_standard_one() -> None:
    state = Rig().start().state
    visit = Visit(step=Step.CODE, reopened=2)
    assert replace(state, visit=visit) == dataclasses.replace(state, visit=visit)
    assert replace(visit, is_warned=True, reopened=0) == Visit(step=Step.CODE, is_warned=True)


def test_the_first_value_stays_as_it_was() -> None:
    visit = Visit()
    assert replace(visit, unit=UnitId("u1")).unit == "u1"
    assert visit == Visit()


def test_an_unknown_field_is_refused() -> None:
    unknown: dict[str, Any] = {"door": "1"}
    with pytest.raises(TypeError, match="Visit has no field door"):
        replace(Visit(), **unknown)


def test_what_computes_fields_from_others_is_refused() -> None:
    with pytest.raises(TypeError, match="Directory computes fields"):
        replace(Directory(), units={})
