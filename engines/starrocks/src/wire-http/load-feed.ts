/** A body becomes the rows of a load: by the reader that its format needs, and never more of it in memory than a few blocks. */
import { beginTurn } from '../../../../src/kernel/turn.ts'
import type { Load } from '../load-sink.ts'
import { SqlError } from '../session.ts'
import type { Body } from './body.ts'
import { recordReader } from './csv-record.ts'
import { textCutter } from './csv-text.ts'
import type { CsvFormat } from './csv-format.ts'
import { jsonLines } from './json-line.ts'
import { jsonRows } from './json-row.ts'
import { jsonScan } from './json-scan.ts'
import { LONG_JSON } from './json-thread.ts'
import type { JsonThread } from './json-thread.ts'
import type { HttpLimits } from './http-limits.ts'
import type { JsonFormat, LoadOptions } from './load-option.ts'
import { rowSink } from './row-sink.ts'

export interface FeedService {
  readonly limits: Pick<HttpLimits, 'rowBytes' | 'blockBytes'>
  readonly json: Pick<JsonThread, 'row'>
}

/** Resolves when all rows are with the load; they are not committed. */
export async function feedLoad(
  service: FeedService,
  load: Load,
  options: LoadOptions,
  body: Body,
): Promise<void> {
  let counted = 0
  const newBytes = () => {
    const fresh = body.received() - counted
    counted += fresh
    return fresh
  }
  const { format } = options
  if (options.request.text && format.kind === 'csv') {
    await feedText({ ...service, load, format, body, newBytes })
  } else await feedRows({ ...service, load, format, body, newBytes })
}

interface Feed<Format> extends FeedService {
  readonly load: Load
  readonly format: Format
  readonly body: Body
  newBytes(): number
}

async function feedText({ load, format, body, limits, newBytes }: Feed<CsvFormat>): Promise<void> {
  const refuse = (reason: string) => load.refuse(reason)
  const cutter = textCutter(format, { ...limits, refuse })
  for await (const chunk of body.chunks) {
    const block = cutter.push(chunk)
    if (block) await load.writeText(block.rows, newBytes())
  }
  const last = cutter.end()
  if (last) await load.writeText(last.rows, newBytes())
}

async function feedRows(feed: Feed<CsvFormat | JsonFormat>): Promise<void> {
  const { load, format, body, limits, newBytes } = feed
  const sink = rowSink(load, { blockLength: limits.blockBytes, newBytes })
  const reader =
    format.kind === 'json'
      ? jsonReader({ ...feed, format }, sink)
      : recordReader(format, { fields: load.fields.length, rowBytes: limits.rowBytes }, sink)
  const turn = beginTurn()
  for await (const chunk of body.chunks) {
    reader.push(chunk)
    await sink.flush()
    // Chunks that are there already would otherwise be read one after the other.
    if (turn.isOver()) await turn.next()
  }
  reader.end()
  await sink.end()
}

function jsonReader(
  { load, format, limits, json }: Feed<JsonFormat>,
  sink: ReturnType<typeof rowSink>,
) {
  const { fields, jsonFields } = load
  const { paths } = format
  if (paths && paths.length !== fields.length) {
    throw new SqlError(
      `jsonpaths has ${paths.length} paths, but the load has ${fields.length} fields`,
    )
  }
  const options = { fields, jsonFields, paths }
  const rowOf = jsonRows(options)
  // A load never has many of them under way: loads take turns.
  const asker = { user: String(load.id) }
  const scan = jsonScan({
    root: format.root,
    stripOuterArray: format.stripOuterArray,
    rowBytes: limits.rowBytes,
    row(text) {
      if (text.length >= LONG_JSON) {
        sink.later(json.row(text, options, asker), text.length)
        return
      }
      const read = rowOf(text)
      if ('row' in read) sink.row(read.row)
      else sink.refuse(read.problem)
    },
  })
  if (paths || format.root.length > 0 || format.stripOuterArray) return scan
  return jsonLines({ ...limits, fields, scan, documents: (rows) => sink.documents(rows) })
}
