"""The alerts and the dashboard: about metrics that the node has, and understood by Prometheus."""

import json
import os
import re

import pytest
import yaml

from conftest import DEPLOY, run

MONITORING = DEPLOY / "monitoring"
SESSIONS = "created rotated signed_out ended_elsewhere ended_by_limit expired rejected gone unreadable unavailable"
METRICS = {
    "up",
    "cardstore_http_requests_total",
    "cardstore_http_request_duration_seconds_bucket",
    "cardstore_session_store_available",
    "cardstore_session_store_duration_seconds_bucket",
    "cardstore_event_streams",
    "cardstore_database_connections",
    "cardstore_database_connections_used",
    "cardstore_database_connections_most",
    "cardstore_panics_total",
    "cardstore_outbox_letters",
    "cardstore_outbox_oldest_seconds",
    "cardstore_requests_shed_total",
    "cardstore_purchases_total",
    "cardstore_uploads_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    *(f"cardstore_sessions_{kind}_total" for kind in SESSIONS.split()),
}


@pytest.fixture
def rules():
    groups = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


@pytest.fixture
def panels():
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


@pytest.fixture
def promtool():
    """From Prometheus, where this machine has it; `cargo xtask test` fetches it where apt can."""
    program = os.environ.get("CARDSTORE_PROMTOOL")
    if not program:
        pytest.skip("no promtool here")
    return program


def metrics_in(expression):
    return set(re.findall(r"\b(?:cardstore|process)_\w+|\bup\b", expression))


def test_alerts_are_about_metrics_that_the_node_has(rules):
    for name, rule in rules.items():
        assert metrics_in(rule["expr"]) and metrics_in(rule["expr"]) <= METRICS, name


def test_the_dashboard_shows_every_metric_of_the_node_and_no_other(panels):
    shown = set().union(*(metrics_in(target["expr"]) for panel in panels for target in panel["targets"]))
    assert shown == METRICS


def test_no_two_panels_lie_on_each_other(panels):
    places = set()
    for panel in panels:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= 24, panel["title"]
        taken = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not places & taken, panel["title"]
        places |= taken


def test_every_alert_is_explained_to_whoever_is_woken_by_it(rules):
    guide = (DEPLOY.parent / "docs" / "operations.md").read_text()
    explained = set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE))
    assert set(rules) <= explained
    for rule in rules.values():
        assert rule["labels"]["severity"] in ("page", "warning") and rule["annotations"]["summary"]


def test_every_alert_was_seen_to_speak(rules):
    tests = yaml.safe_load((MONITORING / "alerts.test.yaml").read_text())["tests"]
    spoke = {
        case["alertname"] for test in tests for case in test["alert_rule_test"] if case.get("exp_alerts")
    }
    assert spoke == set(rules)


def test_prometheus_understands_the_alerts_and_how_to_find_nodes(promtool):
    for command in (["check", "rules", "alerts.yaml"], ["check", "config", "prometheus.yaml"]):
        checked = run(promtool, *command[:-1], MONITORING / command[-1])
        assert checked.returncode == 0, checked.stderr


def test_alerts_speak_when_they_should_and_are_silent_otherwise(promtool):
    tested = run(promtool, "test", "rules", MONITORING / "alerts.test.yaml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_prometheus_understands_every_question_of_the_dashboard(promtool, panels, tmp_path):
    questions = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [
        # Grafana fills its variables in before it asks.
        {"record": f"question_{place}", "expr": question.replace("$__rate_interval", "1m")}
        for place, question in enumerate(questions)
    ]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    checked = run(promtool, "check", "rules", tmp_path / "rules.yaml")
    assert checked.returncode == 0, checked.stderr
