/**
 * DescribeInstanceDiagnosisResult: what is to be said of the health of an instance on a day, today without one; days are UTC. The ids of
 * events, which RebootECS takes, are those of their items. Facts: reference alibaba-starrocks.md 3.2, 6.10.
 */
import { dateOf } from '../../../../domain/cluster/workload.ts'
import { refuse } from '../../../../domain/fault.ts'
import { choice, decimal, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, paging } from '../shape.ts'
import {
  diagnosisStatuses,
  dimensions,
  findingsOf,
  FULL_SCORE,
  scores,
  type Finding,
} from './item.ts'

const PAGE_MAX = 50

const diagnosis = object({
  BestPractice: text(),
  Description: text(),
  Dimension: text(),
  EvaluationTime: integer(),
  FullScore: decimal(),
  InstanceId: text(),
  Introduction: text(),
  ItemId: text(),
  ItemName: text(),
  ReportDate: text(),
  Score: decimal(),
  Status: text(),
  Suggestion: text(),
})

export const describeInstanceDiagnosisResult = action({
  name: 'DescribeInstanceDiagnosisResult',
  input: {
    Dimension: optional(choice(dimensions, { label: 'Dimension' })),
    InstanceId: optional(instanceId),
    PageNumber: paging.PageNumber,
    PageSize: integer({ min: 1, max: PAGE_MAX, default: 10, label: 'Page size' }),
    ReportDate: optional(
      text({
        max: 10,
        pattern: /^\d{4}-\d{2}-\d{2}$/,
        message: 'Report date should be a day as YYYY-MM-DD',
        example: '2026-03-08',
      }),
    ),
    Statuses: optional(text({ max: 256, message: 'Statuses name too many', example: 'healthy' })),
  },
  output: { Data: list(diagnosis), Total: integer() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId ?? []].flat()),
  async run(core, call, { InstanceId, Dimension, Statuses, ReportDate, PageNumber, PageSize }) {
    if (InstanceId === undefined) throw refuse({ name: 'InstanceId', problem: 'missing' })
    const nowMs = core.clock.now()
    const date = ReportDate ?? dateOf(nowMs)
    const statuses = Statuses === undefined ? diagnosisStatuses : statusesIn(Statuses)
    const cluster = await core.clusters.get(call, InstanceId)
    const found = findingsOf(cluster, { date, nowMs }).filter(
      ({ dimension, status }) =>
        (Dimension ?? dimension) === dimension && statuses.includes(status),
    )
    const page = found.slice((PageNumber - 1) * PageSize, PageNumber * PageSize)
    return {
      Data: page.map((finding) => ({ ...wire(finding), InstanceId, ReportDate: date })),
      Total: found.length,
    }
  },
})

/** A comma list, as lists of statuses are elsewhere. */
function statusesIn(given: string): readonly string[] {
  const words = given.split(',').flatMap((word) => word.trim() || [])
  const known: readonly string[] = diagnosisStatuses
  if (words.every((word) => known.includes(word))) return words
  throw refuse({ name: 'Statuses', problem: 'value', label: 'Status', allowed: known })
}

function wire(it: Finding) {
  return {
    BestPractice: '',
    Description: it.description,
    Dimension: it.dimension,
    EvaluationTime: it.atMs,
    FullScore: FULL_SCORE,
    Introduction: it.introduction,
    ItemId: it.id,
    ItemName: it.name,
    Score: scores[it.status],
    Status: it.status,
    Suggestion: it.suggestion,
  }
}
