/** Edits of queues, in the order in which they are sent (reference: api.json, ConfigModifyInfoV2). */
import { integer, list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { queueKeys, writtenValue, wrongWith } from './queue-key.ts'
import {
  parentOf,
  queuesOf,
  root,
  settingsOf,
  withoutQueue,
  withQueue,
  type Settings,
} from './queue.ts'
import { onlySet, partition } from './queue-view.ts'
import type { Properties, Scheduler } from './schedule.ts'

const item = object({ Key: text({ max: 64 }), Value: text({ max: 1_024 }) })
const items = list(item, { max: 50 })

export const queueEdit = object({
  OpType: integer({ allowed: [0, 1, 2, 3, 4, 6] }),
  Name: optional(text({ trim: true, max: 64 })),
  ParentId: optional(text({ trim: true, max: 512 })),
  MyId: optional(text({ trim: true, max: 512 })),
  BasicParams: optional(object({ Items: items })),
  ConfigSetParams: optional(
    list(
      object({
        ConfigSet: text({ max: 64 }),
        LabelParams: optional(list(object({ Items: items }), { max: 10 })),
        BasicParams: optional(items),
      }),
      { max: 10 },
    ),
  ),
  DeleteLables: optional(list(text({ max: 64 }), { max: 20 })),
})

export type QueueEdit = Static<typeof queueEdit>

const REPLACE = 1
const REMOVE = 3
const CLONE = 4
const UPDATE = 6
const NULL = 'null'
const QUEUES_MAX = 100
const FAILED = 'FailedOperation'
const NAME = /^[A-Za-z0-9_-]{1,64}$/

export interface QueueChange {
  readonly scheduler: Scheduler
  readonly edit: QueueEdit
  readonly path: string
}

/** Throws FailedOperation for what the tree does not have or may not lose. */
export function changedQueues(it: Properties, change: QueueChange): Properties {
  const { scheduler, edit, path } = change
  if ((edit.DeleteLables ?? []).length > 0) throw unsupported(`${path}.DeleteLables`)
  const known = queuesOf(it, scheduler)
  if (edit.OpType === REMOVE) return removed(it, change, known)
  const wanted = readSettings(change)
  if (edit.OpType === REPLACE || edit.OpType === UPDATE) {
    const own = queueIn(known, `${path}.MyId`, edit.MyId)
    const before = edit.OpType === UPDATE ? settingsOf(it, scheduler, own) : {}
    return withQueue(it, scheduler, { path: own, settings: applied(before, wanted) })
  }
  const parent = queueIn(known, `${path}.ParentId`, edit.ParentId)
  const name = given(edit.Name) ?? ''
  if (!NAME.test(name)) {
    const rule = 'it must have up to 64 letters, digits, _ or -'
    throw invalid({ name: `${path}.Name`, code: FAILED, rule, value: name })
  }
  const made = `${parent}.${name}`
  if (known.includes(made)) throw refused(`${path}.Name`, 'there is such a queue', made)
  if (known.length >= QUEUES_MAX)
    throw refused(`${path}.Name`, `at most ${QUEUES_MAX} queues are kept`, made)
  const next = withQueue(it, scheduler, { path: made, settings: applied({}, wanted) })
  return edit.OpType === CLONE && given(edit.MyId) !== undefined
    ? withCopies(next, change, { from: queueIn(known, `${path}.MyId`, edit.MyId), to: made })
    : next
}

function removed(it: Properties, { scheduler, edit, path }: QueueChange, known: readonly string[]) {
  const own = queueIn(known, `${path}.MyId`, edit.MyId)
  if (own === root || own === `${root}.default`)
    throw refused(`${path}.MyId`, 'it cannot be removed', own)
  return withoutQueue(it, scheduler, own)
}

/** The queues below one, below the other as well. */
function withCopies(
  it: Properties,
  { scheduler }: QueueChange,
  { from, to }: { readonly from: string; readonly to: string },
): Properties {
  return queuesOf(it, scheduler, from)
    .filter((path) => path !== from)
    .reduce((next, path) => {
      const copy = `${to}${path.slice(from.length)}`
      return withQueue(next, scheduler, { path: copy, settings: settingsOf(it, scheduler, path) })
    }, it)
}

function queueIn(known: readonly string[], name: string, asked: string | undefined): string {
  const path = given(asked) ?? ''
  if (known.includes(path)) return path
  throw refused(name, 'there is no such queue', path)
}

/** An absent value of what is set says that it is not set any more. */
function applied(before: Settings, wanted: ReadonlyMap<string, string | undefined>): Settings {
  const kept = Object.entries(before).filter(([key]) => !wanted.has(key))
  const set = [...wanted].filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries([...kept, ...set])
}

function readSettings({ scheduler, edit, path }: QueueChange) {
  const found = new Map<string, string | undefined>()
  const take = (own: readonly Static<typeof item>[], at: string, places: readonly string[]) => {
    for (const { Key: name, Value: value } of own) {
      const key = queueKeys[scheduler].find(
        (each) => each.name === name && places.includes(each.place),
      )
      if (!key) throw refused(at, 'there is no such setting', name)
      if (value === NULL || value === '') found.set(name, undefined)
      else {
        const rule = wrongWith(key, value)
        if (rule !== undefined) throw refused(`${at}.${name}`, rule, value)
        found.set(name, writtenValue(key, value))
      }
    }
  }
  const basic = (edit.BasicParams?.Items ?? []).filter(
    ({ Key, Value }) => !(Key === 'default-node-label-expression' && Value === NULL),
  )
  take(basic, `${path}.BasicParams`, ['basic'])
  for (const [at, { ConfigSet, LabelParams = [], BasicParams = [] }] of (
    edit.ConfigSetParams ?? []
  ).entries()) {
    const where = `${path}.ConfigSetParams.${at}`
    if (ConfigSet !== onlySet)
      throw unsupported(`${where}.ConfigSet`, 'there is one set of settings')
    for (const { Items } of LabelParams) {
      const label = Items.find(({ Key }) => Key === 'labelName')?.Value ?? partition
      if (label !== partition) throw unsupported(`${where}.LabelParams`, 'nodes have no labels')
      take(
        Items.filter(({ Key }) => Key !== 'labelName'),
        `${where}.LabelParams`,
        ['label'],
      )
    }
    take(BasicParams, `${where}.BasicParams`, ['set'])
  }
  return found
}

/** Throws FailedOperation for what a scheduler would not take over. */
export function checkQueues(it: Properties, scheduler: Scheduler): void {
  if (scheduler === 'fair') checkPolicies(it)
  else checkShares(it)
}

/** Where the shares of a queue's children are not the whole of it. */
function checkShares(it: Properties): void {
  const sums = new Map<string, number>()
  for (const path of queuesOf(it, 'capacity').filter((each) => each !== root)) {
    const share = Number(settingsOf(it, 'capacity', path)['capacity'] ?? 0)
    sums.set(parentOf(path), (sums.get(parentOf(path)) ?? 0) + share)
  }
  const wrong = [...sums].find(([, sum]) => Math.abs(sum - 100) > 0.001)
  if (wrong)
    throw refused('InstanceId', `the queues of ${wrong[0]} must have 100 together`, wrong[1])
}

/** YARN leaves out a queue of a policy that the one above it does not allow; of queues that say nothing it is `fair`, of the root `drf`. */
function checkPolicies(it: Properties): void {
  const policyOf = (path: string) =>
    settingsOf(it, 'fair', path)['schedulingPolicy'] ?? (path === root ? 'drf' : 'fair')
  for (const path of queuesOf(it, 'fair').filter((each) => each !== root)) {
    const [own, above] = [policyOf(path), policyOf(parentOf(path))]
    if (above !== 'fifo' && (above === 'drf' || own !== 'drf')) continue
    const rule = `the schedulingPolicy of ${path} cannot be ${own} below the ${above} of ${parentOf(path)}`
    throw refused('InstanceId', rule, own)
  }
}

function refused(name: string, rule: string, value: unknown) {
  return invalid({ name, code: FAILED, rule, value })
}
