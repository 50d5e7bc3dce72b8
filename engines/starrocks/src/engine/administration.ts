/** What whoever runs the process may do to a running engine: nodes, password and limits change without a restart. */
import type {
  EngineContext,
  EngineLimits,
  NodeDescription,
  WarehouseDescription,
} from '../execution/engine-context.ts'
import { stuckReason } from '../execution/running-guards.ts'
import { takenOver, type Settings } from '../execution/configuration-item.ts'
import type { WorkloadDigest } from '../execution/workload-recorder.ts'
import type { ObjectKey, ObjectStorageOptions } from '../storage/object-storage.ts'
import { SqlError } from '../session.ts'
import type { ProbeResult } from './database-probe.ts'
import type { Duck } from '../storage/duck.ts'
import type { Shipping } from './shipping.ts'
import type { OpenVolumeSet } from './volume-set.ts'
import { ensureInstanceUsers } from './instance-user.ts'
import { AS_ROOT, internalExecution } from '../execution/internal-execution.ts'

export interface EngineStatus {
  readonly sessions: number
  readonly running: number
  /** That ended since the process began. */
  readonly statements: number
  readonly usedBytes: number
  readonly storageBytes: number
  readonly databases: number
  readonly tables: number
  readonly startedMs: number
  /** Why the engine must be restarted, if it must. */
  readonly failure: string | undefined
}

/** What the engine runs with now, and whether its database answers. */
export interface EngineHealth {
  readonly ok: boolean
  /** Why it is not ok. */
  readonly reason?: string
  /** As DuckDB says; as last set when it does not answer. */
  readonly threads: number
  readonly memoryBytes: number
  readonly storageBytes: number
  /** Bytes of data on disk, without free blocks; with them when DuckDB does not answer. */
  readonly usedBytes: number
  /** Names of the nodes that SHOW lists. */
  readonly nodes: readonly string[]
  /** Statements of clients under way. */
  readonly running: number
  readonly work: WorkloadDigest
  /** Whether the key of the object storage is there; absent without one. */
  readonly objectStorageKey?: boolean
}

export interface Administration {
  /** Replaces the lists that SHOW FRONTENDS, BACKENDS, COMPUTE NODES and WAREHOUSES print. */
  setNodes(nodes: readonly NodeDescription[], warehouses?: readonly WarehouseDescription[]): void
  /** StarRocks' own configuration items that are in force. */
  settings(): Settings
  /**
   * Takes over what is configured, for what begins next. An item whose configured value stays keeps the value that an administrator
   * gave it by SQL.
   */
  setSettings(settings: Settings): void
  /** Where the instance answers, once that is known. */
  setPorts(ports: { readonly queryPort: number; readonly httpPort: number }): void
  /** For what begins next; buckets that were not known at the start cannot be reached. */
  setObjectStorage(options: ObjectStorageOptions | undefined): Promise<void>
  /** Kept in memory only. Throws SqlError when there is no object storage, or it is not taken. */
  setObjectKey(key: ObjectKey): Promise<void>
  /** The StarRocks version that the instance reports. */
  setVersion(version: string): void
  /**
   * Sets the password of root and admin: SHA1(SHA1(password)), 20 bytes, or empty. Durable when it resolves. What was set last, with
   * the same number, is not set again: a password that was changed by SQL since then stays.
   */
  setAdminVerifier(verifier: Uint8Array, passwordNumber: number): Promise<void>
  /**
   * Memory, threads and quota take effect for what runs next; a lower quota than is used refuses writes only. Throws SqlError
   * when DuckDB refuses one of them (memory that is in use cannot be taken away); the limits are the old ones then.
   */
  setLimits(limits: EngineLimits): Promise<void>
  status(): Promise<EngineStatus>
  /** Answers within seconds, whatever the database does; never throws. */
  health(): Promise<EngineHealth>
}

/** `probe`: see database-probe.ts. */
export function administration(
  engine: EngineContext,
  probe: () => Promise<ProbeResult>,
  {
    shipping,
    volumes,
  }: { readonly shipping: Shipping | undefined; readonly volumes: OpenVolumeSet },
): Administration {
  let configured = engine.identity.settings
  return {
    setNodes(nodes, warehouses) {
      const { warehouses: _before, ...rest } = engine.identity
      engine.identity = { ...rest, nodes, ...(warehouses && { warehouses }) }
      engine.admission.changed()
    },
    settings: () => engine.identity.settings,
    setSettings(after) {
      const settings = takenOver(engine.identity.settings, { before: configured, after })
      engine.identity = { ...engine.identity, settings }
      configured = after
    },
    setPorts({ queryPort, httpPort }) {
      engine.identity = { ...engine.identity, queryPort, httpPort }
    },
    setObjectStorage: (options) => engine.duck.objects.setOptions(options),
    async setObjectKey(key) {
      if (!engine.duck.objects.options && !shipping)
        throw new SqlError('the instance has no object storage')
      shipping?.setKey(key)
      volumes.setKey(key)
      if (engine.duck.objects.options) await engine.duck.objects.setKey(key)
    },
    setVersion(version) {
      engine.identity = { ...engine.identity, version }
    },
    async setAdminVerifier(adminVerifier, passwordNumber) {
      const { execution, end } = await internalExecution(engine, AS_ROOT)
      try {
        await ensureInstanceUsers(engine.store, execution.link, { adminVerifier, passwordNumber })
      } finally {
        end()
      }
      engine.identity = { ...engine.identity, adminVerifier, passwordNumber }
    },
    async setLimits(limits) {
      try {
        await engine.duck.setLimits(limits)
      } catch (error) {
        await engine.duck.setLimits(engine.limits)
        throw error
      }
      engine.limits = limits
    },
    status: () => statusOf(engine, shipping),
    health: async () => healthOf(engine, await probe(), shipping),
  }
}

async function statusOf(
  engine: EngineContext,
  shipping: Shipping | undefined,
): Promise<EngineStatus> {
  const entries = [...engine.store.current.entries.values()]
  const sessions = [...engine.sessions.values()]
  return {
    sessions: sessions.length,
    running: sessions.filter((session) => session.running).length,
    statements: engine.work.statements,
    usedBytes: await engine.duck.usedBytes().catch(() => engine.duck.fileBytes()),
    storageBytes: engine.limits.storageBytes,
    databases: entries.filter((entry) => entry.kind === 'database').length,
    tables: entries.filter((entry) => entry.kind === 'table').length,
    startedMs: engine.startedMs,
    failure: failureOf(engine, shipping),
  }
}

const failureOf = (
  { duck, guards, clock }: EngineContext,
  shipping: Shipping | undefined,
): string | undefined => duck.failure() ?? shipping?.failure() ?? stuckReason(guards, clock)

function healthOf(
  engine: EngineContext,
  probed: ProbeResult,
  shipping: Shipping | undefined,
): EngineHealth {
  const { duck, limits, identity } = engine
  const failure = failureOf(engine, shipping)
  return {
    ...(failure === undefined
      ? probed
      : { ok: false, reason: `the database must be reopened: ${failure}` }),
    threads: probed.ok ? probed.threads : limits.threads,
    memoryBytes: limits.memoryBytes,
    storageBytes: limits.storageBytes,
    usedBytes: probed.ok ? probed.usedBytes : duck.fileBytes(),
    nodes: identity.nodes.map(({ name }) => name),
    running: [...engine.sessions.values()].filter(({ running }) => running).length,
    work: engine.work.digest(),
    ...keyState(duck, shipping),
  }
}

/** One with a volume had its key when it started. */
function keyState({ objects }: Duck, shipping: Shipping | undefined) {
  if (objects.options) return { objectStorageKey: objects.hasKey }
  return shipping ? { objectStorageKey: true } : {}
}
