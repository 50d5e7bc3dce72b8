/**
 * Writes the results of one command: each an OK, or columns, rows and an end. Rows are pulled from the engine only as fast as
 * the client reads; many rows go into one socket write.
 *
 * Whether another result follows stands in the end of the one before, so a result's end waits for the next
 * statement's first word. An error (also in the middle of rows) ends everything with an ERR packet, which the caller
 * writes.
 */
import { putLenenc } from './field-writer.ts'
import { beginPacket, endPacket, finishedBytes } from './packet-output.ts'
import type { Channel } from './channel.ts'
import { writeColumn, writeEnd, writeEof, writeOk } from './message.ts'
import type { PacketOutput } from './packet-output.ts'
import { areComplete } from '../session.ts'
import type { Column, Result, WireValue } from '../session.ts'
import { capability } from './capability.ts'
import { refusal } from './protocol-error.ts'

export type RowWriter = (row: readonly WireValue[]) => void
export type RowFormat = (out: PacketOutput, columns: readonly Column[]) => RowWriter

export interface ResultTarget {
  readonly channel: Channel
  readonly capabilities: number
}

type Rows = Extract<Result, { kind: 'rows' }>

/** One socket write: large enough to make system calls rare, small enough to keep many slow readers cheap. */
const WRITE_BYTES = 65_536

/** `single`: the client takes one result only; what would follow is not asked for, and so never runs. */
export async function writeResults(
  target: ResultTarget,
  results: AsyncIterable<Result>,
  options: { readonly format: RowFormat; readonly single: boolean },
): Promise<void> {
  const iterator = results[Symbol.asyncIterator]()
  let finished = false
  try {
    let step = await iterator.next()
    if (step.done) throw refusal.emptyQuery()
    while (!step.done) {
      const result = step.value
      if (result.kind === 'rows') await writeRows(target, result, options.format)
      const following: Outcome = options.single ? NOTHING : await outcomeOf(iterator.next())
      const more = following.error !== undefined || !following.step.done
      if (result.kind === 'rows') writeEnd(target.channel.out, target.capabilities, more)
      else writeOk(target.channel.out, { ...result, moreResults: more })
      if (following.error !== undefined) throw following.error
      step = following.step
    }
    finished = !options.single
  } finally {
    if (!finished) await iterator.return?.()
  }
}

export async function writeResult(
  target: ResultTarget,
  result: Result,
  format: RowFormat,
): Promise<void> {
  if (result.kind === 'rows') {
    await writeRows(target, result, format)
    writeEnd(target.channel.out, target.capabilities)
  } else {
    writeOk(target.channel.out, { ...result, moreResults: false })
  }
}

/** Definitions and, where the client still wants it, the EOF after them. */
export async function writeColumns(
  { channel, capabilities }: ResultTarget,
  columns: readonly Column[],
): Promise<void> {
  const { out } = channel
  for (const column of columns) {
    writeColumn(out, column)
    if (finishedBytes(out) < WRITE_BYTES) continue
    channel.flush()
    await channel.ready()
  }
  if (!(capabilities & capability.deprecateEof)) writeEof(out)
}

async function writeRows(target: ResultTarget, result: Rows, format: RowFormat): Promise<void> {
  const { channel } = target
  const { out } = channel
  const { columns } = result
  if (columns.length === 0) throw new Error('a result set without columns')
  beginPacket(out)
  putLenenc(out, columns.length)
  endPacket(out)
  await writeColumns(target, columns)
  const writeRow = format(out, columns)
  const writeChunk = async (chunk: readonly (readonly WireValue[])[]): Promise<void> => {
    for (const row of chunk) {
      if (row.length !== columns.length) throw new Error('a row of another width than its columns')
      writeRow(row)
      if (finishedBytes(out) >= WRITE_BYTES) {
        channel.flush()
        await channel.ready()
      }
    }
    if (channel.closed) await channel.ready()
  }
  if (areComplete(result.chunks)) for (const chunk of result.chunks) await writeChunk(chunk)
  else for await (const chunk of result.chunks) await writeChunk(chunk)
}

type Outcome =
  | { readonly error: undefined; readonly step: IteratorResult<Result, unknown> }
  | { readonly error: Error }

const NOTHING: Outcome = { error: undefined, step: { done: true, value: undefined } }

async function outcomeOf(next: Promise<IteratorResult<Result, unknown>>): Promise<Outcome> {
  try {
    return { error: undefined, step: await next }
  } catch (error) {
    return {
      error:
        error instanceof Error ? error : new Error('not an error was thrown', { cause: error }),
    }
  }
}
