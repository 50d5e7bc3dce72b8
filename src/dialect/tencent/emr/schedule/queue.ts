/**
 * Queues of a scheduler as properties of its file: `<path>.<key>`, with the names of a queue's children in `<path>.queues`, as YARN's
 * capacity scheduler has them; the fair scheduler's are kept alike. Pure.
 */
import type { Properties, Scheduler } from './schedule.ts'

export const root = 'root'
const QUEUES = 'queues'
const prefixOf: { readonly [scheduler in Scheduler]: string } = {
  capacity: 'yarn.scheduler.capacity.',
  fair: '',
}

/** Every scheduler begins with this one. */
const DEFAULT = 'default'

export type Settings = Readonly<Record<string, string>>

export function childrenOf(it: Properties, scheduler: Scheduler, path: string): readonly string[] {
  const names = it[`${prefixOf[scheduler]}${path}.${QUEUES}`]
  if (names === undefined) return path === root ? [`${root}.${DEFAULT}`] : []
  return names === '' ? [] : names.split(',').map((name) => `${path}.${name}`)
}

/** Every queue with the root, each behind its parent. */
export function queuesOf(it: Properties, scheduler: Scheduler, from = root): readonly string[] {
  const below = childrenOf(it, scheduler, from)
  return [from, ...below.flatMap((path) => queuesOf(it, scheduler, path))]
}

export function settingsOf(it: Properties, scheduler: Scheduler, path: string): Settings {
  const begin = `${prefixOf[scheduler]}${path}.`
  const own = Object.entries(it)
    .filter(([name]) => name.startsWith(begin))
    .map(([name, value]) => [name.slice(begin.length), value] as const)
    .filter(([key]) => !key.includes('.') && key !== QUEUES)
  return { ...initial(scheduler, path), ...Object.fromEntries(own) }
}

/** What the queue that every scheduler begins with has as long as nobody says anything. */
function initial(scheduler: Scheduler, path: string): Settings {
  const isDefault = scheduler === 'capacity' && path === `${root}.${DEFAULT}`
  return isDefault ? { capacity: '100', 'maximum-capacity': '100' } : {}
}

/** The queue with exactly these settings; it comes to its parent where it is new. */
export function withQueue(
  it: Properties,
  scheduler: Scheduler,
  { path, settings }: { readonly path: string; readonly settings: Settings },
): Properties {
  const begin = `${prefixOf[scheduler]}${path}.`
  const parent = parentOf(path)
  const siblings = childrenOf(it, scheduler, parent)
  const others = Object.entries(it).filter(
    ([name]) =>
      !name.startsWith(begin) ||
      name.slice(begin.length).includes('.') ||
      name === `${begin}${QUEUES}`,
  )
  const own = Object.entries(settings).map(([key, value]) => [`${begin}${key}`, value] as const)
  const next = Object.fromEntries([...others, ...own])
  if (path === root || siblings.includes(path)) return next
  return withChildren(next, scheduler, parent, [...siblings, path])
}

/** Without the queue and all below it. */
export function withoutQueue(it: Properties, scheduler: Scheduler, path: string): Properties {
  const begin = `${prefixOf[scheduler]}${path}.`
  const parent = parentOf(path)
  const siblings = childrenOf(it, scheduler, parent).filter((each) => each !== path)
  const kept = Object.entries(it).filter(([name]) => !name.startsWith(begin))
  return withChildren(Object.fromEntries(kept), scheduler, parent, siblings)
}

export function parentOf(path: string): string {
  const at = path.lastIndexOf('.')
  return at < 0 ? root : path.slice(0, at)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

function withChildren(
  it: Properties,
  scheduler: Scheduler,
  path: string,
  children: readonly string[],
): Properties {
  const names = children.map(nameOf).join(',')
  return { ...it, [`${prefixOf[scheduler]}${path}.${QUEUES}`]: names }
}
