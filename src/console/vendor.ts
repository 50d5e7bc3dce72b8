/**
 * Which action of each product shows what of a cluster: what a session sees is what its owner's policies allow of these. The only place
 * of the console that knows products.
 */
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Action } from '../gateway/action.ts'
import type { Dialect } from '../gateway/dialect.ts'

/** `cluster`: that it is there, its state and nodes. */
export const aspects = [
  'cluster',
  'operations',
  'configuration',
  'backups',
  'backupPolicies',
  'scaling',
] as const
export type Aspect = (typeof aspects)[number]

const shownBy: Readonly<Record<string, Partial<Record<Aspect, string>>>> = {
  starrocks: {
    cluster: 'DescribeInstances',
    operations: 'ListOperationHistory',
    configuration: 'DescribeInstanceConfigs',
    backups: 'DescribeBackups',
    backupPolicies: 'DescribeBackupPolicies',
    scaling: 'DescribeTimeTriggerScalingRules',
  },
  emr: {
    cluster: 'DescribeInstances',
    operations: 'DescribeInstanceOplog',
    configuration: 'DescribeServiceConfGroupInfos',
    scaling: 'DescribeAutoScaleStrategies',
  },
  'emr-serverless': { cluster: 'DescribeSLInstanceList', operations: 'DescribeInstanceOplog' },
}

/** The action of a product of clusters that shows this of them; undefined where none does. */
export function actionFor(
  { actions }: Pick<Dialect, 'actions'>,
  product: string,
  aspect: Aspect,
): Action | undefined {
  const name = shownBy[product]?.[aspect]
  return (
    actions.find((each) => each.name === name && productOf(each) === product) ??
    actions.find((each) => each.name === name)
  )
}

/** The products whose clusters a dialect has. */
export function productsOf({ actions }: Pick<Dialect, 'actions'>): readonly string[] {
  const all = new Set(actions.map(productOf))
  return Object.keys(shownBy).filter((product) => all.has(product))
}

function productOf({ product, clustersOf }: Action): string {
  return clustersOf ?? product
}

/** What is done with a form of the console: one action, filled in by a person. */
export interface FormSpec {
  /** What it does in the words of the console, which have a text in each language. */
  readonly does: string
  readonly action: string
  /** The action by which clients learn what it would cost, and what that one wants where this one says nothing. */
  readonly inquiry?: { readonly action: string; readonly also?: Parameters }
  /** What it begins with, beside the examples of its shape. */
  readonly start?: Parameters
  /** Whether it takes something away that does not come back. */
  readonly loses?: true
}

type Parameters = Readonly<Record<string, unknown>>

const moment = (hour: number) => ({
  year: 2026,
  month: 1,
  day: 1,
  hour,
  minute: 0,
  second: 0,
  recurrenceInterval: 1,
  recurrenceType: 'DAILY',
})
const ruleStart = {
  nodeNumber: 1,
  scalingRuleName: '',
  scalingOutRule: moment(9),
  scalingInRule: moment(18),
}
const groupStart = { cu: 8, storageSize: 100, residentNodeNumber: 3 }
const machine = (InstanceType: string) => ({
  InstanceType,
  DiskType: 'CLOUD_SSD',
  DiskSize: 100,
  RootSize: 50,
})
const disk = (DiskSize: number) => ({ Count: 1, DiskType: 'CLOUD_SSD', DiskSize })
const node = (InstanceType: string) => ({
  InstanceType,
  SystemDisk: [disk(50)],
  DataDisk: [disk(100)],
})
const SOFTWARE = ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'knox-1.2.0', 'openldap-2.4.44']

const CONTAINER_SOFTWARE = [
  'zookeeper-3.6.3',
  'metastore-3.1.3',
  'openldap-2.4.44',
  'hiveserver2-3.1.3',
  'spark-3.3.2',
]
const pods = (Service: string, ComponentName: string, PodNumber: number) => ({
  Service,
  ComponentName,
  PodNumber,
  LimitCpu: 1,
  LimitMemory: 2,
})
const CONTAINER_PODS = [
  pods('ZOOKEEPER', 'QuorumPeerMain', 3),
  pods('OPENLDAP', 'Slapd', 2),
  pods('HIVESERVER2', 'HiveServer2Node', 1),
  pods('METASTORE', 'HiveMetaStoreNode', 1),
  pods('SPARK', 'SparkJobHistoryServer', 1),
]

/** By product: what makes a cluster of it. */
const creations: Readonly<Record<string, readonly FormSpec[]>> = {
  starrocks: [
    {
      does: 'create',
      action: 'CreateInstanceV1',
      inquiry: { action: 'QueryPriceV1' },
      start: {
        PayType: 'postPaid',
        PackageType: 'official',
        RunMode: 'shared_data',
        FrontendNodeGroups: [groupStart],
        BackendNodeGroups: [groupStart],
      },
    },
  ],
  emr: [
    {
      does: 'create',
      action: 'CreateInstance',
      inquiry: { action: 'InquiryPriceCreateInstance', also: { Currency: 'CNY' } },
      start: {
        Software: SOFTWARE,
        SceneName: 'Hadoop-Default',
        Placement: { Zone: '' },
        VPCSettings: { VpcId: '', SubnetId: '' },
        SgId: '',
        LoginSettings: { Password: '' },
        ResourceSpec: {
          MasterCount: 1,
          MasterResourceSpec: machine('S5.2XLARGE32'),
          CoreCount: 2,
          CoreResourceSpec: machine('S5.2XLARGE32'),
        },
      },
    },
    {
      does: 'createNewer',
      action: 'CreateCluster',
      start: {
        InstanceChargeType: 'POSTPAID_BY_HOUR',
        LoginSettings: { Password: '' },
        SceneSoftwareConfig: { Software: SOFTWARE, SceneName: 'Hadoop-Default' },
        SecurityGroupIds: [''],
        ZoneResourceConfiguration: [
          {
            ZoneTag: 'master',
            Placement: { Zone: '' },
            VirtualPrivateCloud: { VpcId: '', SubnetId: '' },
            AllNodeResourceSpec: {
              MasterCount: 1,
              MasterResourceSpec: node('S5.2XLARGE32'),
              CoreCount: 2,
              CoreResourceSpec: node('S5.2XLARGE32'),
            },
          },
        ],
      },
    },
    {
      does: 'createContainers',
      action: 'CreateCloudInstance',
      start: {
        ClusterClass: 'EMR-TKE',
        PlatFormType: 'tke',
        ProductId: 60,
        ZoneId: 0,
        Software: CONTAINER_SOFTWARE,
        EksClusterId: '',
        CosBucket: 'emrys-1250000001',
        VPCSettings: { VpcId: '', SubnetId: '' },
        CloudResources: CONTAINER_PODS,
        MetaDBInfo: { MetaType: 'EMR_DEFAULT_META' },
        LoginSettings: { Password: '' },
      },
    },
  ],
  'emr-serverless': [
    {
      does: 'createServerless',
      action: 'CreateSLInstance',
      start: {
        PayMode: 0,
        DiskType: 'CLOUD_HSSD',
        DiskSize: 100,
        NodeType: '4C16G',
        ZoneSettings: [{ Zone: '', VPCSettings: { VpcId: '', SubnetId: '' }, NodeNum: 3 }],
      },
    },
  ],
}

/** By product: what is done with a cluster of it, whose id goes into `InstanceId`. */
const changes: Readonly<Record<string, readonly FormSpec[]>> = {
  starrocks: [
    { does: 'rename', action: 'UpdateInstanceName' },
    {
      does: 'nodes',
      action: 'ModifyNodeNumber',
      inquiry: { action: 'QueryModifyNodeNumberPrice' },
    },
    { does: 'size', action: 'ModifyCu', inquiry: { action: 'QueryModifyCuPrice' } },
    { does: 'disk', action: 'ModifyDiskSize', inquiry: { action: 'QueryModifyDiskSizePrice' } },
    {
      does: 'configure',
      action: 'ModifyInstanceConfig',
      start: {
        Reason: '',
        configsToUpdate: [{ configType: 'FE', configKey: '', configValue: '' }],
        restart: true,
      },
    },
    { does: 'password', action: 'ModifyUserPassword' },
    { does: 'tag', action: 'TagResources', start: { Tag: [{ Key: '', Value: '' }] } },
    { does: 'untag', action: 'UnTagResources', start: { TagKey: [''] } },
    {
      does: 'addRule',
      action: 'CreateScalingRule',
      start: { TriggerType: 'TIME_TRIGGER', Rule: ruleStart },
    },
    { does: 'removeRule', action: 'DeleteScalingRule', start: { TriggerType: 'TIME_TRIGGER' } },
    { does: 'backUp', action: 'AddBackupPolicy', start: { RecurrenceType: 'DAILY' } },
    { does: 'restore', action: 'RestoreInstance' },
    { does: 'restart', action: 'RestartInstance' },
    { does: 'resume', action: 'ResumeInstance' },
    { does: 'release', action: 'ReleaseInstance', loses: true },
  ],
  emr: [
    { does: 'rename', action: 'ModifyInstanceBasic' },
    {
      does: 'scaleOut',
      action: 'ScaleOutInstance',
      inquiry: {
        action: 'InquiryPriceScaleOutInstance',
        also: { Currency: 'CNY', CoreCount: 0, TaskCount: 0 },
      },
      start: {
        TimeUnit: 's',
        TimeSpan: 3600,
        PayMode: 0,
        CoreCount: 1,
        TaskCount: 0,
        ZoneId: 0,
        SubnetId: '',
      },
    },
    {
      does: 'scaleIn',
      action: 'TerminateClusterNodes',
      start: { NodeFlag: 'CORE', CvmInstanceIds: [] },
      loses: true,
    },
    {
      does: 'service',
      action: 'StartStopServiceOrMonitor',
      start: {
        OpType: 'RestartService',
        OpScope: { ServiceInfoList: [{ ServiceName: '' }] },
        StrategyConfig: { RollingRestartSwitch: 0 },
      },
    },
    {
      does: 'addRule',
      action: 'AddMetricScaleStrategy',
      start: {
        StrategyType: 2,
        TimeAutoScaleStrategy: {
          StrategyName: '',
          IntervalTime: 300,
          ScaleAction: 1,
          ScaleNum: 1,
          StrategyStatus: 1,
          Priority: 1,
          RetryValidTime: 600,
          RepeatStrategy: {
            RepeatType: 'DAY',
            DayRepeat: { ExecuteAtTimeOfDay: '09:00:00', Step: 1 },
          },
        },
      },
    },
    { does: 'removeRule', action: 'DeleteAutoScaleStrategy' },
    { does: 'password', action: 'ModifyUserManagerPwd' },
    { does: 'tag', action: 'ModifyResourcesTags' },
    { does: 'release', action: 'TerminateInstance', loses: true },
  ],
  'emr-serverless': [
    { does: 'rename', action: 'ModifySLInstanceBasic' },
    { does: 'nodes', action: 'ModifySLInstance' },
    { does: 'tag', action: 'ModifyResourcesTags' },
    { does: 'release', action: 'TerminateSLInstance', loses: true },
  ],
}

export function formsOf(dialect: Pick<Dialect, 'actions'>) {
  const products = productsOf(dialect)
  const of = (all: typeof creations) =>
    products.flatMap((product) => (all[product] ?? []).map((spec) => ({ product, ...spec })))
  return { creations: of(creations), changes: of(changes) }
}

/** What a form about a cluster need not ask, and what it begins with: members of several actions, of which each takes its own. */
export function knownOf(
  cluster: Cluster,
  dialect: Pick<Dialect, 'resourceOf'>,
): { readonly fixed: Parameters; readonly start: Parameters } {
  const { id, name, region, spec } = cluster
  const group = spec.groups.at(-1)
  const tags = [{ TagKey: '', TagValue: '' }]
  return {
    fixed: {
      InstanceId: id,
      ResourceId: [id],
      ResourceType: 'instance',
      All: false,
      ModifyType: 'Cluster',
    },
    start: {
      ClusterName: name,
      Zone: group?.zone ?? '',
      NodeNum: group?.nodes.length ?? 1,
      ...(group ? { NodeGroupId: group.id, Target: group.nodes.length } : {}),
      ModifyResourceTagsInfoList: [
        {
          ResourceId: id,
          Resource: dialect.resourceOf(cluster),
          ResourceRegion: region,
          AddTags: tags,
        },
      ],
    },
  }
}

/** One of the clouds refuses with the status of what was done; then its answer has an error in it. */
export function isDone(status: number, body: unknown): boolean {
  const { Response: nested } = (body ?? {}) as { readonly Response?: { readonly Error?: unknown } }
  return status < 400 && nested?.Error === undefined
}

/** The vendor's sentence in the body of a refusal. */
export function sentenceIn(body: unknown): string {
  const { Message: flat, Response: nested } = (body ?? {}) as {
    readonly Message?: unknown
    readonly Response?: { readonly Error?: { readonly Message?: unknown } }
  }
  const found = flat ?? nested?.Error?.Message
  return typeof found === 'string' ? found : ''
}
