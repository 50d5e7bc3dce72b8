"""What is done with a cluster that runs, with the vendor's own Python SDK: services, users, specifications, autoscaling, YARN's
schedule, jobs, and inquiries about what ran.

    python tencent-operation.py http://127.0.0.1:4580

Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import base64
import json
import sys
import time

from tencent import ORDER, RUNNING, ask, await_status, connect, expect, refused, step

BUSY = [3, 4, 6, 7, 8, 9, 11, 13, 15, 16, 24, RUNNING]
MASTERS = {"HDFS": "NameNode", "YARN": "ResourceManager"}


class Cluster:
    def __init__(self, client, cluster):
        self.client = client
        self.id = cluster

    def ask(self, action, **parameters):
        return ask(self.client, action, InstanceId=self.id, **parameters)

    def refused(self, code, action, **parameters):
        refused(self.client, code, action, InstanceId=self.id, **parameters)

    def settled(self):
        await_status(self.client, self.id, RUNNING, on_the_way=BUSY)

    def done(self, action, **parameters):
        answer = self.ask(action, **parameters)
        self.settled()
        return answer

    def statuses(self, service):
        found = self.ask("DescribeServiceNodeInfos", ServiceName=service).ServiceNodeList
        return {process.Status for process in found}


def services(it):
    for service, process in MASTERS.items():
        found = it.ask("DescribeServiceNodeInfos", ServiceName=service, NodeTypeName="master")
        expect(process in [each.NodeName for each in found.ServiceNodeList], service)
    scope = {"ServiceInfoList": [{"ServiceName": "HDFS"}]}
    for kind, status in (("StopService", {2}), ("StartService", {1}), ("StopMonitor", {1}), ("StartMonitor", {1})):
        it.done("StartStopServiceOrMonitor", OpType=kind, OpScope=scope)
        expect(it.statuses("HDFS") == status, f"{kind}: {it.statuses('HDFS')}")
    rolling = {"RollingRestartSwitch": 1, "BatchSize": 2, "TimeWait": 0, "DealOnFail": 0}
    it.done("StartStopServiceOrMonitor", OpType="RestartService", OpScope=scope, StrategyConfig=rolling)
    flow = it.done("InstallSoftware", SoftInfo=["flume"]).FlowId
    seen = it.ask("DescribeClusterFlowStatusDetail", FlowParam={"FKey": "FlowId", "FValue": str(flow)})
    expect(seen.FlowTotalStatus == 2 and it.statuses("FLUME") == {1}, "the new service does not run")
    group = {"ServiceName": "HDFS", "ConfGroupName": "hdfs-core-defaultGroup", "PageNo": 1, "PageSize": 10}
    expect(it.ask("DescribeServiceConfGroupInfos", **group).TotalCount == 0, "settings that nobody made")
    step("services stopped, started, put into maintenance, restarted in batches and installed")
    [cluster] = ask(it.client, "DescribeInstances", DisplayStrategy="clusterList", InstanceIds=[it.id]).ClusterList
    known = [each.LinkInstanceId for each in cluster.MetaDBGroupInfo or []]
    found = [each.LinkInstanceId for each in it.ask("DescribeMetaDBInfo").MetaDBGroupInfo]
    expect(found == known, f"the database of metadata: {found} is not {known}")
    properties = base64.b64encode(b'{"dfs.blocksize": "1048576"}').decode()
    file = {"ServiceName": "HDFS", "Classification": "hdfs-site.xml", "Properties": properties}
    it.done("ModifyServiceParamsByExportConfs", ExportConfParamList=[file])
    [seen] = it.ask("DescribeExportConfs", ExportType=1).ExportConfParamList
    expect(json.loads(base64.b64decode(seen.Properties)) == {"dfs.blocksize": "1048576"}, seen)
    step("settings brought to the services, and exported again")


def users(it):
    user = {"UserName": "user1", "UserGroup": "group1", "PassWord": "PassWord_123", "Groups": ["group1"]}
    expect(it.ask("AddUsersForUserManager", UserManagerUserList=[user]).SuccessUserList == ["user1"], "added")
    it.ask("CreateGroupsSTD", Groups=[{"GroupName": "group2", "Users": ["user1"]}])
    it.ask("ModifyUserGroup", Users=["user1"], UserGroup="group2", Groups=["group1"])
    it.ask("ModifyUserManagerPwd", UserName="user1", PassWord="PassWord_456")
    expect(it.ask("ModifyUsersOfGroupSTD", Group="group1", Users=[]).Data, "members")
    groups = {group.GroupName: group.Users for group in it.ask("DescribeGroupsSTD").Data}
    expect(groups == {"group1": [], "group2": ["user1"]}, groups)
    found = it.ask("DescribeUsersForUserManager", PageNo=1, PageSize=10).UserManagerUserList
    expect([(each.UserName, each.UserGroup) for each in found] == [("user1", "group2")], "users")
    it.ask("DeleteUserManagerUserList", UserNameList=["user1"])
    gone = it.ask("DeleteGroupsSTD", GroupNames=["group1", "group3"]).Data
    expect([each.Result for each in gone] == [True, False], "groups")
    step("users and groups added, moved and removed")


def scaling(it):
    spec = {"ResourceType": "TASK", "PayMode": 0}
    machine = {"Spec": "CVM.S5", "StorageType": 4, "DiskType": "CLOUD_SSD", "DiskSize": 200, "MemSize": 8192, "Cpu": 4}
    it.ask("AddNodeResourceConfig", ResourceConfig=machine, **spec)
    config = it.ask("DescribeNodeResourceConfigFast", **spec).Data[0].ResourceData[0]
    it.ask("SetNodeResourceConfigDefault", ResourceConfigId=config.ResourceConfigId)
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600 + 4))
    strategy = {
        "StrategyName": "soon",
        "IntervalTime": 0,
        "ScaleAction": 1,
        "ScaleNum": 1,
        "StrategyStatus": 1,
        "Priority": 1,
        "RetryValidTime": 60,
        "RepeatStrategy": {"RepeatType": "NONE", "NotRepeat": {"ExecuteAt": moment}},
    }
    it.ask("AddMetricScaleStrategy", StrategyType=2, TimeAutoScaleStrategy=strategy)
    shown = it.ask("DescribeAutoScaleStrategies").TimeBasedAutoScaleStrategies[0]
    deadline = time.monotonic() + 60
    while not it.ask("DescribeClusterNodes", NodeFlag="task").TotalCnt:
        expect(time.monotonic() < deadline, "no node came by the strategy")
        time.sleep(0.5)
    it.settled()
    record = it.ask("DescribeAutoScaleRecords", Limit=10).RecordList[0]
    expect((record.StrategyName, record.ActionStatus) == ("soon", "SUCCESS"), record.ActionStatus)
    expect(it.ask("DescribeAutoScaleGroupGlobalConf").GroupGlobalConfs[0].CurrentNodes == 1, "nodes of the group")
    changed = {**strategy, "StrategyId": shown.StrategyId, "ScaleNum": 2}
    changed["RepeatStrategy"] = {"RepeatType": "DAY", "DayRepeat": {"ExecuteAtTimeOfDay": "03:00:00", "Step": 1}}
    it.ask("ModifyAutoScaleStrategy", StrategyType=2, TimeAutoScaleStrategies=[changed])
    it.ask("DeleteAutoScaleStrategy", StrategyType=2, StrategyId=shown.StrategyId)
    while it.ask("DescribeClusterNodes", NodeFlag="task").TotalCnt:
        expect(time.monotonic() < deadline + 60, "the node did not go with its strategy")
        time.sleep(0.5)
    it.settled()
    load = {
        "StrategyName": "busy",
        "CalmDownTime": 60,
        "ScaleAction": 1,
        "ScaleNum": 1,
        "ProcessMethod": 3,
        "StrategyStatus": 1,
        "LoadMetricsConditions": {
            "Match": 0,
            "LoadMetrics": [
                {
                    "StatisticPeriod": 300,
                    "TriggerThreshold": 2,
                    "LoadMetrics": "AppsPending#root",
                    "MetricId": 3,
                    "Conditions": [{"CompareMethod": 3, "Threshold": 1}],
                }
            ],
        },
    }
    it.ask("AddMetricScaleStrategy", StrategyType=1, LoadAutoScaleStrategy=load)
    shown = it.ask("DescribeAutoScaleStrategies").LoadAutoScaleStrategies[0]
    metric = shown.LoadMetricsConditions.LoadMetrics[0]
    expect((metric.LoadMetrics, metric.Conditions[0].Threshold) == ("AppsPending#root", 1), "the strategy by load")
    paused = {**load, "StrategyId": shown.StrategyId, "StrategyStatus": 3}
    it.ask("ModifyAutoScaleStrategy", StrategyType=1, LoadAutoScaleStrategies=[paused])
    expect(it.ask("DescribeAutoScaleStrategies").LoadAutoScaleStrategies[0].StrategyStatus == 3, "it is not paused")
    it.ask("DeleteAutoScaleStrategy", StrategyType=1, StrategyId=shown.StrategyId)
    it.ask("DeleteNodeResourceConfig", ResourceConfigId=config.ResourceConfigId)
    step("a node came by a strategy, in the specification that was added, and went with it")


def schedule(it):
    def queue(scheduler):
        return json.loads(it.ask("DescribeYarnQueue", Scheduler=scheduler).Queue)

    it.ask("ModifyGlobalConfig", Items=[{"Key": "enableResourceSchedule", "Value": "true"}])
    add = [{"OpType": 0, "Name": "q", "ParentId": "root"}]
    it.ask("ModifyYarnQueueV2", Scheduler="fair", ConfigModifyInfoList=add)
    expect(it.ask("DescribeResourceScheduleDiffDetail", Scheduler="fair").Details[0].Count == 1, "what waits")
    it.ask("ResetYarnConfig")
    expect(len(queue("fair")["queues"]) == 1, "reset")
    it.ask("ModifyYarnQueueV2", Scheduler="fair", ConfigModifyInfoList=add)
    it.done("DeployYarnConf")
    it.ask("ModifyResourceScheduler", OldValue="capacity", NewValue="fair")
    it.done("ModifyYarnDeploy", NewScheduler="fair")
    it.refused("InvalidParameter", "ModifyResourcePools", Key="capacity")
    another = [{"OpType": 0, "Name": "r", "ParentId": "root"}]
    it.ask("ModifyYarnQueueV2", Scheduler="fair", ConfigModifyInfoList=another)
    expect(not it.done("ModifyResourcePools", Key="fair").IsDraft, "a draft")
    expect(it.ask("DescribeGlobalConfig").ActiveScheduler == "fair", "scheduler")
    expect(it.ask("DescribeResourceSchedule").Scheduler == "fair", "scheduler")
    expect(it.ask("DescribeYarnScheduleHistory").Total == 3, "history")
    step("queues and scheduler drafted, reset and deployed")


def jobs(it):
    step_ = {"Name": "a", "ExecutionStep": {"JobType": "MR", "Args": ["app.jar"]}, "ActionOnFailure": "CONTINUE"}
    flow = it.ask("RunJobFlow", Name="flow", CreateCluster=False, InstancePolicy="Reserve", Steps=[step_]).JobFlowId
    deadline = time.monotonic() + 60
    while ask(it.client, "DescribeJobFlow", JobFlowId=flow).State != "JobFlowFinish":
        expect(time.monotonic() < deadline, "the flow was never finished")
        time.sleep(0.3)
    details = ask(it.client, "DescribeJobFlow", JobFlowId=flow).Details
    expect([each.JobState for each in details] == ["JobFlowStepStatusSucceed"], "steps")
    step("a job flow ran")


def inquiries(it):
    window = {"StartTime": int(time.time()) - 3600, "EndTime": int(time.time())}
    rows = {**window, "Offset": 0, "Limit": 10}
    pages = {**window, "Page": 1, "PageSize": 10}
    for action in ("DescribeYarnApplications", "DescribeHiveQueries", "DescribeImpalaQueries", "DescribeSparkQueries"):
        expect(it.ask(action, **rows).Total == 0, action)
    for action in (
        "DescribeSparkApplications",
        "DescribeTrinoQueryInfo",
        "DescribeKyuubiQueryInfo",
        "DescribeStarRocksQueryInfo",
        "DescribeInsightList",
    ):
        expect(it.ask(action, **pages).TotalCount == 0, action)
    expect(it.ask("DescribeEmrApplicationStatics").TotalCount == 0, "applications")
    expect(it.ask("DescribeHDFSStorageInfo", **window).StorageSummaryDistribution == [], "files")
    expect(len(it.ask("DescribeHBaseTableOverview", Offset=0, Limit=10).SchemaList) == 6, "columns")
    for action in ("DescribeHBaseTableRequestMetric", "DescribeHBaseTableStoreSizeMetric"):
        expect(it.ask(action, TableName="t").MetricDataList == [], action)
    expect(it.ask("DescribeEmrOverviewMetrics", End=window["EndTime"], Metric="HDFS.NN.CAPACITY", Downsample="30s-min").Result == [], "figures")
    now = it.ask("DescribeEmrOverviewMetrics", End=int(time.time()), Metric="NODE.CPU", Downsample="30s-min").Result
    expect({each.Tags.Type for each in now} == {"CPUUsedPercent", "CPUCoresTotal"}, "the cores of its nodes")
    plans = ask(it.client, "DescribeDAGInfo", InstanceID=it.id, Type="STARROCKS", IDList=["q"])
    expect(plans.TotalCount == 0, "plans")
    step("where nothing ran, nothing is listed")


def main(address):
    client = connect(address)
    create = {**ORDER, "InstanceName": "python-operation", "LoginSettings": {"Password": "Tencent@cloud123"}}
    it = Cluster(client, ask(client, "CreateInstance", **create).InstanceId)
    it.settled()
    step(f"created {it.id}")
    for part in (services, users, scaling, schedule, jobs, inquiries):
        part(it)
    it.ask("TerminateInstance")


if __name__ == "__main__":
    main(sys.argv[1])
