/**
 * Reads a log that is written and rotated meanwhile: `engine.log` is the newest part, `.1` the one before, and so on; or it is a link to
 * the newest of parts that are named by their times (`engine.log-20261127.155845`). A place in it
 * is the part's file number and an offset, which rotation does not change; so a reader that continues from a place misses nothing and
 * sees nothing twice, until its part is deleted. Then the answer says that there is a gap.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { LogPart, LogQuery } from '../port.ts'

/** Half a MiB an answer: thousands of lines, and nothing that a reader would have to wait for. */
const ANSWER_BYTES = 524_288
/** An engine keeps ten; the bound is for the case that somebody else put files there. */
const PARTS_MAX = 100
/** The place before the first line, for a log that was not there yet. */
const BEGINNING = '0-0'

interface Part {
  readonly descriptor: number
  readonly number: string
  readonly size: number
}

/** `path` is the newest part; it may not be there yet. */
export function readLog(path: string, query: LogQuery): LogPart {
  const parts = openParts(path)
  try {
    return 'after' in query ? readOn(parts, query.after) : readLast(parts, query.lines)
  } finally {
    for (const { descriptor } of parts) closeSync(descriptor)
  }
}

/** Oldest first. Opened newest first: a rotation meanwhile shows a part twice, which is corrected, and hides none. */
function openParts(path: string): readonly Part[] {
  const found = new Map<string, Part>()
  const note = (descriptor: number) => {
    const { ino, size } = fstatSync(descriptor, { bigint: true })
    const number = String(ino)
    if (found.has(number)) closeSync(descriptor)
    else found.set(number, { descriptor, number, size: Number(size) })
  }
  for (let age = 0; age < PARTS_MAX; age++) {
    const descriptor = openOr(age === 0 ? path : `${path}.${age}`)
    // Between the two steps of a rotation the newest name is nobody's.
    if (descriptor === undefined && age > 0) break
    if (descriptor !== undefined) note(descriptor)
  }
  for (const name of datedNames(path)) {
    const descriptor = openOr(name)
    if (descriptor !== undefined) note(descriptor)
  }
  return [...found.values()].toReversed()
}

const DATE = /^-\d{8}\.\d{6}(?:[.-]\d+)?$/

/** Newest first. */
function datedNames(path: string): readonly string[] {
  const base = basename(path)
  const folder = dirname(path)
  try {
    const all = readdirSync(folder).filter(
      (name) => name.startsWith(base) && DATE.test(name.slice(base.length)),
    )
    const newest = all.toSorted().toReversed().slice(0, PARTS_MAX)
    return newest.map((name) => join(folder, name))
  } catch {
    return [] // The folder is not there yet, or not any more.
  }
}

function openOr(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw problem
  }
}

function readLast(parts: readonly Part[], lines: number): LogPart {
  let bytes = Buffer.alloc(0)
  let whole = true
  for (const part of parts.toReversed()) {
    const room = ANSWER_BYTES - bytes.length
    const from = Math.max(0, part.size - room)
    whole = from === 0
    bytes = Buffer.concat([readBytes(part, from, part.size), bytes])
    if (!whole || newlines(bytes) > lines) break
  }
  const all = bytes.toString('utf8').split('\n').slice(0, -1)
  // The first one may have been cut.
  const text = (whole ? all : all.slice(1)).slice(-lines)
  return { text: joined(text), next: endOf(parts), gap: false }
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function endOf(parts: readonly Part[]): string {
  const newest = parts.at(-1)
  if (!newest) return BEGINNING
  // A line that is being written is returned when it is whole.
  const tail = readBytes(newest, Math.max(0, newest.size - ANSWER_BYTES), newest.size)
  const unfinished = tail.length - (tail.lastIndexOf(0x0a) + 1)
  return `${newest.number}-${newest.size - unfinished}`
}

function readOn(parts: readonly Part[], after: string): LogPart {
  const [number = '', offset = ''] = after.split('-')
  const at = parts.findIndex((part) => part.number === number && Number(offset) <= part.size)
  const gap = at < 0 && after !== BEGINNING && after !== ''
  let from = at < 0 ? 0 : Number(offset)
  let next = after
  let text = ''
  let room = ANSWER_BYTES
  for (const part of parts.slice(Math.max(0, at))) {
    const bytes = readBytes(part, from, Math.min(part.size, from + room))
    const end = bytes.lastIndexOf(0x0a) + 1
    // A line longer than an answer goes out in pieces: else nothing would ever come after it.
    const taken = end === 0 && bytes.length === ANSWER_BYTES ? bytes.length : end
    text += bytes.toString('utf8', 0, taken)
    next = `${part.number}-${from + taken}`
    room -= bytes.length
    if (from + bytes.length < part.size || room === 0) break
    from = 0
  }
  return { text, next, gap }
}

function readBytes({ descriptor }: Part, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from))
  const read = readSync(descriptor, bytes, 0, bytes.length, from)
  return bytes.subarray(0, read)
}

function newlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++
  return count
}
