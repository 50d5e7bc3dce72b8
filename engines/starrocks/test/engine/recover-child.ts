/** The process that the crash test of RECOVER kills: it drops and recovers, and writes a line for each statement that was acknowledged. */
import { openChildEngine } from '../support/child-engine.ts'
import { connect } from '../support/open-engine.ts'

const [, , directory = ''] = process.argv

const engine = await openChildEngine(directory)
const client = await connect(engine, 'admin', 'd')
const turn = [
  'ALTER TABLE t DROP PARTITION p1',
  'RECOVER PARTITION p1 FROM t',
  'DROP TABLE t',
  'RECOVER TABLE t',
]
for (let count = 0; ; count++) {
  await client.run(turn[count % turn.length] ?? '')
  process.stdout.write(`done ${count}\n`)
}
