"""The plugin as it is installed, with the vendors' own SDKs."""

import os
import shlex
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from alibabacloud_starrocks20221019 import models as starrocks
from alibabacloud_starrocks20221019.client import Client as StarRocksClient
from alibabacloud_tea_openapi.models import Config
from pytest_emrys import EmrysError, Servers
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.emr.v20190103 import emr_client, models as emr

RUNNING, CREATING = 2, 3


def tencent(emrys):
    access = emrys.tencent
    http = HttpProfile(protocol=access.protocol, endpoint=access.endpoint)
    keys = credential.Credential(access.key_id, access.secret)
    return emr_client.EmrClient(keys, access.region, ClientProfile(httpProfile=http))


def alibaba(emrys):
    access = emrys.alibaba
    return StarRocksClient(
        Config(
            access_key_id=access.key_id,
            access_key_secret=access.secret,
            endpoint=access.endpoint,
            protocol=access.protocol,
            region_id=access.region,
        )
    )


def ask(client, action, **parameters):
    request = getattr(emr, f"{action}Request")()
    request._deserialize(parameters)
    return getattr(client, action)(request)


def machine(cpu, memory_gb):
    return {
        "Spec": "CVM.S5",
        "StorageType": 5,
        "DiskType": "CLOUD_PREMIUM",
        "MemSize": memory_gb * 1024,
        "Cpu": cpu,
        "DiskSize": 100,
        "RootSize": 50,
    }


def create(client):
    return ask(
        client,
        "CreateInstance",
        ProductId=30,
        PayMode=0,
        TimeUnit="s",
        TimeSpan=3600,
        SupportHA=0,
        Software=["hdfs-2.8.5", "yarn-2.8.5", "zookeeper-3.6.1", "openldap-2.4.44", "knox-1.2.0"],
        InstanceName="of-a-test",
        Placement={"Zone": "ap-guangzhou-3"},
        VPCSettings={"VpcId": "vpc-emrys001", "SubnetId": "subnet-emrys001"},
        LoginSettings={"Password": "Tencent@cloud123"},
        ResourceSpec={
            "MasterCount": 1,
            "CoreCount": 2,
            "MasterResourceSpec": machine(4, 8),
            "CoreResourceSpec": machine(4, 8),
        },
    ).InstanceId


def clusters(client):
    return ask(client, "DescribeInstances", DisplayStrategy="clusterList").ClusterList


def test_a_cluster_takes_no_time(emrys):
    client = tencent(emrys)
    created = create(client)
    emrys.settle()
    assert [(each.ClusterId, each.Status) for each in clusters(client)] == [(created, RUNNING)]


def test_every_test_has_an_empty_server(emrys):
    assert clusters(tencent(emrys)) == []
    regions = alibaba(emrys).describe_instances(starrocks.DescribeInstancesRequest()).body
    assert regions.total == 0


@pytest.mark.emrys(settings={"simulation.default": "time:3600"})
def test_time_is_moved_by_the_test(emrys):
    client = tencent(emrys)
    create(client)
    assert clusters(client)[0].Status == CREATING
    before = emrys.clock.now()
    assert emrys.clock.advance(hours=1) - before >= timedelta(hours=1)
    emrys.clock.advance(timedelta(days=1))
    assert clusters(client)[0].Status == RUNNING


def test_a_fault_is_met_until_it_is_off(emrys):
    client = tencent(emrys)
    emrys.faults.on("network", "gateway", action="CreateInstance")
    with pytest.raises(TencentCloudSDKException, match="Cgw"):
        create(client)
    emrys.faults.off()
    create(client)
    emrys.reset()
    assert clusters(client) == []


def test_several_servers_know_nothing_of_each_other_and_end_when_they_are_closed(emrys, emrys_servers):
    create(tencent(emrys))
    with emrys_servers.start() as other:
        assert clusters(tencent(other)) == []
        assert other.env["EMRYS_URL"] == other.url != emrys.url
    with pytest.raises(OSError):
        socket.create_connection((urlsplit(other.url).hostname, urlsplit(other.url).port))
    assert len(clusters(tencent(emrys))) == 1


def test_what_is_refused_is_said(emrys, emrys_servers):
    with pytest.raises(EmrysError, match="did you mean port"):
        emrys_servers.start(settings={"prot": 1})
    with pytest.raises(EmrysError, match="mode must be one of"):
        emrys.faults.on("network", "slow")
    with pytest.raises(EmrysError, match="there is no command no-such-emrys"):
        Servers(["no-such-emrys"]).start()


def test_a_process_that_ended_is_followed_by_another_one():
    with Servers(shlex.split(os.environ["EMRYS_COMMAND"])) as servers:
        first = servers.start()
        servers._process.kill()
        with servers.start() as second:
            assert second.url != first.url
        first.close()
