/**
 * What all parts of the engine share: one value, made by `openEngine`, passed down. Nothing here is global.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { ObjectFolderOptions } from '../../../../src/kernel/object-folder.ts'
import type { Random } from '../../../../src/kernel/random.ts'
import type { SqlError } from '../session.ts'
import type { StatementThread } from '../sql/thread/statement-thread.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import type { Duck, DuckLimits } from '../storage/duck.ts'
import type { LabelRegistry } from '../catalog/label-registry.ts'
import type { LoadHistory } from '../catalog/load-history.ts'
import type { Settings } from './configuration-item.ts'
import type { Durability } from './durability.ts'
import type { FileWrites } from './file-write.ts'
import type { AnalysisQueue } from './analysis-queue.ts'
import type { PointReader } from './point-reader.ts'
import type { Refresher } from './refresher.ts'
import type { SessionState } from './session-state.ts'
import type { GroupUsage } from './group-usage.ts'
import type { MemoryLimits } from './memory-limit.ts'
import type { RunningGuards } from './running-guards.ts'
import type { Admission } from './warehouse.ts'
import type { TaskQueue } from './task.ts'
import type { VolumeSet } from './volume-set.ts'
import type { WorkloadRecorder } from './workload-recorder.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'

export interface NodeDescription {
  readonly name: string
  readonly role: 'fe' | 'be' | 'cn' | 'observer'
  readonly host: string
  /** Node group; shown as the node's location. */
  readonly group: string
  readonly zone: string
  /** StarRocks version that the node reports. */
  readonly version: string
  /** How large it is said to be; without them, as large as what the process has. */
  readonly cpuCores?: number
  readonly memoryBytes?: number
  readonly storageBytes?: number
}

export interface WarehouseDescription {
  readonly name: string
  /** The group of its nodes; without one, all workers. */
  readonly group?: string
  /** How many of its statements run side by side. */
  readonly statements: number
}

export interface EngineIdentity {
  /** The instance's id, shown in SHOW FRONTENDS and the start-up log. */
  readonly instance: string
  /** StarRocks version that the instance was created with, e.g. `3.3.8`. */
  readonly version: string
  readonly nodes: readonly NodeDescription[]
  /** Without any, all workers are one warehouse without a bound. */
  readonly warehouses?: readonly WarehouseDescription[]
  /** StarRocks' own configuration items that are in force. */
  readonly settings: Settings
  /** SHA1(SHA1(password)) of root and admin; 20 bytes, or empty for no password. */
  readonly adminVerifier: Uint8Array
  /** Counts the passwords that were given after the first one. */
  readonly passwordNumber: number
  readonly queryPort: number
  readonly httpPort: number
  /** IANA name; StarRocks' own default is Asia/Shanghai. */
  readonly timeZone: string
}

/** Of the database; what else bounds an engine is an item of its settings. */
export type EngineLimits = DuckLimits

export interface RunningSession {
  readonly state: SessionState
  /** What runs now and since when; undefined when idle. */
  readonly running:
    | {
        readonly text: string
        readonly startMs: number
        readonly queryId: string
        readonly guard: { readonly cancelled: boolean }
      }
    | undefined
  /** `because`: the error that the client gets; without it, that the query was interrupted. */
  cancel(because?: SqlError): void
  close(): Promise<void>
}

export interface EngineContext {
  readonly duck: Duck
  readonly store: CatalogStore
  readonly writing: WriteMutex
  readonly durability: Durability
  /** Where its data are kept, when that is not the local disk. */
  readonly volume: ObjectFolderOptions | undefined
  readonly volumes: VolumeSet
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  readonly labels: LabelRegistry
  readonly loads: LoadHistory
  readonly sessions: Map<number, RunningSession>
  /** Replaced as a whole by the administration. */
  identity: EngineIdentity
  limits: EngineLimits
  /** How often each table's rows changed since the engine was opened; materialized views compare it. */
  readonly dataVersions: Map<number, number>
  readonly startedMs: number
  /** Called after every committed change of a table's rows. */
  readonly onDataChange: Set<(tableIds: readonly number[]) => void>
  /** Called when rows or a table are refused because the disk is full. */
  readonly onFull: Set<() => void>
  readonly refresher: Refresher
  readonly admission: Admission
  readonly points: PointReader
  readonly groupUsage: GroupUsage
  readonly memoryLimits: MemoryLimits
  readonly guards: RunningGuards
  readonly tasks: TaskQueue
  readonly analyses: AnalysisQueue
  /** Loads that LOAD began, by their ids. */
  readonly brokerLoads: TaskQueue
  /** By their queries' ids. */
  readonly exports: TaskQueue
  readonly fileWrites: FileWrites
  readonly work: WorkloadRecorder
  readonly longStatements: StatementThread
  kill(sessionId: number, what: 'connection' | 'query'): boolean
}

/** Notifies listeners that rows changed; called after the commit. */
export function dataChanged(engine: EngineContext, tableIds: readonly number[]): void {
  for (const id of tableIds) engine.dataVersions.set(id, (engine.dataVersions.get(id) ?? 0) + 1)
  for (const listener of engine.onDataChange) listener(tableIds)
}
