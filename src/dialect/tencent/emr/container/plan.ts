/**
 * A request for a cluster of containers, judged: the first broken rule is the one that is reported, and what is around the cluster is
 * asked for in between (reference: tencent-emr.md appendix B, api.json CreateCloudInstance).
 */
import type { Tag } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import type { Resource } from '../../../../domain/environment.ts'
import { zoneOf } from '../../catalogue/region.ts'
import type { Zone } from '../../catalogue/schema.ts'
import { readLogin, readName } from '../cluster/login.ts'
import { readMetadata, type Metadata } from '../cluster/metadata.ts'
import { checkToken } from '../cluster/option.ts'
import { readNetwork, readSecurityGroup, type Network } from '../cluster/place.ts'
import type { Prerequisites } from '../cluster/prerequisites.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { readTags } from '../tag/rule.ts'
import type { ContainerProduct } from '../../catalogue/container.ts'
import { readPods, type PodPlan } from './pod.ts'
import type { CloudCreation } from './shape.ts'
import { readContainerProduct, readPodSoftware, type ChosenComponent } from './software.ts'

export interface CloudPlan {
  readonly name: string
  readonly region: string
  readonly zone: Zone
  readonly network: Network
  readonly securityGroup: string | undefined
  /** The container cluster that carries it. */
  readonly container: string
  readonly bucket: string
  readonly proxy: string
  readonly product: ContainerProduct
  readonly chosen: readonly ChosenComponent[]
  readonly pods: readonly PodPlan[]
  readonly metadata: Metadata
  readonly metadataProbe: string
  readonly password: string | undefined
  readonly tags: readonly Tag[]
  readonly token: string | undefined
}

export async function readCloudPlan(
  input: CloudCreation,
  region: string,
  around: Prerequisites,
): Promise<CloudPlan> {
  refuseOthers(input)
  await around.account()
  await around.product()
  const product = readContainerProduct(input.ProductId)
  const name = readName(input.InstanceName)
  const password = readPassword(input.LoginSettings)
  const place = readZone(input.ZoneId, region)
  const { zone } = place
  const names = [['Placement.Zone', 'ZoneId']] as const
  await renaming({ names }, () => around.place({ ...place, project: 0 }, ''))
  const { network, securityGroup, container } = await readStand(input, { zone, around })
  await around.storageBucket(input.CosBucket, 'CosBucket')
  const chosen = readPodSoftware(input.Software, product)
  const pods = readPods(input.CloudResources, { chosen, vpc: network.vpc })
  for (const [at, pod] of pods.entries()) checkFits(pod, container, `CloudResources.${at}`)
  const metadata = readOwnMetadata(input, chosen)
  const metadataProbe = await around.metadata(metadata, network.vpc)
  const tags = readTags('Tags', input.Tags)
  await around.tags(tags)
  await around.roles('')
  const token = checkToken(input.ClientToken)
  await around.order({
    metadataBought: metadata.bought,
    securityGroupMade: securityGroup === undefined,
    tagged: tags.length > 0,
    encrypted: false,
  })
  return {
    name,
    region,
    zone,
    network,
    securityGroup,
    container: container.id,
    bucket: input.CosBucket,
    proxy: input.ContainerExtraConf?.JobAccessProxyType ?? 'Internal',
    product,
    chosen,
    pods,
    metadata,
    metadataProbe,
    password,
    tags,
    token,
  }
}

/** No pod is larger than the machine that would carry it. */
function checkFits(
  { cpu, memoryGib }: Pick<PodPlan, 'cpu' | 'memoryGib'>,
  container: Resource,
  name: string,
): void {
  if (container.cpu !== undefined && cpu > container.cpu) {
    const code = 'LimitExceeded.PodCpuLimitExceededNodeAvailableCpu'
    const rule = `a machine of ${container.id} has ${container.cpu} cores`
    throw invalid({ name: `${name}.LimitCpu`, code, rule, value: cpu })
  }
  if (container.memory === undefined || memoryGib <= container.memory) return
  const code = 'LimitExceeded.PodMemoryLimitExceededAvailableMemory'
  const rule = `a machine of ${container.id} has ${container.memory} GiB`
  throw invalid({ name: `${name}.LimitMemory`, code, rule, value: memoryGib })
}

async function readStand(
  input: CloudCreation,
  { zone, around }: { readonly zone: Zone; readonly around: Prerequisites },
) {
  if (input.VPCSettings === undefined) throw missing('VPCSettings')
  const site = { prefix: '', placement: { Zone: zone.name }, vpcSettings: input.VPCSettings }
  const network = readNetwork({ ...site, resourceSpec: {} }, input.VPCSettings)
  await around.network(network, { zone: zone.name, prefix: '' })
  const securityGroup = readSecurityGroup(input.SgId)
  await around.securityGroup(securityGroup)
  const id = given(input.EksClusterId)
  if (id === undefined) throw missing('EksClusterId', 'cls-12345678')
  const container = await around.containerCluster(id, network.vpc)
  return { network, securityGroup, container }
}

function readZone(id: number | undefined, region: string) {
  if (id === undefined) throw missing('ZoneId', 100003)
  const found = zoneOf(id)
  if (found?.region.name === region) return found
  const code = 'InvalidParameter.InvalidZone'
  throw invalid({ name: 'ZoneId', code, rule: `it must be a zone of ${region}`, value: id })
}

/** A cluster of pods has no login by key; its directory takes the password. */
function readPassword(settings: CloudCreation['LoginSettings']): string | undefined {
  if (given(settings?.PublicKeyId) !== undefined)
    throw unsupported('LoginSettings.PublicKeyId', 'nobody logs in to a pod by a key')
  if (settings?.Password === undefined || settings.Password === '') return undefined
  return readLogin({ Password: settings.Password }).password
}

function readOwnMetadata(
  { MetaDBInfo: own, DefaultMetaVersion }: CloudCreation,
  chosen: readonly ChosenComponent[],
): Metadata {
  for (const member of ['Components', 'LinkInstanceId'] as const)
    if ((own?.[member] ?? '').length > 0)
      throw unsupported(`MetaDBInfo.${member}`, 'the database is for all components')
  const names = [
    ['MetaType', 'MetaDBInfo.MetaType'],
    ['UnifyMetaInstanceId', 'MetaDBInfo.UnifyMetaInstanceId'],
  ] as const
  const needing = chosen.some(({ role }) => role.component === 'metastore') ? ['hive'] : []
  const { MetaType, UnifyMetaInstanceId, MetaDataJdbcUrl, MetaDataUser, MetaDataPass } = own ?? {}
  const version = given(own?.DefaultMetaVersion) ?? DefaultMetaVersion
  return renaming({ names, codes: CODES }, () =>
    readMetadata(
      {
        ...(MetaType === undefined ? {} : { MetaType }),
        ...(UnifyMetaInstanceId === undefined ? {} : { UnifyMetaInstanceId }),
        ...(version === undefined ? {} : { DefaultMetaVersion: version }),
        MetaDBInfo: {
          ...(MetaDataJdbcUrl === undefined ? {} : { MetaDataJdbcUrl }),
          ...(MetaDataUser === undefined ? {} : { MetaDataUser }),
          ...(MetaDataPass === undefined ? {} : { MetaDataPass }),
        },
      },
      needing.map((component) => ({ component })),
    ),
  )
}

/** What this action's own list has in place of CreateInstance's codes. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['InvalidParameter.InvalidUnifyMeta', 'InvalidParameter.InvalidMetaInstanceId'],
  ['InvalidParameter.InvalidMetaDataJdbcUrl', 'InvalidParameter.InvalidMetaType'],
])

function refuseOthers(input: CloudCreation): void {
  if ((input.ExternalService ?? []).length > 0)
    throw new Fault('NotSupported', { what: 'ExternalService', detail: 'no cluster is shared' })
  if ((input.NeedCdbAudit ?? 0) !== 0) throw unsupported('NeedCdbAudit')
  if (given(input.SgIP) !== undefined) throw unsupported('SgIP')
  if (input.EnableSparkAppMonitorInfo?.EnableMonitor === true)
    throw unsupported('EnableSparkAppMonitorInfo.EnableMonitor', 'nothing here watches pods')
}
