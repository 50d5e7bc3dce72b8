/** The tasks of inspections by their names, with what of them can be known here (reference: examples.json, ModifyInspectionSettings). */
import type { InspectionCheck } from '../../../../domain/inspection.ts'

const checks: ReadonlyMap<string, InspectionCheck> = new Map([
  ['NodeFailure', 'nodes'],
  ['PingUnreachable', 'nodes'],
  ['ProcessDetectionAbnormal', 'daemons'],
  ['AutoScaleStrategyFailure', 'strategies'],
])

export function checkOf(task: string): InspectionCheck {
  return checks.get(task) ?? 'unmeasured'
}
