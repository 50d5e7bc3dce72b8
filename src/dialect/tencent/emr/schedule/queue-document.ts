/**
 * All queues of a scheduler in one JSON document, as the older action sends them: a tree whose queues have their settings at themselves, or
 * where DescribeResourceSchedule shows them (reference: examples.json, ModifyResourceScheduleConfig).
 */
import { listOf, recordOf } from '../../../../kernel/json.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { invalid, unsupported } from '../refusal.ts'
import { queueKeys, writtenValue, wrongWith } from './queue-key.ts'
import { queuesOf, root, withoutQueue, withQueue, type Settings } from './queue.ts'
import type { Properties, Scheduler } from './schedule.ts'

const NAME = 'Value'
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,64}$/
const QUEUES_MAX = 100
const MAPPINGS = 'yarn.scheduler.capacity.queue-mappings'
const OVERRIDE = 'yarn.scheduler.capacity.queue-mappings-override.enable'
const MAPPINGS_MAX = 100

type Values = Readonly<Record<string, unknown>>

/** The file with these queues in place of all that it had. Throws FailedOperation. */
export function withDocument(it: Properties, scheduler: Scheduler, text: string): Properties {
  const read = readJson(Buffer.from(text))
  if ('problem' in read) throw refused(`it is ${read.problem}`, text)
  const whole = recordOf(recordOf(read.value)['schedulerInfo'] ?? read.value)
  const queue = recordOf(whole['queue'])
  if (queue['name'] !== root) throw refused('its queue must be root', queue['name'] ?? '')
  const bare = queuesOf(it, scheduler)
    .filter((path) => path !== root && path.lastIndexOf('.') === root.length)
    .reduce((next, path) => withoutQueue(next, scheduler, path), it)
  const next = withTree(bare, { scheduler, queue, path: root })
  const count = queuesOf(next, scheduler).length
  if (count > QUEUES_MAX) throw refused(`at most ${QUEUES_MAX} queues are kept`, `${count} queues`)
  if (!queuesOf(next, scheduler).includes(`${root}.default`))
    throw refused('root.default cannot be removed', '')
  return scheduler === 'capacity' ? withMappings(next, whole) : next
}

interface Branch {
  readonly scheduler: Scheduler
  readonly queue: Values
  readonly path: string
}

function withTree(it: Properties, { scheduler, queue, path }: Branch): Properties {
  const own = withQueue(it, scheduler, { path, settings: settingsIn(queue, { scheduler, path }) })
  return listOf(queue['queues']).reduce<Properties>((next, each) => {
    const below = recordOf(each)
    const name = below['name']
    if (typeof name !== 'string' || !QUEUE_NAME.test(name))
      throw refused('names of queues have up to 64 letters, digits, _ or -', name ?? '')
    const at = `${path}.${name}`
    if (queuesOf(next, scheduler).includes(at)) throw refused('each queue is given once', at)
    return withTree(next, { scheduler, queue: below, path: at })
  }, own)
}

/** Those of the root are the whole cluster's and stay what they are. */
function settingsIn(queue: Values, { scheduler, path }: Omit<Branch, 'queue'>): Settings {
  if (path === root) return {}
  const set = recordOf(listOf(queue['configs'] ?? queue['configSets'])[0])
  const label = recordOf(listOf(set['labels'])[0])
  const found: Record<string, string> = {}
  for (const key of queueKeys[scheduler]) {
    const value = queue[key.name] ?? set[key.name] ?? label[key.name]
    if (value === undefined || value === null || value === '') continue
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const rule = wrongWith(key, text)
    if (rule !== undefined) throw refused(`${path}.${key.name}: ${rule}`, text)
    const written = writtenValue(key, text)
    if (written !== undefined) found[key.name] = written
  }
  return found
}

/** Which queue applications of a user or group go to. */
function withMappings(it: Properties, whole: Values): Properties {
  const sent = listOf(whole['queueMappings'])
  if (sent.length > MAPPINGS_MAX)
    throw refused(`at most ${MAPPINGS_MAX} mappings are kept`, `${sent.length} mappings`)
  const { [MAPPINGS]: _before, [OVERRIDE]: _flag, ...rest } = it
  const paths = queuesOf(it, 'capacity')
  const mappings = sent.map((each) => {
    const { 'mapping-type': type, name, 'full-queue-name': queue } = recordOf(each)
    if (type !== 'u' && type !== 'g') throw refused('a mapping is of u or g', type ?? '')
    if (typeof name !== 'string' || !/^[\w%.-]{1,64}$/.test(name))
      throw refused('a mapping needs a name', name ?? '')
    if (
      typeof queue !== 'string' ||
      !paths.some((path) => path === queue || path.endsWith(`.${queue}`))
    )
      throw refused('a mapping leads to a queue that is there', queue ?? '')
    return `${type}:${name}:${queue}`
  })
  if (mappings.length === 0) return rest
  const isStronger = whole['queueMappingsOverride'] === true
  return { ...rest, [MAPPINGS]: mappings.join(','), [OVERRIDE]: String(isStronger) }
}

/** Throws NotSupported for plans, which set queues by the time of day. */
export function refusePlan(key: string): void {
  if (key === 'fairPlan')
    throw unsupported('Key', 'there are no plans; it must be fair or capacity')
}

function refused(rule: string, value: unknown) {
  return invalid({ name: NAME, code: 'FailedOperation', rule, value })
}
