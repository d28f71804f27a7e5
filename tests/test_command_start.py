"""What a flask command imports: for the answer of one person, to import every page takes longer than all the rest."""

import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup

from app import create_app
from checklists.loading.load import DEFINITIONS
from commands import WITHOUT_PAGES, nothing_to_collect

ROOT = Path(__file__).parent.parent
FALLER = {"today": "2026-11-22", "warning-signs": [], "answers": {"falls": {"fell-past-year": "yes"}}}

WHAT_IS_IMPORTED = """
import atexit, json, sys
from flask.cli import main
before = set(sys.modules)
def tell():
    found = [(name, getattr(sys.modules[name], "__file__", None) or "") for name in sorted(set(sys.modules) - before)]
    ours = [name for name, _ in found if name.partition(".")[0] in ("answers", "storage", "web")]
    packages = [name for name, file in found if "site-packages" in file and "." not in name]
    print(json.dumps([ours, packages]), file=sys.stderr)
atexit.register(tell)
main()
"""


def test_assess_imports_no_page_no_store_and_no_package_that_judging_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(FALLER), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WHAT_IS_IMPORTED, "--app", str(ROOT / "app.py"), "assess", str(tmp_path / "one.json")],
        cwd=ROOT,
        env={**os.environ, "FIRM_FOOTING_DATA": str(tmp_path), "FIRM_FOOTING_KEYS": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["checklists"]) == ["falls"]
    ours, packages = json.loads(done.stderr)
    of_core = {f"web.core.{each}" for each in ("drawings", "page_checks", "settings", "table_columns")}
    assert set(ours) == {"web", "web.core", *of_core}
    validating = {"annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"}
    assert set(packages) == {*validating, "yaml"}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, folder: Path):
    """As it is typed in a shell: `flask` looks for the app itself."""
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")  # flask sets it for good
    return lambda *words: CliRunner().invoke(FlaskGroup(create_app=create_app), words)


def test_help_names_every_command_whether_it_needs_pages_or_not(typed) -> None:
    shown = {line.split()[0] for line in typed("--help").stdout.partition("Commands:")[2].splitlines() if line.strip()}
    every = create_app().cli.commands
    assert set(WITHOUT_PAGES) < set(every) < shown
    for name in WITHOUT_PAGES:
        options = [each.opts for each in every[name].params]
        assert options
        assert all(opts[0] in typed(name, "--help").stdout.lower() for opts in options)


def test_a_command_that_is_not_there_is_said_to_be_none(typed) -> None:
    assert (typed("assesss", "x").exit_code, "No such command" in typed("assesss", "x").stderr) == (2, True)


def test_what_flask_brings_finds_every_page(typed) -> None:
    ours = {rule.endpoint for rule in create_app().url_map.iter_rules()}
    assert ours <= {word for line in typed("routes").stdout.splitlines() for word in line.split()[:1]}


def test_a_command_that_needs_pages_has_them_all(typed, tmp_path: Path) -> None:
    folder = shutil.copytree(DEFINITIONS, tmp_path / "definitions", ignore=shutil.ignore_patterns("es"))
    home = (folder / "home.yaml").read_text(encoding="utf-8")
    (folder / "home.yaml").write_text(home.replace("layout: rooms\n", ""), encoding="utf-8")
    assert "home is taken by a page" in typed("checklists", "check", str(folder)).output


def test_garbage_is_looked_for_again_once_what_stays_was_read(typed, tmp_path: Path) -> None:
    assert gc.isenabled()
    (tmp_path / "one.json").write_text(json.dumps(FALLER), encoding="utf-8")
    assert (typed("assess", str(tmp_path / "one.json")).exit_code, gc.isenabled()) == (0, True)
    with pytest.raises(KeyError), nothing_to_collect():
        raise KeyError(gc.isenabled())
    assert gc.isenabled()
