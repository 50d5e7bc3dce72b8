/**
 * Whether a database is whole and holds everything that was acknowledged, judged before it is opened for writing and without
 * changing a byte of it: SQLite would begin an empty database where one is gone, and throw away a log that it cannot read.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { markOf, readMark, sumOf, type Mark } from '../commit-mark.ts'
import { migrations } from '../migration.ts'
import { connect, type Connection } from './connection.ts'
import { readLog, type LogContents } from './log.ts'

export interface Finding {
  readonly file: string
  readonly ok: boolean
  /** What it holds, or what is wrong with it. */
  readonly says: string
}

export interface Examination {
  readonly findings: readonly Finding[]
  /** Whether sums of its pages were ever taken; not of those of earlier versions, nor of one that is yet to be made. */
  readonly begun: boolean
  /** The last commit that the database holds. */
  readonly commit: number
  /** Whether there is a database that can be read, complete or not. */
  readonly readable: boolean
}

/** The counter in which the database counts its own commits; there from the migration on with which marks began. */
export const COMMIT_COUNTER = 'commit'

export const PAGE_BYTES = 4096
/** The page on whose bytes SQLite locks, at 1 GiB; it never writes it (sqlite.org/fileformat2.html, 1.4). */
export const LOCK_PAGE = 0x40000000 / PAGE_BYTES + 1
/** What the processor still has near when it is summed. */
const READ_PAGES = 64
/** So many damaged pages are named; the others are counted. */
const NAMED_MAX = 5

/** Throws a sentence that says which file, what was expected and what to do; returns whether sums were ever taken of it. */
export function requireSound(file: string): boolean {
  const { findings, begun } = examine(file)
  const wrong = findings.find(({ ok }) => !ok)
  if (!wrong) return begun
  throw new Error(
    `${wrong.file} ${wrong.says}. Put back the files as they were, or restore a backup into an empty directory with \`emrys restore\`; ` +
      '`emrys store check` says what is sound, and `emrys store check --accept-loss` lets the server begin with what is there',
  )
}

/** Throws when the database was written by a newer version of Emrys. */
export function examine(file: string): Examination {
  const log = readLog(`${file}-wal`)
  const { mark, finding } = markFinding(file)
  if (sizeOf(file) === 0) return withoutDatabase(file, { log, mark, finding })
  const judged = { file, log, mark }
  const found = readContents(file, mark?.clean !== true || log.size > 0)
  const pages = pagesFinding(judged, found)
  // A name that nobody knows may be a damaged one.
  if (pages.ok) requireKnown(found)
  const findings = [
    pages,
    commitFinding(judged, found),
    logFinding(judged),
    finding ?? missingMark(file, found.commit),
  ]
  return {
    findings: findings.filter((each) => each !== undefined),
    begun: hasSums(mark),
    commit: found.commit,
    readable: found.problem === undefined,
  }
}

function hasSums(mark: Mark | undefined): mark is Mark {
  return mark !== undefined && mark.sums.length > 0
}

interface Judged {
  readonly file: string
  readonly log: LogContents
  readonly mark: Mark | undefined
}

function markFinding(file: string): {
  readonly mark: Mark | undefined
  readonly finding: Finding | undefined
} {
  const name = markOf(file)
  try {
    const mark = readMark(name)
    const says = mark && `names commit ${mark.commit}${mark.clean ? ', stopped in order' : ''}`
    return { mark, finding: says === undefined ? undefined : { file: name, ok: true, says } }
  } catch {
    const says = 'is damaged, and without it nobody can tell whether the database is complete'
    return { mark: undefined, finding: { file: name, ok: false, says } }
  }
}

function missingMark(file: string, commit: number): Finding | undefined {
  if (commit === 0) return undefined
  const says = `is gone, and without it nobody can tell whether the database is complete (it holds commit ${commit})`
  return { file: markOf(file), ok: false, says }
}

function withoutDatabase(
  file: string,
  { log, mark, finding }: Omit<Judged, 'file'> & { readonly finding: Finding | undefined },
): Examination {
  const nothing = { begun: hasSums(mark), commit: 0, readable: false }
  const damagedMark = finding?.ok === false
  if (!damagedMark && (mark?.commit ?? 0) === 0 && log.size === 0)
    return { ...nothing, findings: [{ file, ok: true, says: 'is yet to be made' }] }
  const lost = mark ? `: ${mark.commit} commits were acknowledged and are not there` : ''
  const says = `is ${existsAt(file) ? 'empty' : 'gone'}${lost}`
  return { ...nothing, findings: [{ file, ok: false, says }, ...(finding ? [finding] : [])] }
}

function pagesFinding({ file, log, mark }: Judged, { problem }: Contents): Finding {
  const { damaged, count } = hasSums(mark)
    ? damagedPages(file, log, mark.sums)
    : { damaged: [], count: 0 }
  if (damaged.length > 0) {
    const named = damaged.slice(0, NAMED_MAX).join(', ')
    const more = damaged.length > NAMED_MAX ? ` and ${damaged.length - NAMED_MAX} more` : ''
    const says = `is damaged, or was changed by another program: page ${named}${more} of ${count} is not what was written`
    return { file, ok: false, says }
  }
  if (problem !== undefined) return { file, ok: false, says: `is damaged (${problem})` }
  return { file, ok: true, says: count > 0 ? `${count} pages, each as it was written` : 'is sound' }
}

function commitFinding({ file, log, mark }: Judged, { commit, problem }: Contents) {
  if (mark === undefined || problem !== undefined || commit >= mark.commit) return undefined
  const rest = log.size - log.validBytes
  const logSays =
    log.size === 0
      ? `${file}-wal is gone or empty`
      : `${file}-wal can be read up to byte ${log.validBytes}${rest > 0 ? ` of ${log.size}` : ''}`
  const says = `ends with commit ${commit}, and commit ${mark.commit} was acknowledged: ${mark.commit - commit} of them are missing (${logSays})`
  return { file, ok: false, says }
}

function logFinding({ file, log, mark }: Judged): Finding | undefined {
  const name = `${file}-wal`
  if (mark?.clean === true && log.size > 0)
    return {
      file: name,
      ok: false,
      says: `has ${log.size} bytes and belongs to another time: the server had left none when it stopped; remove it, unless another program made it on purpose`,
    }
  if (log.size === 0) return undefined
  return { file: name, ok: true, says: `${log.pages.size} pages that are not in the database yet` }
}

/** Pages that are in the log may be half written: the log is what counts for them. */
function damagedPages(
  file: string,
  log: LogContents,
  sums: Uint32Array,
): { readonly damaged: readonly number[]; readonly count: number } {
  const damaged: number[] = []
  let seen = 0
  for (const page of pagesIn(file)) {
    seen++
    if (seen === LOCK_PAGE || log.pages.has(seen)) continue
    if (page.length !== PAGE_BYTES || sums[seen - 1] !== sumOf(page)) damaged.push(seen)
  }
  for (let number = seen + 1; number <= sums.length; number++)
    if (!log.pages.has(number)) damaged.push(number)
  return { damaged, count: Math.max(seen, sums.length) }
}

/** Of a database that is not open in this process. In order; the last one may be a part. A page is valid until the next one is read. */
export function* pagesIn(file: string): Generator<Uint8Array> {
  const descriptor = openSync(file, 'r')
  try {
    yield* pagesOf(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function* pagesOf(descriptor: number): Generator<Uint8Array> {
  const chunk = Buffer.alloc(READ_PAGES * PAGE_BYTES)
  // Once for all: made for each page again, they cost a twentieth of the whole.
  const pages = Array.from({ length: READ_PAGES }, (_, page) =>
    chunk.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES),
  )
  for (let at = 0; ; at += chunk.length) {
    const length = readSync(descriptor, chunk, 0, chunk.length, at)
    const whole = Math.floor(length / PAGE_BYTES)
    for (let page = 0; page < whole; page++) yield pages[page]!
    if (length > whole * PAGE_BYTES) yield chunk.subarray(whole * PAGE_BYTES, length)
    if (length < chunk.length) return
  }
}

interface Contents {
  readonly commit: number
  readonly problem?: string
  /** A migration that this version does not know. */
  readonly newer?: string
}

function requireKnown({ newer }: Contents): void {
  if (newer === undefined) return
  throw new Error(
    `the data directory was written by a newer version of Emrys (migration ${newer}); use that version or another directory`,
  )
}

/** What SQLite finds, reading only: it neither empties a log nor removes one then. */
function readContents(file: string, thorough: boolean): Contents {
  let connection: Connection | undefined
  try {
    connection = connect(file, { readOnly: true })
    const tables = connection.all(`select name from sqlite_master where type = 'table'`, [])
    const has = (name: string) => tables.some((table) => table['name'] === name)
    const done = has('migration') ? connection.all('select name from migration', []) : []
    const newer = done
      .map((row) => String(row['name']))
      .find((name) => !migrations.some((known) => known.name === name))
    if (newer !== undefined) return { commit: 0, newer }
    const row = has('counter')
      ? connection.first('select value from counter where name = ?', [COMMIT_COUNTER])
      : undefined
    const commit = Number(row?.['value'] ?? 0)
    const said = thorough ? connection.first('pragma quick_check(1)', [])?.['quick_check'] : 'ok'
    return said === 'ok' ? { commit } : { commit, problem: String(said).replaceAll('\n', ' ') }
  } catch (problem) {
    return { commit: 0, problem: (problem as Error).message }
  } finally {
    connection?.close()
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function existsAt(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined
}
