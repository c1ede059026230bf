"""A machine below a folder: what user data meets when it boots, short of an init system."""

import base64
import http.server
import os
import threading

from conftest import PATH, run


class Machine:
    def __init__(self, cloud, resources, folder):
        self.cloud, self.root, self.instance = cloud, folder / "root", _instance(cloud)
        self.user_data = _user_data(cloud, resources["Machine"])
        self._log = folder / "systemctl.log"
        self._bin = folder / "bin"
        self._bin.mkdir(parents=True)
        self._log.touch()
        # There is no init system here to ask; what it would have been asked is written down.
        systemctl = self._bin / "systemctl"
        systemctl.write_text(f'#!/bin/sh\necho "$@" >>{self._log}\n')
        systemctl.chmod(0o755)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _answers(self.instance))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def environment(self):
        port = self._server.server_address[1]
        return {
            **self.cloud.environment(),
            "PATH": f"{self._bin}:{PATH}",
            "CARDSTORE_ROOT": str(self.root),
            "CARDSTORE_PORT": str(port),
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{port}",
        }

    def boot(self):
        script = self._bin / "user-data"
        script.write_text(self.user_data)
        before = len(self.cloud.signals)
        outcome = run("bash", script, **self.environment())
        # What CloudFormation was told, and by which machine.
        self.signals = self.cloud.signals[before:]
        return outcome

    def settings_again(self):
        """What the timer does, with the file that booting wrote for it; answers what was asked of systemd."""
        words = dict(line.split("=", 1) for line in self.read("etc/cardstore/machine.env").splitlines())
        before = len(self.asked_of_systemd())
        again = self.root / "opt/cardstore/current/settings.sh"
        outcome = run(again, "--restart", **{**self.environment(), **words})
        assert outcome.returncode == 0, outcome.stderr
        return self.asked_of_systemd()[before:]

    def read(self, path):
        return (self.root / path).read_text()

    def asked_of_systemd(self):
        return self._log.read_text().splitlines()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def _instance(cloud):
    (group,) = cloud.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return group["Instances"][0]["InstanceId"]


def _user_data(cloud, machine):
    (version,) = cloud.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=machine, Versions=["$Latest"]
    )["LaunchTemplateVersions"]
    script = base64.b64decode(version["LaunchTemplateData"]["UserData"]).decode()
    # moto leaves `Fn::Sub`'s way of writing a dollar with braces as it is.
    return script.replace("${!", "${")


def _answers(instance):
    """The node's own health, and the metadata service, which tells nothing without a token."""
    token = os.urandom(8).hex()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            lifetime = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
            self._say(200 if lifetime and self.path == "/latest/api/token" else 400, token)

        def do_GET(self):
            if self.path == "/healthz":
                self._say(200, "alive\n")
            elif self.headers.get("X-aws-ec2-metadata-token") != token:
                self._say(401, "")
            elif self.path == "/latest/meta-data/instance-id":
                self._say(200, instance)
            else:
                self._say(404, "")

        def _say(self, status, text):
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    return Answers
