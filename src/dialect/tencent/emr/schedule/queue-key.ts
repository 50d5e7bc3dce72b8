/** What a queue can be set to, by scheduler, and how each value is written (reference: api.json, ConfigModifyInfoV2). */
import { readJson } from '../../../../shape/json-text.ts'
import type { Scheduler } from './schedule.ts'

export type KeyKind = 'number' | 'flag' | 'word' | 'access' | 'resource'

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
    ...of(
      'basic',
      'number',
      'minSharePreemptionTimeout fairSharePreemptionTimeout fairSharePreemptionThreshold',
    ),
    ...of('basic', 'flag', 'allowPreemptionFrom'),
    ...of('set', 'resource', 'minResources maxResources maxChildResources'),
    ...of('set', 'number', 'maxRunningApps weight maxAMShare'),
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
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'it must be true or false'
    case 'word': {
      const words = WORDS[name] ?? []
      return words.includes(value) ? undefined : `it must be one of ${words.join(', ')}`
    }
    case 'access':
      return isObjectOf(value, ['user', 'group']) ? undefined : 'it must be {"user":…,"group":…}'
    case 'resource':
      return isObjectOf(value, ['vcores', 'memory', 'type'])
        ? undefined
        : 'it must be {"vcores":…,"memory":…}'
  }
}

/** As it stands in the answer; null where nothing is set. */
export function shownValue({ kind }: QueueKey, value: string | undefined): unknown {
  if (value === undefined) return null
  return kind === 'word' ? value : parsed(value)
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
