"""The scripts: clean by shellcheck, and honest about what they pack and refuse."""

import tarfile

import pytest

import template as templates
from conftest import DEPLOY, run

SCRIPTS = [path.relative_to(DEPLOY) for path in sorted(DEPLOY.rglob("*.sh"))]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_shellcheck_has_nothing_to_say(script):
    checked = run("shellcheck", DEPLOY / script)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_shellcheck_has_nothing_to_say_of_the_user_data(tmp_path):
    machine = templates.load()["Resources"]["Machine"]["Properties"]["LaunchTemplateData"]
    script = tmp_path / "user-data.sh"
    # As CloudFormation fills it in.
    text = machine["UserData"]["Fn::Base64"]["Fn::Sub"].replace("${!", "\0")
    for name in ("AWS::Region", "AWS::StackName", "Nodes", "ReleaseBucket", "ReleaseSha256"):
        text = text.replace(f"${{{name}}}", "value")
    assert "${" not in text
    script.write_text(text.replace("\0", "${"))
    checked = run("shellcheck", script)
    assert (checked.returncode, checked.stdout) == (0, "")
    # EC2 takes 16 KiB.
    assert len(text) < 16_384


def test_the_same_files_make_the_same_archive(release, tmp_path):
    unpacked = tmp_path / "unpacked"
    with tarfile.open(release) as archive:
        archive.extractall(unpacked, filter="data")
    programs = tmp_path / "programs"
    programs.mkdir(mode=0o700)
    for name in ("cardstore", "hash.txt"):
        (programs / name).write_bytes((unpacked / name).read_bytes())
        (programs / name).chmod(0o700)
    again = run(
        DEPLOY / "package.sh", "--built", programs, unpacked / "site", CARDSTORE_PACKAGES=str(tmp_path / "out")
    )
    assert again.stdout.strip().endswith(f"/{release.name}"), again.stderr


def test_a_release_is_all_that_a_machine_needs_and_nobody_elses_to_write(release):
    with tarfile.open(release) as archive:
        files = {entry.name.removeprefix("./"): entry for entry in archive if entry.isfile()}
    assert set(files) == {
        "boot.sh",
        "cardstore",
        "hash.txt",
        "settings.sh",
        "site/pkg/cardstore.abc.js",
        "start.sh",
        "systemd/cardstore-settings.service",
        "systemd/cardstore-settings.timer",
        "systemd/cardstore.service",
    }
    assert all(entry.uid == entry.gid == 0 and entry.mode & 0o022 == 0 for entry in files.values())
    runnable = {name for name, entry in files.items() if entry.mode & 0o111}
    assert runnable == {"boot.sh", "cardstore", "settings.sh", "start.sh"}


@pytest.mark.parametrize("stack", ["Cards", "cards-", "internal-cards", "c" * 33, "-cards", "my_cards"])
def test_a_name_that_browsers_would_write_differently_is_refused(stack, cloud, release):
    refused = run(DEPLOY / "aws" / "deploy.sh", stack, RELEASE=str(release), **cloud.environment())
    assert refused.returncode == 1
    assert "small letters" in refused.stderr


def test_a_program_that_would_not_start_on_the_machines_is_not_uploaded(tmp_path, cloud):
    programs, site = tmp_path / "programs", tmp_path / "site"
    programs.mkdir()
    site.mkdir()
    (programs / "hash.txt").write_text("")
    (programs / "cardstore").write_bytes(b"\x7fELF GLIBC_2.9\0 GLIBC_2.34\0 GLIBC_2.38\0")
    packed = run(DEPLOY / "package.sh", "--built", programs, site, CARDSTORE_PACKAGES=str(tmp_path / "out"))
    refused = run(DEPLOY / "aws" / "deploy.sh", "cards", RELEASE=packed.stdout.strip(), **cloud.environment())
    assert refused.returncode == 1
    assert "built for glibc 2.38, but the machines have 2.34" in refused.stderr
