#!/usr/bin/env bash
# The main job, with the vendor's own command line (PyPI tccli).
#
#   tccli.sh http://127.0.0.1:4580
#
# The keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; tccli and python are looked up on the PATH. Prints one
# line a step; exits with 1 at the first step that goes wrong.
set -euo pipefail

endpoint=${1:?the address of the server is missing}
: "${TENCENTCLOUD_SECRET_ID:?}" "${TENCENTCLOUD_SECRET_KEY:?}"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
# It keeps profiles under the home directory and does not start without one.
export HOME=$home
tccli configure set region ap-guangzhou output json >/dev/null

fail() {
  echo "tccli: FAILED: $*" >&2
  exit 1
}

step() {
  echo "tccli: $*"
}

emr() {
  tccli emr "$@" --endpoint "$endpoint" --region ap-guangzhou
}

# A value of the JSON on standard input, by a Python expression over `it`.
value() {
  python -c "import json, sys; it = json.load(sys.stdin); print($1)"
}

expect() {
  [ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

refused() {
  local code=$1
  shift
  local said
  if said=$(emr "$@" 2>&1); then fail "$1 was not refused"; fi
  case $said in
    *"$code"*) ;;
    *) fail "$1 was refused with: $said" ;;
  esac
}

# Waits for a status; `gone` when the cluster is no longer listed.
await_status() {
  local cluster=$1 wanted=$2 status=
  for _ in $(seq 120); do
    status=$(emr DescribeInstances --DisplayStrategy clusterList --ProjectId -1 --InstanceIds "[\"$cluster\"]" |
      value "it['ClusterList'][0]['Status'] if it['TotalCnt'] else 'gone'")
    [ "$status" = "$wanted" ] && return
    sleep 0.5
  done
  fail "$cluster is at $status and did not get to $wanted"
}

machine='{"Spec":"CVM.S5","StorageType":5,"DiskType":"CLOUD_PREMIUM","MemSize":8192,"Cpu":4,"DiskSize":100,"RootSize":50}'
order=(
  --ProductId 30 --PayMode 0 --TimeUnit s --TimeSpan 3600 --SupportHA 0
  --Software '["hdfs-2.8.5","yarn-2.8.5","zookeeper-3.6.1","openldap-2.4.44","knox-1.2.0"]'
  --Placement '{"Zone":"ap-guangzhou-3","ProjectId":0}'
  --VPCSettings '{"VpcId":"vpc-tccli001","SubnetId":"subnet-tccli001"}'
  --ResourceSpec "{\"MasterResourceSpec\":$machine,\"CoreResourceSpec\":$machine,\"MasterCount\":1,\"CoreCount\":2}"
)
create=(
  CreateInstance "${order[@]}" --InstanceName tccli-client
  --LoginSettings '{"Password":"Tencent@cloud123"}'
  --ClientToken "tccli-$RANDOM-$$" --Tags '[{"TagKey":"client","TagValue":"tccli"}]'
)

price=$(emr InquiryPriceCreateInstance "${order[@]}" --Currency CNY | value "it['DiscountCost']")
step "price $price an hour"

cluster=$(emr "${create[@]}" | value "it['InstanceId']")
expect 'the second answer to one token' "$(emr "${create[@]}" | value "it['InstanceId']")" "$cluster"
step "created $cluster, once for two requests with one token"

await_status "$cluster" 2
step 'running'

change="{\"ResourceId\":\"$cluster\",\"Resource\":\"qcs::emr:ap-guangzhou:uin/:emr-instance/$cluster\",\"ResourcePrefix\":\"emr-instance\",\"ResourceRegion\":\"ap-guangzhou\",\"ServiceType\":\"emr\",\"AddTags\":[{\"TagKey\":\"stage\",\"TagValue\":\"test\"}]}"
flow=$(emr ModifyResourcesTags --ModifyType Cluster --ModifyResourceTagsInfoList "[$change]" |
  value "it['ClusterToFlowIdList'][0]['FlowId']")
progress=$(emr DescribeClusterFlowStatusDetail --InstanceId "$cluster" --FlowParam "{\"FKey\":\"FlowId\",\"FValue\":\"$flow\"}" |
  value "it['FlowTotalStatus']")
expect 'the status of the flow' "$progress" 2
step "tagged in flow $flow"

listed=$(emr DescribeInstancesList --DisplayStrategy clusterList --Filters "[{\"Name\":\"ClusterId\",\"Values\":[\"$cluster\"]}]" |
  value "sorted(tag['TagKey'] for tag in it['InstancesList'][0]['Tags'])")
expect 'the tags' "$listed" "['client', 'stage']"
step "listed with its tags $listed"

nodes=$(emr DescribeClusterNodes --InstanceId "$cluster" --NodeFlag all |
  value "' '.join(sorted(node['NameTag'] for node in it['NodeList']))")
expect 'the nodes' "$nodes" 'core.0 core.1 master.0'
step "nodes: $nodes"

refused ResourceNotFound.InstanceNotFound TerminateInstance --InstanceId emr-00000000
refused InvalidParameter.InvalidProductId "${create[@]/#30/999}"
step "what is wrong is refused with the vendor's codes"

emr TerminateInstance --InstanceId "$cluster" >/dev/null
await_status "$cluster" gone
step 'terminated'
