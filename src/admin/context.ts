/** What the admin pages work with: one object that the composition root makes, of which each page takes what it needs. */
import type { Billing } from '../app/billing/billing.ts'
import type { Dependencies } from '../app/dependency.ts'
import type { Identity } from '../app/identity/identity.ts'
import type { Environment } from '../domain/environment.ts'
import type { Dialect } from '../gateway/dialect.ts'
import type { MovableClock } from '../kernel/clock.ts'
import type { ObjectStorages } from '../app/object-storage.ts'
import type { KeyService } from '../port/key-service.ts'
import type { Manifest } from '../store/backup.ts'
import type { Store } from '../store/port.ts'
import type { Demand, NodeFault, ScriptFaults, Substrate } from '../substrate/port.ts'
import type { AdminToken } from './admin-token.ts'
import type { DeclaredActions } from './coverage.ts'
import type { Metrics } from './metric.ts'
import type { Paces } from './progression.ts'

/** The reconcile loop, as far as pages drive it. */
export interface AdminLoop {
  start(): void
  /** Resolves when no step is under way any more. */
  stop(): Promise<void>
  /** Takes every step that is due. */
  drain(): Promise<void>
}

/** A setting in force, and where its value came from. */
export interface SettingInForce {
  readonly name: string
  readonly value: string
  readonly from: string
}

export type FailNode = (
  cluster: { readonly id: string; readonly substrate: string },
  node: string,
  fault: NodeFault,
) => boolean | Promise<boolean> | undefined

export type SetDemand = (
  cluster: { readonly id: string; readonly substrate: string },
  demand: Demand,
) => boolean | Promise<boolean> | undefined

export interface AdminContext {
  readonly adminToken: AdminToken
  /** Where several servers have one store: what is set on the others is in force here, and what is set here on them. */
  readonly sharing?: { catchUp(): Promise<void>; publish(): Promise<void> } | undefined
  /** Where all is remembered, as it may be shown; and which of several servers this is. */
  readonly place: { readonly store: string; readonly server?: string }
  /** Whether the server is about to stop, and nobody should be sent to it any more. */
  readonly isDraining: () => boolean
  /** What carries clusters, by name; with what keeps it from that now, in a sentence. */
  readonly carriers?: () => readonly {
    readonly name: string
    readonly remark?: string
    readonly products?: readonly object[]
    readonly offer?: Readonly<Record<string, string>>
  }[]
  readonly clock: MovableClock
  readonly store: Store
  readonly loop: AdminLoop
  readonly identity: Identity
  readonly billing: Billing
  readonly keys: KeyService
  readonly objectStorage: Pick<ObjectStorages, 'access'>
  readonly dependencies: Dependencies
  /** By name. */
  readonly substrates: ReadonlyMap<string, Substrate>
  /** The figures of every engine in Prometheus' text form, by cluster; empty for one that does not answer. */
  readonly engineFigures: () => Promise<ReadonlyMap<string, string>>
  /** Bootstrap scripts that fail on simulated nodes. */
  readonly scripts: ScriptFaults
  /** False for a node that is not there or does not run; undefined where nodes run really and fail by themselves. */
  readonly failNode: FailNode
  /** False for a cluster that is not there; undefined where applications run really. */
  readonly setDemand: SetDemand
  readonly paces: Paces
  readonly metrics: Metrics
  readonly dialects: readonly Dialect[]
  readonly declared: DeclaredActions
  readonly inForce: readonly SettingInForce[]
  /** By API product; undefined for one without a declared environment. */
  readonly environmentOf: (product: string) => Environment | undefined
  /** Called before the clock moves, with how far it will be ahead then; so that a restart does not turn time back. */
  readonly keepAhead: (aheadMs: number) => void | Promise<void>
  /** Writes a backup to an empty directory of this machine. Throws a sentence. */
  readonly backUp: (request: {
    readonly target: string
    readonly engines: boolean
  }) => Promise<Pick<Manifest, 'files' | 'instances' | 'without'>>
  readonly allowReset: boolean
  /** Who may ask whether the server is up and ready: this machine alone, unless it says `any`. */
  readonly probes?: 'loopback' | 'any'
  /** Empties what runs the clusters, and restores what a new server begins with. */
  readonly emptyWorld: () => void | Promise<void>
}
