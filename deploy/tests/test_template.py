"""Rules of the template that a linter does not know."""

import re

import pytest

import template as templates
from conftest import DEPLOY, run
from template import FILE, of_type, strings


@pytest.fixture(scope="module")
def template():
    return templates.load()


def only(found):
    (properties,) = found.values()
    return properties


def test_the_linter_has_nothing_to_say():
    linted = run("cfn-lint", "--template", FILE)
    assert (linted.returncode, linted.stdout + linted.stderr) == (0, "")


def test_the_template_fits_into_one_request():
    assert FILE.stat().st_size <= 51_200


def test_a_check_of_health_ends_before_the_next_begins(template):
    nodes = only(of_type(template, "AWS::ElasticLoadBalancingV2::TargetGroup"))
    assert nodes["HealthCheckPath"] == "/healthz"
    assert nodes["HealthCheckTimeoutSeconds"] == 2
    assert nodes["HealthCheckIntervalSeconds"] == 5
    assert (nodes["HealthyThresholdCount"], nodes["UnhealthyThresholdCount"]) == (2, 2)
    assert nodes["HealthCheckTimeoutSeconds"] < nodes["HealthCheckIntervalSeconds"]


def test_a_node_drains_until_the_balancer_must_have_noticed_and_is_not_cut_off(template):
    nodes = only(of_type(template, "AWS::ElasticLoadBalancingV2::TargetGroup"))
    noticed_s = nodes["HealthCheckIntervalSeconds"] * nodes["UnhealthyThresholdCount"]
    unit = (DEPLOY / "systemd" / "cardstore.service").read_text()
    drain_s = int(re.search(r"CARDSTORE_DRAIN=(\d+)", unit)[1])
    attributes = {entry["Key"]: entry["Value"] for entry in nodes["TargetGroupAttributes"]}
    assert drain_s > noticed_s
    assert int(attributes["deregistration_delay.timeout_seconds"]) >= 30
    assert attributes["stickiness.enabled"] == "false"


def test_the_oldest_of_two_nodes_goes_first_and_the_balancer_judges_them(template):
    fleet = only(of_type(template, "AWS::AutoScaling::AutoScalingGroup"))
    assert fleet["TerminationPolicies"] == ["OldestInstance"]
    assert fleet["HealthCheckType"] == "ELB"
    assert (fleet["MinSize"], fleet["MaxSize"]) == ({"Ref": "NodesMin"}, {"Ref": "NodesMax"})
    assert [template["Parameters"][name]["Default"] for name in ("NodesMin", "NodesMax")] == [2, 2]


def test_one_node_at_a_time_is_replaced_and_only_after_the_word_of_the_new_one(template):
    fleet = template["Resources"]["Fleet"]
    rolling = fleet["UpdatePolicy"]["AutoScalingRollingUpdate"]
    assert rolling["WaitOnResourceSignals"] and rolling["MaxBatchSize"] == 1
    assert 1 <= rolling["MinInstancesInService"] < template["Parameters"]["NodesMax"]["MinValue"]
    assert fleet["CreationPolicy"]["ResourceSignal"]["Count"] == {"Ref": "NodesMin"}
    # Suspended, these would keep a new machine from the balancer, and its word from ever coming.
    assert not {"Launch", "Terminate", "AddToLoadBalancer"} & set(rolling["SuspendProcesses"])
    assert "--logical-resource-id Fleet" in user_data(template)


def test_everything_that_a_machine_reads_at_its_start_is_there_before_it(template):
    parameters = set(of_type(template, "AWS::SSM::Parameter"))
    assert parameters <= set(template["Resources"]["Fleet"]["DependsOn"])


def test_a_token_for_redis_travels_by_tls_only_and_is_nowhere_in_the_template(template):
    redis = only(of_type(template, "AWS::ElastiCache::ReplicationGroup"))
    assert redis["TransitEncryptionEnabled"] and redis["AtRestEncryptionEnabled"]
    assert redis["AuthToken"] == {"Fn::Sub": "{{resolve:secretsmanager:${RedisToken}:SecretString}}"}


def test_redis_can_fail_over(template):
    redis = only(of_type(template, "AWS::ElastiCache::ReplicationGroup"))
    assert redis["NumCacheClusters"] >= 2
    assert redis["AutomaticFailoverEnabled"] and redis["MultiAZEnabled"]
    allowed = re.compile(template["Parameters"]["RedisType"]["AllowedPattern"])
    assert allowed.match(template["Parameters"]["RedisType"]["Default"])
    for cannot in ("cache.t1.micro", "cache.t2.micro", "cache.m1.small", "cache.m3.medium", "db.t4g.micro"):
        assert not allowed.match(cannot), cannot


def test_redis_refuses_rather_than_forgets(template):
    parameters = only(of_type(template, "AWS::ElastiCache::ParameterGroup"))
    assert parameters["Properties"] == {"maxmemory-policy": "noeviction"}


def test_only_the_balancer_is_open_to_the_world_and_the_rest_is_a_chain(template):
    doors = {
        name: [
            (rule["FromPort"], rule["ToPort"], rule.get("SourceSecurityGroupId") or "world")
            for rule in group["SecurityGroupIngress"]
        ]
        for name, group in of_type(template, "AWS::EC2::SecurityGroup").items()
    }
    assert set(doors.pop("BalancerGroup")) == {(80, 80, "world"), (443, 443, "world")}
    assert doors == {
        "NodeGroup": [(8080, 8080, {"Fn::GetAtt": ["BalancerGroup", "GroupId"]})],
        "RedisGroup": [(6379, 6379, {"Fn::GetAtt": ["NodeGroup", "GroupId"]})],
        "DatabaseGroup": [(5432, 5432, {"Fn::GetAtt": ["NodeGroup", "GroupId"]})],
    }
    more = of_type(template, "AWS::EC2::SecurityGroupIngress")
    assert {name: rule["SourceSecurityGroupId"] for name, rule in more.items()} == {
        "MonitoringIngress": {"Ref": "MonitoringSecurityGroup"}
    }


def test_no_bucket_is_public(template):
    for bucket in of_type(template, "AWS::S3::Bucket").values():
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert "AccessControl" not in bucket
        assert bucket["BucketEncryption"]
    for policy in of_type(template, "AWS::S3::BucketPolicy").values():
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_browsers_may_send_pictures_from_the_stores_own_origin_alone(template):
    (rule,) = only(of_type(template, "AWS::S3::Bucket"))["CorsConfiguration"]["CorsRules"]
    origin = of_type(template, "AWS::SSM::Parameter")["PublicUrlSetting"]["Value"]
    assert rule["AllowedOrigins"] == [origin]
    assert "PUT" in rule["AllowedMethods"]
    assert {"content-type", "if-none-match", "x-amz-checksum-sha256"} == set(rule["AllowedHeaders"])


def test_what_holds_data_outlives_a_mistake(template):
    resources = template["Resources"]
    for name, policy in {"Database": "Snapshot", "Pictures": "Retain"}.items():
        assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == policy
    database = only(of_type(template, "AWS::RDS::DBInstance"))
    assert database["DeletionProtection"] and database["StorageEncrypted"]
    assert database["BackupRetentionPeriod"] >= 7 and not database["PubliclyAccessible"]


def test_nobody_types_a_password(template):
    database = only(of_type(template, "AWS::RDS::DBInstance"))
    assert database["ManageMasterUserPassword"] and "MasterUserPassword" not in database
    for secret in of_type(template, "AWS::SecretsManager::Secret").values():
        assert secret["GenerateSecretString"]["PasswordLength"] >= 32
        assert "SecretString" not in secret
    for name, parameter in template["Parameters"].items():
        assert not re.search("password|token", name, re.IGNORECASE)
        assert not name.endswith("Secret") or "ARN" in parameter["Description"]


def test_a_machine_is_told_where_secrets_lie_and_never_what_they_are(template):
    script = user_data(template)
    assert not re.search("resolve:|password|Secret", script)
    for name, parameter in of_type(template, "AWS::SSM::Parameter").items():
        assert not any("resolve:" in text for text in strings(parameter)), name


def test_a_machine_answers_only_those_who_ask_for_a_token_first(template):
    machine = only(of_type(template, "AWS::EC2::LaunchTemplate"))["LaunchTemplateData"]
    assert machine["MetadataOptions"]["HttpTokens"] == "required"
    assert machine["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert "KeyName" not in machine


def test_a_node_may_do_what_it_does_and_nothing_else(template):
    statements = only(of_type(template, "AWS::IAM::Role"))["Policies"][0]["PolicyDocument"]["Statement"]
    allowed = {entry["Sid"]: entry for entry in statements}
    everywhere = [sid for sid, entry in allowed.items() if entry["Resource"] == "*"]
    # There is no narrower form of asking for the health of targets.
    assert everywhere == ["SeeThatItServes"]
    assert not any(text in ("*", "s3:*") for entry in statements for text in strings(entry["Action"]))
    assert allowed["Pictures"]["Resource"] == {"Fn::Sub": "${Pictures.Arn}/*"}
    assert allowed["MissingPictures"]["Action"] == "s3:ListBucket"


def test_with_a_certificate_the_store_speaks_https_only(template):
    listeners = of_type(template, "AWS::ElasticLoadBalancingV2::Listener")
    (action,) = listeners["HttpListener"]["DefaultActions"]
    condition, secure, plain = action["Fn::If"]
    assert (condition, secure["Type"], plain["Type"]) == ("HasCertificate", "redirect", "forward")
    assert "TLS13" in listeners["HttpsListener"]["SslPolicy"]


def test_every_alarm_tells_somebody_when_it_begins_and_when_it_is_over(template):
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    assert len(alarms) >= 4
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Alarms"}]


def test_the_settings_in_the_store_are_settings_of_the_node(template):
    known = re.findall(r'env = "([A-Z0-9_]+)"', (DEPLOY.parent / "src" / "config.rs").read_text())
    names = [entry["Name"]["Fn::Sub"] for entry in of_type(template, "AWS::SSM::Parameter").values()]
    settings = [name.rsplit("/", 1)[1] for name in names if "/settings/" in name]
    assert settings and set(settings) <= set(known)


def user_data(template):
    machine = only(of_type(template, "AWS::EC2::LaunchTemplate"))["LaunchTemplateData"]
    return machine["UserData"]["Fn::Base64"]["Fn::Sub"]
