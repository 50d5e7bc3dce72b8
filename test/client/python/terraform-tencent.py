"""What Terraform does with `tencentcloud_emr_cluster` and the data sources of EMR, call by call, with the vendor's own SDK.

    python terraform-tencent.py http://127.0.0.1:4580

The provider knows one `domain` for all services (`emr.<domain>`, `tag.<domain>` …), so that is what this client is given; the names
are resolved here as lines of a hosts file would. After every step the cluster is read as the provider reads it, and compared with
the configuration: a difference is a failure, as a plan that is not empty would be. The facts are of the provider's source
(services/emr, f6970a9). Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import copy
import json
import os
import socket
import sys
import time
from urllib.parse import urlsplit

from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from terraform.text import provider_in, resource_in

DOMAIN = "emrys.test"
REGION = "ap-guangzhou"
ZONE = "ap-guangzhou-3"
VERSIONS = {"emr": "2019-01-03", "tag": "2018-08-13", "cvm": "2017-03-12", "cdb": "2017-03-20"}
TIMEOUT_SECONDS = 120
PAUSE_SECONDS = 0.1
RUNNING, DELETED, FLOW_DONE = 2, 201, 2
TAGS_LIMIT = 20
DISK_TYPES = {4: "CLOUD_SSD", 5: "CLOUD_PREMIUM", 6: "CLOUD_HSSD"}
ROLES = {"common": 0, "master": 1, "core": 2, "task": 3}
MIB, GIB = 1024**2, 1024**3


def step(text):
    print(f"terraform tencent: {text}", flush=True)


def expect(right, said):
    if not right:
        raise AssertionError(said)


class Cloud:
    """The provider's connection: `protocol`, `domain`, a key and a region."""

    def __init__(self, address):
        parts = urlsplit(address)
        self.keys = credential.Credential(
            os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
        )
        self.scheme, self.domain = parts.scheme, f"{DOMAIN}:{parts.port}"
        self.calls = []
        resolve = socket.getaddrinfo

        def as_in_hosts(host, *rest, **more):
            return resolve(parts.hostname if host.endswith(f".{DOMAIN}") else host, *rest, **more)

        socket.getaddrinfo = as_in_hosts

    def ask(self, service, action, parameters):
        http = HttpProfile(protocol=self.scheme, rootDomain=self.domain, reqMethod="POST")
        profile = ClientProfile(signMethod="TC3-HMAC-SHA256", language="en-US", httpProfile=http)
        client = CommonClient(service, VERSIONS[service], self.keys, REGION, profile=profile)
        expect(client._get_endpoint() == f"{service}.{self.domain}", client._get_endpoint())
        self.calls.append(f"{service}:{action}")
        return client.call_json(action, json.loads(json.dumps(parameters)))["Response"]


def wait_for(what, look):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if look():
            return
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"{what}: not within {TIMEOUT_SECONDS} seconds")


# The resource: what it sends.


def machine(block):
    disks = [
        {"DiskType": disk["disk_type"], "Volume": disk["volume"], "Count": disk["count"]}
        for disk in block.get("multi_disks", [])
    ]
    return {
        "Spec": block["spec"],
        "StorageType": block["storage_type"],
        "DiskType": block["disk_type"],
        "MemSize": block["mem_size"],
        "Cpu": block["cpu"],
        "DiskSize": block["disk_size"],
        "RootSize": block["root_size"],
        "MultiDisks": disks,
    }


def described(cloud, cluster):
    request = {"ProjectId": -1, "InstanceIds": [cluster], "DisplayStrategy": "clusterList"}
    return cloud.ask("emr", "DescribeInstances", request)["ClusterList"]


def create(cloud, config):
    spec = {}
    for role in ROLES:
        # Counts that are not configured are sent as 0.
        spec[f"{role.title()}Count"] = config["resource_spec"].get(f"{role}_count", 0)
        block = config["resource_spec"].get(f"{role}_resource_spec")
        if block:
            spec[f"{role.title()}ResourceSpec"] = machine(block)
    request = {
        "ProductId": config["product_id"],
        "VPCSettings": {
            "VpcId": config["vpc_settings"]["vpc_id"],
            "SubnetId": config["vpc_settings"]["subnet_id"],
        },
        "Software": config["softwares"],
        "ResourceSpec": spec,
        "SupportHA": config["support_ha"],
        "InstanceName": config["instance_name"],
        "NeedMasterWan": config.get("need_master_wan", "NEED_MASTER_WAN"),
        "PayMode": config["pay_mode"],
        "Placement": {
            "ProjectId": config["placement_info"]["project_id"],
            "Zone": config["placement_info"]["zone"],
        },
        "TimeSpan": config["time_span"],
        "TimeUnit": config["time_unit"],
        "LoginSettings": {"Password": config["login_settings"]["password"]},
    }
    if config.get("sg_id"):
        request["SgId"] = config["sg_id"]
    if config.get("auto_renew"):
        request["AutoRenew"] = config["auto_renew"]
    if config.get("tags"):
        request["Tags"] = [{"TagKey": k, "TagValue": v} for k, v in config["tags"].items()]
    cluster = cloud.ask("emr", "CreateInstance", request)["InstanceId"]
    # An empty list counts as success, so a cluster must be there from the first look on.
    expect(described(cloud, cluster), f"{cluster} is not visible at once")
    wait_for("created", lambda: described(cloud, cluster)[0]["Status"] == RUNNING)
    return cluster


IMMUTABLE = ["auto_renew", "placement_info", "login_settings", "pay_mode"]


def update(cloud, cluster, old, new):
    for name in IMMUTABLE:
        expect(old.get(name) == new.get(name), f"cannot update argument `{name}`")
    if old.get("tags") != new.get("tags"):
        retag(cloud, cluster, old["tags"], new["tags"])
    terms = {key: new[name] for key, name in TERMS.items()}
    for role in ["master", "task", "core"]:
        name = f"{role}_count"
        more = new["resource_spec"].get(name, 0) - old["resource_spec"].get(name, 0)
        if more > 0:
            request = {**terms, "InstanceId": cluster, f"{role.title()}Count": more}
            trace = cloud.ask("emr", "ScaleOutInstance", request)["TraceId"]
            await_flow(cloud, cluster, "TraceId", trace)
    if old["resource_spec"] != new["resource_spec"]:
        for info in new.get("terminate_node_info", []):
            request = {
                "CvmInstanceIds": info["cvm_instance_ids"],
                "InstanceId": cluster,
                "NodeFlag": info["node_flag"],
            }
            flow = cloud.ask("emr", "TerminateClusterNodes", request)["FlowId"]
            await_flow(cloud, cluster, "FlowId", str(flow))


TERMS = {"TimeUnit": "time_unit", "TimeSpan": "time_span", "PayMode": "pay_mode"}


def retag(cloud, cluster, old, new):
    """First at the tag service, then at EMR, which by then finds everything done."""
    resource = f"qcs::emr:{REGION}:uin/:emr-instance/{cluster}"
    replace = {key: value for key, value in new.items() if old.get(key) != value}
    delete = [key for key in old if key not in new]
    request = {"Resource": resource}
    if replace:
        request["ReplaceTags"] = [{"TagKey": k, "TagValue": v} for k, v in replace.items()]
    if delete:
        request["DeleteTags"] = [{"TagKey": key} for key in delete]
    cloud.ask("tag", "ModifyResourceTags", request)
    change = {"Resource": resource, "ResourceId": cluster, "ResourceRegion": REGION}
    parts = {
        "AddTags": {key: value for key, value in replace.items() if key not in old},
        "ModifyTags": {key: value for key, value in replace.items() if key in old},
        "DeleteTags": {key: old[key] for key in delete},
    }
    for name, tags in parts.items():
        if tags:
            change[name] = [{"TagKey": k, "TagValue": v} for k, v in tags.items()]
    request = {"ModifyType": "Cluster", "ModifyResourceTagsInfoList": [change]}
    answer = cloud.ask("emr", "ModifyResourcesTags", request)
    expect(not answer.get("FailList"), f"file resource list: {answer.get('FailList')}")


def await_flow(cloud, cluster, key, value):
    def done():
        request = {"InstanceId": cluster, "FlowParam": {"FKey": key, "FValue": value}}
        answer = cloud.ask("emr", "DescribeClusterFlowStatusDetail", request)
        return answer["FlowTotalStatus"] == FLOW_DONE

    wait_for(f"the flow {value}", done)


def destroy(cloud, cluster, config):
    found = described(cloud, cluster)
    expect(found, "Not find clusters.")
    database = found[0]["MetaDb"]
    cloud.ask("emr", "TerminateInstance", {"InstanceId": cluster})

    def ended():
        left = described(cloud, cluster)
        return not left or left[0]["Status"] == DELETED

    wait_for("terminated", ended)
    if config["pay_mode"] == 1:
        cloud.ask("emr", "TerminateInstance", {"InstanceId": cluster})
        wait_for("released", lambda: not described(cloud, cluster))
    if database:
        cloud.ask("cdb", "OfflineIsolatedInstances", {"InstanceIds": [database]})


# The resource: what it reads.


def read(cloud, cluster):
    found = described(cloud, cluster)
    expect(len(found) == 1, f"{len(found)} clusters are called {cluster}")
    it = found[0]
    request = {"InstanceId": cluster, "NodeFlag": "all", "HardwareResourceType": "all"}
    nodes = cloud.ask("emr", "DescribeClusterNodes", request)["NodeList"]
    return {
        "auto_renew": nodes[0]["IsAutoRenew"],
        "scene_name": it["SceneName"],
        "product_id": it["ProductId"],
        "vpc_settings": {"vpc_id": it["UniqVpcId"], "subnet_id": it["UniqSubnetId"]},
        "softwares": sorted(it["Config"]["SoftInfo"]),
        "support_ha": 1 if it["Config"]["SupportHA"] else 0,
        "sg_id": it["Config"]["SecurityGroup"],
        "resource_spec": read_nodes(it, nodes),
        "instance_name": it["ClusterName"],
        "pay_mode": it["ChargeType"],
        "placement_info": {"zone": it["Zone"], "project_id": it["ProjectId"]},
        "need_master_wan": "NEED_MASTER_WAN" if len(it["MasterIp"]) > 2 else "NOT_NEED_MASTER_WAN",
        "tags": read_tags(cloud, cluster),
    }


def read_nodes(cluster, nodes):
    """Counts by zone and flag; of each role the last node of the list stands for all."""
    spec = {}
    configs = {"master": "MasterResource", "core": "CoreResource", "task": "TaskResource"}
    for role, flag in ROLES.items():
        own = [n for n in nodes if (n["ZoneId"], n["Flag"]) == (cluster["ZoneId"], flag)]
        if not own:
            continue
        node = own[-1]
        resource = cluster["Config"][configs.get(role, "ComResource")]
        # Of common nodes the disk is the configured one, of others the node's own.
        disk = resource["DiskSize"] if role == "common" else int(node["DiskSize"].split(".")[0])
        spec[f"{role}_count"] = len(own)
        spec[f"{role}_resource_spec"] = {
            "mem_size": node["MemSize"] // MIB,
            "cpu": node["CpuNum"],
            "disk_size": disk,
            "disk_type": DISK_TYPES.get(node["StorageType"], ""),
            "spec": node["Spec"],
            "storage_type": node["RootStorageType"],
            "root_size": node["RootSize"],
            "multi_disks": read_disks(node, resource),
        }
    return spec


def read_disks(node, resource):
    """The disks beside the first one: one is taken off those that are like it."""
    first = (resource["DiskType"], resource["DiskSize"])
    disks = []
    for disk in node["MCMultiDisk"]:
        kind = (DISK_TYPES.get(disk["Type"], ""), disk["Volume"] // GIB)
        count = disk["Count"] - 1 if kind == first and disk["Count"] > 0 else disk["Count"]
        if count != 0:
            disks.append({"disk_type": kind[0], "volume": kind[1], "count": count})
    return disks


def read_tags(cloud, cluster):
    tags, offset, count = {}, 0, TAGS_LIMIT
    while count == TAGS_LIMIT:
        request = {
            "ServiceType": "emr",
            "ResourcePrefix": "emr-instance",
            "ResourceRegion": REGION,
            "ResourceIds": [cluster],
            "Limit": TAGS_LIMIT,
            "Offset": offset,
        }
        rows = cloud.ask("tag", "DescribeResourceTagsByResourceIds", request)["Tags"]
        tags.update({r["TagKey"]: r["TagValue"] for r in rows if r["ResourceId"] == cluster})
        count = len(rows)
        offset += count
    return tags


# The plan.

# Arguments that keep what was read when the configuration says nothing.
COMPUTED = {"auto_renew", "scene_name", "tags", "multi_disks", "placement_info"}
COMPUTED |= {f"{role}_count" for role in ROLES}
# Arguments that are never read, so that what was applied stays.
UNREAD = {"login_settings", "time_span", "time_unit", "terminate_node_info"}
DEFAULTS = {"need_master_wan": "NEED_MASTER_WAN"}


def differences(config, state, at=""):
    """Every argument whose value the provider would want to change."""
    found = []
    for name in sorted({*config, *state} - UNREAD):
        has = state.get(name)
        if name not in config and name in COMPUTED:
            continue
        wants = config.get(name, DEFAULTS.get(name))
        if name == "softwares":
            wants = sorted(wants)
        if isinstance(has, dict) and isinstance(wants, dict) and name != "tags":
            found += differences(wants, has, f"{at}{name}.")
        elif (wants or None) != (has or None):
            found.append(f"{at}{name}: {has!r} -> {wants!r}")
    return found


class Resource:
    """A resource under Terraform: every change is applied, then read, then planned again."""

    def __init__(self, cloud, config):
        self.cloud, self.config = cloud, config
        self.id = create(cloud, config)
        self.unchanged("created")

    def unchanged(self, what):
        state = read(self.cloud, self.id)
        found = differences(self.config, state)
        expect(not found, f"{what}, and the plan has differences: {'; '.join(found)}")
        return state

    def apply(self, what, change):
        config = copy.deepcopy(self.config)
        change(config)
        found = differences(config, read(self.cloud, self.id))
        expect(found, f"{what}: nothing to change")
        update(self.cloud, self.id, self.config, config)
        self.config = config
        self.unchanged(what)
        step(f"{what}, and the plan is empty: {'; '.join(found)}")

    def destroy(self):
        destroy(self.cloud, self.id, self.config)
        expect(not described(self.cloud, self.id), f"{self.id} is still there")


def block(**more):
    return {
        "mem_size": 8192,
        "cpu": 4,
        "disk_size": 100,
        "disk_type": "CLOUD_PREMIUM",
        "spec": "CVM.S5",
        "storage_type": 5,
        "root_size": 50,
        **more,
    }


def configuration(**more):
    """The example of the provider's documentation."""
    return {
        "product_id": 38,
        "vpc_settings": {"vpc_id": "vpc-terraform", "subnet_id": "subnet-terraform"},
        "softwares": [
            "hdfs-2.8.5",
            "knox-1.6.1",
            "openldap-2.4.44",
            "yarn-2.8.5",
            "zookeeper-3.6.3",
        ],
        "support_ha": 0,
        "instance_name": "emr-cluster-test",
        "resource_spec": {
            "master_resource_spec": block(),
            "core_resource_spec": block(),
            "master_count": 1,
            "core_count": 2,
        },
        "login_settings": {"password": "Tencent@cloud123"},
        "time_span": 3600,
        "time_unit": "s",
        "pay_mode": 0,
        "placement_info": {"zone": ZONE, "project_id": 0},
        "sg_id": "sg-12345678",
        **more,
    }


# Blocks of which the provider takes one.
SINGLE = ["placement_info", "resource_spec", "master_resource_spec", "core_resource_spec"]


def life_of_the_text(cloud):
    """examples/terraform/tencent, as it stands there."""
    provider = {"region": REGION, "protocol": "HTTP", "domain": f"{DOMAIN}:4580"}
    expect(provider_in("tencent") == provider, provider_in("tencent"))
    config = resource_in("tencent", "tencentcloud_emr_cluster", SINGLE)
    known = configuration(tags={})
    expect(set(config) == set(known), f"other arguments: {set(config) ^ set(known)}")
    for role in ["master", "core"]:
        has = set(config["resource_spec"][f"{role}_resource_spec"])
        expect(has == set(block()), f"other arguments of the {role} nodes: {has ^ set(block())}")
    it = Resource(cloud, config)
    it.destroy()
    step("the example's text is applied, its plan is empty, and it is destroyed")


def life_of_a_cluster(cloud):
    config = configuration(tags={"team": "data", "old": "1"})
    config["resource_spec"].update(task_resource_spec=block(), task_count=1)
    it = Resource(cloud, config)
    step(f"created {it.id}, and the plan is empty")
    it.apply("tags changed", lambda c: c.update(tags={"team": "analytics", "stage": "test"}))
    it.apply("a tag removed", lambda c: c.update(tags={"stage": "test"}))
    many = {f"k{number}": "v" for number in range(TAGS_LIMIT)}
    it.apply("a full page of tags set", lambda c: c.update(tags=many))
    it.apply("core nodes added", lambda c: c["resource_spec"].update(core_count=3))
    it.apply("task nodes added", lambda c: c["resource_spec"].update(task_count=2))

    nodes = nodes_of(cloud, it.id, "task")
    leaving = {"cvm_instance_ids": [nodes[-1]["order_no"]], "node_flag": "TASK"}

    def fewer(config):
        config["resource_spec"].update(task_count=1)
        config.update(terminate_node_info=[leaving])

    it.apply("a task node removed", fewer)
    left = [node["order_no"] for node in nodes_of(cloud, it.id, "task")]
    expect(left == [nodes[0]["order_no"]], f"{left} are left")
    data_sources(cloud, it.id)

    imported = read(cloud, it.id)
    found = differences(it.config, imported)
    expect(not found, f"imported with differences: {'; '.join(found)}")
    step(f"imported with {len(imported)} arguments as they were applied")
    it.destroy()
    step("destroyed")


def nodes_of(cloud, cluster, flag):
    """The data source tencentcloud_emr_nodes."""
    request = {"InstanceId": cluster, "NodeFlag": flag, "HardwareResourceType": "all"}
    nodes = cloud.ask("emr", "DescribeClusterNodes", request)["NodeList"]
    names = {
        *["AppId", "SerialNo", "OrderNo", "WanIp", "Flag", "Spec", "CpuNum", "MemSize", "MemDesc"],
        *["RegionId", "ZoneId", "ApplyTime", "FreeTime", "DiskSize", "NameTag", "Services"],
        *["StorageType", "RootSize", "ChargeType", "CdbIp", "CdbPort", "HwDiskSize"],
        *["HwDiskSizeDesc", "HwMemSize", "HwMemSizeDesc", "ExpireTime", "EmrResourceId"],
        *["IsAutoRenew", "DeviceClass", "Mutable", "Ip", "Destroyable", "AutoFlag"],
        *["HardwareResourceType", "IsDynamicSpec", "DynamicPodSpec", "SupportModifyPayMode"],
        *["MCMultiDisk", "Tags"],
    }
    for node in nodes:
        missing = sorted(name for name in names if node.get(name) is None)
        expect(not missing, f"a node without {missing}")
    return [{"order_no": node["OrderNo"], "name_tag": node["NameTag"]} for node in nodes]


def data_sources(cloud, cluster):
    names = [node["name_tag"] for node in nodes_of(cloud, cluster, "all")]
    expect(sorted(names) == ["core.0", "core.1", "core.2", "master.0", "task.0"], names)
    request = {"DisplayStrategy": "clusterList", "InstanceIds": [cluster]}
    (found,) = cloud.ask("emr", "DescribeInstances", request)["ClusterList"]
    members = ["ClusterId", "ClusterName", "Ftitle", "Status", "RegionId", "ZoneId", "Zone"]
    members += ["ChargeType", "MasterIp", "AddTime", "Id"]
    missing = [name for name in members if found.get(name) is None]
    expect(not missing, f"a cluster without {missing}")
    step(f"the data sources have the cluster and its nodes: {', '.join(sorted(names))}")
    zones = cloud.ask("cvm", "DescribeZones", {})["ZoneSet"]
    number = [int(zone["ZoneId"]) for zone in zones if zone["Zone"] == ZONE]
    expect(number == [found["ZoneId"]], f"{ZONE} is {number}, not {found['ZoneId']}")


def other_clusters(cloud):
    """What the provider's own acceptance tests configure."""
    disks = {"disk_type": "CLOUD_PREMIUM", "volume": 200, "count": 1}
    more = {"disk_type": "CLOUD_PREMIUM", "volume": 100, "count": 2}
    config = configuration(instance_name="emr-several-disks", tags={"emr-key": "emr-value"})
    config["resource_spec"]["master_resource_spec"] = block(multi_disks=[disks])
    config["resource_spec"]["core_resource_spec"] = block(multi_disks=[more])
    Resource(cloud, config).destroy()
    step("several disks: created, the plan is empty, destroyed")

    config = configuration(instance_name="emr-no-address", need_master_wan="NOT_NEED_MASTER_WAN")
    config["softwares"] = [*config["softwares"], "hive-2.3.9"]
    Resource(cloud, config).destroy()
    expect("cdb:OfflineIsolatedInstances" in cloud.calls, "the database was not taken off line")
    step("a metadata database, and no public address: created, the plan is empty, destroyed")

    terms = {"pay_mode": 1, "time_unit": "m", "time_span": 1, "auto_renew": 1}
    it = Resource(cloud, configuration(instance_name="emr-by-month", **terms))
    it.apply("core nodes added by the month", lambda c: c["resource_spec"].update(core_count=3))
    it.destroy()
    step("by the month: created, the plan is empty, destroyed in two steps")


def main(address):
    cloud = Cloud(address)
    life_of_the_text(cloud)
    life_of_a_cluster(cloud)
    other_clusters(cloud)
    step(f"{len(cloud.calls)} calls of {len(set(cloud.calls))} actions")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Exception, TencentCloudSDKException) as problem:
        print(f"terraform tencent: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
