import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import {
  nodeGroupView,
  viewNodeGroup,
} from '../../../../../src/dialect/alibaba/starrocks/node-group/view.ts'
import {
  newGroupExtension,
  newInstanceExtension,
  type GroupExtension,
  type InstanceExtension,
} from '../../../../../src/dialect/alibaba/starrocks/instance/extension.ts'
import {
  instanceView,
  viewInstance,
} from '../../../../../src/dialect/alibaba/starrocks/instance/view.ts'
import {
  sampleCluster,
  sampleGroup,
  type SampleMembers,
} from '../../../../support/fixture/sample.ts'

/** The documented members with their types: alibaba-starrocks.md 6.1 (with the two of the newest client) and 6.2. */
const instanceMembers = `
  AclId:string AiFunctionClusterId:string AiFunctionEndpoint:string AiFunctionInstanceId:string Architecture:string
  BeginTime:number EnableAiFunction:boolean EnableAutoMinorVersionUpgrade:boolean EnableMultiAz:boolean
  EnableSSL:boolean EnabledAuditLoader:boolean Encrypted:boolean ExpireTime:number InstanceId:string
  InstanceName:string InstanceStatus:string IsolateLeader:boolean KmsKeyId:string MaintainablePeriod:string
  MinorVersion:string MonitorType:string OssLocation:string PackageType:string PayType:string RegionId:string
  ResourceGroupId:string RunMode:string RunningTime:number SecurityGroupManaged:boolean SgId:string Tags:object
  VSwitches:object Version:string VpcId:string`

const groupMembers = `
  AccountStatus:string Architecture:string BeginTime:number BillingInstanceId:string CommodityCode:string
  ComponentType:string Cu:number DefaultGroup:boolean Description:string DiskNumber:number ElasticNodeNumber:number
  EnablePublicNetwork:boolean Endpoint:string ExpireTime:number HttpPort:number InstanceId:string
  LocalStorageInstanceType:string MemoryCpuRatio:number NodeGroupId:string NodeGroupName:string NodeInfo:object
  PayType:string PublicAddress:string RegionId:string ResidentNodeNumber:number RunningTime:number SpecType:string
  Status:string StoragePerformanceLevel:string StorageSize:number Tags:object TargetElasticNodeNumber:number
  ZoneId:string`

const extension = newInstanceExtension({
  requestedVersion: '3.3',
  runMode: 'shared_data',
  packageType: 'official',
  architecture: 'onEci',
  encrypted: false,
  kmsKeyId: '',
  ossRole: 'role',
  gatewayType: 'Privatezone',
  multiZone: false,
  aiClusterId: '',
  promotion: '',
  catalog: null,
  linkedPrincipal: null,
})

function group(role: string, component: GroupExtension['component'], defaultGroup = true) {
  const localStorageInstanceType = 'non_local_storage'
  return {
    ...sampleGroup(`ng-${role}`, 2),
    role,
    machine: 'standard',
    description: 'd',
    extension: newGroupExtension({ component, defaultGroup, localStorageInstanceType }),
  }
}

function instance(members: SampleMembers = {}, more: Partial<InstanceExtension> = {}): Cluster {
  const groups = [group('fe', 'FE'), group('cn', 'CN', false), group('agent', 'AGENT', false)]
  return sampleCluster({
    ...members,
    spec: { groups, ...members.spec },
    extension: { ...extension, ...more },
  })
}

function typesOf(view: object): string {
  return Object.entries(view)
    .map(([name, value]) => `${name}:${typeof value}`)
    .join(' ')
}

test('an instance shows every documented member with its type', () => {
  const view = viewInstance(instance(), 0)
  assert.equal(typesOf(view), instanceMembers.trim().split(/\s+/).join(' '))
  assert.deepEqual(Object.keys(instanceView.properties), Object.keys(view))
})

test('a node group shows every documented member with its type', () => {
  const cluster = instance()
  for (const each of cluster.spec.groups) {
    const view = viewNodeGroup(cluster, each, 0)
    assert.equal(typesOf(view), groupMembers.trim().split(/\s+/).join(' '))
    assert.deepEqual(Object.keys(nodeGroupView.properties), Object.keys(view))
  }
})

test('times are milliseconds, running time is seconds since it first ran, and pay as you go never ends', () => {
  const view = viewInstance(instance({ createdMs: 5, status: { startedMs: 1000 } }), 61_999)
  assert.deepEqual([view.BeginTime, view.RunningTime, view.ExpireTime], [5, 60, 4_889_001_600_000])
  assert.equal(viewInstance(instance(), 61_999).RunningTime, 0)
  const charge = { mode: 'prepaid', months: 1, expiresMs: 77, autoRenew: false } as const
  const prepaid = viewInstance(instance({ charge }), 0)
  assert.deepEqual([prepaid.PayType, prepaid.ExpireTime], ['prePaid', 77])
})

test('what an instance has shows: its bucket, its AI cluster, its zones', () => {
  const cluster = instance(
    {
      spec: {
        network: {
          vpc: 'v',
          zone: 'z2',
          subnets: [
            { id: 's1', zone: 'z1' },
            { id: 's2', zone: 'z2' },
            { id: 's3', zone: 'z2' },
          ],
          securityGroups: ['sg-1'],
        },
      },
    },
    { aiClusterId: 'af-1', multiZone: true, architecture: 'onEcs' },
  )
  const view = viewInstance(cluster, 0)
  assert.equal(view.OssLocation, 'oss://sr-c-1')
  assert.equal(view.AiFunctionEndpoint, 'fe-af-1-internal.starrocks.aliyuncs.com')
  assert.equal(view.EnableAiFunction, true)
  assert.equal(view.EnableMultiAz, true)
  assert.equal(view.Architecture, 'onECS')
  assert.deepEqual(
    view.VSwitches.map(({ Primary }) => Primary),
    [false, true, false],
  )
  assert.equal(viewInstance(instance({}, { runMode: 'shared_nothing' }), 0).OssLocation, '')
})

test('default groups are billed with the instance, others by themselves', () => {
  const cluster = instance()
  const bills = cluster.spec.groups.map((each) => viewNodeGroup(cluster, each, 0).BillingInstanceId)
  assert.deepEqual(bills, ['c-1', 'ng-cn', 'ng-agent'])
})

test('frontends and compute are reached by their names and ports, agents not at all', () => {
  const cluster = instance()
  const places = cluster.spec.groups
    .map((each) => viewNodeGroup(cluster, each, 0))
    .map(({ Endpoint, HttpPort }) => [Endpoint, HttpPort])
  assert.deepEqual(places, [
    ['fe-c-1-internal.starrocks.aliyuncs.com', 8030],
    ['be-c-1-internal.starrocks.aliyuncs.com', 8040],
    ['', 0],
  ])
})
