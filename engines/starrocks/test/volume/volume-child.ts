/**
 * The process that the tests of volumes kill: an engine with a volume in the folder given. It runs each line of its standard input as a
 * statement and writes `done` or `failed REASON` for each; a line that begins with `?` is a query, whose rows it writes as JSON.
 */
import { createInterface } from 'node:readline'
import type { EngineOptions } from '../../src/engine/engine.ts'
import { openChildEngine } from '../support/child-engine.ts'
import { connect } from '../support/open-engine.ts'

const [, , directory = '', options = ''] = process.argv
const engine = await openChildEngine(
  directory,
  JSON.parse(options) as Pick<EngineOptions, 'volume' | 'protection'>,
)
const client = await connect(engine)
const say = (line: string) => process.stdout.write(`${line}\n`)
say('open')
for await (const line of createInterface({ input: process.stdin })) {
  try {
    if (line.startsWith('?')) say(JSON.stringify(await client.rows(line.slice(1))))
    else {
      await client.run(line)
      say('done')
    }
  } catch (error) {
    say(`failed ${(error as Error).message}`)
  }
}
await engine.close()
