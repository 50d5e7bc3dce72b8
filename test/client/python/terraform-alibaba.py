"""What Terraform does with `alicloud_star_rocks_instance` and with the groups of `alicloud_star_rocks_node_group`, call by call.

    python terraform-alibaba.py http://127.0.0.1:4580

Requests are those of the provider's generic client: a path, parameters in the query, a body, the older signature (HMAC-SHA1), and no
header that names the action. After every step the resource is read as the provider reads it, and compared with the configuration: a
difference is a failure, as a plan that is not empty would be. The facts are of the provider's source (star_rocks, 81c43b6). Prints
one line a step; exits with 1 at the first step that goes wrong.
"""

import copy
import json
import os
import sys
import time
import uuid
from urllib.parse import urlsplit

from alibabacloud_tea_openapi.utils import Utils
from darabonba.core import DaraCore
from darabonba.request import DaraRequest
from terraform.text import provider_in, resource_in

REGION = "cn-hangzhou"
ZONE = "cn-hangzhou-i"
VERSION = "2022-10-19"
TIMEOUT_SECONDS = 120
PAUSE_SECONDS = 0.2


def step(text):
    print(f"terraform alibaba: {text}", flush=True)


def expect(right, said):
    if not right:
        raise AssertionError(said)


class Refused(Exception):
    def __init__(self, status, answer):
        super().__init__(f"{status} {answer}")
        self.code = answer.get("Code")


class Cloud:
    """Signed and sent by the SDK's own parts, as the provider's client composes a request."""

    def __init__(self, address):
        self.address = urlsplit(address)
        self.key = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"]
        self.secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
        self.calls = 0

    def ask(self, path, query=None, body=None, method="POST"):
        self.calls += 1
        request = DaraRequest()
        request.protocol, request.method, request.pathname = self.address.scheme, method, path
        request.query = query or {}
        request.headers = {
            "date": Utils.get_date_utcstring(),
            "host": self.address.netloc,
            "accept": "application/json",
            "x-acs-signature-nonce": Utils.get_nonce(),
            "x-acs-signature-method": "HMAC-SHA1",
            "x-acs-signature-version": "1.0",
            "x-acs-version": VERSION,
            "user-agent": Utils.get_user_agent("Terraform-Provider"),
        }
        if body is not None:
            request.body = json.dumps(body)
            request.headers["content-type"] = "application/json; charset=utf-8"
        signature = Utils.get_roasignature(Utils.get_string_to_sign(request), self.secret)
        request.headers["authorization"] = f"acs {self.key}:{signature}"
        response = DaraCore.do_action(request, {})
        answer = json.loads(response.body)
        if response.status_code >= 400:
            raise Refused(response.status_code, answer)
        return answer


def wait_for(what, look):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if look():
            return
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"{what}: not within {TIMEOUT_SECONDS} seconds")


# The instance: what it sends.

GROUP = {
    "cu": "cu",
    "storage_size": "storageSize",
    "storage_performance_level": "storagePerformanceLevel",
    "disk_number": "diskNumber",
    "resident_node_number": "residentNodeNumber",
    "spec_type": "specType",
    "local_storage_instance_type": "localStorageInstanceType",
    "zone_id": "zoneId",
}
NUMBERS = {"cu", "storage_size", "disk_number", "resident_node_number"}
ALWAYS = {
    "InstanceName": "instance_name",
    "AdminPassword": "admin_password",
    "Version": "version",
    "RunMode": "run_mode",
    "PackageType": "package_type",
    "PayType": "pay_type",
    "VpcId": "vpc_id",
    "ZoneId": "cluster_zone_id",
}
WHEN_SET = {
    "PricingCycle": "pricing_cycle",
    "OssAccessingRoleName": "oss_accessing_role_name",
    "Duration": "duration",
    "AutoRenew": "auto_renew",
    "ResourceGroupId": "resource_group_id",
    "Encrypted": "encrypted",
    "KmsKeyId": "kms_key_id",
    "PromotionOptionNo": "promotion_option_no",
}


def groups(blocks):
    """Arguments that are not configured are sent as 0 and as empty texts."""
    return [
        {sent: block.get(name, 0 if name in NUMBERS else "") for name, sent in GROUP.items()}
        for block in blocks
    ]


def create(cloud, config):
    body = {"clientToken": f"TF-CreateV1-{uuid.uuid4()}", "RegionId": REGION}
    body.update({sent: config[name] for sent, name in ALWAYS.items()})
    body.update({sent: config[name] for sent, name in WHEN_SET.items() if name in config})
    for kind in ["Frontend", "Backend", "Observer"]:
        body[f"{kind}NodeGroups"] = groups(config[f"{kind.lower()}_node_groups"])
    body["VSwitches"] = [
        {"VswId": it["vswitch_id"], "ZoneId": it["zone_id"]} for it in config["vswitches"]
    ]
    body["Tags"] = [{"Key": key, "Value": value} for key, value in config["tags"].items()]
    instance = cloud.ask("/webapi/cluster/createV1", body=body)["Data"]["InstanceId"]
    wait_for("running", lambda: found(cloud, instance)["InstanceStatus"] == "running")
    # A creation ends in an update, by which everything that is set counts as changed.
    update(cloud, instance, {"tags": {}}, config)
    return instance


def update(cloud, instance, old, new):
    where = {"InstanceId": instance, "RegionId": REGION}
    if old.get("instance_name") != new["instance_name"]:
        query = {**where, "ClusterName": new["instance_name"]}
        cloud.ask("/webapi/cluster/update_name", query, {})
    if old.get("resource_group_id") != new.get("resource_group_id"):
        query = {**where, "NewResourceGroupId": new["resource_group_id"]}
        cloud.ask("/webapi/resourceGroup/change", {**query, "ResourceType": "instance"}, {})
    if old["tags"] != new["tags"]:
        retag(cloud, instance, old["tags"], new["tags"])


def retag(cloud, instance, old, new):
    """What is no more, and what has another value, goes first; then everything is set."""
    removed = [key for key, value in old.items() if new.get(key) != value]
    if removed:
        query = {
            "ResourceId": json.dumps([instance]),
            "RegionId": REGION,
            "ResourceType": "instance",
            "TagKey": json.dumps(removed),
        }
        cloud.ask("/webapi/tags", query, method="DELETE")
    if new:
        tags = [{"Key": key, "Value": value} for key, value in new.items()]
        body = {"ResourceType": "instance", "RegionId": REGION, "Tag": tags}
        cloud.ask("/webapi/tags", body={**body, "ResourceId": [instance]})


def destroy(cloud, instance):
    cloud.ask("/webapi/cluster/release", {"InstanceId": instance, "RegionId": REGION}, {})
    wait_for("released", lambda: found(cloud, instance) is None)


# The instance: what it reads.


def found(cloud, instance):
    query = {"InstanceId": instance, "RegionId": REGION}
    data = cloud.ask("/webapi/starrocks/describeInstances", query, {})["Data"]
    return None if not data or data[0]["InstanceStatus"] == "deleting" else data[0]


def read(cloud, instance):
    it = found(cloud, instance)
    expect(it is not None, f"{instance} is not found")
    expect(it["RegionId"] == REGION and it["BeginTime"], "region or time of creation")
    return {
        "encrypted": it["Encrypted"],
        "instance_name": it["InstanceName"],
        "kms_key_id": it["KmsKeyId"],
        "package_type": it["PackageType"],
        "pay_type": it["PayType"],
        "resource_group_id": it["ResourceGroupId"],
        "run_mode": it["RunMode"],
        "version": it["Version"],
        "vpc_id": it["VpcId"],
        "tags": {tag["Key"]: tag["Value"] for tag in it["Tags"] or []},
        "vswitches": [
            {"vswitch_id": each["VswId"], "zone_id": each["ZoneId"]} for each in it["VSwitches"]
        ],
    }


# The plan.

# Keeps what was read when the configuration says nothing.
COMPUTED = {"resource_group_id"}


def differences(config, state):
    """Of the arguments that are read; the others keep what was applied."""
    found = []
    for name, has in state.items():
        if name not in config and name in COMPUTED:
            continue
        wants = config.get(name)
        if (wants or None) != (has or None):
            found.append(f"{name}: {has!r} -> {wants!r}")
    return found


def unchanged(config, state, what):
    found = differences(config, state)
    expect(not found, f"{what}, and the plan has differences: {'; '.join(found)}")


def group(**more):
    return {
        "cu": 8,
        "storage_size": 100,
        "resident_node_number": 3,
        "storage_performance_level": "pl1",
        "spec_type": "standard",
        "disk_number": 1,
        "zone_id": ZONE,
        "local_storage_instance_type": "null",
        **more,
    }


# The example of the provider's documentation, with tags.
EXAMPLE = {
    "instance_name": "create-instance-1",
    "auto_renew": False,
    "frontend_node_groups": [group()],
    "backend_node_groups": [group()],
    "observer_node_groups": [group(resident_node_number=1, zone_id="cn-hangzhou-h")],
    "vswitches": [{"vswitch_id": "vsw-terraform", "zone_id": ZONE}],
    "cluster_zone_id": ZONE,
    "duration": 1,
    "pay_type": "postPaid",
    "vpc_id": "vpc-terraform",
    "version": "3.3",
    "run_mode": "shared_data",
    "package_type": "official",
    "admin_password": "1qaz@QAZ",
    "oss_accessing_role_name": "AliyunEMRStarRocksAccessingOSSRole",
    "pricing_cycle": "Month",
    "kms_key_id": "123",
    "promotion_option_no": "123",
    "encrypted": False,
    "tags": {"Created": "TF", "For": "acceptance test"},
}


# All that is sent and read of an instance; `local_storage_instance_type` and numbers of groups may be left out.
KNOWN = {*ALWAYS.values(), *WHEN_SET.values(), "tags", "vswitches"} | {
    f"{kind}_node_groups" for kind in ["frontend", "backend", "observer"]
}


def life_of_the_text(cloud):
    """examples/terraform/alibaba, as it stands there."""
    expect(provider_in("alibaba") == {"region": REGION, "protocol": "HTTP"}, provider_in("alibaba"))
    text = resource_in("alibaba", "alicloud_star_rocks_instance")
    expect(set(text) <= KNOWN, f"arguments that are not sent: {set(text) - KNOWN}")
    for name in ["frontend_node_groups", "backend_node_groups"]:
        for block in text[name]:
            expect(set(block) <= set(GROUP), f"arguments of groups that are not sent: {set(block) - set(GROUP)}")
    config = {"observer_node_groups": [], **text}
    instance = create(cloud, config)
    unchanged(config, read(cloud, instance), "created from the example's text")
    destroy(cloud, instance)
    step("the example's text is applied, its plan is empty, and it is destroyed")


def life_of_an_instance(cloud):
    config = copy.deepcopy(EXAMPLE)
    instance = create(cloud, config)
    unchanged(config, read(cloud, instance), "created")
    step(f"created {instance}, and the plan is empty")
    for what, change in [
        ("renamed", {"instance_name": "create-instance-2"}),
        ("tags changed", {"tags": {"Created": "TF-update", "Stage": "test"}}),
        ("tags removed", {"tags": {}}),
        ("moved", {"resource_group_id": "rg-acfm0000000001"}),
        (
            "renamed and tagged",
            {"instance_name": "create-instance-3", "tags": {"For": "Test"}},
        ),
    ]:
        wanted = {**config, **change}
        found = differences(wanted, read(cloud, instance))
        expect(found, f"{what}: nothing to change")
        update(cloud, instance, config, wanted)
        config = wanted
        unchanged(config, read(cloud, instance), what)
        step(f"{what}, and the plan is empty: {'; '.join(found)}")
    node_group(cloud, instance)
    imported = read(cloud, instance)
    unchanged(config, imported, "imported")
    step(f"imported with {len(imported)} arguments as they were applied")
    destroy(cloud, instance)
    step("destroyed")


# The node group.

# In the provider's order; after each the group has to be RUNNING again.
CHANGES = [
    ("cu", "modifyCu", "ModifyCu", "Target"),
    ("disk_number", "modifyDiskNumber", "ModifyDiskNumber", "Target"),
    ("storage_size", "modifyDiskSize", "ModifyDiskSize", "Target"),
    ("storage_performance_level", "modifyDiskPerformanceLevel", "ModifyDiskPerformanceLevel", "Target"),
    ("resident_node_number", "modifyNodeNumber", "ModifyNodeNumber", "Target"),
    ("spec_type", "modifySpecType", "ModifySpecType", "TargetSpecType"),
]


def read_group(cloud, instance, name):
    data = groups_named(cloud, instance, name)
    expect(len(data) == 1 and data[0]["NodeGroupId"] == name, f"{len(data)} groups for one id")
    it = data[0]
    return it["Status"], {
        "cu": it["Cu"],
        "description": it["Description"],
        "disk_number": it["DiskNumber"],
        "local_storage_instance_type": it["LocalStorageInstanceType"],
        "node_group_name": it["NodeGroupName"],
        "pay_type": it["PayType"],
        "resident_node_number": it["ResidentNodeNumber"],
        "spec_type": it["SpecType"],
        "storage_performance_level": it["StoragePerformanceLevel"],
        "storage_size": it["StorageSize"],
        "instance_id": it["InstanceId"],
    }


def change_group(cloud, instance, name, argument, target):
    (path, parameter) = next((c[1], c[3]) for c in CHANGES if c[0] == argument)
    query = {"InstanceId": instance, "NodeGroupId": name, "RegionId": REGION}
    cloud.ask(f"/webapi/resourceChange/{path}", {**query, parameter: str(target)}, {})


# As the provider's acceptance test sends it; a term means nothing with pay as you go.
ACCEPTED_GROUP = {
    "node_group_name": "tfacc1",
    "description": "test_desc",
    "pay_type": "postPaid",
    "spec_type": "standard",
    "storage_performance_level": "pl1",
    "storage_size": 200,
    "cu": 8,
    "disk_number": 1,
    "resident_node_number": 1,
    "local_storage_instance_type": "non_local_storage",
}


def create_group(cloud, instance, config):
    body = {camel(name): value for name, value in config.items()}
    body |= {"instanceId": instance, "pricingCycle": "1", "promotionOptionNo": "blank"}
    data = cloud.ask("/webapi/lifecycle/createNodeGroup", {"RegionId": REGION}, body)["Data"]
    return data["NodeGroupId"]


def camel(name):
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def groups_named(cloud, instance, name):
    query = {"ClusterId": instance, "RegionId": REGION}
    body = {**query, "nodeGroupIds": [name]}
    return cloud.ask("/webapi/nodegroup/describeNodeGroups", query, body)["Data"]


def node_group(cloud, instance):
    """Made beside the first one, changed in every way that the provider can, and deleted."""
    config = {**ACCEPTED_GROUP, "instance_id": instance}
    name = create_group(cloud, instance, ACCEPTED_GROUP)
    wait_for("node group", lambda: read_group(cloud, instance, name)[0] == "RUNNING")
    found = differences(config, read_group(cloud, instance, name)[1])
    expect(not found, f"created, and the plan has differences: {'; '.join(found)}")
    step(f"node group {name} created, and the plan is empty")
    for change in [
        {"cu": 16},
        {"disk_number": 2},
        {"storage_size": 500},
        {"storage_performance_level": "pl2"},
        {"resident_node_number": 2},
        {"spec_type": "ramEnhanced"},
        {"cu": 32, "storage_size": 600, "resident_node_number": 1},
        {
            "cu": 16,
            "disk_number": 3,
            "storage_size": 1500,
            "storage_performance_level": "pl3",
            "resident_node_number": 4,
            "spec_type": "standard",
        },
    ]:
        wanted = {**config, **change}
        for argument in [each[0] for each in CHANGES if wanted[each[0]] != config[each[0]]]:
            change_group(cloud, instance, name, argument, wanted[argument])
            wait_for(argument, lambda: read_group(cloud, instance, name)[0] == "RUNNING")
        found = differences(wanted, read_group(cloud, instance, name)[1])
        expect(not found, f"{change}, and the plan has differences: {'; '.join(found)}")
        config = wanted
        step(f"node group changed to {change}, and the plan is empty")
    query = {"InstanceId": instance, "NodeGroupId": name, "RegionId": REGION}
    cloud.ask("/webapi/lifecycle/releaseNodeGroup", query, {})
    wait_for("node group's end", lambda: not groups_named(cloud, instance, name))
    step("node group deleted")


def main(address):
    cloud = Cloud(address)
    life_of_the_text(cloud)
    life_of_an_instance(cloud)
    step(f"{cloud.calls} calls")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as problem:  # One line for whoever reads the test's output, whatever it was.
        print(f"terraform alibaba: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
