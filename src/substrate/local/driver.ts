/** What the parts of the local driver share: its options, a mutex for each instance, and how each process is doing. */
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Random } from '../../kernel/random.ts'
import type { Component, Role } from './component.ts'
import type { Condition, Moment, LivenessTimeouts } from './condition.ts'
import type { WithLock } from '../../kernel/keyed-mutex.ts'
import type { ObjectStorageKey } from '../../domain/object-storage.ts'
import { dataTable, type DataTable } from './data-table.ts'
import type { ScriptSource } from './script-run.ts'
import { storageKeys, type StorageKeys } from './storage-key.ts'
import { seedTable, type Seeds } from './seed-table.ts'

export interface LocalOptions {
  /** Where the instances' directories are; absolute. */
  readonly root: string
  readonly components: readonly Component[]
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  /** How much of the machine one CPU of the cloud's is worth. */
  readonly share: { readonly threads: number; readonly memoryMib: number }
  /** MiB of the machine's memory for all of them; three quarters of it unless this is more than 0. */
  readonly memoryMib?: number
  /** The host that clients are given instead of the address listened on. */
  readonly advertisedHost?: string
  /** Whether the engines outlive `close`. They do unless this says otherwise. */
  readonly keepRunning?: boolean
  /** The data key of an encrypted cluster, asked for at every start of its processes; rejects with the reason as a sentence. */
  readonly dataKey?: (id: string) => Promise<Uint8Array>
  /** The key that an instance's engine asks object storage with; rejects with the reason as a sentence. */
  readonly objectStorageKey?: (id: string) => Promise<ObjectStorageKey>
  /** Where scripts of clients come from; without one, none is run. */
  readonly scripts?: ScriptSource
  /** Other times than the usual, for tests that cannot wait for them. */
  readonly supervision?: Partial<Supervision>
}

export interface Supervision extends LivenessTimeouts {
  /** Between two looks at an instance. */
  readonly lookMs: number
  /** A health check that takes longer has failed. */
  readonly answerMs: number
  /** A process that has not ended by itself by then is killed. */
  readonly graceMs: number
  /** So is a script. */
  readonly scriptMs: number
}

const usual: Supervision = {
  lookMs: 1_000,
  answerMs: 4_000,
  graceMs: 5_000,
  scriptMs: 3_600_000,
  unresponsiveMs: 15_000,
  startMs: 120_000,
  steadyMs: 60_000,
}

export interface Driver extends Omit<LocalOptions, 'supervision'> {
  readonly supervision: Supervision
  readonly withLock: WithLock
  readonly conditions: ConditionTable
  readonly storageKeys: StorageKeys
  readonly data: DataTable
  /** Aborted when it is closed: what takes its time is cut off, and begun again by the next one. */
  readonly closing: AbortSignal
  readonly seeds: Seeds
  /** Throws when there is none. */
  component(family: string): Component
  now(): Moment
}

export interface ConditionTable {
  of(id: string, process: string): Condition
  set(id: string, process: string, condition: Condition): void
  /** Forgets all instances but these. */
  keepOnly(ids: ReadonlySet<string>): void
  forget(id: string, process?: string): void
}

export function driverOf(
  options: LocalOptions,
  { withLock, closing }: Pick<Driver, 'withLock' | 'closing'>,
): Driver {
  const { components, clock, supervision } = options
  return {
    ...options,
    supervision: { ...usual, ...supervision },
    withLock,
    closing,
    seeds: seedTable(closing),
    conditions: conditionTable(),
    storageKeys: storageKeys(options),
    data: dataTable(),
    component(family) {
      const component = components.find((each) => each.family === family)
      if (!component) throw new Error(`the local substrate has no component for ${family}`)
      return component
    },
    now: () => ({ ms: clock.now(), wallMs: clock.wall() }),
  }
}

export function roleOf(component: Component, name: string): Role {
  const role = component.roles.find((each) => each.name === name)
  if (!role) throw new Error(`${component.family} has no role ${name}`)
  return role
}

function conditionTable(): ConditionTable {
  const instances = new Map<string, Map<string, Condition>>()
  return {
    of: (id, process) => instances.get(id)?.get(process) ?? {},
    set(id, process, condition) {
      const known = instances.get(id) ?? new Map<string, Condition>()
      instances.set(id, known.set(process, condition))
    },
    keepOnly(ids) {
      for (const id of instances.keys()) if (!ids.has(id)) instances.delete(id)
    },
    forget(id, process) {
      if (process === undefined) instances.delete(id)
      else instances.get(id)?.delete(process)
    },
  }
}
