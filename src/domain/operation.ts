/** An operation: one thing that was asked of a cluster, from the request to its end, as clients follow it. */

export type Verb =
  | 'create'
  | 'delete'
  | 'rename'
  | 'move'
  | 'tag'
  | 'untag'
  | 'set-description'
  | 'set-maintenance'
  | 'plan-restart'
  | 'isolate'
  | 'restore'
  | 'renew'
  | 'subscribe'
  | 'unsubscribe'
  | 'set-renewal'
  | 'set-scripts'
  | 'restore-backup'
  | 'change-directory'
  | 'change-node-specs'
  | 'change-strategies'
  | 'draft-schedule'
  | 'run-job-flow'
  | 'sync-pods'
  | 'set-inspection'
  | BackupVerb
  | ChangeVerb

export type BackupVerb = 'backup' | 'delete-backup'

const concurrentVerbs: ReadonlySet<Verb> = new Set(['backup', 'delete-backup', 'change-directory'])

/** Whether it continues beside whatever else a cluster does, and does not end with that. */
export function isConcurrent(verb: Verb): boolean {
  return concurrentVerbs.has(verb)
}

/** Verbs of changes that a running cluster goes through. */
export const changeVerbs = [
  'restart',
  'scale-out',
  'scale-in',
  'elastic-scale-out',
  'elastic-scale-in',
  'add-group',
  'add-agent',
  'remove-group',
  'resize-up',
  'resize-down',
  'configure',
  'set-password',
  'switch-zone',
  'upgrade',
  'downgrade',
  'change-gateway',
  'change-exposure',
  'open-network',
  'close-network',
  'change-access',
  'start-service',
  'stop-service',
  'restart-service',
  'enter-maintenance',
  'exit-maintenance',
  'install',
] as const
export type ChangeVerb = (typeof changeVerbs)[number]

export function isChangeVerb(verb: Verb): verb is ChangeVerb {
  return (changeVerbs as readonly Verb[]).includes(verb)
}

export type OperationStatus = 'running' | 'completed' | 'failed'

export interface OperationStep {
  readonly name: string
  readonly status: 'waiting' | 'running' | 'completed' | 'failed'
  readonly startedMs?: number
  readonly endedMs?: number
  readonly reason?: string
}

/** One setting that an operation changed; of every group without `group`, and absent where `before` or `after` is. */
export interface ChangedSetting {
  readonly file: string
  readonly key: string
  readonly group?: string
  readonly before?: string
  readonly after?: string
}

/** What a change of the configuration was, for those who look it up later. */
export interface ConfigurationRecord {
  readonly settings: readonly ChangedSetting[]
  /** Those whose nodes it is about. */
  readonly nodes: readonly { readonly group: string; readonly node: string }[]
  readonly reason: string
  /** Who asked for it. */
  readonly operator: string
  /** The flow number of the operation that it takes back. */
  readonly rollbackOf?: number
}

export interface ScalingCause {
  readonly strategy: string
  readonly measure: 'node' | 'core' | 'memory-gib'
  readonly amount: number
  /** Absent for one that acts by the calendar. */
  readonly byLoad?: true
}

export interface Operation {
  readonly id: string
  readonly account: string
  readonly cluster: string
  readonly verb: Verb
  /** What of the cluster it was about: `nodes`, a role, a role with an aspect (`be.disk-size`); absent for the whole. */
  readonly subject?: string
  readonly status: OperationStatus
  /** 0 to 100. */
  readonly progress: number
  /** A number that clients may follow it by. */
  readonly flow: number
  /** A text that clients may follow it by. */
  readonly trace: string
  /** Who asked for it, as the audit trail names them; absent for what was recorded before this was. */
  readonly by?: string
  readonly before?: string
  readonly after?: string
  readonly detail?: string
  readonly configuration?: ConfigurationRecord
  /** The scaling strategy that asked for it. */
  readonly cause?: ScalingCause
  readonly startedMs: number
  readonly endedMs?: number
  readonly steps: readonly OperationStep[]
  /** Where it was asked for in a trace: that, the span that it is itself there, the one of who asked, and when that was by the machine's time. */
  readonly span?: OperationSpan
}

export interface OperationSpan {
  readonly traceId: string
  readonly id: string
  readonly parentId: string
  readonly startMs: number
}

export interface NewOperation extends Pick<
  Operation,
  | 'id'
  | 'account'
  | 'cluster'
  | 'verb'
  | 'subject'
  | 'flow'
  | 'trace'
  | 'by'
  | 'before'
  | 'after'
  | 'configuration'
  | 'cause'
  | 'span'
> {
  /** The steps that follow; without any it is done with its beginning. */
  readonly steps?: readonly string[] | undefined
}

/** The operation at its beginning. */
export function begin({ steps, ...it }: NewOperation, nowMs: number): Operation {
  return {
    ...it,
    status: steps ? 'running' : 'completed',
    progress: steps ? 0 : 100,
    startedMs: nowMs,
    ...(steps ? {} : { endedMs: nowMs }),
    steps: (steps ?? []).map((step, at) =>
      at === 0
        ? { name: step, status: 'running', startedMs: nowMs }
        : { name: step, status: 'waiting' },
    ),
  }
}

/** The text that clients may follow an operation by. */
export function traceOf(nowMs: number, flow: number, digits: string): string {
  return `${Math.floor(nowMs / 1000)}-${flow}-${digits}`
}

/** The operation at its end; every step that had not ended takes the same end. */
export function finish(
  operation: Operation,
  status: 'completed' | 'failed',
  at: { nowMs: number; detail?: string },
): Operation {
  const steps = operation.steps.map((step) =>
    step.endedMs === undefined
      ? { ...step, status, startedMs: step.startedMs ?? at.nowMs, endedMs: at.nowMs }
      : step,
  )
  const detail = at.detail === undefined ? {} : { detail: at.detail }
  const progress = status === 'completed' ? 100 : operation.progress
  return { ...operation, ...detail, status, progress, endedMs: at.nowMs, steps }
}

/** The operation with its first `done` steps completed and the next one running. The same object when that is no news. */
export function progressTo(operation: Operation, done: number, nowMs: number): Operation {
  const already = operation.steps.filter((step) => step.status === 'completed').length
  if (operation.status !== 'running' || done <= already) return operation
  const steps = operation.steps.map((step, index): OperationStep => {
    if (step.status === 'completed') return step
    if (index < done)
      return { ...step, status: 'completed', startedMs: step.startedMs ?? nowMs, endedMs: nowMs }
    return index === done ? { ...step, status: 'running', startedMs: nowMs } : step
  })
  return { ...operation, steps, progress: Math.floor((100 * done) / Math.max(1, steps.length)) }
}
