"""What exists after deploy.sh has deployed the stack to a cloud on this machine."""

import json

import template as templates


def test_everything_exists_that_the_template_names(resources):
    wanted = templates.load()["Resources"]
    # Without a security group for monitoring there is no door for it.
    absent = {"MonitoringIngress"}
    assert set(resources) == set(wanted) - absent


def test_the_deployment_says_which_release_it_is(fleet, release):
    assert f"release {release.name.removesuffix('.tar.gz')}" in fleet


def test_redis_has_two_machines_and_speaks_tls(cloud, resources):
    client = cloud.client("elasticache")
    (group,) = client.describe_replication_groups(ReplicationGroupId=resources["Redis"])["ReplicationGroups"]
    assert len(group["MemberClusters"]) == 2
    assert group["AutomaticFailover"] == "enabled" and group["MultiAZ"] == "enabled"
    assert group["TransitEncryptionEnabled"] and group["AuthTokenEnabled"]


def test_the_database_is_private_and_its_password_is_kept_by_amazon(cloud, resources):
    (database,) = cloud.client("rds").describe_db_instances()["DBInstances"]
    assert database["DBInstanceIdentifier"] == resources["Database"]
    assert database["MultiAZ"] and database["DeletionProtection"]
    assert not database["PubliclyAccessible"]
    kept = cloud.client("ssm").get_parameter(Name="/cardstore/cards/parts/DATABASE_SECRET")
    assert kept["Parameter"]["Value"] == database["MasterUserSecret"]["SecretArn"]


def test_pictures_are_private(cloud, resources):
    client, bucket = cloud.client("s3"), {"Bucket": resources["Pictures"]}
    assert all(client.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values())
    (grant,) = client.get_bucket_acl(**bucket)["Grants"]
    assert grant["Grantee"]["Type"] == "CanonicalUser"
    (statement,) = json.loads(client.get_bucket_policy(**bucket)["Policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert client.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    (rule,) = client.get_bucket_cors(**bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == ["https://cards.example.com"]


def test_the_balancer_redirects_to_https_and_forwards_that_to_the_nodes(cloud, resources):
    client = cloud.client("elbv2")
    listeners = client.describe_listeners(LoadBalancerArn=resources["Balancer"])["Listeners"]
    actions = {listener["Port"]: listener["DefaultActions"][0] for listener in listeners}
    assert actions[80]["Type"] == "redirect"
    assert actions[443]["TargetGroupArn"] == resources["Nodes"]
    (group,) = client.describe_target_groups(TargetGroupArns=[resources["Nodes"]])["TargetGroups"]
    assert (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"]) == ("/healthz", 5)
    assert (group["HealthCheckTimeoutSeconds"], group["UnhealthyThresholdCount"]) == (2, 2)


def test_two_nodes_run_behind_the_balancer_and_show_no_metadata_without_a_token(cloud, resources):
    client = cloud.client("autoscaling")
    (group,) = client.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["AutoScalingGroupName"] == resources["Fleet"]
    assert len(group["Instances"]) == 2
    targets = cloud.client("elbv2").describe_target_health(TargetGroupArn=resources["Nodes"])
    registered = {entry["Target"]["Id"] for entry in targets["TargetHealthDescriptions"]}
    assert registered == {instance["InstanceId"] for instance in group["Instances"]}
    (version,) = cloud.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=resources["Machine"], Versions=["$Latest"]
    )["LaunchTemplateVersions"]
    assert version["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] == "required"


def test_a_door_opens_only_to_the_group_before_it(cloud, resources):
    groups = cloud.client("ec2").describe_security_groups(
        GroupIds=[resources[name] for name in ("NodeGroup", "RedisGroup", "DatabaseGroup")]
    )["SecurityGroups"]
    before = {"NodeGroup": "BalancerGroup", "RedisGroup": "NodeGroup", "DatabaseGroup": "NodeGroup"}
    for name, source in before.items():
        (group,) = [group for group in groups if group["GroupId"] == resources[name]]
        (rule,) = group["IpPermissions"]
        assert rule["IpRanges"] == rule["Ipv6Ranges"] == []
        assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [resources[source]]


def test_somebody_hears_of_alarms(cloud, resources):
    alarms = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in alarms} == {
        resources[name] for name in ("FewNodes", "Faults", "FullRedis", "FullDatabase")
    }
    assert all(alarm["AlarmActions"] == [resources["Alarms"]] for alarm in alarms)
    (subscription,) = cloud.client("sns").list_subscriptions()["Subscriptions"]
    assert subscription["Endpoint"] == "operator@example.com"


def test_the_fleet_grows_when_it_is_busy(cloud, resources):
    (policy,) = cloud.client("autoscaling").describe_policies()["ScalingPolicies"]
    assert policy["AutoScalingGroupName"] == resources["Fleet"]
    assert policy["TargetTrackingConfiguration"]["TargetValue"] == 60
