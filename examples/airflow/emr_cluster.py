"""A DAG of Airflow 3 that makes a cluster of Tencent Cloud's EMR for as long as something works with it: HTTP calls and a signature.

The connection `emr` (type HTTP) says where: for Emrys the host 127.0.0.1, the port 4580, the login EMRYSDEVELOPMENTKEY and the password
emrys-development-secret; for the cloud the host https://emr.tencentcloudapi.com and a key of yours. Nothing else differs.

    airflow connections add emr --conn-type http --conn-host 127.0.0.1 --conn-port 4580 \
        --conn-login EMRYSDEVELOPMENTKEY --conn-password emrys-development-secret

Needs apache-airflow-providers-http. `npm run test:clients -- python/airflow-dag.py` runs the tasks in their order against a server.
"""

import hashlib
import hmac
import json
import time
from urllib.parse import urlsplit

from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import PokeReturnValue, dag, task
from requests.auth import AuthBase

VERSION, REGION, ZONE = "2019-01-03", "ap-guangzhou", "ap-guangzhou-3"
RUNNING = 2


class Tc3(AuthBase):
    """TC3-HMAC-SHA256, as Airflow's hook calls it with the login and the password of the connection."""

    def __init__(self, secret_id, secret_key):
        self.secret_id, self.secret_key = secret_id, secret_key

    def __call__(self, request):
        now = int(time.time())
        date = time.strftime("%Y-%m-%d", time.gmtime(now))
        host = urlsplit(request.url).netloc
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = f"content-type:{request.headers['Content-Type']}\nhost:{host}\n"
        canonical = "\n".join(
            ["POST", "/", "", headers, "content-type;host", hashlib.sha256(body).hexdigest()]
        )
        scope = f"{date}/emr/tc3_request"
        text = "\n".join(
            ["TC3-HMAC-SHA256", str(now), scope, hashlib.sha256(canonical.encode()).hexdigest()]
        )
        key = f"TC3{self.secret_key}".encode()
        for part in [date, "emr", "tc3_request"]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        request.headers["Host"] = host
        request.headers["X-TC-Timestamp"] = str(now)
        request.headers["Authorization"] = (
            f"TC3-HMAC-SHA256 Credential={self.secret_id}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}"
        )
        return request


def ask(action, **parameters):
    headers = {
        "Content-Type": "application/json",
        "X-TC-Action": action,
        "X-TC-Version": VERSION,
        "X-TC-Region": REGION,
    }
    hook = HttpHook(method="POST", http_conn_id="emr", auth_type=Tc3)
    answer = hook.run("/", data=json.dumps(parameters), headers=headers).json()["Response"]
    if "Error" in answer:
        raise RuntimeError(f"{action}: {answer['Error']['Code']}: {answer['Error']['Message']}")
    return answer


def described(cluster):
    """None once it is gone."""
    found = ask("DescribeInstances", DisplayStrategy="clusterList", InstanceIds=[cluster])
    return next(iter(found["ClusterList"]), None)


MACHINE = {
    "Spec": "CVM.S5",
    "StorageType": 5,
    "DiskType": "CLOUD_PREMIUM",
    "MemSize": 8192,
    "Cpu": 4,
    "DiskSize": 100,
    "RootSize": 50,
}


@dag(schedule=None, catchup=False, tags=["emr"])
def emr_cluster():
    @task
    def create():
        return ask(
            "CreateInstance",
            ProductId=30,
            PayMode=0,
            TimeUnit="s",
            TimeSpan=3600,
            SupportHA=0,
            Software=["hdfs-2.8.5", "yarn-2.8.5", "zookeeper-3.6.1", "openldap-2.4.44", "knox-1.2.0"],
            InstanceName="of-the-dag",
            Placement={"Zone": ZONE},
            VPCSettings={"VpcId": "vpc-emrys001", "SubnetId": "subnet-emrys001"},
            LoginSettings={"Password": "Tencent@cloud123"},
            ResourceSpec={
                "MasterCount": 1,
                "CoreCount": 2,
                "MasterResourceSpec": MACHINE,
                "CoreResourceSpec": MACHINE,
            },
        )["InstanceId"]

    @task.sensor(poke_interval=10, timeout=3600, mode="reschedule")
    def runs(cluster):
        found = described(cluster)
        return PokeReturnValue(is_done=found is not None and found["Status"] == RUNNING, xcom_value=cluster)

    @task
    def work(cluster):
        """What the cluster is for stands here."""
        nodes = ask("DescribeClusterNodes", InstanceId=cluster, NodeFlag="all", Offset=0, Limit=100)
        return len(nodes["NodeList"])

    # Whatever became of the work.
    @task(trigger_rule="all_done")
    def terminate(cluster):
        ask("TerminateInstance", InstanceId=cluster)
        return cluster

    @task.sensor(poke_interval=10, timeout=3600, mode="reschedule")
    def gone(cluster):
        return PokeReturnValue(is_done=described(cluster) is None)

    cluster = create()
    done = work(runs(cluster))
    ended = terminate(cluster)
    done >> ended
    gone(ended)


emr_cluster()
