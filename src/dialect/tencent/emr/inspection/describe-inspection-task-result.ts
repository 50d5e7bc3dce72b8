/**
 * DescribeInspectionTaskResult: the reports of a cluster's inspections, the latest first, as JSON in base64 (reference: api.json,
 * examples.json, appendix B). No document is made of them: what they found stands in each.
 */
import type { Inspection, InspectionReport } from '../../../../domain/inspection.ts'
import { choice, integer, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { seconds, secondsMax } from '../inquiry/window.ts'
import { timeText } from '../time-text.ts'

const moment = optional(seconds)

const types = {
  FixedTime: { zh: '定时', en: 'Scheduled' },
  RealTime: { zh: '即时', en: 'Real-time' },
} as const
const states = {
  running: { zh: '报告生成中', en: 'Generating', number: 1 },
  done: { zh: '已生成', en: 'Generated', number: 2 },
} as const

export const describeInspectionTaskResult = action({
  name: 'DescribeInspectionTaskResult',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    Type: optional(choice(['FixedTime', 'RealTime'])),
    StartTime: moment,
    EndTime: moment,
    Limit: integer({ min: 0, max: pageSizeMax, default: 10 }),
    Offset: integer({ min: 0, default: 0 }),
  },
  output: { InspectionResultInfo: text(), Total: integer(), TypeInfo: text() },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const { InstanceId: id, StartTime: start = 0, EndTime: end = secondsMax } = asked
    const found = (await core.inspections.list(call, id))
      .filter((each) => asked.Type === undefined || typeOf(each) === asked.Type)
      .flatMap((each) => each.reports.map((report) => ({ inspection: each, report })))
      .filter(({ report: { atMs } }) => atMs >= start * 1000 && atMs <= end * 1000 + 999)
      .sort((one, other) => other.report.number - one.report.number)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit === 0 ? pageSizeMax : asked.Limit)
    const { language } = call
    return {
      InspectionResultInfo: encoded(
        found
          .slice(offset, offset + limit)
          .map(({ inspection, report }) => viewReport(inspection, report, language)),
      ),
      Total: found.length,
      TypeInfo: encoded({
        FixedTime: types.FixedTime[language],
        RealTime: types.RealTime[language],
      }),
    }
  },
})

function typeOf({ at }: Inspection): keyof typeof types {
  return at ? 'FixedTime' : 'RealTime'
}

function viewReport(inspection: Inspection, report: InspectionReport, language: 'zh' | 'en') {
  const time = timeText(report.atMs)
  const { findings } = report
  const state = findings ? states.done : states.running
  return {
    Id: String(report.number),
    Time: time,
    Name: `${inspection.cluster}_${time.replaceAll(/[-:]/g, '').replace(' ', '_')}`,
    Type: types[typeOf(inspection)][language],
    Status: state[language],
    Link: '-',
    OnLineStatus: state.number,
    JobId: String(inspection.number),
    Results: (findings ?? []).map(({ task, outcome, details }) => {
      return { TaskType: task, Result: outcomes[outcome], Details: details }
    }),
  }
}

const outcomes = { good: 'Normal', bad: 'Abnormal', unknown: 'Unknown' } as const

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
