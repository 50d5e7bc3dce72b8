/**
 * What YARN and MapReduce say of applications: the active ResourceManager over its REST, jobs that have ended by the history server,
 * and those that run by their own master, which the ResourceManager passes on. They are answers of programs of others': a member that
 * is not there is 0 or empty.
 */
import type {
  Application,
  Inquiries,
  JobFigures,
  QueueLoad,
  TaskFigures,
  TimeRange,
} from '../../../src/substrate/local/service.ts'
import { findJson, restJson } from './site.ts'

/** Where to ask. */
export interface YarnAddress {
  readonly host: string
  readonly port: number
}

export interface YarnAddresses {
  /** Of the active one; rejects when none is. */
  manager(): Promise<YarnAddress>
  readonly history: YarnAddress | undefined
}

export function yarnInquiries(at: YarnAddresses): Inquiries {
  return {
    applications: async (begun) => applications(await at.manager(), begun),
    jobs: async (all) => jobs(await at.manager(), at.history, all),
    load: async (queue) => load(await at.manager(), queue),
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Applications that were marked with a tag, with which jobs find what they have begun. */
export async function markedApplications(
  { host, port }: YarnAddress,
  tag: string,
): Promise<readonly Application[]> {
  return listed(host, port, `applicationTags=${encodeURIComponent(tag)}`)
}

/** Lists of what an application waits for are the longest part of it, and nobody asks for them. */
const LEFT_OUT =
  'resourceRequests,timeouts,amNodeLabelExpression,appNodeLabelExpression,resourceInfo'

async function applications(
  { host, port }: YarnAddress,
  { fromMs, toMs }: TimeRange,
): Promise<readonly Application[]> {
  return listed(host, port, `startedTimeBegin=${fromMs}&startedTimeEnd=${toMs}`)
}

async function listed(host: string, port: number, query: string): Promise<readonly Application[]> {
  const path = `/ws/v1/cluster/apps?${query}&deSelects=${LEFT_OUT}`
  const answer = (await restJson(host, port, path)) as {
    readonly apps?: { readonly app?: readonly Fields[] } | null
  }
  return (answer.apps?.app ?? []).map(application)
}

function application(it: Fields): Application {
  const number = (name: string) => numberOf(it[name])
  const text = (name: string) => textOf(it[name])
  const finishedMs = number('finishedTime')
  return {
    id: text('id'),
    user: text('user'),
    name: text('name'),
    queue: text('queue'),
    type: text('applicationType').toUpperCase(),
    state: text('state'),
    finalState: text('finalStatus'),
    progressPercent: number('progress'),
    startedMs: number('startedTime'),
    ...(finishedMs > 0 ? { finishedMs } : {}),
    elapsedMs: number('elapsedTime'),
    // It says -1 of what has nothing any more.
    memoryMib: Math.max(0, number('allocatedMB')),
    cores: Math.max(0, number('allocatedVCores')),
    containers: Math.max(0, number('runningContainers')),
    memoryMibSeconds: number('memorySeconds'),
    coreSeconds: number('vcoreSeconds'),
    queuePercent: number('queueUsagePercentage'),
    clusterPercent: number('clusterUsagePercentage'),
    preempted: {
      memoryMib: number('preemptedResourceMB'),
      cores: number('preemptedResourceVCores'),
      containers: number('numNonAMContainerPreempted'),
      masterContainers: number('numAMContainerPreempted'),
    },
  }
}

/** So many are asked for at once. */
const AT_ONCE = 4

async function jobs(
  manager: YarnAddress,
  history: YarnAddress | undefined,
  all: readonly Application[],
): Promise<ReadonlyMap<string, JobFigures>> {
  const waiting = all.filter(({ type }) => type === 'MAPREDUCE')
  const found = new Map<string, JobFigures>()
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const figures = await job(manager, history, next)
      if (figures) found.set(next.id, figures)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

async function job(
  manager: YarnAddress,
  history: YarnAddress | undefined,
  { id, finishedMs }: Application,
): Promise<JobFigures | undefined> {
  const name = id.replace(/^application/, 'job')
  if (finishedMs === undefined)
    // Its master may be coming up, or going.
    return ask(manager, `/proxy/${id}/ws/v1/mapreduce/jobs/${name}`).catch(() => undefined)
  return history && ask(history, `/ws/v1/history/mapreduce/jobs/${name}`)
}

/** It reads a job's whole history for the first question about it. */
const HISTORY_MS = 20_000

async function ask({ host, port }: YarnAddress, path: string): Promise<JobFigures | undefined> {
  const one = (await findJson(host, port, { path, answerMs: HISTORY_MS })) as
    | { readonly job?: Fields }
    | undefined
  const counters = { path: `${path}/counters`, answerMs: HISTORY_MS }
  const counted = (await findJson(host, port, counters)) as
    | { readonly jobCounters?: Counters }
    | undefined
  if (!one?.job) return undefined
  const counter = countersOf(counted?.jobCounters)
  const number = (field: string) => numberOf(one.job?.[field])
  return {
    maps: tasks('Map', number, counter),
    reduces: tasks('Reduce', number, counter),
    averageShuffleMs: number('avgShuffleTime'),
    averageMergeMs: number('avgMergeTime'),
    collectionMs: counter('GC_TIME_MILLIS'),
    readBytes: counter('HDFS_BYTES_READ'),
    writtenBytes: counter('HDFS_BYTES_WRITTEN'),
  }
}

type Find = (name: string) => number

function tasks(kind: 'Map' | 'Reduce', number: Find, counter: Find): TaskFigures {
  const low = kind.toLowerCase()
  const high = kind.toUpperCase()
  return {
    total: number(`${low}sTotal`),
    completed: number(`${low}sCompleted`),
    launched: counter(`TOTAL_LAUNCHED_${high}S`),
    averageMs: number(`avg${kind}Time`),
    attempts: {
      failed: number(`failed${kind}Attempts`),
      killed: number(`killed${kind}Attempts`),
      successful: number(`successful${kind}Attempts`),
    },
    inputRecords: counter(`${high}_INPUT_RECORDS`),
    outputRecords: counter(`${high}_OUTPUT_RECORDS`),
    coreMs: counter(`VCORES_MILLIS_${high}S`),
    memoryMibMs: counter(`MB_MILLIS_${high}S`),
  }
}

interface Counters {
  readonly counterGroup?: readonly {
    readonly counter?: readonly { readonly name?: string; readonly totalCounterValue?: unknown }[]
  }[]
}

/** Names are unique among all groups that are asked for here. */
function countersOf(it: Counters | undefined): Find {
  const values = new Map(
    (it?.counterGroup ?? []).flatMap(({ counter = [] }) =>
      counter.map(
        ({ name = '', totalCounterValue }) => [name, numberOf(totalCounterValue)] as const,
      ),
    ),
  )
  return (name) => values.get(name) ?? 0
}

/** Its manager's own figures of a queue, by their names in Hadoop's metrics documentation. */
async function load({ host, port }: YarnAddress, queue: string): Promise<QueueLoad | undefined> {
  const path = queue.split('.').map((name, at) => `q${at}=${name}`)
  const bean = ['Hadoop:service=ResourceManager', 'name=QueueMetrics', ...path].join(',')
  const answer = (await restJson(host, port, `/jmx?qry=${encodeURIComponent(bean)}`)) as {
    readonly beans?: readonly Fields[]
  }
  const figures = answer.beans?.[0]
  if (!figures) return undefined
  const number = (name: string) => numberOf(figures[name])
  const use = (unit: 'MB' | 'VCores') => ({
    available: number(`Available${unit}`),
    allocated: number(`Allocated${unit}`),
    pending: number(`Pending${unit}`),
    reserved: number(`Reserved${unit}`),
  })
  return {
    memoryMib: use('MB'),
    cores: use('VCores'),
    containers: { allocated: number('AllocatedContainers'), pending: number('PendingContainers') },
    applications: {
      running: number('AppsRunning'),
      pending: number('AppsPending'),
      submitted: number('AppsSubmitted'),
      completed: number('AppsCompleted'),
      failed: number('AppsFailed'),
      killed: number('AppsKilled'),
    },
  }
}

function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : 0
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
