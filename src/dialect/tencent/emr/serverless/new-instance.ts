/** A request for an instance, judged, and the cluster that the core is asked to make of it. */
import type { NewCluster } from '../../../../app/cluster/create.ts'
import type { NodeGroup, NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { Resource } from '../../../../domain/environment.ts'
import type { Random } from '../../../../kernel/random.ts'
import { freezeOf, type Term } from '../../catalogue/price.ts'
import { readName } from '../cluster/login.ts'
import { readTerm } from '../cluster/purchase.ts'
import { resourceIdLength } from '../identifier.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { readTags } from '../tag/rule.ts'
import { addMonths, orderStamp } from '../time-text.ts'
import { newServerlessExtension, zoneExtension } from './extension.ts'
import { cpuOf, itemsOf, sizeOfNode } from './node-type.ts'
import type { ServerlessCreation } from './shape.ts'
import { holdings, priceOfGroups } from './terms.ts'
import { readZones, type InstanceZone } from './zone.ts'
import type { Tag } from '../../../../domain/cluster/cluster.ts'

export interface InstancePlan {
  readonly name: string
  readonly region: string
  readonly term: Term
  readonly renewFlag: number
  readonly size: NodeSize
  readonly zones: readonly InstanceZone[]
  readonly tags: readonly Tag[]
}

const DISK_STEP_GB = 100
const GB_PER_CPU = 250
const HOUR_SECONDS = 3600

/** Throws InvalidInstanceName, InvalidDiskSize, InvalidNodeCount, … */
export function readPlan(input: ServerlessCreation, region: string): InstancePlan {
  for (const member of ['DeploymentMode', 'UserName'] as const)
    if (given(input[member]) !== undefined)
      throw unsupported(member, 'HBase has neither modes nor users here')
  const name = readName(input.InstanceName)
  const { term, renewFlag } = readPurchase(input)
  const most = GB_PER_CPU * cpuOf(input.NodeType)
  const { DiskSize: sizeGb, DiskType: diskType } = input
  if (sizeGb < DISK_STEP_GB || sizeGb > most || sizeGb % DISK_STEP_GB !== 0) {
    const code = 'InvalidParameter.InvalidDiskSize'
    const rule = `with ${input.NodeType} it must be between ${DISK_STEP_GB} and ${most}, in steps of ${DISK_STEP_GB}`
    throw invalid({ name: 'DiskSize', code, rule, value: sizeGb, example: DISK_STEP_GB })
  }
  return {
    name,
    region,
    term,
    renewFlag,
    size: sizeOfNode(input.NodeType, { diskType, sizeGb }),
    zones: readZones(input.ZoneSettings, region),
    tags: readTags('Tags', input.Tags),
  }
}

function readPurchase({ PayMode, PrePaySetting: setting }: ServerlessCreation) {
  if (PayMode === 0) {
    if (setting) {
      const code = 'InvalidParameter'
      throw invalid({ name: 'PrePaySetting', code, rule: 'it goes with PayMode 1 only' })
    }
    const hour = { PayMode, TimeUnit: 's', TimeSpan: HOUR_SECONDS }
    return { term: readTerm(hour), renewFlag: 0 }
  }
  if (!setting) throw missing('PrePaySetting')
  const { TimeSpan, TimeUnit = 'm' } = setting.Period
  const names = [
    ['TimeSpan', 'PrePaySetting.Period.TimeSpan'],
    ['TimeUnit', 'PrePaySetting.Period.TimeUnit'],
  ] as const
  const term = renaming({ names }, () => readTerm({ PayMode, TimeUnit, TimeSpan }))
  return { term, renewFlag: setting.AutoRenewFlag }
}

export function newInstance(
  plan: InstancePlan,
  it: { readonly random: Random; readonly nowMs: number; readonly uses: readonly Resource[] },
): NewCluster {
  const { random, nowMs } = it
  const { term, zones } = plan
  const id = `emr-${random.serial.base36(resourceIdLength)}`
  const groups = zones.map((zone) => groupOf(id, zone, { plan, random }))
  const price = priceOfGroups(groups, term)
  const [first] = zones
  const prepaid = term.payMode === 'prepaid'
  const untilMs = prepaid ? addMonths(nowMs, term.months) : nowMs
  return {
    cluster: {
      id,
      region: plan.region,
      name: plan.name,
      spec: {
        software: { family: 'hbase', version: 'SERVERLESS-HBASE', components: ['hbase'] },
        network: {
          vpc: first?.vpc ?? '',
          zone: first?.zone ?? '',
          subnets: zones.map(({ subnet, zone }) => ({ id: subnet, zone })),
          securityGroups: [],
        },
        groups,
        configuration: [],
      },
      charge: {
        mode: term.payMode,
        autoRenew: plan.renewFlag === 1,
        ...(prepaid ? { months: term.months, expiresMs: untilMs } : {}),
      },
      resourceGroup: '0',
      tags: plan.tags,
      extension: newServerlessExtension(plan.renewFlag),
    },
    secrets: {},
    allocation: { uses: it.uses, makes: [], reservations: holdings(groups, term.payMode) },
    order: {
      id: `${orderStamp(nowMs)}${random.serial.decimal(15)}`,
      kind: 'buy',
      state: 'paid',
      currency: price.currency,
      items: itemsOf(price),
      discount: price.original - price.discounted,
      ...(prepaid ? { months: term.months, period: { fromMs: nowMs, untilMs } } : {}),
      paidMs: nowMs,
    },
    reserve: prepaid ? 0 : freezeOf(price),
  }
}

function groupOf(
  instance: string,
  { zone, subnet, count }: InstanceZone,
  { plan, random }: { readonly plan: InstancePlan; readonly random: Random },
): NodeGroup {
  return {
    id: `${instance}.${zone}`,
    role: 'hbase',
    name: zone,
    description: '',
    ...plan.size,
    zone,
    subnet,
    nodes: Array.from({ length: count }, (_, index) => newNode(index, random)),
    extension: zoneExtension,
  }
}

export function newNode(index: number, random: Random) {
  const id = `emr-vm-${random.serial.base36(resourceIdLength)}`
  return { id, index, name: `hbase.${index}`, restarts: 0 }
}
