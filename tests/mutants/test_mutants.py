"""Each planted mistake in rules, doors, log, pages and forms makes a test fail."""

from pathlib import Path

import pytest

from tests.mutants.mutant import TESTS_FAILED, Mutant, apply, copy_project, run_tests
from tests.rehearsal.mutant_list import REHEARSAL_MUTANTS
from tests.store.mutant_list import STORE_MUTANTS
from tests.web.mutant_list import WEB_MUTANTS

MUTANTS = STORE_MUTANTS + WEB_MUTANTS + REHEARSAL_MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_is_caught(mutant: Mutant, tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    apply(mutant, project)
    ended = run_tests(mutant.tests, project)
    assert ended.returncode == TESTS_FAILED, f"survived: {mutant.name}\n{ended.stdout[-2000:]}{ended.stderr}"


def test_right_code_passes_the_tests_that_catch_mutants(tmp_path: Path) -> None:
    tests = tuple(sorted({test for mutant in MUTANTS for test in mutant.tests}))
    ended = run_tests(tests, copy_project(tmp_path))
    assert ended.returncode == 0, ended.stdout[-2000:]
