"""The main job, with the vendor's own Python SDK (PyPI tencentcloud-sdk-python-emr).

    python tencent.py http://127.0.0.1:4580

The keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. Prints one line a step; exits with 1 at the first
step that goes wrong.
"""

import os
import sys
import time
from urllib.parse import urlsplit

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.emr.v20190103 import emr_client, models

REGION = "ap-guangzhou"
ZONE = "ap-guangzhou-3"
TIMEOUT_SECONDS = 120
RUNNING, CREATING, TERMINATING = 2, 3, 14


def connect(address, sign_method="TC3-HMAC-SHA256", request_method="POST", secret=None):
    parts = urlsplit(address)
    http = HttpProfile(protocol=parts.scheme, endpoint=parts.netloc, reqMethod=request_method)
    profile = ClientProfile(signMethod=sign_method, httpProfile=http, language="en-US")
    keys = credential.Credential(
        os.environ["TENCENTCLOUD_SECRET_ID"], secret or os.environ["TENCENTCLOUD_SECRET_KEY"]
    )
    return emr_client.EmrClient(keys, REGION, profile)


def ask(client, action, **parameters):
    request = getattr(models, f"{action}Request")()
    request._deserialize(parameters)
    return getattr(client, action)(request)


def machine(cpu, memory_gb):
    return {
        "Spec": "CVM.S5",
        "StorageType": 5,
        "DiskType": "CLOUD_PREMIUM",
        "MemSize": memory_gb * 1024,
        "Cpu": cpu,
        "DiskSize": 100,
        "RootSize": 50,
    }


ORDER = {
    "ProductId": 30,
    "PayMode": 0,
    "TimeUnit": "s",
    "TimeSpan": 3600,
    "SupportHA": 0,
    "Software": ["hdfs-2.8.5", "yarn-2.8.5", "zookeeper-3.6.1", "openldap-2.4.44", "knox-1.2.0", "hive"],
    "Placement": {"Zone": ZONE, "ProjectId": 0},
    "VPCSettings": {"VpcId": "vpc-python01", "SubnetId": "subnet-python01"},
    "ResourceSpec": {
        "MasterResourceSpec": machine(4, 16),
        "CoreResourceSpec": machine(4, 8),
        "MasterCount": 1,
        "CoreCount": 2,
    },
}


def expect(right, said):
    if not right:
        raise AssertionError(said)


def step(text):
    print(f"python: {text}", flush=True)


def find(client, cluster):
    answer = ask(
        client,
        "DescribeInstances",
        DisplayStrategy="clusterList",
        InstanceIds=[cluster],
        ProjectId=-1,
    )
    return answer.ClusterList[0] if answer.TotalCnt == 1 else None


def await_status(client, cluster, wanted, on_the_way):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = find(client, cluster)
        status = found.Status if found else None
        if status == wanted:
            return found
        expect(status in on_the_way, f"status {status} on the way to {wanted}")
        time.sleep(0.2)
    raise AssertionError(f"{cluster} did not get to {wanted} in {TIMEOUT_SECONDS} seconds")


def refused(client, code, action, **parameters):
    try:
        ask(client, action, **parameters)
    except TencentCloudSDKException as problem:
        expect(problem.get_code() == code, f"{action}: {problem.get_code()}, not {code}")
        expect(problem.get_request_id(), "a refusal without a request id")
        return
    raise AssertionError(f"{action} was not refused with {code}")


def tag_change(cluster, **changes):
    return {
        "ResourceId": cluster,
        "Resource": f"qcs::emr:{REGION}:uin/:emr-instance/{cluster}",
        "ResourcePrefix": "emr-instance",
        "ResourceRegion": REGION,
        "ServiceType": "emr",
        **changes,
    }


def every_action(client):
    """None that the SDK has is unknown to the server, or not built: without parameters most are refused for those that are missing."""
    actions = [name for name in dir(models) if name.endswith("Request")]
    actions = [name.removesuffix("Request") for name in actions if hasattr(client, name.removesuffix("Request"))]
    expect(len(actions) > 100, f"the SDK has {len(actions)} actions")
    for action in actions:
        try:
            ask(client, action)
        except TencentCloudSDKException as problem:
            code = problem.get_code()
            expect(not code.startswith(("InvalidAction", "InternalError", "ActionOffline")), f"{action}: {code}")
            expect(code != "UnsupportedOperation", f"{action}: {problem.get_message()}")
    step(f"all {len(actions)} actions of the SDK are known")


def main(address):
    client = connect(address)
    every_action(client)
    quote = ask(client, "InquiryPriceCreateInstance", Currency="CNY", **ORDER)
    parts = [part for node in quote.PriceList[0].NodeDetailPrice for part in node.PartDetailPrice]
    total = sum(part.RealTotalCost for part in parts)
    expect(abs(total - quote.DiscountCost) < 0.01 * len(parts), f"{total} is not {quote.DiscountCost}")
    step(f"price {quote.DiscountCost} an hour, in {len(parts)} parts")

    create = {
        **ORDER,
        "InstanceName": "python-client",
        "LoginSettings": {"Password": "Tencent@cloud123"},
        "ClientToken": f"python-{time.time_ns()}",
        "Tags": [{"TagKey": "client", "TagValue": "python"}],
    }
    cluster = ask(client, "CreateInstance", **create).InstanceId
    expect(cluster.startswith("emr-") and len(cluster) == 12, cluster)
    expect(ask(client, "CreateInstance", **create).InstanceId == cluster, "the token made two clusters")
    expect(find(client, cluster) is not None, "not visible at once")
    step(f"created {cluster}, once for two requests with one token")

    found = await_status(client, cluster, RUNNING, on_the_way=[CREATING])
    expect(found.UniqVpcId == "vpc-python01" and found.Zone == ZONE and found.ZoneId == 100003, "place")
    expect(found.Config.SoftInfo[-1].startswith("hive-"), found.Config.SoftInfo)
    expect(found.Config.MasterResource.InstanceType == "S5.LARGE16", found.Config.MasterResource)
    expect(len(found.MasterIp) > 2, "no public address of the master")
    step(f"running: {found.EmrVersion}, {found.ClusterTitle}, master at {found.MasterIp}")

    tagged = ask(
        client,
        "ModifyResourcesTags",
        ModifyType="Cluster",
        ModifyResourceTagsInfoList=[
            tag_change(
                cluster,
                AddTags=[{"TagKey": "stage", "TagValue": "test"}],
                ModifyTags=[{"TagKey": "client", "TagValue": "PyPI"}],
            )
        ],
    )
    expect(tagged.SuccessList == [cluster] and not tagged.FailList, "tagging failed")
    flow = ask(
        client,
        "DescribeClusterFlowStatusDetail",
        InstanceId=cluster,
        FlowParam={"FKey": "FlowId", "FValue": str(tagged.ClusterToFlowIdList[0].FlowId)},
    )
    expect(flow.FlowTotalStatus == 2, f"flow status {flow.FlowTotalStatus}")
    tags = {tag.TagKey: tag.TagValue for tag in find(client, cluster).Tags}
    expect(tags == {"client": "PyPI", "stage": "test"}, tags)
    step(f"tagged in flow {tagged.ClusterToFlowIdList[0].FlowId}: {tags}")

    filters = [{"Name": "ClusterId", "Values": [cluster]}, {"Name": "ClusterStatus", "Values": ["2"]}]
    listed = ask(client, "DescribeInstancesList", DisplayStrategy="clusterList", Filters=filters)
    expect([each.ClusterId for each in listed.InstancesList] == [cluster], "not listed")
    step(f"listed: {listed.InstancesList[0].StatusDesc}")

    nodes = ask(client, "DescribeClusterNodes", InstanceId=cluster, NodeFlag="all").NodeList
    names = sorted(node.NameTag for node in nodes)
    expect(names == ["core.0", "core.1", "master.0"], names)
    expect(all(node.Ip and node.OrderNo.startswith("ins-") for node in nodes), "nodes without machines")
    expect(any("NameNode:STARTED" in node.ServicesStatus for node in nodes), "no NameNode")
    step(f"nodes: {', '.join(f'{node.NameTag} at {node.Ip}' for node in nodes)}")

    for sign_method in ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"]:
        for request_method in ["GET", "POST"]:
            other = connect(address, sign_method, request_method)
            expect(find(other, cluster).Status == RUNNING, f"{sign_method} by {request_method}")
    step("all signatures are understood, by GET and by POST")

    one = {"DisplayStrategy": "clusterList"}
    refused(connect(address, secret="wrong"), "AuthFailure.SignatureFailure", "DescribeInstances", **one)
    refused(client, "InvalidParameter.DisplayStrategyNotMatch", "DescribeInstances", DisplayStrategy="x")
    refused(client, "ResourceNotFound.InstanceNotFound", "TerminateInstance", InstanceId="emr-00000000")
    refused(client, "ResourceNotFound.ClusterNotFound", "DescribeInspectionTaskResult", InstanceId="emr-00000000")
    weak = {**create, "ClientToken": "other", "LoginSettings": {"Password": "password"}}
    refused(client, "InvalidParameter.InvalidPassword", "CreateInstance", **weak)
    changed = {**create, "InstanceName": "python-changed"}
    refused(client, "FailedOperation.DuplicateOrderNotAllowed", "CreateInstance", **changed)
    step("what is wrong is refused with the vendor's codes")

    ask(client, "TerminateInstance", InstanceId=cluster)
    await_status(client, cluster, None, on_the_way=[TERMINATING])
    step("terminated")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as problem:  # One line for whoever reads the test's output, whatever it was.
        print(f"python: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
