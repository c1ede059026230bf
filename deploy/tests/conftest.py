"""What the tests of deploy/ share: the repository's folders, and one cloud that a fleet was deployed to."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

from cloud import Cloud

DEPLOY = pathlib.Path(__file__).parent.parent
# The node's own, and its allocator's.
SETTINGS = {
    *re.findall(r'env = "([A-Z0-9_]+)"', (DEPLOY.parent / "src" / "config.rs").read_text()),
    "MIMALLOC_ALLOW_THP",
    "MIMALLOC_PURGE_DELAY",
}
# Programs that pip installed beside this Python come first: aws, cfn-lint, shellcheck, hadolint.
PATH = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"


def run(*command, **environment):
    """Runs a program to its end; answers its status and everything it said."""
    return subprocess.run(
        [str(word) for word in command],
        env={"PATH": PATH, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="session")
def cloud():
    cloud = Cloud()
    yield cloud
    cloud.stop()


@pytest.fixture(scope="session")
def release(tmp_path_factory):
    """A release as package.sh packs it, around a program that only says how it was started."""
    folder = tmp_path_factory.mktemp("built")
    programs, site = folder / "programs", folder / "site"
    (site / "pkg").mkdir(parents=True)
    programs.mkdir()
    (programs / "cardstore").write_text("#!/bin/sh\nexec env\n")
    (programs / "hash.txt").write_text("js: abc\n")
    (site / "pkg" / "cardstore.abc.js").write_text("1")
    packed = run(DEPLOY / "package.sh", "--built", programs, site, CARDSTORE_PACKAGES=str(folder / "out"))
    assert packed.returncode == 0, packed.stderr
    return pathlib.Path(packed.stdout.strip())


@pytest.fixture(scope="session")
def fleet(cloud, release):
    """The stack `cards`, deployed by deploy.sh itself."""
    vpc, subnets = cloud.network()
    certificate = cloud.client("acm").request_certificate(DomainName="cards.example.com")
    parameters = {
        "Vpc": vpc,
        "BalancerSubnets": ",".join(subnets),
        "NodeSubnets": ",".join(subnets),
        "PublicUrl": "https://cards.example.com",
        "CertificateArn": certificate["CertificateArn"],
        "AlarmEmail": "operator@example.com",
    }
    words = [f"{name}={value}" for name, value in parameters.items()]
    deployed = run(
        DEPLOY / "aws" / "deploy.sh", "cards", *words, RELEASE=str(release), **cloud.environment()
    )
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    return deployed.stdout


@pytest.fixture(scope="session")
def resources(cloud, fleet):
    """Physical ids of everything in the stack, by the name in the template."""
    listed = cloud.client("cloudformation").describe_stack_resources(StackName="cards")
    # moto lists the parameters too, without a name.
    return {
        entry["LogicalResourceId"]: entry.get("PhysicalResourceId")
        for entry in listed["StackResources"]
        if "LogicalResourceId" in entry
    }
