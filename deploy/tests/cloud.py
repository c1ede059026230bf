"""A cloud on this machine: moto's server on loopback, taught the types of resources that it lacks."""

import boto3
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.common_models import CloudFormationModel
from moto.core.responses import EmptyResult
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.server import ThreadedMotoServer

from lacking import MAKERS

REGION = "eu-central-1"


class Cloud:
    """moto enforces neither permissions nor health: what is asserted here are shapes, never behaviour."""

    def __init__(self):
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        self.signals = []
        self._teach()

    def client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def environment(self):
        """For programs that talk to this cloud; nothing of the caller's own account reaches them."""
        return {
            "CARDSTORE_AWS_ENDPOINT": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def network(self):
        """The network that every account begins with: its id and two subnets in different zones."""
        ec2 = self.client("ec2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
        return vpc, sorted(subnet["SubnetId"] for subnet in subnets)[:2]

    def stop(self):
        self.server.stop()

    def _teach(self):
        for kind, make in MAKERS.items():
            _model(kind, lambda name, properties, make=make: make(self, name, properties))

        # What the alarms are about: the last part of an ARN.
        FakeTargetGroup.has_cfn_attr = classmethod(lambda _, attribute: attribute == "TargetGroupFullName")
        FakeTargetGroup.get_cfn_attribute = lambda group, _: group.arn.rsplit(":", 1)[1]
        known = FakeLoadBalancer.get_cfn_attribute
        FakeLoadBalancer.get_cfn_attribute = lambda balancer, attribute: (
            balancer.arn.partition("loadbalancer/")[2]
            if attribute == "LoadBalancerFullName"
            else known(balancer, attribute)
        )

        def signal_resource(response):
            self.signals.append(
                {key: response._get_param(key) for key in ("LogicalResourceId", "UniqueId", "Status")}
            )
            return EmptyResult()

        CloudFormationResponse.signal_resource = signal_resource


def _model(kind, make):
    """A type that moto's CloudFormation looks up among the direct subclasses of this base."""

    def create(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        resource = cls()
        resource.physical_resource_id, resource.attributes = make(
            resource_name.lower(), cloudformation_json["Properties"]
        )
        return resource

    type(
        kind.replace("::", ""),
        (CloudFormationModel,),
        {
            "cloudformation_name_type": staticmethod(lambda: ""),
            "cloudformation_type": staticmethod(lambda: kind),
            "has_cfn_attr": classmethod(lambda _, attribute: True),
            "create_from_cloudformation_json": classmethod(create),
            "get_cfn_attribute": lambda resource, attribute: resource.attributes[attribute],
            "is_created": lambda _: True,
        },
    )
