"""Rules of the house that no linter knows: sizes, words, paths, and things that must not be there."""

import ast
import functools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE_FOLDERS = ("kiosk", "hal", "drivers", "sim", "config")
TEXT_ENDINGS = {
    ".py",
    ".md",
    ".html",
    ".css",
    ".js",
    ".toml",
    ".csv",
    ".po",
    ".txt",
    ".service",
    ".svg",
    ".json",
}
MODULE_LINES = 400
FUNCTION_LINES = 50
MEDIAN_FUNCTION_LINES = 8
BANNED_CLASS_WORDS = {"Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Impl", "Mock"}
BANNED_NAMES = {"data", "info", "handle"}
# Words that locker makers use for three different things each; the properties of style sheets keep theirs.
BANNED_WORDS = re.compile(
    r"(?<![A-Za-z])(?<!border-)(?<!fill-)(?<!transform-)(?<!bounding_)(bo[x](es)?|towe[r]s?)(?![A-Za-z])"
    r"(?!-(sizing|shadow|decoration))",
    re.IGNORECASE,
)
BANNED_STATES = {"check", "open_unresolved", "announced", "deposited"}
SOMEBODYS_PATH = re.compile(r"(?<![\w./-])/(home|root|work|Users|mnt|tmp)/")
UNNUMBERED_TASK = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b(?!\(#\d+\))")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-")
NEVER_IN_A_TEST = {"skip", "skipif", "xfail", "importorskip"}


@functools.cache
def text_files() -> tuple[Path, ...]:
    """Every text file that is or would be committed."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = (ROOT / line for line in listed.stdout.splitlines())
    return tuple(
        path for path in paths if path.is_file() and (path.suffix in TEXT_ENDINGS or not path.suffix)
    )


@functools.cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(*folders: str) -> list[Path]:
    return [
        path for path in text_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(syntax(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; the signature and the decorators do not count."""
    return (node.end_lineno or node.lineno) - node.body[0].lineno + 1


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def matches(pattern: re.Pattern[str], paths: tuple[Path, ...]) -> list[str]:
    return [
        f"{place(path, number)}: {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def defined_names(path: Path) -> Iterator[tuple[int, str]]:
    """Every name a module gives: variables, arguments, functions, attributes of self."""
    for node in ast.walk(syntax(path)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield node.lineno, name
            case ast.AsyncFunctionDef(name=name) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case _:
                pass


def test_no_module_is_too_long() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*SOURCE_FOLDERS, "tests")
    }
    assert not [place(path, lines) for path, lines in lengths.items() if lines > MODULE_LINES]


def test_no_function_is_too_long() -> None:
    paths = modules(*SOURCE_FOLDERS, "tests")
    assert not [
        place(path, node.lineno)
        for path in paths
        for node in functions(path)
        if length(node) > FUNCTION_LINES
    ]


def test_most_functions_are_short() -> None:
    lengths = sorted(length(node) for path in modules(*SOURCE_FOLDERS) for node in functions(path))
    assert not lengths or lengths[len(lengths) // 2] <= MEDIAN_FUNCTION_LINES


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in modules(*SOURCE_FOLDERS, "tests")}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]


def test_the_top_package_is_empty() -> None:
    assert (ROOT / "kiosk" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_no_class_has_a_name_without_meaning() -> None:
    classes = (
        (path, node)
        for path in modules(*SOURCE_FOLDERS, "tests")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ClassDef)
    )
    words = ((path, node, set(re.findall(r"[A-Z][a-z]+", node.name))) for path, node in classes)
    assert not [place(path, node.lineno) for path, node, found in words if found & BANNED_CLASS_WORDS]


def test_no_variable_has_a_name_without_meaning() -> None:
    paths = modules(*SOURCE_FOLDERS, "tests")
    assert not [
        place(path, line) for path in paths for line, name in defined_names(path) if name in BANNED_NAMES
    ]


def test_no_state_has_a_name_that_was_given_up() -> None:
    constants = (
        (path, node)
        for path in modules("kiosk")
        if "domain" in path.parts
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Constant)
    )
    assert not [place(path, node.lineno) for path, node in constants if node.value in BANNED_STATES]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(BANNED_WORDS, id="a word that means three things"),
        pytest.param(SOMEBODYS_PATH, id="a path of somebody's machine"),
        pytest.param(UNNUMBERED_TASK, id="a task without a number"),
        pytest.param(SECRET, id="a secret"),
    ],
)
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    others = tuple(path for path in text_files() if path.name != "LICENSE")
    assert not matches(pattern, others)


def test_constraints_hold_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert not [
        line for line in lines if not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.]+", line)
    ]


def test_pages_fetch_nothing_from_elsewhere() -> None:
    pages = tuple(path for path in text_files() if path.suffix in {".html", ".css", ".js"})
    # An address that the server fills in is its own.
    assert not matches(re.compile(r"(src|href|url|import|fetch)\W{1,3}(https?:)?//(?!\{\{)"), pages)


def test_no_test_is_left_out() -> None:
    marks = (
        (path, node)
        for path in modules("tests")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute) and node.attr in NEVER_IN_A_TEST
    )
    assert not [place(path, node.lineno) for path, node in marks]


def test_only_the_supervisor_catches_everything() -> None:
    broad = (
        (path, node)
        for path in modules(*SOURCE_FOLDERS)
        if path.name != "supervise.py"
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
    )
    assert not [place(path, node.lineno) for path, node in broad]


def test_every_module_says_what_it_owns() -> None:
    written = (path for path in modules(*SOURCE_FOLDERS, "tests") if path.stat().st_size)
    assert not [place(path, 1) for path in written if not ast.get_docstring(syntax(path))]
