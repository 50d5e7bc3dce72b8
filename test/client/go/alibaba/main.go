// The main job, with the runtime of every Go SDK that the vendor generates (darabonba-openapi).
//
//	go run . http://127.0.0.1:4580
//
// The keys come from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints one line a step; exits with 1 at the
// first step that goes wrong.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

const (
	region  = "cn-hangzhou"
	zone    = "cn-hangzhou-i"
	timeout = 2 * time.Minute
)

type object = map[string]any

type session struct {
	client *openapi.Client
}

func connect(address, algorithm string) (*session, error) {
	where, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	config := &openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
		Endpoint:        tea.String(where.Host),
		Protocol:        tea.String(where.Scheme),
		RegionId:        tea.String(region),
	}
	if algorithm != "" {
		config.SignatureAlgorithm = tea.String(algorithm)
	}
	client, err := openapi.NewClient(config)
	return &session{client}, err
}

type request struct {
	action, method, path string
	query                map[string]string
	body                 object
}

func (s *session) call(it request) (object, error) {
	method := it.method
	if method == "" {
		method = "POST"
	}
	params := &openapi.Params{
		Action:      tea.String(it.action),
		Version:     tea.String("2022-10-19"),
		Protocol:    tea.String("HTTPS"),
		Pathname:    tea.String(it.path),
		Method:      tea.String(method),
		AuthType:    tea.String("AK"),
		Style:       tea.String("ROA"),
		ReqBodyType: tea.String("json"),
		BodyType:    tea.String("json"),
	}
	sent := &openapi.OpenApiRequest{Query: map[string]*string{}}
	for name, value := range it.query {
		sent.Query[name] = tea.String(value)
	}
	if it.body != nil {
		sent.Body = it.body
	}
	answer, err := s.client.CallApi(params, sent, &dara.RuntimeOptions{})
	if err != nil {
		return nil, err
	}
	body, isObject := answer["body"].(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("%s: the body is no object: %v", it.action, answer["body"])
	}
	return body, nil
}

func (s *session) describe(id string) (object, error) {
	body, err := s.call(request{
		action: "DescribeInstances",
		path:   "/webapi/starrocks/describeInstances",
		query:  map[string]string{"InstanceId": id, "RegionId": region},
	})
	if err != nil {
		return nil, err
	}
	data, _ := body["Data"].([]any)
	if len(data) == 0 {
		return nil, nil
	}
	return data[0].(map[string]any), nil
}

func (s *session) waitFor(id string, wanted func(object) bool) error {
	end := time.Now().Add(timeout)
	for time.Now().Before(end) {
		instance, err := s.describe(id)
		if err != nil || wanted(instance) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("%s did not get there within %s", id, timeout)
}

func (s *session) create(name string) (string, error) {
	group := object{
		"cu": 8, "storageSize": 100, "storagePerformanceLevel": "pl1", "diskNumber": 1,
		"residentNodeNumber": 1, "specType": "standard", "zoneId": zone, "localStorageInstanceType": "null",
	}
	body, err := s.call(request{
		action: "CreateInstanceV1",
		path:   "/webapi/cluster/createV1",
		body: object{
			"RegionId": region, "InstanceName": name, "AdminPassword": "Emrys-2026", "Version": "3.3",
			"RunMode": "shared_nothing", "PackageType": "official", "PayType": "postPaid",
			"VpcId": "vpc-bp1fll2mci6d7pw8m0001", "ZoneId": zone,
			"VSwitches":          []any{object{"VswId": "vsw-bp19mlh98tm9teyyd0001", "ZoneId": zone}},
			"FrontendNodeGroups": []any{group}, "BackendNodeGroups": []any{group},
			"ClientToken": fmt.Sprintf("go-%d", time.Now().UnixNano()),
		},
	})
	if err != nil {
		return "", err
	}
	data := body["Data"].(map[string]any)
	return data["InstanceId"].(string), nil
}

func (s *session) change(id, name string) error {
	steps := []request{
		{action: "UpdateInstanceName", path: "/webapi/cluster/update_name",
			query: map[string]string{"InstanceId": id, "ClusterName": name}},
		{action: "TagResources", path: "/webapi/tags",
			body: object{"RegionId": region, "ResourceType": "instance", "ResourceId": []any{id},
				"Tag": []any{object{"Key": "team", "Value": "data"}, object{"Key": "old", "Value": ""}}}},
		{action: "UnTagResources", method: "DELETE", path: "/webapi/tags",
			query: map[string]string{"RegionId": region, "ResourceType": "instance",
				"ResourceId": fmt.Sprintf(`["%s"]`, id), "TagKey": `["old"]`}},
		{action: "ChangeResourceGroup", path: "/webapi/resourceGroup/change",
			query: map[string]string{"InstanceId": id, "NewResourceGroupId": "rg-emrys0001",
				"ResourceType": "instance", "RegionId": region}},
	}
	for _, each := range steps {
		if _, err := s.call(each); err != nil {
			return err
		}
	}
	instance, err := s.describe(id)
	if err != nil {
		return err
	}
	tags, _ := json.Marshal(instance["Tags"])
	if instance["InstanceName"] != name || instance["ResourceGroupId"] != "rg-emrys0001" ||
		string(tags) != `[{"Key":"team","Value":"data"}]` {
		return fmt.Errorf("not changed as asked: %v", instance)
	}
	return nil
}

func (s *session) groups(id string) error {
	body, err := s.call(request{
		action: "DescribeNodeGroups",
		path:   "/webapi/nodegroup/describeNodeGroups",
		query:  map[string]string{"ClusterId": id},
		body:   object{"RegionId": region},
	})
	if err != nil {
		return err
	}
	for at, wanted := range []string{"FE", "BE"} {
		group := body["Data"].([]any)[at].(map[string]any)
		if group["ComponentType"] != wanted || group["Status"] != "RUNNING" {
			return fmt.Errorf("group %d is %v", at, group)
		}
	}
	return nil
}

func (s *session) release(id string) error {
	release := request{action: "ReleaseInstance", path: "/webapi/cluster/release", query: map[string]string{"InstanceId": id}}
	if _, err := s.call(release); err != nil {
		return err
	}
	if err := s.waitFor(id, func(instance object) bool { return instance == nil }); err != nil {
		return err
	}
	_, err := s.call(release)
	var refused *tea.SDKError
	if !errors.As(err, &refused) || tea.StringValue(refused.Code) != "Instance.NotFound" || tea.IntValue(refused.StatusCode) != 404 {
		return fmt.Errorf("releasing it again: expected Instance.NotFound, got %v", err)
	}
	return nil
}

func run(address, algorithm string) error {
	s, err := connect(address, algorithm)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("go_%d", time.Now().UnixNano())
	id, err := s.create(name)
	if err != nil {
		return err
	}
	fmt.Printf("ok  created %s\n", id)
	if err := s.waitFor(id, func(it object) bool { return it["InstanceStatus"] == "running" }); err != nil {
		return err
	}
	fmt.Printf("ok  %s is running\n", id)
	if err := s.groups(id); err != nil {
		return err
	}
	fmt.Println("ok  its node groups run")
	if err := s.change(id, name+"_2"); err != nil {
		return err
	}
	fmt.Println("ok  renamed, tagged, untagged, moved")
	if err := s.release(id); err != nil {
		return err
	}
	fmt.Printf("ok  released %s; it is gone\n", id)
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . http://127.0.0.1:4580")
		os.Exit(1)
	}
	for _, algorithm := range []string{"", "v2"} {
		if err := run(os.Args[1], algorithm); err != nil {
			fmt.Fprintln(os.Stderr, "not ok ", err)
			os.Exit(1)
		}
	}
}
