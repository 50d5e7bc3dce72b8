/**
 * DescribeEmrApplicationStatics: what the applications of YARN have used, by queue, user and type. Where none ran there is nothing to
 * tell (reference: api.json, examples.json).
 */
import type { Application, JobFigures } from '../../../../domain/inquiry.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { unanswered } from './unanswered.ts'
import { checkOrder, rangeOf, seconds, secondsMax } from './window.ts'

const PAGE_MIN = 10
const names = list(text({ max: 256 }), { max: 100 })
const GROUPS = ['queue', 'user', 'applicationType'] as const
const ORDERS = [
  'sumMemorySeconds',
  'sumVCoreSeconds',
  'sumHDFSBytesWritten',
  'sumHDFSBytesRead',
] as const

const statics = object({
  Queue: text(),
  User: text(),
  ApplicationType: text(),
  SumMemorySeconds: integer(),
  SumVCoreSeconds: integer(),
  SumHDFSBytesWritten: text(),
  SumHDFSBytesRead: text(),
  CountApps: integer(),
})

const input = {
  InstanceId: clusterId('InvalidParameterValue'),
  StartTime: optional(seconds),
  EndTime: optional(seconds),
  Queues: optional(names),
  Users: optional(names),
  ApplicationTypes: optional(names),
  GroupBy: optional(list(choice(GROUPS), { max: GROUPS.length })),
  OrderBy: optional(choice(ORDERS)),
  IsAsc: integer({ allowed: [0, 1], default: 0 }),
  Offset: integer({ min: 0, default: 0 }),
  Limit: integer({ min: PAGE_MIN, max: pageSizeMax, default: PAGE_MIN }),
}

type Input = Static<TObject<typeof input>>

export const describeEmrApplicationStatics = action({
  name: 'DescribeEmrApplicationStatics',
  input,
  output: {
    Statics: list(statics),
    TotalCount: integer(),
    Queues: list(text()),
    Users: list(text()),
    ApplicationTypes: list(text()),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const { StartTime = 0, EndTime = secondsMax } = asked
    checkOrder({ StartTime, EndTime })
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const range = rangeOf({ StartTime, EndTime })
    const found = (await can.applications?.(range).catch(unanswered(CODE))) ?? []
    const all = found.map((each) => ({ ...each, queue: wholeQueue(each.queue) }))
    const own = all.filter(isWanted(asked))
    const jobs = await can.jobs?.(own).catch(unanswered(CODE))
    const rows = summed(own, jobs ?? new Map(), asked)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit)
    const values = (of: (each: Application) => string) => [...new Set(all.map(of))].toSorted()
    return {
      Statics: rows.slice(offset, offset + limit).map(viewSum),
      TotalCount: rows.length,
      Queues: values(({ queue }) => queue),
      Users: values(({ user }) => user),
      ApplicationTypes: values(({ type }) => type),
    }
  },
})

const CODE = 'FailedOperation'

/** By example, queues are shown with all that they are in. */
function wholeQueue(queue: string): string {
  return queue === 'root' || queue.startsWith('root.') ? queue : `root.${queue}`
}

function isWanted({ Queues = [], Users = [], ApplicationTypes = [] }: Input) {
  const queues = Queues.map(wholeQueue)
  const types = ApplicationTypes.map((type) => type.toUpperCase())
  const among = (wanted: readonly string[], name: string) =>
    wanted.length === 0 || wanted.includes(name)
  return ({ queue, user, type }: Application): boolean =>
    among(queues, queue) && among(Users, user) && among(types, type)
}

interface Sum {
  readonly queue: string
  readonly user: string
  readonly type: string
  sumMemorySeconds: number
  sumVCoreSeconds: number
  sumHDFSBytesWritten: number
  sumHDFSBytesRead: number
  count: number
}

/** What is not grouped by is left empty. */
function summed(
  all: readonly Application[],
  jobs: ReadonlyMap<string, JobFigures>,
  { GroupBy = [], OrderBy = 'sumMemorySeconds', IsAsc }: Input,
): readonly Sum[] {
  const groups = GroupBy.length === 0 ? GROUPS : GroupBy
  const sums = new Map<string, Sum>()
  for (const { id, queue, user, type, memoryMibSeconds, coreSeconds } of all) {
    const group = {
      queue: groups.includes('queue') ? queue : '',
      user: groups.includes('user') ? user : '',
      type: groups.includes('applicationType') ? type : '',
    }
    const key = JSON.stringify(group)
    const sum = sums.get(key) ?? { ...group, ...nothing }
    sums.set(key, sum)
    sum.sumMemorySeconds += memoryMibSeconds
    sum.sumVCoreSeconds += coreSeconds
    sum.sumHDFSBytesWritten += jobs.get(id)?.writtenBytes ?? 0
    sum.sumHDFSBytesRead += jobs.get(id)?.readBytes ?? 0
    sum.count++
  }
  const sign = IsAsc === 1 ? 1 : -1
  return [...sums.values()].sort((one, other) => sign * (one[OrderBy] - other[OrderBy]))
}

const nothing = {
  sumMemorySeconds: 0,
  sumVCoreSeconds: 0,
  sumHDFSBytesWritten: 0,
  sumHDFSBytesRead: 0,
  count: 0,
}

function viewSum(it: Sum): Static<typeof statics> {
  return {
    Queue: it.queue,
    User: it.user,
    ApplicationType: it.type,
    SumMemorySeconds: it.sumMemorySeconds,
    SumVCoreSeconds: it.sumVCoreSeconds,
    SumHDFSBytesWritten: bytesText(it.sumHDFSBytesWritten),
    SumHDFSBytesRead: bytesText(it.sumHDFSBytesRead),
    CountApps: it.count,
  }
}

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const
const STEP = 1024

/** `48 bytes` */
function bytesText(bytes: number): string {
  if (bytes < STEP) return `${bytes} bytes`
  const at = Math.min(UNITS.length, Math.floor(Math.log(bytes) / Math.log(STEP)))
  return `${(bytes / STEP ** at).toFixed(2)} ${UNITS[at - 1]}`
}
