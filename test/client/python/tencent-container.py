"""Clusters of containers with Ray in them, clusters in two zones, and what else no other scenario calls, with the vendor's own
Python SDK.

    python tencent-container.py http://127.0.0.1:4580

Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import base64
import json
import sys
import time

from tencent import CREATING, ORDER, RUNNING, TERMINATING, ask, await_status, connect, expect, machine, step

BUSY = [CREATING, 4, 8, 13, 16, 22, 24, RUNNING]
PASSWORD = {"Password": "Tencent@cloud123"}
VPC = "vpc-python01"
RAY = {"ServiceName": "TCRAY", "DynamicInstanceType": "RayCluster"}


def pods(name, number=1):
    return {"ComponentName": name, "PodNumber": number, "LimitCpu": 1, "LimitMemory": 2}


class Cluster:
    def __init__(self, client, cluster):
        self.client = client
        self.id = cluster
        self.settled()

    def ask(self, action, **parameters):
        return ask(self.client, action, InstanceId=self.id, **parameters)

    def settled(self):
        return await_status(self.client, self.id, RUNNING, on_the_way=BUSY)

    def done(self, action, **parameters):
        answer = self.ask(action, **parameters)
        self.settled()
        return answer

    def nodes(self, flag="all"):
        return self.ask("DescribeClusterNodes", NodeFlag=flag).NodeList

    def end(self):
        self.ask("TerminateInstance")
        await_status(self.client, self.id, None, on_the_way=[TERMINATING])


def flow_is_done(it, flow):
    seen = it.ask("DescribeClusterFlowStatusDetail", FlowParam={"FKey": "FlowId", "FValue": str(flow)})
    return seen.FlowTotalStatus == 2


def containers(client):
    request = {
        "InstanceName": "python-pods",
        "ClusterClass": "EMR-TKE",
        "PlatFormType": "tke",
        "ProductId": 65,
        "Software": ["openldap-2.4.44", "tcray-2.52.0"],
        "CosBucket": "emrys-1250000001",
        "EksClusterId": "cls-python01",
        "VPCSettings": {"VpcId": VPC, "SubnetId": "subnet-python01"},
        "ZoneId": 100003,
        "LoginSettings": PASSWORD,
        "CloudResources": [pods("Slapd"), pods("KubeRayOperator")],
    }
    it = Cluster(client, ask(client, "CreateCloudInstance", **request).InstanceId)
    flow = it.done("ModifyPodNum", ServiceGroup=39, ServiceType=51, PodNum=2).FlowId
    expect(flow_is_done(it, flow), "the pods did not come")
    names = [node.NameTag for node in it.nodes()]
    expect(names == ["slapd-0", "slapd-1", "kuberayoperator-0"], names)
    first = it.nodes()[0]
    lost = {
        "Name": first.NameTag,
        "Uuid": first.SerialNo,
        "State": "POD_STATE_DELETED",
        "Reason": "evicted",
        "OwnerCluster": it.id,
        "Memory": 2,
    }
    ask(client, "SyncPodState", Message=lost)
    it.settled()
    step(f"{it.id} has three pods; one that was lost came again")
    ray(it)
    it.end()
    step("the cluster of containers is gone")


def ray(it):
    group = {"PodCpu": 1, "PodMem": 2, "PodNum": 1}
    form = {
        "DynamicInstanceName": "ray-python",
        "DynamicInstanceGroups": [
            {"GroupType": "headGroup", "GroupName": "head", **group},
            {"GroupType": "workerGroup", "GroupName": "workers", **group},
        ],
    }
    flow = it.done("CreateDynamicInstance", DynamicInstanceForm=form, **RAY).FlowId
    expect(flow_is_done(it, flow), "no Ray cluster came")
    (listed,) = it.ask("DescribeDynamicInstanceList").DynamicInstanceList
    expect((listed.RayClusterName, listed.PodCount) == ("ray-python", 2), listed)
    number = listed.RayClusterId
    more = {"ModifyScope": 6, "ModifyDynamicInstanceGroup": {"GroupName": "workers", "PodNum": 3, "MaxPodNum": 3}}
    it.done("ModifyDynamicInstance", DynamicInstanceId=number, DynamicInstanceForm=more, **RAY)
    seen = it.ask("DescribeDynamicInstanceDetail", RayClusterId=number)
    expect((seen.TotalPodCount, seen.WorkerGroupSpecs[0].PodCount) == (4, 3), seen)
    it.done("TerminateDynamicInstances", DynamicInstanceType="RayCluster", DynamicInstanceIds=[number])
    expect(it.ask("DescribeDynamicInstanceList").DynamicInstanceList == [], "it is still there")
    step(f"Ray cluster {number} came, grew and went")


def zone(number, tag, counts):
    return {
        "ZoneTag": tag,
        "Placement": {"Zone": f"ap-guangzhou-{number}", "ProjectId": 0},
        "VPCSettings": {"VpcId": VPC, "SubnetId": f"subnet-python{number}"},
        "ResourceSpec": {
            "MasterResourceSpec": machine(4, 16),
            "CoreResourceSpec": machine(4, 8),
            "CommonResourceSpec": machine(2, 4),
            "TaskResourceSpec": machine(4, 8),
            "MasterCount": 1,
            **counts,
        },
    }


def zones(client):
    whole = {key: value for key, value in ORDER.items() if key not in ("Placement", "VPCSettings", "ResourceSpec")}
    request = {
        **whole,
        "InstanceName": "python-zones",
        "LoginSettings": PASSWORD,
        "SupportHA": 1,
        "VersionID": 1,
        "MultiZone": True,
        "MultiZoneSettings": [
            zone(3, "master", {"CoreCount": 2, "CommonCount": 2, "TaskCount": 1}),
            zone(4, "standby", {"CoreCount": 1, "CommonCount": 1}),
        ],
    }
    it = Cluster(client, ask(client, "CreateInstance", **request).InstanceId)
    placed = sorted(f"{node.NameTag} {node.Zone[-1]}" for node in it.nodes("master"))
    expect(placed == ["master.0 3", "master.1 4"], placed)
    expect(it.settled().IsMultiZoneCluster, "one zone")
    step(f"{it.id} stands in two zones")
    nodes(it)
    inspections(it)
    schedule(it)
    it.end()
    step("the cluster in two zones is gone")


def nodes(it):
    (task,) = it.nodes("task")
    disks = {"DiskSize": 200, "CvmInstanceIds": [task.OrderNo], "ResizeAll": True}
    expect(flow_is_done(it, it.done("ResizeDataDisks", **disks).FlowId), "the disks did not grow")
    expect(it.nodes("task")[0].DiskSize == "200.00 GB", it.nodes("task")[0].DiskSize)
    larger = {"NewCpu": 8, "NewMem": 32, "InstanceType": "S5.2XLARGE32", "PayMode": 0}
    it.done("ModifyResource", ResourceIdList=[task.EmrResourceId], **larger)
    expect(it.nodes("task")[0].CpuNum == 8, "the node did not grow")
    it.done("TerminateTasks", ResourceIds=[task.EmrResourceId])
    expect(it.nodes("task") == [], "the task node is still there")
    script = {"CosFileURI": "cos://bucket/a.sh", "Args": "--a"}
    it.ask("ModifyBootScript", BootType="clusterAfter", PreExecutedFileSettings=[script])
    step("a node grew, and went; scripts of later ones are known")


def inspections(it):
    it.ask("ModifyInspectionSettings", Type="RealTime", Settings=[{"TaskType": "NodeFailure", "Selected": "true"}])
    deadline = time.monotonic() + 60
    while True:
        answer = it.ask("DescribeInspectionTaskResult", Type="RealTime")
        (report,) = json.loads(base64.b64decode(answer.InspectionResultInfo))
        if report["Results"]:
            break
        expect(time.monotonic() < deadline, "no report was made")
        time.sleep(0.3)
    expect(report["Results"] == [{"TaskType": "NodeFailure", "Result": "Normal", "Details": []}], report)
    step("an inspection found every node well")


def schedule(it):
    queues = [{"name": "default", "capacity": 60}, {"name": "q", "capacity": 40}]
    value = json.dumps({"queue": {"name": "root", "queues": queues}})
    answer = it.ask("ModifyResourceScheduleConfig", Key="capacity", Value=value)
    expect((answer.IsDraft, answer.ErrorMsg) == (True, ""), answer)
    step("all queues were drafted at once")


def main(address):
    client = connect(address)
    containers(client)
    zones(client)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as problem:  # One line for whoever reads the test's output, whatever it was.
        print(f"python: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
