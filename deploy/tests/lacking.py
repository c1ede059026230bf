"""Types of resources that moto's CloudFormation lacks or forgets half of, made through moto's own APIs."""

import json


def _secret(cloud, name, properties):
    client = cloud.client("secretsmanager")
    wish = properties["GenerateSecretString"]
    text = client.get_random_password(
        PasswordLength=int(wish["PasswordLength"]), ExcludePunctuation=wish["ExcludePunctuation"]
    )["RandomPassword"]
    return client.create_secret(Name=name, SecretString=text)["ARN"], {}


def _redis_subnets(cloud, name, properties):
    cloud.client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName=name,
        CacheSubnetGroupDescription=properties["Description"],
        SubnetIds=properties["SubnetIds"],
    )
    return name, {}


def _redis(cloud, name, properties):
    name = name[:40]
    # moto counts only the replicas.
    properties = properties | {"ReplicasPerNodeGroup": int(properties["NumCacheClusters"]) - 1}
    group = cloud.client("elasticache").create_replication_group(ReplicationGroupId=name, **properties)
    address = group["ReplicationGroup"]["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    return name, {"PrimaryEndPoint": address}


def _database(cloud, name, properties):
    """moto has this type, but forgets who manages its password."""
    properties = properties | {"AllocatedStorage": int(properties["AllocatedStorage"])}
    properties["MultiAZ"] = properties["MultiAZ"] == "true"
    properties["DBSubnetGroupName"] = properties["DBSubnetGroupName"].name
    properties["VpcSecurityGroupIds"] = properties.pop("VPCSecurityGroups")
    database = cloud.client("rds").create_db_instance(DBInstanceIdentifier=name, **properties)["DBInstance"]
    # moto reads `!GetAtt Database.Endpoint.Address` only up to its second dot.
    attributes = {
        "Endpoint": database["Endpoint"]["Address"],
        "MasterUserSecret": database["MasterUserSecret"]["SecretArn"],
    }
    return name, attributes


def _bucket(cloud, name, properties):
    """moto has this type too, but reads little of it."""
    client, bucket = cloud.client("s3"), {"Bucket": name}
    place = {"LocationConstraint": client.meta.region_name}
    client.create_bucket(**bucket, CreateBucketConfiguration=place)
    client.put_public_access_block(
        **bucket, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"]
    )
    client.put_bucket_ownership_controls(**bucket, OwnershipControls=properties["OwnershipControls"])
    client.put_bucket_versioning(**bucket, VersioningConfiguration=properties["VersioningConfiguration"])
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rules = [{"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]} for rule in encryption]
    client.put_bucket_encryption(**bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    words = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    rules = [
        {words.get(key, key): int(value) if key == "MaxAge" else value for key, value in rule.items()}
        for rule in properties["CorsConfiguration"]["CorsRules"]
    ]
    client.put_bucket_cors(**bucket, CORSConfiguration={"CORSRules": rules})
    return name, {"Arn": f"arn:aws:s3:::{name}"}


def _bucket_policy(cloud, name, properties):
    import json

    policy = json.dumps(properties["PolicyDocument"])
    cloud.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
    return name, {}


def _scaling_policy(cloud, name, properties):
    cloud.client("autoscaling").put_scaling_policy(PolicyName=name, **properties)
    return name, {}


def _subscription(cloud, name, properties):
    return cloud.client("sns").subscribe(**properties, ReturnSubscriptionArn=True)["SubscriptionArn"], {}


def _alarm(cloud, name, properties):
    properties = properties | {"Threshold": float(properties["Threshold"])}
    cloud.client("cloudwatch").put_metric_alarm(AlarmName=name, **properties)
    return name, {}


# Each makes one resource through the cloud's own API; answers its physical id and the attributes that others ask for.
MAKERS = {
    "AWS::SecretsManager::Secret": _secret,
    # moto's ElastiCache has no parameter groups at all: this one exists in the stack alone.
    "AWS::ElastiCache::ParameterGroup": lambda _, name, properties: (name, {}),
    "AWS::ElastiCache::SubnetGroup": _redis_subnets,
    "AWS::ElastiCache::ReplicationGroup": _redis,
    "AWS::RDS::DBInstance": _database,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::AutoScaling::ScalingPolicy": _scaling_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::CloudWatch::Alarm": _alarm,
}
