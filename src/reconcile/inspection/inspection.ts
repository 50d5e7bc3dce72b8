/** Reconciles one inspection: makes the reports that are due from what is known of the cluster then. */
import type { Clock } from '../../kernel/clock.ts'
import {
  findingsOf,
  nextInspectionMs,
  periodOf,
  type Inspection,
  type InspectionReport,
} from '../../domain/inspection.ts'
import { limits } from '../../limits.ts'
import type { Store, Stored, Writer } from '../../store/port.ts'
import type { Outcome } from '../cluster/step.ts'

export interface InspectionReconciler {
  readonly kind: 'inspection'
  reconcile(id: string): Promise<Outcome>
}

export function inspectionReconciler({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): InspectionReconciler {
  return {
    kind: 'inspection',
    reconcile: (id) =>
      store.write(async (tx) => {
        const found = await tx.findById('inspection', id)
        if (!found) return { done: true }
        const nowMs = clock.now()
        const next = await reported(tx, found, nowMs)
        if (next !== found.document) await tx.save('inspection', found, next)
        const nextMs = nextInspectionMs(next)
        return nextMs === undefined ? { done: true } : { done: false, againAtMs: nextMs }
      }),
  }
}

/** Times that passed while nobody looked are one report: what was then is not known now. */
async function reported(
  tx: Writer,
  { document: was }: Stored<'inspection'>,
  nowMs: number,
): Promise<Inspection> {
  const open = was.reports.find(({ findings }) => findings === undefined)
  const dueMs = nextInspectionMs(was)
  const isDue = dueMs !== undefined && dueMs <= nowMs
  if (!open && !isDue) return was
  const cluster = (await tx.findById('cluster', was.cluster))?.document
  if (!cluster) return was
  const { fromMs, untilMs } = periodOf(was, nowMs)
  const { rows } = await tx.list('operation', {
    account: was.account,
    parent: was.cluster,
    states: ['failed'],
    verbs: ['elastic-scale-out', 'elastic-scale-in'],
    fromMs,
    untilMs,
    order: 'newest',
    limit: limits.openOperations,
    offset: 0,
  })
  const failed = rows.map(({ document }) => document)
  const findings = findingsOf(was.tasks, { cluster, failed })
  const made: InspectionReport = open
    ? { ...open, findings }
    : { number: await tx.count('inspection-report'), atMs: nowMs, findings }
  const others = was.reports.filter((each) => each !== open)
  return {
    ...was,
    seenMs: nowMs,
    reports: [...others, made].slice(-limits.inspectionReports),
  }
}
