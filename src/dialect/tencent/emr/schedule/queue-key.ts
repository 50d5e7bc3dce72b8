/**
 * What a queue can be set to, by scheduler, how clients write each value (reference: api.json, ConfigModifyInfoV2), and how YARN's file
 * does: a list of users and groups as `ann,bob staff`, an amount as `memory-mb=1024, vcores=2` or in percent of the cluster.
 */
import { recordOf } from '../../../../kernel/json.ts'
import { readJson } from '../../../../shape/json-text.ts'
import type { Scheduler } from './schedule.ts'

export type KeyKind =
  | 'number'
  | 'count'
  | 'part'
  | 'share'
  | 'flag'
  | 'word'
  | 'access'
  | 'resource'

/** `basic` stands at the queue, `set` in its set of settings, `label` with its share. */
export interface QueueKey {
  readonly name: string
  readonly place: 'basic' | 'set' | 'label'
  readonly kind: KeyKind
}

const of = (place: QueueKey['place'], kind: KeyKind, names: string): readonly QueueKey[] =>
  names.split(' ').map((name) => ({ name, place, kind }))

export const queueKeys: { readonly [scheduler in Scheduler]: readonly QueueKey[] } = {
  capacity: [
    ...of('basic', 'word', 'state'),
    ...of('basic', 'access', 'acl_submit_applications acl_administer_queue'),
    ...of('basic', 'number', 'maximum-allocation-mb maximum-allocation-vcores'),
    ...of('label', 'number', 'capacity maximum-capacity'),
    ...of(
      'set',
      'number',
      'minimum-user-limit-percent user-limit-factor maximum-applications maximum-am-resource-percent default-application-priority',
    ),
  ],
  fair: [
    ...of('basic', 'word', 'type schedulingPolicy'),
    ...of('basic', 'access', 'aclSubmitApps aclAdministerApps'),
    ...of('basic', 'count', 'minSharePreemptionTimeout fairSharePreemptionTimeout'),
    ...of('basic', 'part', 'fairSharePreemptionThreshold'),
    ...of('basic', 'flag', 'allowPreemptionFrom'),
    ...of('set', 'resource', 'minResources maxResources maxChildResources'),
    ...of('set', 'count', 'maxRunningApps'),
    ...of('set', 'number', 'weight'),
    ...of('set', 'share', 'maxAMShare'),
  ],
}

const WORDS: Readonly<Record<string, readonly string[]>> = {
  state: ['RUNNING', 'STOPPED'],
  type: ['parent'],
  schedulingPolicy: ['drf', 'fair', 'fifo'],
}

/** What is wrong with a value; undefined when nothing is. */
export function wrongWith({ name, kind }: QueueKey, value: string): string | undefined {
  switch (kind) {
    case 'number':
      return /^-?\d{1,12}(\.\d{1,6})?$/.test(value) ? undefined : 'it must be a number'
    case 'count':
      return /^\d{1,9}$/.test(value) ? undefined : 'it must be a whole number'
    case 'part':
      return isNumber(value, { above: 0, max: 1 }) ? undefined : 'it must be above 0 and at most 1'
    case 'share':
      return Number(value) === -1 || isNumber(value, { above: -1e-9, max: 1 })
        ? undefined
        : 'it must be from 0 to 1, or -1'
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'it must be true or false'
    case 'word': {
      const words = WORDS[name] ?? []
      return words.includes(value) ? undefined : `it must be one of ${words.join(', ')}`
    }
    case 'access':
      return isObjectOf(value, ['user', 'group']) ? undefined : 'it must be {"user":…,"group":…}'
    case 'resource': {
      const rule = 'it must be {"vcores":…,"memory":…}'
      return amountsIn(value, name) === undefined ? rule : undefined
    }
  }
}

/** As it stands in YARN's file; undefined for one that says nothing. */
export function writtenValue({ name, kind }: QueueKey, value: string): string | undefined {
  if (kind === 'access') {
    const { user, group } = recordOf(parsed(value))
    const list = (names: unknown) => (typeof names === 'string' ? names.replaceAll(/\s/g, '') : '')
    const text = `${list(user)} ${list(group)}`
    return text.startsWith('*') ? '*' : text.trimEnd()
  }
  if (kind !== 'resource') return value
  const { memory, vcores, unit } = amountsIn(value, name) ?? { unit: '' }
  const parts = [
    ...(memory === undefined ? [] : [`memory-mb=${memory}${unit}`]),
    ...(vcores === undefined ? [] : [`vcores=${vcores}${unit}`]),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** As it stands in the answer; null where nothing is set. */
export function shownValue({ kind }: QueueKey, value: string | undefined): unknown {
  if (value === undefined) return null
  if (kind === 'word') return value
  if (kind === 'access' && !value.startsWith('{')) {
    const [user = '', group = ''] = value.split(' ')
    return { user, group }
  }
  if (kind === 'resource' && !value.startsWith('{')) {
    const amounts = new Map(value.split(', ').map((each) => each.split('=') as [string, string]))
    const amount = (name: string) => {
      const digits = amounts.get(name)
      return digits === undefined ? null : Number.parseInt(digits, 10)
    }
    const type = value.includes('%') ? 'percent' : null
    return { vcores: amount('vcores'), memory: amount('memory-mb'), type }
  }
  return parsed(value)
}

interface Amounts {
  readonly memory?: number
  readonly vcores?: number
  readonly unit: string
}

const PERCENT = 'percent'

/** Undefined for what is no amount. Only bounds from above can be parts of the cluster. */
function amountsIn(value: string, name: string): Amounts | undefined {
  if (!isObjectOf(value, ['vcores', 'memory', 'type'])) return undefined
  const { vcores, memory, type } = recordOf(parsed(value))
  const isPercent = type === PERCENT
  if (isPercent ? name === 'minResources' : type !== null && type !== undefined && type !== '')
    return undefined
  const isRight = (amount: unknown) =>
    amount === null ||
    amount === undefined ||
    (Number.isInteger(amount) && Number(amount) >= 0 && Number(amount) <= 2 ** 31 - 1)
  if (!isRight(vcores) || !isRight(memory)) return undefined
  return {
    ...(typeof memory === 'number' && { memory }),
    ...(typeof vcores === 'number' && { vcores }),
    unit: isPercent ? '%' : '',
  }
}

function isNumber(value: string, { above, max }: { above: number; max: number }): boolean {
  return /^\d(\.\d{1,6})?$/.test(value) && Number(value) > above && Number(value) <= max
}

function parsed(value: string): unknown {
  const read = readJson(Buffer.from(value))
  return 'problem' in read ? null : read.value
}

function isObjectOf(value: string, members: readonly string[]): boolean {
  const it = parsed(value)
  if (typeof it !== 'object' || it === null || Array.isArray(it)) return false
  return Object.keys(it).every((name) => members.includes(name))
}
