"""What Terraform does with `tencentcloud_serverless_hbase_instance`, `tencentcloud_emr_user_manager`, `tencentcloud_emr_yarn`,
`tencentcloud_emr_deploy_yarn_operation` and `tencentcloud_emr_auto_scale_strategy`, call by call: create, read without a difference, each
change, import, destroy.

    python terraform-tencent-sibling.py http://127.0.0.1:4580

The facts are of the provider's source (services/emr). Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import json
import sys
import time

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tencent import CREATING, ORDER, REGION, RUNNING, ask, await_status, connect, expect, step

TIMEOUT_SECONDS = 120
HBASE = {
    "InstanceName": "tf-hbase",
    "PayMode": 0,
    "DiskType": "CLOUD_HSSD",
    "DiskSize": 100,
    "NodeType": "4C16G",
    "ZoneSettings": [
        {"Zone": "ap-guangzhou-3", "VPCSettings": {"VpcId": "vpc-tf000001", "SubnetId": "subnet-tf000001"}, "NodeNum": 3}
    ],
    "Tags": [{"TagKey": "team", "TagValue": "a"}],
}


def wait_for(what, look):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not look():
        expect(time.monotonic() < deadline, f"not within {TIMEOUT_SECONDS} seconds: {what}")
        time.sleep(0.2)


def members(answer, names):
    return json.loads(json.dumps({name: getattr(answer, name) for name in names}, default=lambda it: it._serialize()))


def hbase(client):
    instance = ask(client, "CreateSLInstance", **HBASE).InstanceId

    def read():
        return ask(client, "DescribeSLInstance", InstanceId=instance)

    def same(config):
        seen = members(read(), config)
        expect(seen == config, f"the plan is not empty: {seen} is not {config}")

    config = dict(HBASE)
    wait_for("the instance runs", lambda: read().Status == RUNNING)
    same(config)
    config["InstanceName"] = "tf-hbase-2"
    ask(client, "ModifySLInstanceBasic", InstanceId=instance, ClusterName=config["InstanceName"])
    same(config)
    tag = CommonClient("tag", "2018-08-13", client.credential, REGION, profile=client.profile)
    resource = f"qcs::emr:{REGION}:uin/:emr-serverless-instance/{instance}"
    tags = {"ReplaceTags": [{"TagKey": "stage", "TagValue": "test"}], "DeleteTags": [{"TagKey": "team"}]}
    tag.call_json("ModifyResourceTags", {"Resource": resource, **tags})
    config["Tags"] = [{"TagKey": "stage", "TagValue": "test"}]
    same(config)
    (zone,) = config["ZoneSettings"]
    config["ZoneSettings"] = [{**zone, "NodeNum": 4}]
    ask(client, "ModifySLInstance", InstanceId=instance, Zone=zone["Zone"], NodeNum=4)
    wait_for("the instance grew", lambda: read().Status == RUNNING)
    same(config)
    step("serverless HBase: created, renamed, tagged, grown, and the plan is empty after each")
    ask(client, "TerminateSLInstance", InstanceId=instance)

    def gone():
        try:
            return read().Status not in (RUNNING, 14)
        except TencentCloudSDKException as problem:
            expect(problem.get_code() == "ResourceNotFound.InstanceNotFound", problem.get_code())
            return True

    wait_for("the instance is gone", gone)
    step("serverless HBase: destroyed")


def users(client, cluster):
    user = {"UserName": "tfuser1", "UserGroup": "group1", "PassWord": "PassWord_123"}
    made = ask(client, "AddUsersForUserManager", InstanceId=cluster, UserManagerUserList=[user])
    expect(not made.FailedUserList, made.FailedUserList)

    def found():
        by_name = {"UserName": user["UserName"]}
        page = {"PageNo": 0, "PageSize": 100, "UserManagerFilter": by_name}
        return ask(client, "DescribeUsersForUserManager", InstanceId=cluster, **page).UserManagerUserList

    (seen,) = found()
    expect((seen.UserName, seen.UserGroup) == ("tfuser1", "group1"), "the plan is not empty")
    ask(client, "ModifyUserManagerPwd", InstanceId=cluster, UserName="tfuser1", PassWord="PassWord_456")
    (seen,) = found()
    expect((seen.UserName, seen.UserGroup) == ("tfuser1", "group1"), "the plan is not empty")
    ask(client, "DeleteUserManagerUserList", InstanceId=cluster, UserNameList=["tfuser1"])
    expect(not found(), "the user is still there")
    step("user manager: created, another password, destroyed")


def yarn_of(client, cluster):
    """The resource as it is read, after an import too."""
    seen = ask(client, "DescribeGlobalConfig", InstanceId=cluster)
    settings = seen.CapacityGlobalConfig.DefaultSettings
    return {
        "enable_resource_schedule": seen.EnableResourceSchedule,
        "scheduler": seen.Scheduler,
        "queue_mapping_override": seen.CapacityGlobalConfig.QueueMappingOverride,
        "default_settings": {each.Name: each.Value for each in settings},
        "user_max_apps_default": seen.FairGlobalConfig.UserMaxAppsDefault,
    }


def yarn(client, cluster):
    def apply(old, new):
        """Every argument that differs is sent; settings all together. A switch that goes off brings its `sync`, which must be true."""
        items = []

        def add(key, value):
            items.append({"Key": key, "Value": str(value).lower() if isinstance(value, bool) else str(value)})

        names = {"enable_resource_schedule": "enableResourceSchedule", "scheduler": "scheduler"}
        names |= {"queue_mapping_override": "queueMappingOverride", "user_max_apps_default": "userMaxAppsDefault"}
        for argument, key in names.items():
            if argument in new and old.get(argument) != new[argument]:
                add(key, new[argument])
                if argument == "enable_resource_schedule" and not new[argument]:
                    add("sync", True)
        if new.get("default_settings", {}) != old.get("default_settings", {}):
            for name, value in new["default_settings"].items():
                add(name, value)
        if items:
            ask(client, "ModifyGlobalConfig", InstanceId=cluster, Items=items)
        seen = yarn_of(client, cluster)
        known = {argument: seen[argument] for argument in new}
        expect(known == new, f"the plan is not empty: {known} is not {new}")

    first = {"enable_resource_schedule": True, "scheduler": "fair", "user_max_apps_default": 1000}
    apply({}, first)
    expect(yarn_of(client, cluster)["scheduler"] == "fair", "the import differs")
    settings = {
        "node-locality-delay": "-1",
        "multiple-assignments-enabled": "true",
        "maximum-container-assignments": "10",
        "resource-calculator": "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator",
    }
    second = {**first, "scheduler": "capacity", "queue_mapping_override": True, "default_settings": settings}
    apply(first, second)
    apply(second, {**second, "enable_resource_schedule": False})
    step("yarn: settings made, changed, switched off, and the plan is empty after each; its end asks nothing of the cloud")


def strategies_of(client, cluster, kind):
    seen = ask(client, "DescribeAutoScaleStrategies", InstanceId=cluster)
    found = seen.LoadAutoScaleStrategies if kind == 1 else seen.TimeBasedAutoScaleStrategies
    return [json.loads(each.to_json_string()) for each in found]


def holds(config, seen, at=""):
    """The members of a configuration as they are read, in order; what it does not have, the provider takes over."""
    if isinstance(config, dict):
        for name, value in config.items():
            holds(value, seen.get(name), f"{at}.{name}")
    elif isinstance(config, list):
        expect(len(seen or []) == len(config), f"the plan is not empty: {at} has {seen}")
        for number, value in enumerate(config):
            holds(value, seen[number], f"{at}.{number}")
    else:
        expect(seen == config, f"the plan is not empty: {at} is {seen}, not {config}")


DAILY = {
    "StrategyName": "tf-out",
    "IntervalTime": 100,
    "ScaleAction": 1,
    "ScaleNum": 1,
    "StrategyStatus": 1,
    "Priority": 1,
    "RetryValidTime": 60,
    "RepeatStrategy": {
        "RepeatType": "DAY",
        "DayRepeat": {"ExecuteAtTimeOfDay": "16:30:00", "Step": 1},
        "Expire": "2999-02-20 23:59:59",
    },
    "GraceDownFlag": False,
    "GraceDownTime": 0,
    "Tags": [{"TagKey": "createBy", "TagValue": "terraform"}],
    "ConfigGroupAssigned": '{"HDFS-2.8.5":-1,"YARN-2.8.5":-1}',
    "MeasureMethod": "INSTANCE",
    "TerminatePolicy": "DEFAULT",
    "MaxUse": 0,
    "SoftDeployInfo": [1, 2],
    "ServiceNodeInfo": [7],
}
# What is not configured is sent as its type's zero.
BUSY = {
    "StrategyName": "tf-busy",
    "CalmDownTime": 300,
    "ScaleAction": 1,
    "ScaleNum": 2,
    "ProcessMethod": 3,
    "Priority": 1,
    "StrategyStatus": 1,
    "YarnNodeLabel": "",
    "PeriodValid": "",
    "GraceDownFlag": False,
    "GraceDownTime": 0,
    "ConfigGroupAssigned": "",
    "MeasureMethod": "INSTANCE",
    "LoadMetricsConditions": {
        "LoadMetrics": [
            {
                "StatisticPeriod": 300,
                "TriggerThreshold": 1,
                "LoadMetrics": "AppsPending#root",
                "MetricId": 0,
                "Conditions": [{"CompareMethod": 3, "Threshold": 1.0}],
            }
        ]
    },
}


def strategies(client, cluster):
    add = {"ResourceConfig": {"InstanceType": "S5.LARGE8"}, "ResourceType": "TASK", "PayMode": 0}
    ask(client, "AddNodeResourceConfig", InstanceId=cluster, IsDefault="DEFAULT", ZoneId=100003, **add)
    kinds = {
        1: ("LoadAutoScaleStrategy", "LoadAutoScaleStrategies", [BUSY, {**BUSY, "StrategyName": "tf-idle", "ScaleAction": 2, "Priority": 2}]),
        2: ("TimeAutoScaleStrategy", "TimeAutoScaleStrategies", [DAILY]),
    }
    for kind, bare in ((1, {"MeasureMethod": "", "ProcessMethod": 0}), (2, {"MeasureMethod": "", "TerminatePolicy": ""})):
        one, _, (config, *_) = kinds[kind]
        sent = {**config, **bare, "StrategyStatus": 3}
        ask(client, "AddMetricScaleStrategy", InstanceId=cluster, StrategyType=kind, **{one: sent})
        (seen,) = strategies_of(client, cluster, kind)
        expect(seen["MeasureMethod"] == "DEFAULT", "what is left open is not the default")
        ask(client, "DeleteAutoScaleStrategy", InstanceId=cluster, StrategyType=kind, StrategyId=seen["StrategyId"])
    for kind, (one, many, config) in kinds.items():
        for strategy in config:
            sent = {**strategy, "StrategyId": 0}
            ask(client, "AddMetricScaleStrategy", InstanceId=cluster, StrategyType=kind, **{one: sent})
        holds(config, strategies_of(client, cluster, kind))
        # By name; the provider looks the numbers up before.
        numbers = {each["StrategyName"]: each["StrategyId"] for each in strategies_of(client, cluster, kind)}
        config = [{**each, "ScaleNum": 3, "StrategyStatus": 3} for each in config]
        sent = [{**each, "StrategyId": numbers[each["StrategyName"]]} for each in config]
        ask(client, "ModifyAutoScaleStrategy", InstanceId=cluster, StrategyType=kind, **{many: sent})
        holds(config, strategies_of(client, cluster, kind))
    for kind in kinds:
        for each in strategies_of(client, cluster, kind):
            ask(client, "DeleteAutoScaleStrategy", InstanceId=cluster, StrategyType=kind, StrategyId=each["StrategyId"])
        expect(not strategies_of(client, cluster, kind), "a strategy is still there")
    step("auto scale strategies by time and load: created, changed, destroyed, and the plan is empty after each")


def deployment(client, cluster):
    queue = [{"OpType": 0, "Name": "tf", "ParentId": "root"}]
    ask(client, "ModifyYarnQueueV2", InstanceId=cluster, Scheduler="fair", ConfigModifyInfoList=queue)
    flow = ask(client, "DeployYarnConf", InstanceId=cluster).FlowId

    def done():
        param = {"FKey": "FlowId", "FValue": str(flow)}
        return ask(client, "DescribeClusterFlowStatusDetail", InstanceId=cluster, FlowParam=param).FlowTotalStatus == 2

    wait_for("the flow is done", done)
    step("deploy yarn operation: its flow came to its end")


def boot_scripts(client, cluster):
    """`tencentcloud_emr_boot_script`: by its documentation, read back by the moment; its provider's source was not read."""
    address = {"Path": "scripts/a.sh", "Args": "one two", "Bucket": "b-1250000001", "Region": REGION, "Domain": "myqcloud.com", "Remark": "tf"}

    def put(*scripts):
        ask(client, "ModifyBootScript", InstanceId=cluster, BootType="clusterAfter", PreExecutedFileSettings=list(scripts))

    def found():
        detail = ask(client, "DescribeBootScript", InstanceId=cluster, BootType="clusterAfter").Detail
        expect(not detail.ResourceAfter and not detail.ClusterBefore, "scripts of another moment are shown")
        return detail.ClusterAfter

    put({**address, "Args": "one two", "RunOrder": 1})
    (seen,) = found()
    expect((seen.Args, seen.RunOrder, seen.Remark) == ("one two", 1, "tf"), "the plan is not empty")
    expect("scripts/a.sh" in (seen.CosFileURI or seen.Path), f"{seen.CosFileURI} {seen.Path}")
    put({**address, "Args": "one two", "RunOrder": 1, "Remark": "other"}, {**address, "Path": "scripts/b.sh", "Args": "", "RunOrder": 2})
    expect([each.Remark for each in found()] == ["other", "tf"], "the plan is not empty")
    put()
    expect(not found(), "a script is still there")
    step("boot script: created, changed, destroyed")


def main(address):
    client = connect(address)
    hbase(client)
    create = {**ORDER, "InstanceName": "tf-siblings", "LoginSettings": {"Password": "Tencent@cloud123"}}
    cluster = ask(client, "CreateInstance", **create).InstanceId
    await_status(client, cluster, RUNNING, on_the_way=[CREATING])
    users(client, cluster)
    strategies(client, cluster)
    yarn(client, cluster)
    deployment(client, cluster)
    boot_scripts(client, cluster)
    ask(client, "TerminateInstance", InstanceId=cluster)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Exception, TencentCloudSDKException) as problem:
        print(f"terraform tencent: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
