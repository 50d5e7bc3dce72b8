/** A complete, acceptable request for every action that is built: each declared member has a value. */
import { keyStore, keyStorePassword } from '../fixture/key-store.ts'
import { createBody } from './alibaba-client.ts'

export type Parameters = Readonly<Record<string, unknown>>

/** Creates an instance of whose compute nodes every complete request can change what it changes. */
export function changeableBody(more: Parameters = {}): Parameters {
  const body = createBody(more)
  const disks = { storageSize: 500, storagePerformanceLevel: 'pl0' }
  return {
    ...body,
    BackendNodeGroups: body.BackendNodeGroups.map((it) => ({ ...it, ...disks })),
  }
}

/** Of things that exist, for requests that are to be carried out. */
export interface RequestIds {
  /** A group of three compute nodes, and one of them. */
  readonly NodeGroupId?: string | undefined
  readonly node?: string | undefined
  /** A group beside that one. */
  readonly further?: string | undefined
  readonly rule?: string | undefined
}

/** `id` is an instance that exists. */
export function completeRequests(
  id: string,
  { NodeGroupId = 'ng-0', node = 'cn-0', further = 'ng-0', rule: ruleId = 'r-0' }: RequestIds = {},
): Readonly<Record<string, Parameters>> {
  const region = { RegionId: 'cn-hangzhou' }
  const tagging = { ...region, ResourceId: [id], ResourceType: 'instance' }
  const about = { ...region, InstanceId: id, NodeGroupId }
  const change = { ...about, PromotionOptionNo: '123' }
  const order = { ...change, AutoPay: true }
  const group = {
    cu: 8,
    storageSize: 100,
    storagePerformanceLevel: 'pl1',
    diskNumber: 1,
    residentNodeNumber: 1,
    specType: 'standard',
    localStorageInstanceType: 'null',
    zoneId: 'cn-hangzhou-i',
    nodeGroupName: 'g',
    description: 'd',
  }
  const size = {
    cu: 8,
    storageSize: 200,
    nodeNumber: 3,
    diskNumber: 1,
    storagePerformanceLevel: 'pl1',
    diskType: 'essd',
    specType: 'standard',
  }
  // Instances of these tests have an observer in one other zone already.
  const observers = [{ vswId: 'vsw-third', zoneId: 'cn-hangzhou-j' }]
  const multiZone = { ...region, instanceId: id, observers, promotionOptionNo: '123' }
  const term = { ...region, PricingCycle: 'Month', PromotionOptionNo: '123' }
  const chargeType = {
    ...term,
    AutoRenew: true,
    BillingInstanceIds: id,
    Duration: '1',
    InstanceId: id,
  }
  const renewal = { ...term, BillingInstanceIds: id, Duration: 1, InstanceId: id }
  const { zoneId: _zone, ...warehouse } = { ...group, nodeGroupName: 'reports' }
  const hourly = { PayType: 'postPaid', PricingCycle: 'Month', Duration: 1, AutoRenew: false }
  const monthly = {
    year: 2026,
    month: 3,
    day: 2,
    hour: 5,
    minute: 50,
    second: 0,
    recurrenceInterval: 1,
    recurrenceType: 'MONTHLY',
    recurrenceValues: [1],
  }
  const rule = {
    nodeNumber: 1,
    scalingRuleName: 'nightly',
    scalingOutRule: monthly,
    scalingInRule: { ...monthly, hour: 6 },
  }
  const timed = { ...region, NodeGroupId, TriggerType: 'TIME_TRIGGER' }
  const policy = {
    ...region,
    InstanceId: id,
    RecurrenceValues: [1, 7],
    Hour: 2,
    Minute: 30,
    ExpireDays: 7,
    TimeoutSeconds: 3600,
  }
  const instance = { ...region, InstanceId: id }
  const configItems = (configKey: string, configValue: string) => [
    { configKey, configType: 'FE', configValue },
  ]
  const configs = {
    configsToAdd: configItems('max_column_number_per_table', '100'),
    configsToDelete: configItems('enable_materialized_view', 'true'),
    configsToUpdate: configItems('label_keep_max_second', '100'),
  }
  const whitelist = { ...instance, InnerIpWhitelistGroupId: 'office' }
  // That of the default gateway.
  const gateway = { ...instance, GatewayId: `dg-${id.slice(2)}` }
  return {
    AddBackupPolicy: { ...policy, RecurrenceType: 'WEEKLY' },
    UpdateBackupPolicy: { ...policy, PolicyId: `bk-policy-${id}` },
    DeleteBackupPolicy: { ...region, InstanceId: id, PolicyId: `bk-policy-${id}` },
    DescribeBackupPolicies: { ...region, InstanceId: id, PolicyId: `bk-policy-${id}` },
    DescribeBackups: {
      ...region,
      InstanceId: id,
      BackupTaskId: `bt-${id}`,
      Statuses: 'RUNNING,COMPLETED',
      TimePeriodStartTime: 1,
      TimePeriodEndTime: 2,
      PageNumber: 1,
      PageSize: 10,
    },
    UpdateBackup: { ...region, backupTaskId: `bt-${id}`, description: 'd' },
    DeleteBackup: { ...region, InstanceId: id, BackupTaskId: `bt-${id}` },
    RestoreInstance: {
      ...region,
      BackupTaskId: `bt-${id}`,
      AdminPassword: '1qaz@QAZ',
      InstanceName: 'restored',
      PayType: 'prePaid',
      PricingCycle: 'Month',
      Duration: 1,
      AutoRenew: true,
      VpcId: 'vpc-bp1fll2mci6d7pw8m',
      VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-hangzhou-i', Primary: true }],
      ResourceGroupId: 'rg-emrys1',
      Tags: [{ Key: 'k', Value: 'v' }],
    },
    AddGateway: { ...instance, FeNodeNumber: 1, GatewayName: 'reports' },
    ChangeResourceGroup: {
      ...region,
      InstanceId: id,
      NewResourceGroupId: 'rg-emrys1',
      ResourceType: 'instance',
    },
    CreateAgentResource: {
      ...region,
      ...hourly,
      InstanceId: id,
      Cu: 2,
      SpecType: 'standard',
      PromotionOptionNo: '123',
    },
    CreateNodeGroup: {
      ...region,
      ...warehouse,
      instanceId: id,
      payType: 'postPaid',
      pricingCycle: '1',
      duration: 1,
      autoRenew: false,
      promotionOptionNo: 'blank',
    },
    CreateScalingRule: { ...timed, Rule: rule },
    DeleteScalingRule: { ...timed, ScalingRuleId: ruleId },
    DescribeTimeTriggerScalingRules: { ...region, NodeGroupId },
    GetInstanceFeatureGate: { ...region, InstanceId: id },
    GetNodeGroupFeatureGate: { ...region, InstanceId: id, NodeGroupId },
    ModifyScalingRule: {
      ...region,
      NodeGroupId,
      OldTriggerType: 'TIME_TRIGGER',
      NewTriggerType: 'TIME_TRIGGER',
      ScalingRuleId: ruleId,
      Rule: rule,
    },
    ReleaseNodeGroup: { ...region, InstanceId: id, NodeGroupId: further },
    RestartNodes: {
      ...region,
      InstanceId: id,
      RestartNodeGroups: [{ NodeGroupId, FastMode: true, NodeIds: [node] }],
    },
    CreateInstanceV1: createBody({
      ClientToken: 'contract',
      Tags: [{ Key: 'k', Value: 'v' }],
      VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-hangzhou-i', Primary: true }],
      FrontendNodeGroups: [{ ...group, nodeGroupName: 'fe' }],
      BackendNodeGroups: [{ ...group, nodeGroupName: 'be' }],
      ObserverNodeGroups: [{ ...group, nodeGroupName: 'ob', zoneId: 'cn-hangzhou-h' }],
      AgentNodeGroup: { cu: 1 },
      AutoPay: true,
      GatewayType: 'Slb',
      LinkedRamUserName: 'somebody',
      PrincipalType: 'RS',
      RamUserId: '123',
      DlfCatalogName: 'lake',
      DlfCatalogType: 'paimon',
      EnableMultiAz: true,
      EnableAiFunction: true,
    }),
    QueryPriceV1: {
      ...region,
      PackageType: 'official',
      PayType: 'prePaid',
      RunMode: 'shared_data',
      PricingCycle: 'Month',
      Duration: 1,
      PromotionOptionNo: '123',
      FrontendNodeGroups: [{ ...group, nodeGroupName: 'fe' }],
      BackendNodeGroups: [{ ...group, nodeGroupName: 'be' }],
      ObserverNodeGroups: [{ ...group, nodeGroupName: 'ob', zoneId: 'cn-hangzhou-h' }],
      AgentNodeGroup: { cu: 1 },
    },
    DeleteGateway: gateway,
    DeleteInnerIpWhitelistGroup: whitelist,
    DescribeAvailableZones: region,
    DescribeInnerIpWhitelistGroups: instance,
    DescribeInstances: {
      ...region,
      InstanceId: id,
      InstanceName: 'a',
      InstanceStatus: 'running',
      PageNumber: 1,
      PageSize: 10,
      ResourceGroupId: 'rg-emrys1',
      Tag: [{ Key: 'k', Value: 'v' }],
    },
    DescribeNodeGroups: {
      ...region,
      ClusterId: id,
      instanceId: id,
      PageNumber: 1,
      PageSize: 10,
      componentType: 'FE',
      nodeGroupIds: ['ng-1'],
      nodeGroupName: 'a',
      status: 'RUNNING',
      tags: [{ key: 'k', value: 'v' }],
    },
    CheckInventory: {
      ZoneId: 'cn-hangzhou-i',
      ClusterInfo: {
        clusterType: 'sr',
        regionId: 'cn-hangzhou',
        packageType: 'official',
        runMode: 'shared_data',
        beResourceSpec: size,
        feResourceSpec: size,
      },
    },
    CreateServiceLinkedRole: {},
    DescribeEventNames: { InstanceId: id },
    RebootECS: { InstanceId: id, EventId: 'e-0', RebootTime: 1 },
    DescribeInstanceDiagnosisResult: {
      InstanceId: id,
      Dimension: 'node_analysis',
      PageNumber: 1,
      PageSize: 10,
      ReportDate: '2026-03-08',
      Statuses: 'healthy,info,medium,critical',
    },
    DescribeInstanceMetaToken: { ...region, InstanceId: id },
    DescribeRegions: {},
    ListOperationActivity: { ...region, InstanceId: id, OperationId: 'op-1' },
    DescribeResourceConstraints: {
      ...region,
      Architecture: 'onEcs',
      PackageType: 'official',
      RunMode: 'shared_data',
    },
    DescribeSystemTimezone: { ...region, InstanceId: id },
    DescribeConfigHistory: {
      ...instance,
      EffectStatuses: 'effective',
      NeedTotal: true,
      PageNumber: 1,
      PageSize: 10,
      StartTime: 1,
      EndTime: 2,
    },
    DescribeInstanceConfigs: {
      ...instance,
      AllowModify: true,
      ConfigKey: 'label_keep_max_second',
      ConfigType: 'FE',
      Description: 'label',
      NeedTotal: true,
      NodeGroupId: 'ng-1',
      PageNumber: 1,
      PageSize: 20,
    },
    ModifyInstanceConfig: {
      ...instance,
      ...configs,
      AddConfigList: configItems('min_load_timeout_second', '2'),
      ConfigList: configItems('stream_load_default_timeout_second', '200'),
      DeleteConfigList: configItems('max_running_txn_num_per_db', '1000'),
      Reason: 'shorter',
      fastMode: false,
      restart: false,
    },
    ModifyInstanceConfigPreCheck: { ...instance, ...configs },
    RollbackConfigModification: { ...instance, ConfigHistoryId: 1, Restart: false },
    EnableMultiAz: multiZone,
    DisableSSLConnection: instance,
    EnableInternalSlb: instance,
    EnableSSLConnection: {
      ...instance,
      CustomSSLCertificate: keyStore,
      EnableCustom: true,
      Renewal: false,
      SslKeyPassword: keyStorePassword,
      SslKeystorePassword: keyStorePassword,
    },
    IsolateLeader: { ...instance, IsolateLeader: true },
    ListGateway: instance,
    ListOperationHistory: {
      ...region,
      InstanceId: id,
      OperationId: 'op-1',
      OperationStatus: 'COMPLETED',
      OperationType: 'create_cluster',
      PageNumber: 1,
      PageSize: 10,
      StartTime: 1,
      EndTime: 2,
    },
    ModifyChargeType: chargeType,
    ModifyCu: { ...order, FastMode: true, Target: 16 },
    ModifyCuPreCheck: { ...about, Target: 16 },
    ModifyDiskNumber: { ...order, FastMode: true, Target: 2 },
    ModifyDiskPerformanceLevel: { ...order, Target: 'pl1' },
    ModifyDiskType: { ...order, TargetDiskType: 'essd', TargetPerformanceLevel: 'pl2' },
    ModifyNodeNumberPreCheck: { ...about, Target: 2 },
    ModifySpecType: { ...order, FastMode: true, TargetSpecType: 'ramEnhanced' },
    ModifySpecTypePreCheck: { ...about, TargetSpecType: 'ramEnhanced' },
    ModifyDiskSize: { ...order, FastMode: false, Target: 600 },
    ListSSLDetails: instance,
    ModifyHostAlias: {
      ...instance,
      hostAliases: [{ hostnames: ['metastore.example.com'], ip: '192.168.0.7' }],
    },
    ModifyNodeNumber: {
      ...order,
      Target: 2,
      Parallelism: 1,
      TerminationGracePeriodSeconds: 60,
    },
    QueryModifyCuPrice: { ...change, Target: 32 },
    QueryModifyDiskNumberPrice: { ...change, Target: 3 },
    QueryModifyDiskPerformanceLevelPrice: { ...change, Target: 'pl1' },
    QueryModifyDiskSizePrice: { ...change, Target: 700 },
    QueryModifyDiskTypePrice: {
      ...change,
      TargetDiskType: 'essd',
      TargetPerformanceLevel: 'pl1',
    },
    QueryModifyNodeNumberPrice: { ...change, Target: 4 },
    QueryModifySpecTypePrice: { ...change, TargetSpecType: 'networkEnhanced' },
    ModifyMaintainableTime: { InstanceId: id, MaintainableTimePeriod: '06:00-07:00' },
    ModifyUserPassword: { ...region, InstanceId: id, Password: 'Another#1234' },
    QueryEnableMultiAzPrice: multiZone,
    QueryModifyChargeTypePrice: chargeType,
    QueryRefundPrice: { ...region, instanceId: id, billingInstanceIds: id },
    QueryRenewPrice: renewal,
    QueryUnpaidOrder: { ...region, InstanceId: id, BillingInstanceId: id, OrderType: 'BUY' },
    QueryMinorVersion: { ...region, Version: '3.3' },
    QueryUpgradableVersions: { InstanceId: id, Minor: false },
    UpgradeVersion: { InstanceId: id, FastMode: true, Minor: false, TargetVersion: '3.3' },
    ReleaseInstance: { ...region, InstanceId: id },
    RenewInstance: renewal,
    ResumeInstance: { ...region, InstanceId: id },
    RestartInstance: { ...region, InstanceId: id, FastMode: true },
    RestartNodeGroup: { ...region, InstanceId: id, NodeGroupId, FastMode: true },
    SwitchActiveStandbyZones: { ...region, InstanceId: id, TargetZoneId: 'cn-hangzhou-h' },
    TagResources: { ...tagging, Tag: [{ Key: 'k', Value: 'v' }] },
    ToggleAutoMinorVersionUpgrade: { InstanceId: id, AutoUpgrade: true },
    TogglePublicSlb: { ...gateway, EnablePublicSlb: true },
    UnTagResources: { ...tagging, TagKey: ['k'], All: false },
    UpdateNodeGroupDescription: { ...region, NodeGroupId, Description: 'described' },
    UpdateGateway: { ...gateway, FeNodeNumber: 2, GatewayName: 'loads' },
    UpdateInnerIpWhitelistGroup: { ...whitelist, CidrIpList: ['192.168.0.0/24', '10.0.0.7'] },
    UpdatePublicNetworkStatus: {
      ...instance,
      ComponentType: 'BE',
      NodeGroupId,
      PublicNetworkEnabled: true,
    },
    UpdateInstanceName: { ...region, InstanceId: id, ClusterName: 'renamed' },
  }
}
