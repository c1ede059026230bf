"""A machine boots: the user data of the deployed launch template, run for real below a folder."""

import json
import stat
import urllib.parse

import pytest

from conftest import run
from machine import Machine

SECRETS = "etc/cardstore/secrets"
# Every letter that means something in a URL, in a shell or in JSON.
PASSWORD = "p@s:s/w?o#r[d]%20 $HOME\"'\\"


@pytest.fixture
def machine(cloud, resources, tmp_path):
    machine = Machine(cloud, resources, tmp_path)
    yield machine
    machine.stop()


@pytest.fixture(scope="module")
def booted(cloud, resources, tmp_path_factory):
    """One machine that booted well. Whoever changes its settings puts them back."""
    new_password(cloud, PASSWORD)
    machine = Machine(cloud, resources, tmp_path_factory.mktemp("machine"))
    outcome = machine.boot()
    assert outcome.returncode == 0, outcome.stderr
    yield machine
    machine.stop()


def new_password(cloud, password):
    kept = cloud.client("ssm").get_parameter(Name="/cardstore/cards/parts/DATABASE_SECRET")
    login = json.dumps({"username": "cardstore", "password": password})
    cloud.client("secretsmanager").put_secret_value(
        SecretId=kept["Parameter"]["Value"], SecretString=login
    )


def said(machine, status):
    return [{"LogicalResourceId": "Fleet", "UniqueId": machine.instance, "Status": status}]


def test_a_good_machine_unpacks_the_release_starts_the_unit_and_says_so(booted, release):
    sha256 = release.name.removesuffix(".tar.gz")
    current = booted.root / "opt/cardstore/current"
    assert current.readlink().as_posix() == f"releases/{sha256}"
    assert (current / "cardstore").stat().st_mode & 0o777 == 0o755
    assert (current / "site/pkg/cardstore.abc.js").exists() and (current / "hash.txt").exists()
    assert (booted.root / "etc/systemd/system/cardstore.service").exists()
    assert booted.asked_of_systemd()[:2] == [
        "daemon-reload",
        "enable --now cardstore.service cardstore-settings.timer",
    ]
    assert booted.signals == said(booted, "SUCCESS")


def test_settings_come_from_the_parameter_store(booted):
    lines = booted.read("etc/cardstore/settings.env").splitlines()
    assert 'CARDSTORE_PUBLIC_URL="https://cards.example.com"' in lines
    assert 'MAIL_FROM="CardStore <cardstore@example.com>"' in lines
    assert 'CARDSTORE_ADMIN_ADDR="127.0.0.1:8081"' in lines
    assert f'CARDSTORE_NODE="{booted.instance}"' in lines
    assert 'AWS_REGION="eu-central-1"' in lines


def test_secrets_come_from_secrets_manager_and_only_root_can_read_them(booted, cloud, resources):
    read = cloud.client("secretsmanager").get_secret_value
    session = read(SecretId=resources["SessionSecret"])["SecretString"]
    assert booted.read(f"{SECRETS}/CARDSTORE_SESSION_SECRET").strip() == session

    redis = urllib.parse.urlsplit(booted.read(f"{SECRETS}/REDIS_URL"))
    assert redis.scheme == "rediss" and redis.port == 6379
    assert redis.password == read(SecretId=resources["RedisToken"])["SecretString"]

    database = urllib.parse.urlsplit(booted.read(f"{SECRETS}/DATABASE_URL"))
    assert (database.scheme, database.username, database.path) == ("postgres", "cardstore", "/cardstore")
    assert urllib.parse.unquote(database.password) == PASSWORD
    assert database.query == "sslmode=require"

    assert sorted(file.name for file in (booted.root / SECRETS).iterdir()) == [
        "CARDSTORE_SESSION_SECRET",
        "DATABASE_URL",
        "REDIS_URL",
    ]
    for file in (booted.root / SECRETS, *(booted.root / SECRETS).iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
    assert PASSWORD not in booted.read("etc/cardstore/settings.env")


def test_the_node_gets_its_secrets_from_the_files_that_systemd_hands_over(booted, tmp_path):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    # As `LoadCredential=cardstore:/etc/cardstore/secrets` names them.
    for file in (booted.root / SECRETS).iterdir():
        (credentials / f"cardstore_{file.name}").write_bytes(file.read_bytes())
    started = run(
        booted.root / "opt/cardstore/current/start.sh", CREDENTIALS_DIRECTORY=str(credentials)
    )
    environment = dict(line.split("=", 1) for line in started.stdout.splitlines())
    assert environment["REDIS_URL"] == booted.read(f"{SECRETS}/REDIS_URL")
    assert environment["DATABASE_URL"] == booted.read(f"{SECRETS}/DATABASE_URL")
    assert environment["CARDSTORE_SESSION_SECRET"] == booted.read(f"{SECRETS}/CARDSTORE_SESSION_SECRET").strip()


def test_an_archive_with_another_checksum_is_neither_unpacked_nor_run(machine, cloud, release):
    sha256 = release.name.removesuffix(".tar.gz")
    another = sha256[::-1]
    bucket = "cardstore-releases-123456789012-eu-central-1"
    cloud.client("s3").put_object(
        Bucket=bucket, Key=f"releases/{another}.tar.gz", Body=release.read_bytes()
    )
    machine.user_data = machine.user_data.replace(sha256, another)
    outcome = machine.boot()
    assert outcome.returncode != 0
    assert "did NOT match" in outcome.stderr
    assert [file.name for file in (machine.root / "opt/cardstore/releases").iterdir() if file.is_dir()] == []
    assert machine.asked_of_systemd() == []
    assert machine.signals == said(machine, "FAILURE")


def test_missing_settings_are_all_named_and_nothing_is_started(machine, cloud):
    client = cloud.client("ssm")
    missing = ["settings/S3_BUCKET", "parts/REDIS_TOKEN"]
    kept = {name: client.get_parameter(Name=f"/cardstore/cards/{name}")["Parameter"] for name in missing}
    for parameter in kept.values():
        client.delete_parameter(Name=parameter["Name"])
    try:
        outcome = machine.boot()
    finally:
        for parameter in kept.values():
            client.put_parameter(Name=parameter["Name"], Value=parameter["Value"], Type="String")
    assert outcome.returncode != 0
    assert "missing below /cardstore/cards in the parameter store: settings/S3_BUCKET parts/REDIS_TOKEN" in (
        outcome.stderr
    )
    assert machine.asked_of_systemd() == []
    assert machine.signals == said(machine, "FAILURE")


def test_a_node_is_restarted_when_its_settings_have_changed_and_only_then(booted, cloud):
    assert booted.settings_again() == []
    added = {"Name": "/cardstore/cards/settings/IMAGE_BASE_URL", "Value": "https://cdn.example.com"}
    cloud.client("ssm").put_parameter(**added, Type="String")
    try:
        assert booted.settings_again() == ["restart cardstore.service"]
        assert 'IMAGE_BASE_URL="https://cdn.example.com"' in booted.read("etc/cardstore/settings.env")
    finally:
        cloud.client("ssm").delete_parameter(Name=added["Name"])
    assert booted.settings_again() == ["restart cardstore.service"]
    assert "IMAGE_BASE_URL" not in booted.read("etc/cardstore/settings.env")


def test_a_new_password_of_the_database_restarts_the_node(booted, cloud):
    new_password(cloud, "another")
    try:
        assert booted.settings_again() == ["restart cardstore.service"]
        assert ":another@" in booted.read(f"{SECRETS}/DATABASE_URL")
    finally:
        new_password(cloud, PASSWORD)
    assert booted.settings_again() == ["restart cardstore.service"]


def test_a_new_session_secret_is_accepted_everywhere_before_it_is_used_anywhere(booted, cloud, resources):
    client, secret = cloud.client("secretsmanager"), resources["SessionSecret"]
    current, other = (f"{SECRETS}/CARDSTORE_SESSION_SECRET{end}" for end in ("", "_PREVIOUS"))
    first = client.get_secret_value(SecretId=secret)
    next_id = client.put_secret_value(
        SecretId=secret, SecretString="n" * 64, VersionStages=["AWSPENDING"]
    )["VersionId"]
    booted.settings_again()
    assert booted.read(current).strip() == first["SecretString"]
    assert booted.read(other).strip() == "n" * 64

    move = {"SecretId": secret, "MoveToVersionId": next_id, "RemoveFromVersionId": first["VersionId"]}
    client.update_secret_version_stage(**move, VersionStage="AWSCURRENT")
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSPENDING", RemoveFromVersionId=next_id
    )
    booted.settings_again()
    assert booted.read(current).strip() == "n" * 64
    assert booted.read(other).strip() == first["SecretString"]
