"""What Terraform does with `tencentcloud_serverless_hbase_instance`, `tencentcloud_emr_user_manager` and
`tencentcloud_emr_deploy_yarn_operation`, call by call: create, read without a difference, each change, destroy.

    python terraform-tencent-sibling.py http://127.0.0.1:4580

The facts are of the provider's source (services/emr). Prints one line a step; exits with 1 at the first step that goes wrong.
"""

import json
import sys
import time

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from tencent import CREATING, ORDER, REGION, RUNNING, ask, await_status, connect, expect, step

PATIENCE_SECONDS = 120
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
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        expect(time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} seconds: {what}")
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


def deployment(client, cluster):
    queue = [{"OpType": 0, "Name": "tf", "ParentId": "root"}]
    ask(client, "ModifyYarnQueueV2", InstanceId=cluster, Scheduler="fair", ConfigModifyInfoList=queue)
    flow = ask(client, "DeployYarnConf", InstanceId=cluster).FlowId

    def done():
        param = {"FKey": "FlowId", "FValue": str(flow)}
        return ask(client, "DescribeClusterFlowStatusDetail", InstanceId=cluster, FlowParam=param).FlowTotalStatus == 2

    wait_for("the flow is done", done)
    step("deploy yarn operation: its flow came to its end")


def main(address):
    client = connect(address)
    hbase(client)
    create = {**ORDER, "InstanceName": "tf-siblings", "LoginSettings": {"Password": "Tencent@cloud123"}}
    cluster = ask(client, "CreateInstance", **create).InstanceId
    await_status(client, cluster, RUNNING, on_the_way=[CREATING])
    users(client, cluster)
    deployment(client, cluster)
    ask(client, "TerminateInstance", InstanceId=cluster)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Exception, TencentCloudSDKException) as problem:
        print(f"terraform tencent: FAILED: {type(problem).__name__}: {problem}", file=sys.stderr)
        sys.exit(1)
