"""The main job, with the vendor's own Python SDK (PyPI: alibabacloud-starrocks20221019).

    python alibaba.py http://127.0.0.1:4580

The keys come from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Creates an instance, watches it become
running, reads it and its node groups back, renames, tags and moves it, lists, and releases it. Prints one line a step; exits
with 1 at the first step that goes wrong.
"""

import os
import sys
import time
import uuid
from urllib.parse import urlsplit

from alibabacloud_starrocks20221019 import models
from alibabacloud_starrocks20221019.client import Client
from alibabacloud_tea_openapi.models import Config

REGION = "cn-hangzhou"
ZONE = "cn-hangzhou-i"
TIMEOUT_SECONDS = 120


def client_for(url, **more):
    address = urlsplit(url)
    return Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=more.pop("secret", os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]),
            endpoint=address.netloc,
            protocol=address.scheme,
            region_id=REGION,
            **more,
        )
    )


def step(text):
    print(f"ok  {text}", flush=True)


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {actual!r}")


def refused(code, call):
    try:
        call()
    except Exception as problem:
        expect(getattr(problem, "code", repr(problem)), code, "the refusal's code")
        return problem
    raise AssertionError(f"expected the refusal {code}, but the call went through")


def wait_for(what, look):
    end = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {TIMEOUT_SECONDS} s")


def create_request(name, token):
    return models.CreateInstanceV1Request(
        region_id=REGION,
        instance_name=name,
        admin_password="Emrys-2026",
        version="3.3",
        run_mode="shared_data",
        package_type="official",
        pay_type="postPaid",
        vpc_id="vpc-bp1fll2mci6d7pw8m0001",
        zone_id=ZONE,
        v_switches=[
            models.CreateInstanceV1RequestVSwitches(vsw_id="vsw-bp19mlh98tm9teyyd0001", zone_id=ZONE)
        ],
        frontend_node_groups=[
            models.CreateInstanceV1RequestFrontendNodeGroups(
                cu=8,
                storage_size=100,
                storage_performance_level="pl1",
                disk_number=1,
                resident_node_number=3,
                spec_type="standard",
                zone_id=ZONE,
            )
        ],
        backend_node_groups=[
            models.CreateInstanceV1RequestBackendNodeGroups(
                cu=8,
                storage_size=200,
                storage_performance_level="pl1",
                disk_number=1,
                resident_node_number=3,
                spec_type="ramEnhanced",
                zone_id=ZONE,
            )
        ],
        tags=[models.CreateInstanceV1RequestTags(key="made-by", value="python")],
        client_token=token,
    )


def describe(client, instance_id):
    request = models.DescribeInstancesRequest(instance_id=instance_id, region_id=REGION)
    body = client.describe_instances(request).body
    expect(body.success, True, "Success")
    expect(body.total, len(body.data), "Total")
    return body.data[0] if body.data else None


def look_around(client):
    regions = client.describe_regions().body.data
    if REGION not in [each.region_id for each in regions]:
        raise AssertionError(f"{REGION} is not among the regions")
    zones = client.describe_available_zones(
        models.DescribeAvailableZonesRequest(region_id=REGION)
    ).body.data
    if ZONE not in zones.official_available_zones:
        raise AssertionError(f"{ZONE} is not among the zones")
    step(f"{len(regions)} regions, {len(zones.official_available_zones)} zones in {REGION}")


def create(client, name):
    token = str(uuid.uuid4())
    created = client.create_instance_v1(create_request(name, token)).body
    expect(created.http_status_code, 200, "HttpStatusCode")
    again = client.create_instance_v1(create_request(name, token)).body
    expect(again.data.instance_id, created.data.instance_id, "the replayed InstanceId")
    other = create_request(name + "-2", token)
    refused("IdempotentParameterMismatch", lambda: client.create_instance_v1(other))
    step(f"created {created.data.instance_id}, order {created.data.order_id}; the token replays")
    return created.data.instance_id


def read_back(client, instance_id, name):
    running = lambda: (it := describe(client, instance_id)).instance_status == "running" and it
    instance = wait_for("running", running)
    expect(instance.instance_name, name, "InstanceName")
    expect(instance.version, "3.3", "Version")
    expect(instance.pay_type, "postPaid", "PayType")
    expect(instance.run_mode, "shared_data", "RunMode")
    expect([each.vsw_id for each in instance.v_switches], ["vsw-bp19mlh98tm9teyyd0001"], "VSwitches")
    expect([(each.key, each.value) for each in instance.tags], [("made-by", "python")], "Tags")
    step(f"{instance_id} is running, version {instance.minor_version}")
    groups = client.describe_node_groups(
        models.DescribeNodeGroupsRequest(cluster_id=instance_id)
    ).body.data
    expect([each.component_type for each in groups], ["FE", "CN"], "ComponentType")
    expect([each.status for each in groups], ["RUNNING", "RUNNING"], "Status")
    expect([each.memory_cpu_ratio for each in groups], [4, 8], "MemoryCpuRatio")
    expect([len(each.node_info) for each in groups], [3, 3], "NodeInfo")
    step(f"its node groups are {', '.join(each.node_group_name for each in groups)}")


def change(client, instance_id, name):
    client.update_instance_name(
        models.UpdateInstanceNameRequest(instance_id=instance_id, cluster_name=name)
    )
    expect(describe(client, instance_id).instance_name, name, "the new name")
    step(f"renamed to {name}")
    client.change_resource_group(
        models.ChangeResourceGroupRequest(
            instance_id=instance_id,
            new_resource_group_id="rg-emrys0001",
            region_id=REGION,
            resource_type="instance",
        )
    )
    expect(describe(client, instance_id).resource_group_id, "rg-emrys0001", "ResourceGroupId")
    step("moved to resource group rg-emrys0001")
    client.tag_resources(
        models.TagResourcesRequest(
            region_id=REGION,
            resource_type="instance",
            resource_id=[instance_id],
            tag=[models.TagResourcesRequestTag(key="team", value="data")],
        )
    )
    client.un_tag_resources(
        models.UnTagResourcesRequest(
            region_id=REGION,
            resource_type="instance",
            resource_id=[instance_id],
            tag_key=["made-by"],
        )
    )
    tags = [(each.key, each.value) for each in describe(client, instance_id).tags]
    expect(tags, [("team", "data")], "Tags")
    step("tagged and untagged")


def listings(client, instance_id, name):
    request = models.DescribeInstancesRequest(
        region_id=REGION,
        instance_name=name[2:],
        instance_status="running,creating",
        resource_group_id="rg-emrys0001",
        tag=[models.DescribeInstancesRequestTag(key="team", value="data")],
    )
    found = client.describe_instances(request).body.data
    expect([each.instance_id for each in found], [instance_id], "the filtered listing")
    history = client.list_operation_history(
        models.ListOperationHistoryRequest(instance_id=instance_id)
    ).body.data
    expect([each.operation_type for each in history], ["create_cluster"], "OperationType")
    expect(history[0].operation_status, "COMPLETED", "OperationStatus")
    step("listed by name, status, tag and resource group; the history has its creation")


def refusals(url, client):
    request = models.DescribeInstancesRequest(region_id="nowhere")
    refused("InvalidParams", lambda: client.describe_instances(request))
    stranger = client_for(url, secret="not-the-secret")
    problem = refused("SignatureDoesNotMatch", lambda: stranger.describe_regions())
    if "server string to sign is:" not in str(problem):
        raise AssertionError("the refusal does not show the string to sign")
    step("a wrong region and a wrong secret are refused")


def release(client, instance_id):
    client.release_instance(models.ReleaseInstanceRequest(instance_id=instance_id))
    gone = describe(client, instance_id)
    if gone is not None:
        expect(gone.instance_status, "deleting", "InstanceStatus")
    wait_for("gone", lambda: describe(client, instance_id) is None)
    request = models.ReleaseInstanceRequest(instance_id=instance_id)
    problem = refused("Instance.NotFound", lambda: client.release_instance(request))
    expect(problem.status_code, 404, "the status of the refusal")
    step(f"released {instance_id}; it is gone")


def main(url):
    client = client_for(url)
    name = f"python_{uuid.uuid4().hex[:8]}"
    look_around(client)
    instance_id = create(client, name)
    read_back(client, instance_id, name)
    change(client, instance_id, name + "_2")
    listings(client, instance_id, name + "_2")
    refusals(url, client)
    release(client, instance_id)
    old = client_for(url, signature_algorithm="v2")
    expect(old.describe_regions().body.success, True, "Success")
    step("the older signature is accepted as well")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except Exception as problem:
        print(f"not ok  {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
