// The main job, with the vendor's Go SDK in the last release that was one module, EMR included (tencentcloud-sdk-go v1.0.162).
//
//	go run . http://127.0.0.1:4580
//
// The keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. Prints one line a step; exits with 1 at the first step
// that goes wrong.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	emr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/emr/v20190103"
)

const (
	region      = "ap-guangzhou"
	zone        = "ap-guangzhou-3"
	timeout     = 2 * time.Minute
	creating    = 3
	running     = 2
	terminating = 14
	gone        = 0
)

func connect(address, signMethod, requestMethod, secret string) (*emr.Client, error) {
	where, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	settings := profile.NewClientProfile()
	settings.SignMethod = signMethod
	settings.Language = "en-US"
	settings.HttpProfile.Scheme = strings.ToUpper(where.Scheme)
	settings.HttpProfile.Endpoint = where.Host
	settings.HttpProfile.ReqMethod = requestMethod
	keys := common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), secret)
	return emr.NewClient(keys, region, settings)
}

type changeTags struct {
	*tchttp.BaseRequest
	ModifyType                 *string      `json:"ModifyType" name:"ModifyType"`
	ModifyResourceTagsInfoList []*tagChange `json:"ModifyResourceTagsInfoList" name:"ModifyResourceTagsInfoList"`
}

type tagChange struct {
	ResourceId     *string    `json:"ResourceId" name:"ResourceId"`
	Resource       *string    `json:"Resource" name:"Resource"`
	ResourcePrefix *string    `json:"ResourcePrefix" name:"ResourcePrefix"`
	ResourceRegion *string    `json:"ResourceRegion" name:"ResourceRegion"`
	ServiceType    *string    `json:"ServiceType" name:"ServiceType"`
	AddTags        []*emr.Tag `json:"AddTags" name:"AddTags"`
}

type changedTags struct {
	*tchttp.BaseResponse
	Response *struct {
		SuccessList []string `json:"SuccessList"`
		FailList    []string `json:"FailList"`
	} `json:"Response"`
}

// This SDK is older than the answer's InstanceId.
type created struct {
	*tchttp.BaseResponse
	Response *struct {
		InstanceId string `json:"InstanceId"`
	} `json:"Response"`
}

func machine(cpu, memoryGb int64) *emr.Resource {
	return &emr.Resource{
		Spec:        common.StringPtr("CVM.S5"),
		StorageType: common.Int64Ptr(5),
		DiskType:    common.StringPtr("CLOUD_PREMIUM"),
		MemSize:     common.Int64Ptr(memoryGb * 1024),
		Cpu:         common.Int64Ptr(cpu),
		DiskSize:    common.Int64Ptr(100),
		RootSize:    common.Int64Ptr(50),
	}
}

func creation() *emr.CreateInstanceRequest {
	request := emr.NewCreateInstanceRequest()
	request.ProductId = common.Uint64Ptr(30)
	request.PayMode = common.Uint64Ptr(0)
	request.TimeUnit = common.StringPtr("s")
	request.TimeSpan = common.Uint64Ptr(3600)
	request.SupportHA = common.Uint64Ptr(1)
	request.InstanceName = common.StringPtr("go-client")
	request.ClientToken = common.StringPtr(fmt.Sprintf("go-%d", time.Now().UnixNano()))
	request.Software = common.StringPtrs([]string{
		"hdfs-2.8.5", "yarn-2.8.5", "zookeeper-3.6.1", "openldap-2.4.44", "knox-1.2.0",
	})
	request.Placement = &emr.Placement{Zone: common.StringPtr(zone), ProjectId: common.Int64Ptr(0)}
	request.VPCSettings = &emr.VPCSettings{
		VpcId: common.StringPtr("vpc-go000001"), SubnetId: common.StringPtr("subnet-go000001"),
	}
	request.LoginSettings = &emr.LoginSettings{Password: common.StringPtr("Tencent@cloud123")}
	request.NeedMasterWan = common.StringPtr("NOT_NEED_MASTER_WAN")
	request.ResourceSpec = &emr.NewResourceSpec{
		MasterResourceSpec: machine(4, 16), MasterCount: common.Int64Ptr(2),
		CoreResourceSpec: machine(4, 8), CoreCount: common.Int64Ptr(3),
		CommonResourceSpec: machine(2, 4), CommonCount: common.Int64Ptr(3),
	}
	request.Tags = []*emr.Tag{{TagKey: common.StringPtr("client"), TagValue: common.StringPtr("go")}}
	return request
}

// What DescribeInstances says of one cluster; the status is `gone` when it says nothing.
func find(client *emr.Client, cluster string) (int64, *emr.ClusterInstancesInfo, error) {
	request := emr.NewDescribeInstancesRequest()
	request.DisplayStrategy = common.StringPtr("clusterList")
	request.ProjectId = common.Int64Ptr(-1)
	request.InstanceIds = common.StringPtrs([]string{cluster})
	response, err := client.DescribeInstances(request)
	if err != nil {
		return gone, nil, err
	}
	if *response.Response.TotalCnt == 0 {
		return gone, nil, nil
	}
	found := response.Response.ClusterList[0]
	return *found.Status, found, nil
}

func await(client *emr.Client, cluster string, wanted, onTheWay int64) (*emr.ClusterInstancesInfo, error) {
	for end := time.Now().Add(timeout); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		status, found, err := find(client, cluster)
		if err != nil || status == wanted {
			return found, err
		}
		if status != onTheWay {
			return nil, fmt.Errorf("%s has status %d on the way to %d", cluster, status, wanted)
		}
	}
	return nil, fmt.Errorf("%s did not get to %d within %s", cluster, wanted, timeout)
}

func step(format string, values ...any) {
	fmt.Printf("go: "+format+"\n", values...)
}

func create(client *emr.Client) (string, error) {
	request := creation()
	first := &created{BaseResponse: &tchttp.BaseResponse{}}
	if err := client.Send(request, first); err != nil {
		return "", err
	}
	again := &created{BaseResponse: &tchttp.BaseResponse{}}
	if err := client.Send(request, again); err != nil {
		return "", err
	}
	cluster := first.Response.InstanceId
	if cluster == "" || again.Response.InstanceId != cluster {
		return "", errors.New("one token made two clusters")
	}
	step("created %s, once for two requests with one token", cluster)
	return cluster, nil
}

func check(client *emr.Client, cluster string) error {
	found, err := await(client, cluster, running, creating)
	if err != nil {
		return err
	}
	if !*found.Config.SupportHA || *found.Config.ComNodeSize != 3 || *found.MasterIp != "--" {
		text, _ := json.Marshal(found)
		return fmt.Errorf("the cluster is not the one that was asked for: %s", text)
	}
	step("running: %s, %s", *found.EmrVersion, *found.Ftitle)
	request := emr.NewDescribeClusterNodesRequest()
	request.InstanceId = common.StringPtr(cluster)
	request.NodeFlag = common.StringPtr("common")
	nodes, err := client.DescribeClusterNodes(request)
	if err != nil {
		return err
	}
	for _, node := range nodes.Response.NodeList {
		if *node.Flag != 0 || !strings.Contains(*node.Services, "Zookeeper") || *node.Ip == "" {
			return fmt.Errorf("%s is no common node: %s", *node.NameTag, *node.Services)
		}
	}
	if len(nodes.Response.NodeList) != 3 {
		return fmt.Errorf("%d common nodes", len(nodes.Response.NodeList))
	}
	step("nodes: 3 common ones, first at %s", *nodes.Response.NodeList[0].Ip)
	return nil
}

func tag(client *emr.Client, cluster string) error {
	request := &changeTags{
		BaseRequest: &tchttp.BaseRequest{},
		ModifyType:  common.StringPtr("Cluster"),
		ModifyResourceTagsInfoList: []*tagChange{{
			ResourceId:     common.StringPtr(cluster),
			Resource:       common.StringPtr("qcs::emr:" + region + ":uin/:emr-instance/" + cluster),
			ResourcePrefix: common.StringPtr("emr-instance"),
			ResourceRegion: common.StringPtr(region),
			ServiceType:    common.StringPtr("emr"),
			AddTags:        []*emr.Tag{{TagKey: common.StringPtr("stage"), TagValue: common.StringPtr("test")}},
		}},
	}
	request.Init().WithApiInfo("emr", emr.APIVersion, "ModifyResourcesTags")
	response := &changedTags{BaseResponse: &tchttp.BaseResponse{}}
	if err := client.Send(request, response); err != nil {
		return err
	}
	_, found, err := find(client, cluster)
	if err != nil {
		return err
	}
	if len(response.Response.SuccessList) != 1 || len(found.Tags) != 2 {
		return fmt.Errorf("the cluster has %d tags", len(found.Tags))
	}
	step("tagged")
	return nil
}

func signatures(address, cluster string) error {
	secret := os.Getenv("TENCENTCLOUD_SECRET_KEY")
	for _, signMethod := range []string{"TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"} {
		for _, requestMethod := range []string{"GET", "POST"} {
			client, err := connect(address, signMethod, requestMethod, secret)
			if err != nil {
				return err
			}
			if status, _, err := find(client, cluster); err != nil || status != running {
				return fmt.Errorf("%s by %s: status %d, %w", signMethod, requestMethod, status, err)
			}
		}
	}
	step("all signatures are understood, by GET and by POST")
	client, err := connect(address, "TC3-HMAC-SHA256", "POST", "wrong")
	if err != nil {
		return err
	}
	var refusal *sdkerrors.TencentCloudSDKError
	_, _, err = find(client, cluster)
	if !errors.As(err, &refusal) || refusal.Code != "AuthFailure.SignatureFailure" {
		return fmt.Errorf("a wrong key was not refused as such: %v", err)
	}
	step("a wrong key is refused: %s", refusal.Code)
	return nil
}

func terminate(client *emr.Client, cluster string) error {
	request := emr.NewTerminateInstanceRequest()
	request.InstanceId = common.StringPtr(cluster)
	if _, err := client.TerminateInstance(request); err != nil {
		return err
	}
	if _, err := await(client, cluster, gone, terminating); err != nil {
		return err
	}
	step("terminated")
	return nil
}

func run(address string) error {
	client, err := connect(address, "TC3-HMAC-SHA256", "POST", os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	if err != nil {
		return err
	}
	cluster, err := create(client)
	if err != nil {
		return err
	}
	for _, next := range []func() error{
		func() error { return check(client, cluster) },
		func() error { return tag(client, cluster) },
		func() error { return signatures(address, cluster) },
		func() error { return terminate(client, cluster) },
	} {
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . http://127.0.0.1:4580")
		os.Exit(1)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "go: FAILED:", err)
		os.Exit(1)
	}
}
