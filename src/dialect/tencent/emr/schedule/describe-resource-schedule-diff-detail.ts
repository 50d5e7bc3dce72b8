/** DescribeResourceScheduleDiffDetail: what the next deployment would change (reference: api.json, examples.json). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { integer, list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { queuesOf, settingsOf } from './queue.ts'
import {
  activeScheduler,
  fileOf,
  inForce,
  latest,
  latestScheduler,
  requireYarn,
  type Scheduler,
} from './schedule.ts'
import { schedulerName, yarnCluster } from './shape.ts'

const row = object({
  Attribute: text(),
  InEffect: text(),
  PendingEffectiveness: text(),
  Operation: text(),
  Queue: text(),
  ConfigSet: text(),
  LabelName: text(),
  InEffectIndex: text(),
  PendingEffectIndex: text(),
  PlanName: text(),
  Label: text(),
  RuleName: text(),
  UserName: text(),
})

const detail = object({
  Name: text(),
  Count: integer(),
  Rows: list(row),
  Header: list(object({ Name: text(), Id: text() })),
})

type Row = Static<typeof row>
type Changed = Pick<Row, 'Attribute' | 'InEffect' | 'PendingEffectiveness' | 'Queue'>

export const describeResourceScheduleDiffDetail = action({
  name: 'DescribeResourceScheduleDiffDetail',
  input: { InstanceId: yarnCluster, Scheduler: optional(schedulerName) },
  output: { Details: list(detail) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Scheduler }) {
    const cluster = await core.clusters.get(call, id)
    requireYarn(cluster)
    const scheduler = Scheduler ?? latestScheduler(cluster)
    const tabs = [
      { name: '全局配置', rows: globalRows(cluster, scheduler) },
      { name: '资源池', rows: queueRows(cluster, scheduler) },
    ]
    return {
      Details: tabs
        .filter(({ rows }) => rows.length > 0)
        .map(({ name, rows }) => ({
          Name: name,
          Count: rows.length,
          Rows: rows.map(viewRow),
          Header: rows.some(({ Queue }) => Queue !== '') ? [QUEUE, ...HEADER] : HEADER,
        })),
    }
  },
})

const QUEUE = { Id: 'Queue', Name: '队列' }
const HEADER = [
  { Id: 'Attribute', Name: '属性' },
  { Id: 'InEffect', Name: '当前生效值' },
  { Id: 'PendingEffectiveness', Name: '待生效值' },
  { Id: 'Operation', Name: '操作' },
]

function globalRows(cluster: Cluster, scheduler: Scheduler): readonly Changed[] {
  const [now, next] = [activeScheduler(cluster), latestScheduler(cluster)]
  const file = fileOf[scheduler]
  const isOfQueue = (name: string) => /(^|\.)root\./.test(name)
  const only = (properties: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => !isOfQueue(name)))
  return [
    ...differences('', { Scheduler: now }, { Scheduler: next }),
    ...differences('', only(inForce(cluster, file)), only(latest(cluster, file))),
  ]
}

function queueRows(cluster: Cluster, scheduler: Scheduler): readonly Changed[] {
  const before = inForce(cluster, fileOf[scheduler])
  const after = latest(cluster, fileOf[scheduler])
  const was = queuesOf(before, scheduler)
  const next = queuesOf(after, scheduler)
  return [...new Set([...was, ...next])].flatMap((path) => {
    const existed = was.includes(path) ? { queue: path } : {}
    const exists = next.includes(path) ? { queue: path } : {}
    return [
      ...differences(path, existed, exists),
      ...differences(
        path,
        was.includes(path) ? settingsOf(before, scheduler, path) : {},
        next.includes(path) ? settingsOf(after, scheduler, path) : {},
      ),
    ]
  })
}

function differences(
  queue: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Changed[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({
      Attribute: name,
      InEffect: before[name] ?? '',
      PendingEffectiveness: after[name] ?? '',
      Queue: queue,
    }))
}

function viewRow(changed: Changed): Row {
  const { InEffect: before, PendingEffectiveness: after } = changed
  const operation = before === '' ? '新增' : after === '' ? '删除' : '更新'
  return {
    ...changed,
    Operation: operation,
    ConfigSet: '',
    LabelName: '',
    InEffectIndex: '',
    PendingEffectIndex: '',
    PlanName: '',
    Label: '',
    RuleName: '',
    UserName: '',
  }
}
