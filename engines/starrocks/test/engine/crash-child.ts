/**
 * The process that the crash test kills: it opens the engine in the folder given, loads batches under labels `base-0`,
 * `base-1`, …, and writes a line for each one that was acknowledged. Each batch holds rows of its own batch number.
 */
import { openChildEngine } from '../support/child-engine.ts'

const [, , directory = '', base = ''] = process.argv
const ROWS = 500

const engine = await openChildEngine(directory)
process.stdout.write('open\n')
for (let batch = 0; ; batch++) {
  const label = `${base}-${batch}`
  const load = await engine.beginLoad({
    user: { user: 'admin', host: '%' },
    database: 'd',
    table: batch % 2 === 0 ? 'dup' : 'pri',
    label,
    columns: undefined,
    where: undefined,
    partitions: [],
    maxFilterRatio: 0,
    strict: true,
    partialUpdate: false,
    mergeCondition: undefined,
    timeZone: undefined,
    timeoutSeconds: 60,
  })
  await load.write(
    Array.from({ length: ROWS }, (_, row) => load.encode([label, String(row)])),
    0,
  )
  if (batch % 3 === 0) await load.prepare()
  process.stdout.write(`try ${label}\n`)
  await load.commit()
  process.stdout.write(`done ${label}\n`)
}
