/**
 * CreateCluster's request as the CreateInstance that says the same, with what refusals of it call each member (reference:
 * tencent-emr.md 1, generation rules; 5.11).
 */
import type { DaemonPlacement } from '../../../../domain/cluster/daemon.ts'
import { bundleMembers } from '../../catalogue/component.ts'
import { productByVersion } from '../../catalogue/product.ts'
import type { Product } from '../../catalogue/schema.ts'
import { translateResource } from '../node/node-resource.ts'
import { checkSoftwareConfig } from '../node/software-config.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import type { Renaming } from '../renaming.ts'
import { componentOfLabel, placed } from '../service/placement.ts'
import type { BootstrapActionInput, ClusterCreationInput } from './cluster-shape.ts'
import type { BootstrapInput, CreationInput, ResourceSpecInput } from './create-shape.ts'
import { objectExample } from './example.ts'

export interface Translation {
  readonly creation: CreationInput
  readonly names: Renaming
}

const ZONE = 'ZoneResourceConfiguration.0'
const SSH_PORT = 22
const HOUR_SECONDS = 3600

export function translate(input: ClusterCreationInput): Translation {
  const { MetaDBInfo: meta = {}, SceneSoftwareConfig: scene } = input
  refuseUnsupported(input)
  const term = translateTerm(input)
  const product = readProduct(input.ProductVersion)
  const place = translatePlace(input, daemonsOf(input, product))
  const scripts = translateScripts(input.ScriptBootstrapActionConfig ?? [])
  const creation: CreationInput = {
    ProductId: product.id,
    SupportHA: input.EnableSupportHAFlag ? 1 : 0,
    InstanceName: input.InstanceName,
    LoginSettings: input.LoginSettings,
    Software: scene.Software,
    ...term,
    ...place.members,
    CheckSecurity: input.EnableKerberosFlag ? 1 : 0,
    RemoteLoginAtCreate: input.EnableRemoteLoginFlag ? SSH_PORT : 0,
    CbsEncrypt: input.EnableCbsEncryptFlag ? 1 : 0,
    CbsSysEncrypt: input.EnableCbsSysEncryptFlag ? 1 : 0,
    PreExecutedFileSettings: scripts.settings,
    ...defined({
      SceneName: scene.SceneName,
      SgId: input.SecurityGroupIds?.[0],
      NeedMasterWan: input.NeedMasterWan,
      ExtendFsField: input.CustomConf,
      Tags: input.Tags,
      DisasterRecoverGroupIds: input.DisasterRecoverGroupIds,
      ClientToken: input.ClientToken,
      NodeMarks: input.NodeMarks,
      MetaType: meta.MetaType,
      UnifyMetaInstanceId: meta.UnifyMetaInstanceId,
      DefaultMetaVersion: given(meta.DefaultMetaVersion) ?? input.DefaultMetaVersion,
      MetaDBInfo: customMeta(meta),
      CosBucket: input.CosBucket,
      LoadBalancerId: input.LoadBalancerId,
      NeedCdbAudit: input.NeedCdbAudit,
      SgIP: input.SgIP,
      PartitionNumber: input.PartitionNumber,
      WebUiVersion: input.WebUiVersion,
    }),
  }
  return { creation, names: [...scripts.names, ...place.names, ...NAMES] }
}

const NAMES: Renaming = [
  ['ProductId', 'ProductVersion'],
  ['SupportHA', 'EnableSupportHAFlag'],
  ['PayMode', 'InstanceChargeType'],
  ['TimeUnit', 'InstanceChargeType'],
  ['TimeSpan', 'InstanceChargePrepaid.Period'],
  ['AutoRenew', 'InstanceChargePrepaid.RenewFlag'],
  ['Software', 'SceneSoftwareConfig.Software'],
  ['SceneName', 'SceneSoftwareConfig.SceneName'],
  ['SgId', 'SecurityGroupIds.0'],
  ['PreExecutedFileSettings', 'ScriptBootstrapActionConfig'],
  ['RemoteLoginAtCreate', 'EnableRemoteLoginFlag'],
  ['CheckSecurity', 'EnableKerberosFlag'],
  ['ExtendFsField', 'CustomConf'],
  ['CbsEncrypt', 'EnableCbsEncryptFlag'],
  ['CbsSysEncrypt', 'EnableCbsSysEncryptFlag'],
  ['MetaType', 'MetaDBInfo.MetaType'],
  ['UnifyMetaInstanceId', 'MetaDBInfo.UnifyMetaInstanceId'],
  ['Placement', `${ZONE}.Placement`],
  ['VPCSettings', `${ZONE}.VirtualPrivateCloud`],
  ['ResourceSpec', `${ZONE}.AllNodeResourceSpec`],
]

/** Throws NotSupported, InvalidDependServiceAndEnableKerberosConflict. */
function refuseUnsupported(input: ClusterCreationInput): void {
  if ((input.DependService ?? []).length > 0) {
    if (input.EnableKerberosFlag)
      throw invalid({
        name: 'DependService',
        code: 'InvalidParameter.InvalidDependServiceAndEnableKerberosConflict',
        rule: 'a cluster with Kerberos shares no services',
      })
    throw unsupported('DependService')
  }
  if ((input.SecurityGroupIds ?? []).length > 1)
    throw unsupported('SecurityGroupIds', 'a cluster is in one security group')
  const { Components = [], LinkInstanceId } = input.MetaDBInfo ?? {}
  if (Components.length > 0)
    throw unsupported('MetaDBInfo.Components', 'one database is for all components')
  if (given(LinkInstanceId) !== undefined) throw unsupported('MetaDBInfo.LinkInstanceId')
}

/** What the components place on the nodes of each role. */
function daemonsOf(
  { SceneSoftwareConfig: scene, EnableSupportHAFlag: ha }: ClusterCreationInput,
  product: Product,
): readonly DaemonPlacement[] {
  const components = (scene.Software ?? []).flatMap((label) => {
    const name = componentOfLabel(label)
    return bundleMembers(name) ?? [name]
  })
  return placed({ components, class: product.class, ha })
}

/** Throws InvalidProductVersion. */
export function readProduct(version: string): Product {
  const product = productByVersion(version)
  if (product) return product
  throw invalid({
    name: 'ProductVersion',
    code: 'InvalidParameter.InvalidProductVersion',
    rule: 'it must be the name of a product, as EMR-V2.6.0',
    value: version,
    example: 'EMR-V2.6.0',
  })
}

type Term = Pick<CreationInput, 'PayMode' | 'TimeUnit' | 'TimeSpan'> &
  Partial<Pick<CreationInput, 'AutoRenew'>>

/** Throws MissingParameter, InvalidParameterValue. */
export function translateTerm(
  input: Pick<ClusterCreationInput, 'InstanceChargePrepaid'> & {
    readonly InstanceChargeType: 'PREPAID' | 'POSTPAID_BY_HOUR'
  },
): Term {
  const { InstanceChargeType: type, InstanceChargePrepaid: prepaid } = input
  if (type === 'PREPAID') {
    if (!prepaid) throw missing('InstanceChargePrepaid', { Period: 1, RenewFlag: false })
    const AutoRenew = prepaid.RenewFlag ? 1 : 0
    return { PayMode: 1, TimeUnit: 'm', TimeSpan: prepaid.Period, AutoRenew }
  }
  if (prepaid) {
    const code = 'InvalidParameterValue'
    const rule = 'it goes with PREPAID only, and is left out else'
    throw invalid({ name: 'InstanceChargePrepaid', code, rule, value: prepaid, example: null })
  }
  return { PayMode: 0, TimeUnit: 's', TimeSpan: HOUR_SECONDS }
}

const ROLES = ['Master', 'Core', 'Task', 'Common'] as const

type ZoneInput = NonNullable<ClusterCreationInput['ZoneResourceConfiguration']>[number]

/** Throws MissingParameter, InvalidAllNodeResourceSpec, NotSupported. */
function translatePlace(
  { ZoneResourceConfiguration: zones = [] }: ClusterCreationInput,
  daemons: readonly DaemonPlacement[],
): {
  readonly members: Partial<CreationInput>
  readonly names: Renaming
} {
  const [zone, ...others] = zones
  if (!zone) throw missing('ZoneResourceConfiguration')
  if (others.length === 0) {
    if (zone.ZoneTag !== undefined && zone.ZoneTag !== 'master')
      throw unsupported(`${ZONE}.ZoneTag`, 'the only zone is its master')
    return translateZone(zone, { from: '', name: ZONE, daemons })
  }
  const settings = zones.map((each, at) => {
    const from = `MultiZoneSettings.${at}.`
    const name = `ZoneResourceConfiguration.${at}`
    const { members, names } = translateZone(each, { from, name, daemons })
    const renamed = [
      [`${from}ZoneTag`, `${name}.ZoneTag`],
      [`${from}Placement`, `${name}.Placement`],
      [`${from}VPCSettings`, `${name}.VirtualPrivateCloud`],
      [`${from}ResourceSpec`, `${name}.AllNodeResourceSpec`],
    ] as const
    const tag = each.ZoneTag === undefined ? {} : { ZoneTag: each.ZoneTag }
    return { setting: { ...members, ...tag }, names: [...names, ...renamed] }
  })
  return {
    members: {
      VersionID: 1,
      MultiZone: true,
      MultiZoneSettings: settings.map(({ setting }) => setting),
    },
    names: [
      ...settings.flatMap(({ names }) => names),
      ['MultiZoneSettings', 'ZoneResourceConfiguration'],
      ['MultiZone', 'ZoneResourceConfiguration'],
    ],
  }
}

function translateZone(
  zone: ZoneInput,
  it: {
    readonly from: string
    readonly name: string
    readonly daemons: readonly DaemonPlacement[]
  },
) {
  const { from, name: called, daemons } = it
  const { Placement, VirtualPrivateCloud, AllNodeResourceSpec: all } = zone
  if (!Placement) throw missing(`${called}.Placement`, objectExample.Placement)
  if (!VirtualPrivateCloud)
    throw missing(`${called}.VirtualPrivateCloud`, objectExample.VPCSettings)
  const roles = ROLES.filter((role) => all?.[`${role}ResourceSpec`] !== undefined)
  if (!all || roles.length === 0) {
    const code = 'InvalidParameter.InvalidAllNodeResourceSpec'
    const name = `${called}.AllNodeResourceSpec`
    throw invalid({ name, code, rule: 'there must be nodes of one role at least' })
  }
  const resourceSpec: ResourceSpecInput = defined({
    MasterCount: all.MasterCount,
    CoreCount: all.CoreCount,
    TaskCount: all.TaskCount,
    CommonCount: all.CommonCount,
  })
  const names: (readonly [string, string])[] = []
  for (const role of roles) {
    const member = `${role}ResourceSpec` as const
    const spec = all[member]!
    const name = `${called}.AllNodeResourceSpec.${member}`
    checkSoftwareConfig(name, spec, { daemons, role: role.toLowerCase() })
    const translated = translateResource(spec, { from: `${from}ResourceSpec.${member}`, name })
    resourceSpec[member] = translated.resource
    names.push(...translated.names)
  }
  const members = { Placement, VPCSettings: VirtualPrivateCloud, ResourceSpec: resourceSpec }
  return { members, names }
}

export function translateScripts(actions: readonly BootstrapActionInput[]): {
  readonly settings: BootstrapInput[]
  readonly names: Renaming
} {
  const settings = actions.map(({ ExecutionMoment: WhenRun, ...rest }, at) => ({
    ...rest,
    WhenRun,
    RunOrder: at + 1,
  }))
  const names = actions.map(
    (_, at) =>
      [
        `PreExecutedFileSettings.${at}.WhenRun`,
        `ScriptBootstrapActionConfig.${at}.ExecutionMoment`,
      ] as const,
  )
  return { settings, names: [...names, ['PreExecutedFileSettings', 'ScriptBootstrapActionConfig']] }
}

function customMeta(meta: NonNullable<ClusterCreationInput['MetaDBInfo']>) {
  const { MetaDataJdbcUrl, MetaDataUser, MetaDataPass } = meta
  const members = defined({ MetaDataJdbcUrl, MetaDataUser, MetaDataPass })
  return Object.keys(members).length === 0 ? undefined : members
}

function defined<T extends object>(
  members: T,
): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as never
}
