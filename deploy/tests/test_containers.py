"""The containers and the Kubernetes manifests: only read here, because nothing here can run them."""

import re

import kubernetes_validate
import pytest
import yaml

from conftest import DEPLOY, SETTINGS, run

CONTAINERS = DEPLOY / "containers"
ROOT = DEPLOY.parent
# The drain and what comes after it, as src/serve.rs has it.
LEAVES_WITHIN_S = 11 + 15


@pytest.fixture
def compose():
    return yaml.safe_load((CONTAINERS / "compose.yaml").read_text())


@pytest.fixture
def manifests():
    page = (ROOT / "docs" / "kubernetes.md").read_text()
    documents = "\n---\n".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL))
    return {document["kind"]: document for document in yaml.safe_load_all(documents)}


def test_hadolint_has_nothing_to_say():
    linted = run("hadolint", "--no-color", CONTAINERS / "Dockerfile")
    assert (linted.returncode, linted.stdout) == (0, "")


def test_haproxy_understands_its_settings():
    checked = run("haproxy", "-c", "-f", CONTAINERS / "haproxy.cfg")
    assert checked.returncode == 0, checked.stderr
    # It may look at one, and keeps nobody on a node by one.
    assert not re.search(r"^\s*(server .* )?cookie ", (CONTAINERS / "haproxy.cfg").read_text(), re.MULTILINE)


def test_the_image_is_built_with_the_versions_that_are_used_everywhere():
    dockerfile = (CONTAINERS / "Dockerfile").read_text()
    setup = ROOT / "xtask" / "src" / "setup"
    leptos = re.search(r'CARGO_LEPTOS: &str = "(.+)"', (setup / "cargo_tools.rs").read_text())[1]
    binaryen = re.search(r'BINARYEN: &str = "(.+)"', (setup / "npm.rs").read_text())[1]
    lock = (ROOT / "Cargo.lock").read_text()
    bindgen = re.search(r'name = "wasm-bindgen"\nversion = "(.+)"', lock)[1]
    rust = re.search(r'RUST: &str = "(\d+\.\d+)', (setup / "toolchain.rs").read_text())[1]
    for wanted in (f"cargo-leptos@{leptos}", f"binaryen@{binaryen}", f"wasm-bindgen-cli@{bindgen}", f"rust:{rust}-"):
        assert wanted in dockerfile, wanted


def test_containers_set_only_settings_that_the_node_has(compose, manifests):
    dockerfile = (CONTAINERS / "Dockerfile").read_text()
    image = re.findall(r"(\w+)=\S+", re.search(r"ENV ((?:.*\\\n)*.*)", dockerfile)[1])
    nodes = [compose["services"][name]["environment"] for name in ("node-a", "node-b")]
    container = manifests["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    for names in (image, *nodes, manifests["ConfigMap"]["data"], [entry["name"] for entry in container["env"]]):
        assert names and set(names) <= SETTINGS


def test_every_part_of_the_fleet_is_there_and_reachable_from_this_machine_only(compose):
    assert {"balancer", "node-a", "node-b", "valkey", "postgres", "minio"} <= set(compose["services"])
    for name, service in compose["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert "build" in service or ":" in service["image"], f"{name} takes whatever is newest"


def test_secrets_are_asked_for_and_never_written_down(compose):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", name):
                assert re.fullmatch(r"\$\{\w+:\?.*\}", value), name


def test_nobody_is_killed_while_it_drains(compose, manifests):
    for name in ("node-a", "node-b"):
        assert int(compose["services"][name]["stop_grace_period"].removesuffix("s")) > LEAVES_WITHIN_S
    pod = manifests["Deployment"]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > LEAVES_WITHIN_S


def test_kubernetes_knows_every_field_of_the_manifests(manifests):
    assert set(manifests) == {"ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "Ingress"}
    for manifest in manifests.values():
        kubernetes_validate.validate(manifest, "1.31", strict=True)


def test_an_outage_of_redis_restarts_no_pod(manifests):
    (container,) = manifests["Deployment"]["spec"]["template"]["spec"]["containers"]
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        assert container[probe]["httpGet"]["path"] == "/healthz"
