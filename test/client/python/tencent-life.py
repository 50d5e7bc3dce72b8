"""The life of EMR's clusters and what it costs, with the vendor's own Python SDK (PyPI tencentcloud-sdk-python-emr).

    python tencent-life.py http://127.0.0.1:4580

Both schemas, prices beside what is charged, disks, names, renewal, the way of paying, reads, and serverless HBase. Prints one line a
step; exits with 1 at the first step that goes wrong.
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

REGION, ZONE, ZONE_ID = "ap-guangzhou", "ap-guangzhou-3", 100003
TIMEOUT_SECONDS = 120
RUNNING, ISOLATED, FLOW_DONE = 2, 201, 2
NETWORK = {"VpcId": "vpc-12345678", "SubnetId": "subnet-12345678"}
SOFTWARE = ["hdfs-2.8.5", "yarn-2.8.5", "zookeeper-3.6.1", "openldap-2.4.44", "knox-1.2.0"]
TERM = {"TimeUnit": "m", "TimeSpan": 1, "PayMode": 1}


def step(text):
    print(f"tencent life: {text}", flush=True)


def expect(right, said):
    if not right:
        raise AssertionError(said)


class Cloud:
    def __init__(self, address):
        parts = urlsplit(address)
        http = HttpProfile(protocol=parts.scheme, endpoint=parts.netloc)
        keys = credential.Credential(
            os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
        )
        profile = ClientProfile(httpProfile=http, language="en-US")
        self.client = emr_client.EmrClient(keys, REGION, profile)
        self.actions = set()

    def ask(self, action, **parameters):
        request = getattr(models, f"{action}Request")()
        request._deserialize(parameters)
        self.actions.add(action)
        return getattr(self.client, action)(request)

    def refused(self, code, action, **parameters):
        try:
            self.ask(action, **parameters)
        except TencentCloudSDKException as problem:
            return expect(problem.get_code() == code, f"{action}: {problem}")
        raise AssertionError(f"{action} was not refused with {code}")

    def cluster(self, cluster):
        found = self.ask("DescribeInstances", DisplayStrategy="clusterList", InstanceIds=[cluster])
        return found.ClusterList[0] if found.ClusterList else None

    def nodes(self, cluster, flag="all"):
        return self.ask("DescribeClusterNodes", InstanceId=cluster, NodeFlag=flag).NodeList

    def settled(self, cluster):
        wait_for(f"{cluster} runs", lambda: self.cluster(cluster).Status == RUNNING)

    def follow(self, cluster, flow):
        param = {"FKey": "FlowId", "FValue": str(flow)}

        def done():
            it = self.ask("DescribeClusterFlowStatusDetail", InstanceId=cluster, FlowParam=param)
            return it.FlowTotalStatus == FLOW_DONE

        wait_for(f"the flow {flow}", done)
        self.settled(cluster)


def wait_for(what, look):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if look():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {TIMEOUT_SECONDS} seconds")


def disk(kind, size, count=1):
    return {"DiskType": kind, "DiskSize": size, "Count": count}


def machine(name, *data):
    return {
        "InstanceType": name,
        "SystemDisk": [disk("CLOUD_PREMIUM", 50)],
        "DataDisk": list(data) or [disk("CLOUD_PREMIUM", 100)],
    }


def create(cloud, name, **more):
    made = cloud.ask(
        "CreateCluster",
        ProductVersion="EMR-V2.6.0",
        EnableSupportHAFlag=False,
        InstanceName=name,
        LoginSettings={"Password": "Tencent@cloud123"},
        SceneSoftwareConfig={"Software": SOFTWARE, "SceneName": "Hadoop-Default"},
        ZoneResourceConfiguration=[
            {
                "VirtualPrivateCloud": NETWORK,
                "Placement": {"Zone": ZONE, "ProjectId": 0},
                "AllNodeResourceSpec": {
                    "MasterResourceSpec": machine("S5.LARGE16"),
                    "CoreResourceSpec": machine("S5.LARGE8"),
                    "MasterCount": 1,
                    "CoreCount": 2,
                },
            }
        ],
        **more,
    ).InstanceId
    cloud.settled(made)
    return made


def what_is_on_sale(cloud):
    specs = cloud.ask(
        "DescribeNodeSpec",
        ZoneId=ZONE_ID,
        CvmPayMode=0,
        NodeType="All",
        TradeType=1,
        ProductId=30,
        SceneName="Hadoop-Default",
    ).NodeSpecs
    roles = [spec.NodeType for spec in specs]
    expect(roles == ["Master", "Core", "Task", "Router", "Common"], roles)
    sold = [m for t in specs[1].Types for f in t.InstanceFamilies for m in f.InstanceTypes]
    (found,) = [m for m in sold if m.InstanceType == "S5.LARGE8"]
    expect(found.OriginPrice > 0 and found.Remark == "Enough", found)
    step(f"{len(sold)} machines are on sale for core nodes")


def by_the_hour(cloud):
    marks = [{"NodeType": "core", "NodeNames": ["a", "b"]}]
    cluster = create(cloud, "newer-schema", InstanceChargeType="POSTPAID_BY_HOUR", NodeMarks=marks)
    expect([n.NodeMark for n in cloud.nodes(cluster, "core")] == ["a", "b"], "nodes without marks")
    quota = cloud.ask("DescribeCvmQuota", ClusterId=cluster, ZoneId=ZONE_ID).PostPaidQuotaSet[0]
    expect(quota.UsedQuota == 3, quota)
    cloud.ask("ModifyInstanceBasic", InstanceId=cluster, ClusterName="renamed-cluster")
    expect(cloud.cluster(cluster).ClusterName == "renamed-cluster", "it was not renamed")
    step(f"created {cluster} by the newer schema, with marks, and renamed")

    asked = {"InstanceId": cluster, "PayMode": 0, "TimeUnit": "s", "TimeSpan": 3600}
    price = cloud.ask(
        "InquiryPriceScaleOutInstance",
        ZoneId=ZONE_ID,
        CoreCount=1,
        TaskCount=0,
        RouterCount=0,
        Currency="CNY",
        **asked,
    )
    expect(float(price.OriginalCost) > 0 and price.PriceSpec.Cpu == 4, price)
    added = cloud.ask(
        "ScaleOutCluster",
        InstanceChargeType="POSTPAID_BY_HOUR",
        InstanceId=cluster,
        ScaleOutNodeConfig={"NodeFlag": "TASK", "NodeCount": 1},
        ResourceSpec=machine("S5.2XLARGE32", disk("CLOUD_SSD", 200, 2)),
        NodeMarks={"NodeType": "task", "NodeNames": ["t"]},
    )
    cloud.follow(cluster, added.FlowId)
    (task,) = cloud.nodes(cluster, "task")
    expect((task.CpuNum, task.NodeMark) == (8, "t"), task)
    step("a task node of its own specification was added")

    disks = {"InstanceId": cluster, "CvmInstanceIds": [task.OrderNo]}
    flow = cloud.ask(
        "AttachDisks",
        CreateDisk=True,
        DiskSpec={"Count": 1, "DiskType": "CLOUD_HSSD", "DefaultDiskSize": 300},
        **disks,
    ).FlowId
    cloud.follow(cluster, flow)
    found = cloud.ask("DescribeNodeDataDisks", **disks)
    sizes = [(d.DiskType, d.DiskSize) for d in found.CBSList]
    expect(sizes == [("CLOUD_SSD", 200), ("CLOUD_SSD", 200), ("CLOUD_HSSD", 300)], sizes)
    update = cloud.ask(
        "InquiryPriceUpdateInstance",
        UpdateSpec={"Memory": 64, "CPUCores": 16, "ResourceId": task.EmrResourceId},
        PayMode=0,
        TimeUnit="s",
        TimeSpan=3600,
    )
    expect(update.OriginalCost > 0 and update.NewConfigPrice.OriginalCost > 0, update)
    step("a disk was attached; a larger machine has a price")
    reads(cloud, cluster)
    cloud.ask("TerminateInstance", InstanceId=cluster)
    wait_for("terminated", lambda: cloud.cluster(cluster) is None)


def reads(cloud, cluster):
    log = cloud.ask("DescribeInstanceOplog", InstanceId=cluster, Offset=0, Limit=10)
    names = [entry.Operation for entry in log.LogList]
    expect(names[-1] == "Create Cluster" and "Rename Cluster" in names, names)
    events = cloud.ask("DescribeEMREventList", InstanceId=cluster, StartTime=0, EndTime=2**32)
    expect(events.TotalNum == len(events.EventList), events)
    scripts = cloud.ask("DescribeBootScript", InstanceId=cluster)
    expect(scripts.Detail.ClusterAfter == [], scripts)
    expect(cloud.ask("DescribeInstanceRenewNodes", InstanceId=cluster).TotalCnt == 0, "renewals")
    step(f"{log.TotalCnt} operations are logged")


def by_the_month(cloud):
    term = {"Period": 1, "RenewFlag": False}
    cluster = create(
        cloud, "newer-by-month", InstanceChargeType="PREPAID", InstanceChargePrepaid=term
    )
    nodes = [node.EmrResourceId for node in cloud.nodes(cluster)]
    expect(cloud.ask("DescribeInstanceRenewNodes", InstanceId=cluster).TotalCnt == 3, "renewals")
    place = {"Zone": ZONE, "ProjectId": 0}
    whole = cloud.ask("InquirePriceRenewEmr", InstanceId=cluster, Placement=place, **TERM)
    parts = cloud.ask("InquiryPriceRenewInstance", ResourceIds=nodes, NeedDetail=True, **TERM)
    expect(whole.OriginalCost == parts.OriginalCost, (whole, parts))
    expect(len(parts.NodeRenewPriceDetails) == 3, parts)
    flag = {"InstanceId": cluster, "ResourceIds": nodes}
    cloud.ask("ModifyAutoRenewFlag", RenewFlag="NOTIFY_AND_AUTO_RENEW", **flag)
    expect({n.IsAutoRenew for n in cloud.nodes(cluster)} == {1}, "it is not renewed")
    step(f"a month more of {cluster} costs {whole.OriginalCost}")
    cloud.ask("ConvertPreToPostCluster", InstanceId=cluster, ClientToken="convert")
    cloud.ask("ConvertPreToPostCluster", InstanceId=cluster, ClientToken="convert")
    expect(cloud.cluster(cluster).ChargeType == 0, "it is still paid by the month")
    cloud.refused("InvalidParameter", "ModifyAutoRenewFlag", RenewFlag="NOTIFY_AND_AUTO_RENEW", **flag)
    cloud.ask("TerminateInstance", InstanceId=cluster)
    wait_for("terminated", lambda: cloud.cluster(cluster) is None)
    step("and is paid for as it is used from then on")


def serverless(cloud):
    """What the provider does for tencentcloud_serverless_hbase_instance."""
    zones = [
        {"Zone": zone, "NodeNum": count, "VPCSettings": {**NETWORK, "SubnetId": f"subnet-hbase{n}"}}
        for n, (zone, count) in enumerate([(ZONE, 2), ("ap-guangzhou-4", 1), ("ap-guangzhou-6", 1)])
    ]
    setting = {"Period": {"TimeSpan": 1, "TimeUnit": "m"}, "AutoRenewFlag": 0}
    instance = cloud.ask(
        "CreateSLInstance",
        InstanceName="serverless-hbase",
        PayMode=1,
        PrePaySetting=setting,
        DiskType="CLOUD_HSSD",
        DiskSize=100,
        NodeType="4C16G",
        ZoneSettings=zones,
        Tags=[{"TagKey": "team", "TagValue": "data"}],
    ).InstanceId

    def read():
        return cloud.ask("DescribeSLInstance", InstanceId=instance)

    wait_for("the instance runs", lambda: read().Status == RUNNING)
    shown = [(z.Zone, z.NodeNum, z.VPCSettings.SubnetId) for z in read().ZoneSettings]
    wanted = [(z["Zone"], z["NodeNum"], z["VPCSettings"]["SubnetId"]) for z in zones]
    expect(shown == wanted, shown)
    cloud.ask("ModifySLInstance", InstanceId=instance, Zone=ZONE, NodeNum=3)
    wait_for("the instance grew", lambda: (read().Status, read().NodeNum) == (RUNNING, 5))
    cloud.ask("ModifySLInstanceBasic", InstanceId=instance, ClusterName="renamed-hbase")
    filters = [{"Name": "ClusterName", "Values": ["renamed-hbase"]}]
    listed = cloud.ask("DescribeSLInstanceList", DisplayStrategy="clusterList", Filters=filters)
    expect([row.ClusterId for row in listed.InstancesList] == [instance], listed)
    step(f"{instance} has five nodes in three zones and another name")
    cloud.ask("TerminateSLInstance", InstanceId=instance)
    wait_for("the instance is isolated", lambda: read().Status == ISOLATED)
    cloud.ask("TerminateSLInstance", InstanceId=instance)

    def gone():
        found = cloud.ask("DescribeSLInstanceList", DisplayStrategy="clusterList")
        return found.TotalCnt == 0

    wait_for("the instance is gone", gone)
    cloud.refused("ResourceNotFound.InstanceNotFound", "DescribeSLInstance", InstanceId=instance)
    step("isolated, then gone")


def main(address):
    cloud = Cloud(address)
    what_is_on_sale(cloud)
    by_the_hour(cloud)
    by_the_month(cloud)
    serverless(cloud)
    step(f"{len(cloud.actions)} actions")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Exception, TencentCloudSDKException) as problem:
        print(f"tencent life: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
