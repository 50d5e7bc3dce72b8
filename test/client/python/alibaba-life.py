"""A StarRocks instance for life: every action of the service, with the vendor's own Python SDK, and what each does in the engine.

    EMRYS_ADMIN_TOKEN=... python alibaba-life.py http://127.0.0.1:4580

Three instances that run on this machine: one whose storage is separate is resized, divided into warehouses, reached by gateways,
encrypted, diagnosed, moved between zones and restarted; one that holds its own data is backed up and restored; one is a subscription. Service
time is moved by the administration. At the end, every action that the server has built was called. Prints one line a step; exits
with 1 at the first step that goes wrong.
"""

import datetime
import json
import os
import signal
import ssl
import sys
import time
import urllib.request

import pymysql
from alibabacloud_starrocks20221019 import models
from alibabacloud_starrocks20221019.client import Client
from alibabacloud_tea_openapi import models as openapi
from alibabacloud_tea_util.models import RuntimeOptions

from alibaba import REGION, ZONE, client_for, create_request, expect, step, wait_for

OTHER_ZONE = "cn-hangzhou-h"
PASSWORD = "Emrys-2026"
NEW_PASSWORD = "Emrys-2027"
DAY_MS = 86_400_000
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
called = set()


class Cloud:
    """The SDK, which remembers what was called; actions that it lacks go by their paths."""

    def __init__(self, address):
        self.address = address
        self.client = client_for(address)

    def ask(self, action, **members):
        called.add(action)
        request = getattr(models, f"{action}Request")
        made = request().from_map(either_case(members))
        return getattr(self.client, method_of(action))(made).body

    def ask_nothing(self, action):
        called.add(action)
        return getattr(self.client, method_of(action))().body

    def ask_path(self, action, path, query, body):
        called.add(action)
        params = openapi.Params(
            action=action,
            version="2022-10-19",
            protocol="HTTP",
            method="POST",
            auth_type="AK",
            style="ROA",
            pathname=path,
            req_body_type="json",
            body_type="json",
        )
        request = openapi.OpenApiRequest(query=query, body=body)
        return self.client.call_api(params, request, RuntimeOptions())["body"]

    def admin(self, path, body=None):
        request = urllib.request.Request(f"{self.address}/_emrys/{path}")
        request.add_header("authorization", f"Bearer {os.environ['EMRYS_ADMIN_TOKEN']}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, ms):
        return self.admin("clock", {"advanceMs": ms})["nowMs"]


METHODS = {name.replace("_", ""): name for name in dir(Client)}


def either_case(value):
    """Some members begin with a small letter; a model takes the ones that it knows."""
    if isinstance(value, list):
        return [either_case(each) for each in value]
    if not isinstance(value, dict):
        return value
    both = {}
    for name, each in value.items():
        both[name] = both[name[0].lower() + name[1:]] = either_case(each)
    return both


def method_of(action):
    return METHODS[action.lower()]


def instance_of(cloud, instance):
    return cloud.ask("DescribeInstances", InstanceId=instance, RegionId=REGION).data[0]


def running(cloud, instance):
    return wait_for(
        f"{instance} running",
        lambda: (it := instance_of(cloud, instance)).instance_status == "running" and it,
    )


def groups_of(cloud, instance):
    found = cloud.ask("DescribeNodeGroups", ClusterId=instance, PageSize=50).data
    return {each.node_group_name: each for each in found}


def of_component(cloud, instance, component):
    every = groups_of(cloud, instance).values()
    return [each for each in every if each.component_type == component]


def connect(host, password=PASSWORD, **more):
    return pymysql.connect(
        host=host, port=9030, user="admin", password=password, autocommit=True, **more
    )


def rows(connection, text):
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall()


def table(connection, text):
    with connection.cursor() as cursor:
        cursor.execute(text)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


def fails(work, what):
    try:
        work()
    except Exception:
        return
    raise AssertionError(f"{what} went through")


def make(cloud, name, **changes):
    request = create_request(name, f"life-{name}").to_map()
    for group in request["BackendNodeGroups"]:
        group["specType"] = "standard"
    request |= changes
    called.add("CreateInstanceV1")
    made = models.CreateInstanceV1Request().from_map(request)
    return cloud.client.create_instance_v1(made).body.data.instance_id


def front_of(cloud, instance):
    (front,) = of_component(cloud, instance, "FE")
    return front


# ---------------------------------------------------------------------------------------------------------------- discovery


def look_around(cloud):
    cloud.ask_nothing("DescribeRegions")
    cloud.ask("DescribeAvailableZones", RegionId=REGION)
    constraints = cloud.ask(
        "DescribeResourceConstraints",
        Architecture="onEcs",
        PackageType="official",
        RunMode="shared_data",
    )
    expect(constraints.success, True, "Success")
    size = {"cu": 8, "storageSize": 200, "nodeNumber": 3, "diskNumber": 1, "specType": "standard"}
    info = {
        "regionId": REGION,
        "packageType": "official",
        "runMode": "shared_data",
        "feResourceSpec": {**size, "storagePerformanceLevel": "pl1"},
        "beResourceSpec": {**size, "storagePerformanceLevel": "pl1"},
    }
    there = cloud.ask("CheckInventory", ClusterInfo=json.dumps(info), ZoneId=ZONE)
    expect(there.data, True, "the inventory")
    cloud.ask_nothing("CreateServiceLinkedRole")
    cloud.ask("QueryMinorVersion", RegionId=REGION, Version="3.3")
    group = {**size, "cu": "8", "residentNodeNumber": 3, "storagePerformanceLevel": "pl1"}
    price = cloud.ask(
        "QueryPriceV1",
        RegionId=REGION,
        PackageType="official",
        RunMode="shared_data",
        PayType="postPaid",
        FrontendNodeGroups=[group],
        BackendNodeGroups=[group],
    )
    expect(price.success, True, "Success")
    step("the catalogue, the inventory and a price")


# ------------------------------------------------------------------------------------------------------------------- resize


def resize(cloud, instance, connection):
    (group,) = of_component(cloud, instance, "CN")
    ids = {"InstanceId": instance, "NodeGroupId": group.node_group_id}
    expect(cloud.ask("ModifyCuPreCheck", **ids, Target=16).data.allow, True, "a pre-check")
    expect(cloud.ask("ModifyCuPreCheck", **ids, Target=9).data.allow, False, "a pre-check")
    cloud.ask("ModifyNodeNumberPreCheck", **ids, Target=4)
    cloud.ask("ModifySpecTypePreCheck", **ids, TargetSpecType="ramEnhanced")
    changes = [
        ("ModifyCu", "QueryModifyCuPrice", {"Target": 16}, "cu", 16),
        ("ModifyDiskNumber", "QueryModifyDiskNumberPrice", {"Target": 2}, "disk_number", 2),
        ("ModifyDiskSize", "QueryModifyDiskSizePrice", {"Target": 500}, "storage_size", 500),
        (
            "ModifyDiskPerformanceLevel",
            "QueryModifyDiskPerformanceLevelPrice",
            {"Target": "pl2"},
            "storage_performance_level",
            "pl2",
        ),
        (
            "ModifyDiskType",
            "QueryModifyDiskTypePrice",
            {"TargetDiskType": "essd", "TargetPerformanceLevel": "pl1"},
            "storage_performance_level",
            "pl1",
        ),
        ("ModifyNodeNumber", "QueryModifyNodeNumberPrice", {"Target": 4}, "resident_node_number", 4),
        (
            "ModifySpecType",
            "QueryModifySpecTypePrice",
            {"TargetSpecType": "ramEnhanced"},
            "spec_type",
            "ramEnhanced",
        ),
    ]
    for action, inquiry, target, member, wanted in changes:
        cloud.ask(inquiry, **ids, **target)
        cloud.ask(action, **ids, **target)
        running(cloud, instance)
        (now,) = of_component(cloud, instance, "CN")
        expect(getattr(now, member), wanted, f"{action}: {member}")
    nodes = table(connection, "SHOW COMPUTE NODES")
    expect(len(nodes), 4, "nodes in SHOW COMPUTE NODES")
    expect({int(each["CpuCores"]) for each in nodes}, {16}, "cores in SHOW COMPUTE NODES")
    history = cloud.ask("ListOperationHistory", InstanceId=instance, PageSize=50).data
    types = {each.operation_type for each in history}
    expect({"upgrade_cn_cu", "scale_out_cn", "upgrade_cn_spec_type"} <= types, True, f"{types}")
    steps = cloud.ask(
        "ListOperationActivity", InstanceId=instance, OperationId=history[0].operation_id
    )
    expect({each.activity_status for each in steps.data}, {"COMPLETED"}, "the activities")
    step("resized in every way, and the engine shows it")


# --------------------------------------------------------------------------------------------------------------- warehouses


def warehouses(cloud, instance, connection):
    body = {
        "instanceId": instance,
        "nodeGroupName": "etl",
        "payType": "postPaid",
        "specType": "ramEnhanced",
        "cu": 8,
        "storageSize": 200,
        "storagePerformanceLevel": "pl1",
        "diskNumber": 1,
        "residentNodeNumber": 1,
    }
    path = "/webapi/lifecycle/createNodeGroup"
    made = cloud.ask_path("CreateNodeGroup", path, {"RegionId": REGION}, body)["Data"]["NodeGroupId"]
    running(cloud, instance)
    names = {each["Name"] for each in table(connection, "SHOW WAREHOUSES")}
    expect("etl" in names, True, f"warehouses {names}")
    rows(connection, "SET WAREHOUSE etl")
    expect(rows(connection, "SELECT count(*) FROM life.kept")[0][0], 2, "rows, by the warehouse")
    cloud.ask("UpdateNodeGroupDescription", NodeGroupId=made, Description="loads")
    cloud.ask("GetInstanceFeatureGate", InstanceId=instance)
    cloud.ask("GetNodeGroupFeatureGate", InstanceId=instance, NodeGroupId=made)
    elastic(cloud, instance, made)
    cloud.ask("RestartNodeGroup", InstanceId=instance, NodeGroupId=made)
    running(cloud, instance)
    group = {"FastMode": True, "NodeGroupId": made}
    cloud.ask("RestartNodes", InstanceId=instance, RestartNodeGroups=[group])
    running(cloud, instance)
    query = {"InstanceId": instance, "NodeGroupId": made, "RegionId": REGION}
    cloud.ask_path("ReleaseNodeGroup", "/webapi/lifecycle/releaseNodeGroup", query, {})
    running(cloud, instance)
    with connect(front_of(cloud, instance).endpoint) as fresh:
        fails(lambda: rows(fresh, "SET WAREHOUSE etl"), "a warehouse that is gone")
    step("a warehouse came, scaled by the clock, was restarted and went")


def elastic(cloud, instance, group):
    now = datetime.datetime.fromtimestamp(cloud.admin("clock")["nowMs"] / 1000, SHANGHAI)
    moment = lambda at: {  # noqa: E731
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": 0,
        "recurrenceInterval": 1,
        "recurrenceType": "DAILY",
    }
    rule = {
        "nodeNumber": 1,
        "scalingRuleName": "noon",
        "scalingOutRule": moment(now + datetime.timedelta(minutes=30)),
        "scalingInRule": moment(now + datetime.timedelta(minutes=90)),
    }
    ids = {"NodeGroupId": group}
    time_trigger = "TIME_TRIGGER"
    cloud.ask("CreateScalingRule", **ids, Rule=json.dumps(rule), TriggerType=time_trigger)
    (made,) = cloud.ask("DescribeTimeTriggerScalingRules", **ids).data
    cloud.ask(
        "ModifyScalingRule",
        **ids,
        ScalingRuleId=made.scaling_rule_id,
        OldTriggerType=time_trigger,
        NewTriggerType=time_trigger,
        Rule=json.dumps({**rule, "nodeNumber": 2}),
    )
    nodes = lambda: groups_of(cloud, instance)["etl"].elastic_node_number  # noqa: E731
    cloud.advance(45 * 60_000)
    wait_for("elastic nodes", lambda: nodes() == 2)
    running(cloud, instance)
    cloud.advance(60 * 60_000)
    wait_for("no elastic nodes", lambda: nodes() == 0)
    running(cloud, instance)
    cloud.ask(
        "DeleteScalingRule", **ids, ScalingRuleId=made.scaling_rule_id, TriggerType=time_trigger
    )


# ------------------------------------------------------------------------------------------------------------------- access


def access(cloud, instance):
    ids = {"InstanceId": instance}
    cloud.ask("EnableInternalSlb", **ids)
    running(cloud, instance)
    cloud.ask("AddGateway", **ids, FeNodeNumber=1, GatewayName="reports")
    running(cloud, instance)
    default, added = cloud.ask("ListGateway", **ids).data
    gateway = {**ids, "GatewayId": added.gateway_id}
    with connect(added.internal_domain) as by_gateway:
        expect(rows(by_gateway, "SELECT count(*) FROM life.kept")[0][0], 2, "rows, by the gateway")
    cloud.ask("UpdateGateway", **gateway, FeNodeNumber=1, GatewayName="dashboards")
    running(cloud, instance)
    cloud.ask("TogglePublicSlb", **gateway, EnablePublicSlb=True)
    running(cloud, instance)
    _, added = cloud.ask("ListGateway", **ids).data
    expect(added.enable_public_net, True, "EnablePublicNet")
    connect(added.public_domain).close()
    cloud.ask("DeleteGateway", **gateway)
    running(cloud, instance)
    fails(lambda: connect(added.internal_domain, connect_timeout=2), "a deleted gateway")
    step("a gateway listened, had a public address, and refuses since it is deleted")

    front = front_of(cloud, instance)
    public = {**ids, "ComponentType": "FE", "NodeGroupId": front.node_group_id}
    cloud.ask("UpdatePublicNetworkStatus", **public, PublicNetworkEnabled=True)
    running(cloud, instance)
    address = front_of(cloud, instance).public_address
    connect(address).close()
    cloud.ask("UpdatePublicNetworkStatus", **public, PublicNetworkEnabled=False)
    running(cloud, instance)
    fails(lambda: connect(address, connect_timeout=2), "a public address that is off")
    group = {**ids, "InnerIpWhitelistGroupId": "office"}
    cloud.ask("UpdateInnerIpWhitelistGroup", **group, CidrIpList=["10.0.0.0/8"])
    running(cloud, instance)
    listed = cloud.ask("DescribeInnerIpWhitelistGroups", **ids).data
    expect([each.cidr_ip_list for each in listed], [["10.0.0.0/8"]], "the allowed addresses")
    fails(lambda: connect(front.endpoint, connect_timeout=2), "an address that is not allowed")
    cloud.ask("DeleteInnerIpWhitelistGroup", **group)
    running(cloud, instance)
    connect(front.endpoint).close()
    step("a public address came and went; who is not allowed is refused")

    cloud.ask("IsolateLeader", **ids, IsolateLeader=True)
    running(cloud, instance)
    expect(instance_of(cloud, instance).isolate_leader, True, "IsolateLeader")
    alias = {"Hostnames": ["meta.example"], "Ip": "10.0.0.9"}
    fails(lambda: cloud.ask("ModifyHostAlias", **ids, HostAliases=[alias]), "a host alias")
    step("the leader is isolated; host aliases are refused on this machine by name")


def encryption(cloud, instance):
    ids = {"InstanceId": instance}
    cloud.ask("EnableSSLConnection", **ids)
    running(cloud, instance)
    found = cloud.ask("ListSSLDetails", **ids).data
    expect(found.status, "valid", "the certificate")
    verify = ssl.create_default_context(cadata=found.ssl_certificate_text)
    verify.check_hostname = False
    with connect(front_of(cloud, instance).endpoint, ssl=verify) as secured:
        ((_, cipher),) = rows(secured, "SHOW STATUS LIKE 'Ssl_cipher'") or (("", "?"),)
    cloud.ask("DisableSSLConnection", **ids)
    running(cloud, instance)
    fails(lambda: connect(front_of(cloud, instance).endpoint, ssl=verify), "TLS that is off")
    step(f"a client verified the certificate ({cipher or 'no cipher named'}); TLS went off again")


# --------------------------------------------------------------------------------------------------------- life of a process


def restarts(cloud, instance):
    ids = {"InstanceId": instance}
    cloud.ask("RestartInstance", **ids, FastMode=True)
    running(cloud, instance)
    with connect(front_of(cloud, instance).endpoint) as again:
        expect(rows(again, "SELECT count(*) FROM life.kept")[0][0], 2, "rows after a restart")
    cloud.ask("ModifyUserPassword", **ids, Password=NEW_PASSWORD)
    running(cloud, instance)
    fails(lambda: connect(front_of(cloud, instance).endpoint), "the old password")
    with connect(front_of(cloud, instance).endpoint, NEW_PASSWORD) as again:
        zone = rows(again, "SELECT @@system_time_zone")[0][0]
    expect(cloud.ask("DescribeSystemTimezone", **ids).data, zone, "the time zone")
    token = cloud.ask("DescribeInstanceMetaToken", **ids).data
    expect(cloud.ask("DescribeInstanceMetaToken", **ids).data, token, "the token")
    step("restarted with its data; another password, the engine's time zone, a token")


def versions(cloud, instance):
    expect(cloud.ask("QueryUpgradableVersions", InstanceId=instance, Minor=False).data, ["3.3"], "")
    cloud.ask("UpgradeVersion", InstanceId=instance, TargetVersion="3.3", Minor=False, FastMode=True)
    running(cloud, instance)
    with connect(front_of(cloud, instance).endpoint) as upgraded:
        version = rows(upgraded, "SELECT current_version()")[0][0]
    expect(version.startswith("3.3"), True, f"the version {version}")
    hours = "06:00-07:00"
    cloud.ask("ModifyMaintainableTime", InstanceId=instance, MaintainableTimePeriod=hours)
    cloud.ask("ToggleAutoMinorVersionUpgrade", InstanceId=instance, AutoUpgrade=True)
    found = instance_of(cloud, instance)
    expect(found.maintainable_period, hours, "MaintainablePeriod")
    expect(found.enable_auto_minor_version_upgrade, True, "EnableAutoMinorVersionUpgrade")
    step(f"upgraded from 3.2 to {version}; minor versions come by themselves from now on")


def configuration(cloud, instance):
    ids = {"InstanceId": instance}
    item = {"configType": "FE", "configKey": "max_column_number_per_table", "configValue": "2"}
    asked = cloud.ask("DescribeInstanceConfigs", **ids, ConfigKey=item["configKey"])
    expect([each.config_value for each in asked.data], ["10000"], "the default")
    cloud.ask("ModifyInstanceConfigPreCheck", **ids, ConfigsToUpdate=[item])
    cloud.ask("ModifyInstanceConfig", **ids, Reason="narrow tables", ConfigsToUpdate=[item])
    running(cloud, instance)
    wide = "CREATE TABLE life.wide (a INT, b INT, c INT) DISTRIBUTED BY HASH (a)"
    with connect(front_of(cloud, instance).endpoint) as connection:
        fails(lambda: rows(connection, wide), "a table wider than the setting")
        (history,) = cloud.ask("DescribeConfigHistory", **ids).data
        expect(history.config_mementos[0].before, "10000", "the value before")
        entry = int(history.config_history_id)
        cloud.ask("RollbackConfigModification", **ids, ConfigHistoryId=entry)
        running(cloud, instance)
        rows(connection, wide)
    step("a setting was in force at once, and was taken back")


def process_of(instance):
    """The engine's process: its command line names the directory of its instance."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as line:
                if f"/local/{instance}/".encode() in line.read():
                    return int(name)
        except OSError:
            continue  # It has just ended.
    return None


def diagnosis(cloud, instance, **filters):
    return cloud.ask("DescribeInstanceDiagnosisResult", InstanceId=instance, **filters).data


def events(cloud, instance):
    names = cloud.ask("DescribeEventNames", InstanceId=instance).data
    with connect(front_of(cloud, instance).endpoint) as connection:
        rows(connection, "SELECT sleep(6), 'a secret'")
    (slow,) = wait_for(
        "a slow statement",
        lambda: diagnosis(cloud, instance, Dimension="query_analysis", Statuses="medium"),
    )
    expect("sleep ( ? ) , ?" in slow.description, True, slow.description)
    first = process_of(instance)
    os.kill(first, signal.SIGKILL)
    (event,) = wait_for(
        "an event",
        lambda: diagnosis(cloud, instance, Dimension="node_analysis", Statuses="medium"),
    )
    expect(event.item_name in names, True, f"the name {event.item_name}")
    running(cloud, instance)
    second = process_of(instance)
    expect(second in (first, None), False, "another process")
    now = cloud.admin("clock")["nowMs"]
    ids = {"InstanceId": instance, "EventId": event.item_id}
    cloud.ask("RebootECS", **ids, RebootTime=now // 1000 + 3600)
    expect(process_of(instance), second, "the process before its time")
    cloud.advance(3_601_000)
    running(cloud, instance)
    expect(process_of(instance) in (second, None), False, "a third process")
    with connect(front_of(cloud, instance).endpoint) as again:
        expect(rows(again, "SELECT count(*) FROM life.kept")[0][0], 2, "rows after a reboot")
    fails(lambda: cloud.ask("RebootECS", **ids), "an event that is handled")
    step("a slow statement and a killed process were diagnosed; a reboot at its time answered the event")


def zones(cloud, instance):
    observers = [{"VswId": "vsw-bp19mlh98tm9teyyd0002", "ZoneId": OTHER_ZONE}]
    cloud.ask("QueryEnableMultiAzPrice", InstanceId=instance, Observers=observers)
    cloud.ask("EnableMultiAz", InstanceId=instance, Observers=observers)
    running(cloud, instance)
    cloud.ask("SwitchActiveStandbyZones", InstanceId=instance, TargetZoneId=OTHER_ZONE)
    running(cloud, instance)
    with connect(front_of(cloud, instance).endpoint, NEW_PASSWORD) as moved:
        zone = {each["Role"]: each["Zone"] for each in table(moved, "SHOW FRONTENDS")}
    expect(zone["LEADER"], OTHER_ZONE, "the leader's zone")
    step(f"observers in {OTHER_ZONE}, and the leader moved there")


def papers(cloud, instance):
    cloud.ask("UpdateInstanceName", InstanceId=instance, ClusterName="life-renamed")
    group = {"NewResourceGroupId": "rg-emrys0001", "ResourceType": "instance"}
    cloud.ask("ChangeResourceGroup", InstanceId=instance, RegionId=REGION, **group)
    tagged = {"RegionId": REGION, "ResourceType": "instance", "ResourceId": [instance]}
    cloud.ask("TagResources", **tagged, Tag=[{"Key": "team", "Value": "data"}])
    cloud.ask("UnTagResources", **tagged, TagKey=["team"])
    found = instance_of(cloud, instance)
    expect((found.instance_name, found.resource_group_id), ("life-renamed", "rg-emrys0001"), "")
    cloud.ask("CreateAgentResource", InstanceId=instance, Cu=2, PayType="postPaid")
    running(cloud, instance)
    expect(len(of_component(cloud, instance, "AGENT")), 1, "agents")
    step("renamed, moved, tagged, and an agent beside it")


# ------------------------------------------------------------------------------------------------------------------ backups


def backups(cloud, instance):
    front = front_of(cloud, instance)
    with connect(front.endpoint) as connection:
        prepare(connection)
    now = datetime.datetime.fromtimestamp(cloud.admin("clock")["nowMs"] / 1000, SHANGHAI)
    at = now + datetime.timedelta(minutes=30)
    ids = {"InstanceId": instance}
    times = {"Hour": at.hour, "Minute": at.minute, "ExpireDays": 3, "TimeoutSeconds": 3600}
    cloud.ask("AddBackupPolicy", **ids, RecurrenceType="DAILY", **times)
    policies = cloud.ask("DescribeBackupPolicies", **ids, RegionId=REGION).data
    policy = policies[0] if isinstance(policies, list) else policies
    changed = {**times, "ExpireDays": 7}
    cloud.ask("UpdateBackupPolicy", **ids, PolicyId=policy.policy_id, **changed)
    cloud.advance(40 * 60_000)
    listed = lambda: cloud.ask("DescribeBackups", **ids, RegionId=REGION).data  # noqa: E731
    done = wait_for("a backup", lambda: [it for it in listed() if it.status == "COMPLETED"])[0]
    cloud.ask("DeleteBackupPolicy", **ids, PolicyId=policy.policy_id)
    cloud.ask("UpdateBackup", BackupTaskId=done.backup_task_id, Description="kept", RegionId=REGION)
    with connect(front.endpoint) as connection:
        rows(connection, "INSERT INTO life.kept VALUES (3, 'later')")
    restored = cloud.ask(
        "RestoreInstance",
        BackupTaskId=done.backup_task_id,
        InstanceName="life-restored",
        AdminPassword=NEW_PASSWORD,
        PayType="postPaid",
        RegionId=REGION,
        VpcId="vpc-bp1fll2mci6d7pw8m0001",
        VSwitches=[{"VswId": "vsw-bp19mlh98tm9teyyd0001", "ZoneId": ZONE}],
    ).data.instance_id
    running(cloud, restored)
    with connect(front_of(cloud, restored).endpoint, NEW_PASSWORD) as connection:
        expect(rows(connection, "SELECT k FROM life.kept ORDER BY k"), ((1,), (2,)), "restored rows")
    cloud.ask("DeleteBackup", **ids, BackupTaskId=done.backup_task_id, RegionId=REGION)
    wait_for("no backup", lambda: not listed())
    release(cloud, restored)
    step("backed up by policy, restored row by row into another instance")


# -------------------------------------------------------------------------------------------------------------------- money


def money(cloud, instance):
    ids = {"InstanceId": instance}
    term = {"PricingCycle": "Month"}
    cloud.ask("QueryModifyChargeTypePrice", **ids, Duration="1", **term)
    cloud.ask("ModifyChargeType", **ids, Duration="1", **term)
    running(cloud, instance)
    paid = instance_of(cloud, instance)
    expect(paid.pay_type, "prePaid", "PayType")
    billing = {**ids, "BillingInstanceIds": instance}
    cloud.ask("QueryRenewPrice", **billing, Duration=1, **term)
    cloud.ask("RenewInstance", **billing, Duration=1, **term)
    later = instance_of(cloud, instance)
    expect(later.expire_time > paid.expire_time, True, "a later end")
    cloud.ask("QueryRefundPrice", instanceId=instance, billingInstanceIds=instance)
    unpaid = cloud.ask("QueryUnpaidOrder", **ids, BillingInstanceId=instance).data
    expect(unpaid in (None, 0), True, f"no unpaid order, but {unpaid}")
    fails(lambda: cloud.ask("ResumeInstance", **ids), "resuming what runs")
    step("from pay as you go to a subscription, renewed; nothing is unpaid")


def prepare(connection):
    rows(connection, "CREATE DATABASE life")
    rows(
        connection,
        "CREATE TABLE life.kept (k INT, v VARCHAR(20)) PRIMARY KEY (k) DISTRIBUTED BY HASH (k)",
    )
    rows(connection, "INSERT INTO life.kept VALUES (1, 'one'), (2, 'two')")


def release(cloud, instance):
    cloud.ask("ReleaseInstance", InstanceId=instance)
    wait_for(
        f"{instance} gone",
        lambda: not cloud.ask("DescribeInstances", InstanceId=instance, RegionId=REGION).data,
    )


def main(address):
    cloud = Cloud(address)
    look_around(cloud)
    first = make(cloud, "life")
    older = make(cloud, "life-older", Version="3.2", RunMode="shared_nothing")
    running(cloud, first)
    running(cloud, older)
    with connect(front_of(cloud, first).endpoint) as connection:
        prepare(connection)
        resize(cloud, first, connection)
        warehouses(cloud, first, connection)
    access(cloud, first)
    encryption(cloud, first)
    configuration(cloud, first)
    events(cloud, first)
    restarts(cloud, first)
    zones(cloud, first)
    papers(cloud, first)
    versions(cloud, older)
    backups(cloud, older)
    money(cloud, older)
    release(cloud, first)
    products = cloud.admin("actions")["dialects"]
    (built,) = [set(each["built"]) for each in products if each["product"] == "starrocks"]
    expect(built - called, set(), "built actions that were not called")
    step(f"all {len(called)} actions were called")


if __name__ == "__main__":
    main(sys.argv[1])
