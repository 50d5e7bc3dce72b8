"""What Terraform does with `tencentcloud_emr_cluster_v2`, call by call: create with routers behind it, read without a difference, another
name and tags, disks that grow and come, a machine that is exchanged, nodes that come and go, import, destroy.

    python terraform-tencent-v2.py http://127.0.0.1:4580

The facts are of the provider's source (services/emr). Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import copy
import sys
import time

from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tencent import REGION, RUNNING, ZONE, ask, connect, expect, step

TIMEOUT_SECONDS = 120
DELETED = -2
ROLES = {1: "master", 2: "core", 3: "task", 0: "common", 4: "router"}
DISKS = {4: "CLOUD_SSD", 5: "CLOUD_PREMIUM", 6: "CLOUD_HSSD"}
CORES = {1: "SMALL", 2: "MEDIUM", 4: "LARGE"}
PLATFORM = ("RUNTIME", "FILEBEAT", "KRB5")


def wait_for(what, look):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not look():
        expect(time.monotonic() < deadline, f"not within {TIMEOUT_SECONDS} seconds: {what}")
        time.sleep(0.2)


def node(instance_type, software, disks=((100, "CLOUD_SSD"),)):
    return {
        "instance_type": instance_type,
        "system_disk": (50, "CLOUD_HSSD"),
        "data_disk": sorted(disks),
        "software": software,
    }


MASTER = {
    "RUNTIME-1.0.0": ["Sysctl"],
    "FILEBEAT-7.2.0": ["Filebeat"],
    "HDFS-2.8.5": ["NameNode"],
    "YARN-2.8.5": ["ResourceManager", "JobHistoryServer"],
    "ZOOKEEPER-3.6.1": ["Zookeeper"],
    "OPENLDAP-2.4.44": ["slapd"],
    "KNOX-1.2.0": ["gateway", "ldap"],
}
CORE = {"HDFS-2.8.5": ["DataNode"], "YARN-2.8.5": ["NodeManager"]}
CONFIG = {
    "product_version": "EMR-V2.6.0",
    "enable_support_ha_flag": False,
    "instance_name": "tf-cluster-v2",
    "instance_charge_type": "POSTPAID_BY_HOUR",
    "scene_name": "Hadoop-Default",
    "security_group_ids": ["sg-tf000001"],
    "tags": {"createBy": "terraform"},
    "vpc": ("vpc-tf000001", "subnet-tf000001"),
    "zone": ZONE,
    "nodes": {
        "master": [node("S5.2XLARGE16", MASTER)],
        "core": [node("S5.LARGE8", CORE), node("S5.LARGE8", CORE)],
        "task": [],
        "common": [],
        "router": [node("S5.LARGE8", {})],
    },
}


def resource_spec(block):
    def disk(size, kind):
        return {"DiskType": kind, "Count": 1, "DiskSize": size}

    return {
        "InstanceType": block["instance_type"],
        "SystemDisk": [disk(*block["system_disk"])],
        "DataDisk": [disk(*each) for each in block["data_disk"]],
        "SoftwareConfig": [{"SoftwareName": name, "Roles": roles} for name, roles in block["software"].items()],
    }


def described(client, cluster):
    found = ask(client, "DescribeInstances", ProjectId=-1, DisplayStrategy="clusterList", InstanceIds=[cluster]).ClusterList
    return found[0] if found else None


def create(client, config):
    """One block stands for all of a role; what the platform has itself is left out of the components. Routers come afterwards."""
    spec, components = {}, []
    for role in ("master", "core", "task", "common"):
        blocks = config["nodes"][role]
        if blocks:
            spec[f"{role.title()}Count"] = len(blocks)
            spec[f"{role.title()}ResourceSpec"] = resource_spec(blocks[0])
            components += [name for name in blocks[0]["software"] if name not in components]
    vpc, subnet = config["vpc"]
    cluster = ask(
        client,
        "CreateCluster",
        ProductVersion=config["product_version"],
        EnableSupportHAFlag=config["enable_support_ha_flag"],
        InstanceName=config["instance_name"],
        InstanceChargeType=config["instance_charge_type"],
        LoginSettings={"Password": "Tencent@2026"},
        SceneSoftwareConfig={
            "SceneName": config["scene_name"],
            "Software": [name for name in components if not name.startswith(PLATFORM)],
        },
        SecurityGroupIds=config["security_group_ids"],
        NeedMasterWan="NEED_MASTER_WAN",
        Tags=[{"TagKey": key, "TagValue": value} for key, value in config["tags"].items()],
        MetaDBInfo={"MetaType": "EMR_DEFAULT_META"},
        ZoneResourceConfiguration=[
            {
                "VirtualPrivateCloud": {"VpcId": vpc, "SubnetId": subnet},
                "Placement": {"Zone": config["zone"], "ProjectId": 0},
                "AllNodeResourceSpec": spec,
            }
        ],
    ).InstanceId
    wait_for("created", lambda: described(client, cluster) and described(client, cluster).Status == RUNNING)
    for block in config["nodes"]["router"]:
        add(client, cluster, "router", block)
    return cluster


def await_flow(client, cluster, key, value):
    def done():
        param = {"FKey": key, "FValue": str(value)}
        status = ask(client, "DescribeClusterFlowStatusDetail", InstanceId=cluster, FlowParam=param).FlowTotalStatus
        expect(status in (0, 1, 2), f"the flow {value} failed: {status}")
        return status == 2

    wait_for(f"the flow {value}", done)


def add(client, cluster, role, block):
    answer = ask(
        client,
        "ScaleOutCluster",
        InstanceId=cluster,
        InstanceChargeType=CONFIG["instance_charge_type"],
        HardwareSourceType="HOST",
        ScaleOutNodeConfig={"NodeFlag": role.upper(), "NodeCount": 1},
        Zone=CONFIG["zone"],
        ResourceSpec=resource_spec(block),
    )
    await_flow(client, cluster, "TraceId", answer.TraceId)


def disks_of(client, cluster, order):
    found = ask(client, "DescribeNodeDataDisks", InstanceId=cluster, CvmInstanceIds=[order], Offset=0, Limit=100).CBSList
    expect(all(disk.DiskId for disk in found), f"disks of {order} without a number of their own")
    return found


def read(client, cluster):
    """As the provider reads it; processes of nodes are not read, and stay as they were configured."""
    seen = described(client, cluster)
    listed = ask(client, "DescribeClusterNodes", InstanceId=cluster, NodeFlag="all", Offset=0, Limit=100).NodeList
    nodes = {role: [] for role in ROLES.values()}
    zones = {each.Zone for each in listed}
    subnets = {each.SubnetInfo.SubnetId for each in listed}
    for each in listed:
        cores = CORES.get(each.CpuNum) or f"{each.CpuNum // 4}XLARGE"
        memory = each.MemDesc.rstrip("GB")
        expect(each.SerialNo and each.OrderNo and each.EmrResourceId, "a node without its numbers")
        nodes[ROLES[each.Flag]].append(
            {
                "instance_type": f"{each.Spec.split('.', 1)[-1]}.{cores}{memory}",
                "system_disk": (each.RootSize, DISKS[each.RootStorageType]),
                "data_disk": sorted((disk.DiskSize, disk.DiskType) for disk in disks_of(client, cluster, each.OrderNo)),
                "order_no": each.OrderNo,
                "emr_resource_id": each.EmrResourceId,
            }
        )
    expect(len(zones) == 1 and len(subnets) == 1, f"{zones} {subnets}")
    return {
        "product_version": seen.EmrVersion,
        "enable_support_ha_flag": seen.Config.SupportHA,
        "instance_name": seen.ClusterName,
        "instance_charge_type": {0: "POSTPAID_BY_HOUR", 1: "PREPAID"}[seen.ChargeType],
        "scene_name": seen.SceneName,
        "security_group_ids": seen.Config.SecurityGroups,
        "tags": {tag.TagKey: tag.TagValue for tag in seen.Tags},
        "vpc": (seen.UniqVpcId, *subnets),
        "zone": zones.pop(),
        "nodes": nodes,
    }


def plan_is_empty(client, cluster, config):
    state = read(client, cluster)
    for name in config:
        if name != "nodes":
            expect(state[name] == config[name], f"the plan is not empty: {name} is {state[name]}, not {config[name]}")
    for role, blocks in config["nodes"].items():
        shape = ("instance_type", "system_disk", "data_disk")
        wanted = sorted([block[name] for name in shape] for block in blocks)
        seen = sorted([block[name] for name in shape] for block in state["nodes"][role])
        expect(seen == wanted, f"the plan is not empty: {role} is {seen}, not {wanted}")
    return state


def retag(client, cluster, old, new):
    def listed(tags):
        return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]

    change = {
        "ResourceId": cluster,
        "Resource": f"qcs::emr:{REGION}:uin/:emr-instance/{cluster}",
        "ResourcePrefix": "emr",
        "ResourceRegion": REGION,
        "ServiceType": "emr",
        "DeleteTags": listed({key: value for key, value in old.items() if key not in new}),
        "AddTags": listed({key: value for key, value in new.items() if key not in old}),
        "ModifyTags": listed({key: value for key, value in new.items() if key in old}),
    }
    change = {name: value for name, value in change.items() if value}
    answer = ask(client, "ModifyResourcesTags", ModifyType="Cluster", ModifyResourceTagsInfoList=[change])
    (flow,) = answer.ClusterToFlowIdList
    await_flow(client, cluster, "FlowId", flow.FlowId)


def changes(client, cluster, config):
    config["instance_name"] = "tf-cluster-v2-2"
    ask(client, "ModifyInstanceBasic", InstanceId=cluster, ClusterName=config["instance_name"])
    tags = {"createBy": "tf", "stage": "test"}
    retag(client, cluster, config["tags"], tags)
    config["tags"] = tags
    state = plan_is_empty(client, cluster, config)
    step("another name and other tags, and the plan is empty")
    first = state["nodes"]["core"][0]
    (disk,) = disks_of(client, cluster, first["order_no"])
    one = {"InstanceId": cluster, "CvmInstanceIds": [first["order_no"]]}
    grown = ask(client, "ResizeDataDisks", DiskSize=200, ResizeAll=False, DiskIds=[disk.DiskId], **one)
    await_flow(client, cluster, "FlowId", grown.FlowId)
    spec = {"Count": 1, "DiskType": "CLOUD_SSD", "DefaultDiskSize": 100}
    attached = ask(client, "AttachDisks", CreateDisk=True, DiskSpec=spec, **one)
    await_flow(client, cluster, "FlowId", attached.FlowId)
    config["nodes"]["core"][0]["data_disk"] = [(100, "CLOUD_SSD"), (200, "CLOUD_SSD")]
    plan_is_empty(client, cluster, config)
    step("a disk grew and another one came, on one node, and the plan is empty")
    exchanged = ask(
        client,
        "ModifyResource",
        InstanceId=cluster,
        PayMode=0,
        InstanceType="S5.2XLARGE16",
        NewCpu=8,
        NewMem=16,
        ResourceIdList=[first["emr_resource_id"]],
    )
    await_flow(client, cluster, "TraceId", exchanged.TraceId)
    config["nodes"]["core"][0]["instance_type"] = "S5.2XLARGE16"
    plan_is_empty(client, cluster, config)
    step("the machine of one node was exchanged, and the plan is empty")


def scale(client, cluster, config):
    for role in ("core", "task"):
        block = node("S5.LARGE8", CORE if role == "core" else {"YARN-2.8.5": ["NodeManager"]})
        before = {each["order_no"] for each in read(client, cluster)["nodes"][role]}
        add(client, cluster, role, block)
        config["nodes"][role].append(block)
        state = plan_is_empty(client, cluster, config)
        (order,) = {each["order_no"] for each in state["nodes"][role]} - before
        gone = ask(client, "TerminateClusterNodes", InstanceId=cluster, CvmInstanceIds=[order], NodeFlag=role.upper())
        await_flow(client, cluster, "FlowId", gone.FlowId)
        config["nodes"][role].pop()
        plan_is_empty(client, cluster, config)
    step("a core node and a task node came by their blocks and went, and the plan is empty after each")


def destroy(client, cluster):
    """A second time as long as it is there: then it goes for good."""
    ask(client, "TerminateInstance", InstanceId=cluster)

    def gone():
        seen = described(client, cluster)
        return seen is None or seen.Status == DELETED

    wait_for("it is gone", gone)
    step("destroyed")


def main(address):
    client = connect(address)
    config = copy.deepcopy(CONFIG)
    cluster = create(client, config)
    plan_is_empty(client, cluster, config)
    step("created with its router, and the plan is empty")
    changes(client, cluster, config)
    scale(client, cluster, config)
    destroy(client, cluster)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Exception, TencentCloudSDKException) as problem:
        print(f"terraform tencent v2: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
