/**
 * What HDFS says of what it keeps: the active NameNode's own figures, and its files, looked at folder by folder as a client would, for
 * as long as that takes little time.
 */
import type {
  FileSum,
  FileSurvey,
  Inquiries,
  StorageCapacity,
} from '../../../src/substrate/local/service.ts'
import { bean, findJson } from './site.ts'

export interface NameNodeAddress {
  readonly host: string
  readonly port: number
}

/** `nameNode`: the active one; rejects when none is. */
export function hdfsInquiries(nameNode: () => Promise<NameNodeAddress>, user: string): Inquiries {
  return {
    capacity: async () => capacity(await nameNode()),
    files: async (nowMs) => survey(await nameNode(), user, nowMs),
  }
}

async function capacity({ host, port }: NameNodeAddress): Promise<StorageCapacity> {
  const figures = await bean(host, port, 'Hadoop:service=NameNode,name=FSNamesystem')
  const number = (name: string) => Number(figures[name] ?? 0)
  return {
    totalBytes: number('CapacityTotal'),
    usedBytes: number('CapacityUsed'),
    remainingBytes: number('CapacityRemaining'),
    otherBytes: number('CapacityUsedNonDFS'),
  }
}

const MIB = 1024 ** 2
const DAY_MS = 24 * 3_600_000
/** Below this a file is small; from the second on it is big. */
const SMALL_BYTES = 10 * MIB
const BIG_BYTES = 1024 * MIB
const HOT_MS = 7 * DAY_MS
const WARM_MS = 30 * DAY_MS

/** Of folders, and of time: more than that is not looked through for one question. */
const FOLDERS_MAX = 2_000
const SURVEY_MS = 5_000
const AT_ONCE = 4

interface Entry {
  readonly pathSuffix: string
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMLINK'
  readonly length: number
  readonly accessTime: number
}

async function survey(
  { host, port }: NameNodeAddress,
  user: string,
  nowMs: number,
): Promise<FileSurvey> {
  const ask = (path: string, op: string) =>
    findJson(host, port, { path: `/webhdfs/v1${pathOf(path)}?op=${op}&user.name=${user}` })
  const files = await filesBelow(async (path) => {
    // One that has gone since its name was read holds nothing any more.
    const found = (await ask(path, 'LISTSTATUS')) as
      | { readonly FileStatuses: { readonly FileStatus: readonly Entry[] } }
      | undefined
    return found?.FileStatuses.FileStatus ?? []
  })
  if (files) return surveyOf(files, nowMs)
  const { ContentSummary } = (await ask('/', 'GETCONTENTSUMMARY')) as {
    readonly ContentSummary: { readonly fileCount: number; readonly length: number }
  }
  return { all: { count: ContentSummary.fileCount, bytes: ContentSummary.length } }
}

function pathOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Undefined when there are more than can be looked at in time. */
async function filesBelow(
  list: (path: string) => Promise<readonly Entry[]>,
): Promise<readonly Entry[] | undefined> {
  const untilMs = performance.now() + SURVEY_MS
  const folders = ['/']
  const files: Entry[] = []
  let seen = 0
  while (folders.length > 0) {
    const some = folders.splice(0, AT_ONCE)
    seen += some.length
    if (seen > FOLDERS_MAX || performance.now() > untilMs) return undefined
    const lists = await Promise.all(some.map(list))
    for (const [at, entries] of lists.entries())
      for (const entry of entries)
        if (entry.type === 'DIRECTORY') folders.push(childOf(some[at] ?? '', entry.pathSuffix))
        else files.push(entry)
  }
  return files
}

function childOf(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}

function surveyOf(files: readonly Entry[], nowMs: number): FileSurvey {
  const sum = (holds: (entry: Entry) => boolean = () => true): FileSum => {
    const own = files.filter(holds)
    return { count: own.length, bytes: own.reduce((all, { length }) => all + length, 0) }
  }
  const bySize = (name: ReturnType<typeof sizeOf>) => sum((each) => sizeOf(each) === name)
  const byAge = (name: ReturnType<typeof ageOf>) => sum((each) => ageOf(each, nowMs) === name)
  return {
    all: sum(),
    kinds: {
      bySize: {
        empty: bySize('empty'),
        small: bySize('small'),
        medium: bySize('medium'),
        big: bySize('big'),
      },
      byAge: {
        hot: byAge('hot'),
        warm: byAge('warm'),
        cold: byAge('cold'),
        unknown: byAge('unknown'),
      },
    },
  }
}

function sizeOf({ length }: Entry) {
  if (length === 0) return 'empty'
  if (length < SMALL_BYTES) return 'small'
  return length < BIG_BYTES ? 'medium' : 'big'
}

function ageOf({ accessTime }: Entry, nowMs: number) {
  if (accessTime <= 0) return 'unknown'
  const ageMs = nowMs - accessTime
  if (ageMs <= HOT_MS) return 'hot'
  return ageMs <= WARM_MS ? 'warm' : 'cold'
}
