import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LocalOptions } from '../../../src/substrate/local/driver.ts'
import { instanceFolder } from '../../../src/substrate/local/instance.ts'
import { runName } from '../../../src/substrate/local/instance-note.ts'
import { isAlive, readPidFile } from '../../../src/substrate/local/pid-file.ts'
import { hasBegun } from '../../../src/substrate/local/run-record.ts'
import type { ScriptText } from '../../../src/substrate/local/script-run.ts'
import type { Seen } from '../../../src/substrate/port.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import {
  localDirectory,
  ready,
  removedFrom,
  untilSeen,
} from '../../support/engine/local-substrate.ts'
import { sampleGroup, sampleScript } from '../../support/fixture/sample.ts'
import { nodeIds, wantedOf } from '../subject.ts'

async function stage(t: TestContext, text: string, more: Partial<LocalOptions> = {}) {
  const directory = localDirectory(t, echoComponent('f'))
  const fetched: string[] = []
  let found: ScriptText = { text: Buffer.from(text) }
  const options = {
    scripts: async (_wanted: object, { id }: { readonly id: string }) => {
      fetched.push(id)
      return found
    },
    ...more,
  }
  const substrate = directory.open(options)
  const groups = [{ ...sampleGroup('a', 1), role: 'head' }, sampleGroup('b', 1)]
  const wanted = wantedOf({ groups }, 'c-1')
  await ready(substrate, wanted)
  const [first = '', second = ''] = nodeIds(wanted)
  const run = (id: string, nodes = [first], args: readonly string[] = []) =>
    substrate.run?.(wanted, { ...sampleScript(id), args }, nodes)
  // The last of it is written while the script's end is seen already.
  const log = async (id: string, end: RegExp, node = first) => {
    let said = ''
    await untilSeen(substrate, 'c-1', () => {
      said = substrate.logs?.('c-1', { lines: 100, role: `script-${id}`, node })?.text ?? ''
      return end.test(said)
    })
    return said
  }
  const files = (script: string, node = first) =>
    instanceFolder(directory.root, 'c-1').files(runName({ script, node }))
  return {
    directory,
    substrate,
    options,
    wanted,
    first,
    second,
    fetched,
    run,
    log,
    files,
    answer: (next: ScriptText) => (found = next),
    until: (done: (seen: Seen) => boolean) => untilSeen(substrate, 'c-1', done),
  }
}

const ended = ({ runs = [] }: Seen) =>
  runs.length > 0 && runs.every(({ phase }) => phase !== 'running')

test('a script is run in the home of its node with its arguments, and its output and exit code are kept', async (t) => {
  const it = await stage(
    t,
    'echo "$1|$2 on $EMRYS_NODE"; echo err >&2; pwd; cat shared; echo x >>shared; exit 3',
  )
  await it.run('s.0', [it.first, it.second], ['a b', '$HOME'])
  const seen = await it.until(ended)
  assert.deepEqual(
    seen.runs?.map(({ phase, exitCode }) => [phase, exitCode]),
    [
      ['failed', 3],
      ['failed', 3],
    ],
  )
  const home = join(it.directory.root, 'c-1/home', it.first)
  const log = await it.log('s-0', /^\/.*$/m)
  assert.match(log, new RegExp(`^a b\\|\\$HOME on ${it.first}\nerr\n${home}\n`))
  await it.log('s-0', new RegExp(` on ${it.second}\n`), it.second)
  await it.run('s.1')
  await it.until(({ runs }) => runs?.length === 3 && runs[2]?.phase !== 'running')
  // What one script leaves the next one finds.
  await it.log('s-1', /\nx\n$/)
  assert.ok(it.substrate.logSources?.('c-1').some(({ role }) => role === 'script-s-1'))
})

test('of the environment of the server, a script gets the path alone', async (t) => {
  process.env['EMRYS_TEST_SECRET'] = 'not for scripts'
  t.after(() => delete process.env['EMRYS_TEST_SECRET'])
  const it = await stage(t, 'env; echo end')
  await it.run('s')
  await it.until(ended)
  const names = (await it.log('s', /^end$/m)).match(/^\w+(?==)/gm)?.toSorted()
  assert.deepEqual(
    names?.filter((name) => !['_', 'OLDPWD', 'PWD', 'SHLVL'].includes(name)),
    [
      'EMRYS_CLUSTER',
      'EMRYS_ENGINE_DIRECTORY',
      'EMRYS_NODE',
      'EMRYS_NODE_ADDRESS',
      'EMRYS_NODE_ROLE',
      'HOME',
      'PATH',
      'TMPDIR',
      'TZ',
    ],
  )
})

test('what a script prints is bounded, and it continues to its end', async (t) => {
  const it = await stage(t, "head -c 12000000 /dev/zero | tr '\\0' 'x'; echo; exit 4")
  await it.run('s')
  const seen = await it.until(ended)
  assert.equal(seen.runs?.[0]?.exitCode, 4)
  const { startLog } = it.files('s')
  assert.ok(statSync(startLog).size <= 10 * 1024 * 1024)
})

test('a script that takes longer than it may is ended, and has failed', async (t) => {
  const it = await stage(t, 'sleep 1000', { supervision: { scriptMs: 3_600_000, lookMs: 20 } })
  it.substrate.supervise?.(() => {})
  await it.run('s')
  // Before that it would not have been begun.
  await it.until(() => hasBegun(it.files('s').directory))
  const record = readPidFile(it.files('s').pidFile)
  it.directory.clock.advance(3_600_001)
  const seen = await it.until(ended)
  assert.deepEqual([seen.runs?.[0]?.phase, seen.runs?.[0]?.exitCode], ['failed', 137])
  assert.ok(record && !isAlive(record))
})

test('a script ends with its cluster', async (t) => {
  const it = await stage(t, 'sleep 1000 & sleep 1000')
  await it.run('s')
  await it.until(({ runs }) => runs?.[0]?.phase === 'running')
  const record = readPidFile(it.files('s').pidFile)
  assert.ok(record && isAlive(record))
  await removedFrom(it.substrate, 'c-1')
  assert.equal(isAlive(record), false)
  assert.equal(existsSync(join(it.directory.root, 'c-1')), false)
})

test('a script that cannot be had has failed, and says why; one that cannot be had now is not begun', async (t) => {
  const it = await stage(t, '')
  it.answer({ refused: 'there is no such object' })
  await it.run('s')
  const seen = await it.until(ended)
  assert.deepEqual([seen.runs?.[0]?.phase, seen.runs?.[0]?.exitCode], ['failed', 127])
  await it.log('s', /^the script is not run: there is no such object$/m)
  const away = it.directory.open({
    scripts: async () => {
      throw new Error('the store is away')
    },
  })
  await assert.rejects(
    away.run?.(it.wanted, sampleScript('t'), [it.first]) ?? Promise.resolve(),
    /the store is away/,
  )
  assert.equal((await away.observe('c-1')).runs?.length, 1)
})

test('a run that was recorded and not begun is begun by the next driver, and one that began is not', async (t) => {
  const it = await stage(t, 'echo x >>count')
  await it.run('s')
  await it.until(ended)
  const again = it.directory.open(it.options)
  await again.run?.(it.wanted, sampleScript('s'), [it.first])
  assert.deepEqual(it.fetched, ['s'])
  // As one leaves it that was killed between the record and the start.
  rmSync(it.files('s').directory, { recursive: true })
  // There is none of a script that ended before its process could be recorded.
  rmSync(it.files('s').pidFile, { force: true })
  assert.equal((await again.observe('c-1')).runs, undefined)
  it.directory.clock.advance(7_200_000)
  const laterMs = it.directory.clock.now()
  await again.run?.(it.wanted, sampleScript('s'), [it.first])
  const seen = await it.until(ended)
  assert.deepEqual(
    seen.runs?.map(({ order, startedMs, phase }) => [order, startedMs >= laterMs, phase]),
    [[1, true, 'done']],
  )
  assert.deepEqual(readdirSync(join(it.directory.root, 'c-1/home', it.first)), ['count'])
})
