"""The systemd units: understood by systemd, shut off, and patient enough for the node to leave in order."""

import re

import pytest

from conftest import DEPLOY, SETTINGS, run

UNITS = DEPLOY / "systemd"
# Of systemd's scale from 0 to 10.
MOST_EXPOSED = 1.5


@pytest.fixture
def installed(tmp_path, release):
    """The units, with their programs where this machine has them."""
    run("tar", "-xzf", release, "-C", tmp_path)
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/cardstore/current", str(tmp_path))
        (tmp_path / unit.name).write_text(text)
    return [tmp_path / unit.name for unit in UNITS.iterdir()]


def test_systemd_understands_every_word_of_the_units(installed):
    verified = run("systemd-analyze", "verify", *installed)
    # It mentions a word that it does not know, and still succeeds.
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_a_word_that_systemd_does_not_know_would_be_noticed(installed):
    (unit,) = [unit for unit in installed if unit.name == "cardstore.service"]
    unit.write_text(unit.read_text().replace("NoNewPrivileges", "NoNewPrivilege"))
    assert "NoNewPrivilege" in run("systemd-analyze", "verify", unit).stderr


def test_a_node_is_exposed_to_little_and_exposes_little():
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager", UNITS / "cardstore.service")
    level = re.search(r"Overall exposure level for cardstore.service: ([0-9.]+)", said.stdout)
    assert level and float(level[1]) <= MOST_EXPOSED, said.stdout


def test_systemd_waits_until_a_node_has_drained_and_finished():
    unit = (UNITS / "cardstore.service").read_text()
    serving = (DEPLOY.parent / "src" / "serve.rs").read_text()
    drain_s = int(re.search(r"CARDSTORE_DRAIN=(\d+)", unit)[1])
    finish_s = int(re.search(r"FINISH_WITHIN: Duration = Duration::from_secs\((\d+)\)", serving)[1])
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > drain_s + finish_s
    assert "KillMode=mixed" in unit


def test_the_unit_sets_only_settings_that_the_node_has():
    unit = (UNITS / "cardstore.service").read_text()
    set_here = re.findall(r"(\w+)=\S*", " ".join(re.findall("^Environment=(.*)$", unit, re.MULTILINE)))
    assert set_here and set(set_here) <= SETTINGS
