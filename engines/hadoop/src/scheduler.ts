/**
 * YARN's schedulers and their queues. The capacity scheduler reads properties; the fair one reads a file of another form, which is made here
 * of properties that are named alike: `root.queues`, `root.default.weight` and so on.
 */
import type { DaemonPlan, Setting } from '../../../src/substrate/local/service.ts'
import type { Properties } from '../../../src/kernel/properties.ts'
import { escaped, siteXml } from './site.ts'

const SCHEDULER = 'yarn.resourcemanager.scheduler.class'
export const CAPACITY_FILE = 'capacity-scheduler.xml'
export const FAIR_FILE = 'fair-scheduler.xml'

const PACKAGE = 'org.apache.hadoop.yarn.server.resourcemanager.scheduler'
/** YARN's own default first. */
const schedulers = [`${PACKAGE}.capacity.CapacityScheduler`, `${PACKAGE}.fair.FairScheduler`]

/** The least of a container, and the step in which the fair scheduler gives more. */
export const CONTAINER_MIB_MIN = 128

/** Both, whichever runs: a file that changes for the other one's turn changes nothing for this one. */
export function schedulerFiles({ settings }: DaemonPlan): Readonly<Record<string, string>> {
  return {
    [CAPACITY_FILE]: siteXml({ ...capacityQueues, ...settings[CAPACITY_FILE] }),
    [FAIR_FILE]: allocations(settings[FAIR_FILE] ?? {}),
  }
}

export function schedulerSite({ directory }: DaemonPlan): Properties {
  return {
    'yarn.scheduler.fair.allocation.file': `${directory}/${FAIR_FILE}`,
    'yarn.scheduler.increment-allocation-mb': CONTAINER_MIB_MIN,
  }
}

const capacityQueues: Properties = {
  'yarn.scheduler.capacity.root.queues': 'default',
  'yarn.scheduler.capacity.root.default.capacity': 100,
  'yarn.scheduler.capacity.maximum-am-resource-percent': 0.5,
  'yarn.scheduler.capacity.resource-calculator':
    'org.apache.hadoop.yarn.util.resource.DominantResourceCalculator',
}

const ROOT = 'root'
const QUEUES = 'queues'
const DEFAULT = 'default'
const TYPE = 'type'
/** Of a queue (hadoop.apache.org, "Fair Scheduler", allocation file format). */
const QUEUE_ELEMENTS = [
  'minResources',
  'maxResources',
  'maxChildResources',
  'maxRunningApps',
  'maxAMShare',
  'weight',
  'schedulingPolicy',
  'aclSubmitApps',
  'aclAdministerApps',
  'minSharePreemptionTimeout',
  'fairSharePreemptionTimeout',
  'fairSharePreemptionThreshold',
  'allowPreemptionFrom',
]
const ELEMENTS = ['userMaxAppsDefault']
const QUEUE_PROPERTY = /^root(?:\.[\w-]{1,64})*\.(\w+)$/

/** Why a property would have no effect, in a sentence. */
export function unmetScheduler({ file, name, value }: Setting): string | undefined {
  if (name === SCHEDULER && !schedulers.includes(value))
    return `it can be ${schedulers.join(' or ')}`
  if (file !== FAIR_FILE || ELEMENTS.includes(name)) return undefined
  const [, key = ''] = QUEUE_PROPERTY.exec(name) ?? []
  if ([...QUEUE_ELEMENTS, QUEUES, TYPE].includes(key)) return undefined
  return 'it is no setting of a queue of the fair scheduler (root.default.weight)'
}

type Values = Readonly<Record<string, string>>

/** Below `fair`, which YARN has for queues that say nothing, no queue can be `drf`, and would be left out. */
const ROOT_POLICY = { [`${ROOT}.schedulingPolicy`]: 'drf' }

function allocations(set: Values): string {
  const values: Values = { ...ROOT_POLICY, ...set }
  const own = ELEMENTS.flatMap((name) => elementOf(name, values[name], '  '))
  return `<?xml version="1.0"?>
<allocations>
${[...own, ...queueOf(values, ROOT, '  ')].join('\n')}
  <queuePlacementPolicy>
    <rule name="specified" create="false"/>
    <rule name="default" queue="${ROOT}.${DEFAULT}"/>
  </queuePlacementPolicy>
</allocations>
`
}

function queueOf(values: Values, path: string, indent: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const inside = `${indent}  `
  const type = values[`${path}.${TYPE}`]
  const begin = `<queue name="${escaped(name)}"${type === undefined ? '' : ` type="${escaped(type)}"`}>`
  return [
    `${indent}${begin}`,
    ...QUEUE_ELEMENTS.flatMap((each) => elementOf(each, values[`${path}.${each}`], inside)),
    ...childrenOf(values, path).flatMap((child) => queueOf(values, `${path}.${child}`, inside)),
    `${indent}</queue>`,
  ]
}

function childrenOf(values: Values, path: string): readonly string[] {
  const names = values[`${path}.${QUEUES}`] ?? (path === ROOT ? DEFAULT : '')
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function elementOf(name: string, value: string | undefined, indent: string): readonly string[] {
  return value === undefined ? [] : [`${indent}<${name}>${escaped(value)}</${name}>`]
}
