"""What a judge of whole stories must notice: mistakes in rules, door watch, effects, store and codes."""

from tests.mutants.mutant import Mutant


def _mutant(name: str, path: str, right: str, wrong: str) -> Mutant:
    return Mutant(name, path, right, wrong, ("tests/rehearsal/test_judged_stories.py",))


REHEARSAL_MUTANTS: tuple[Mutant, ...] = ()
