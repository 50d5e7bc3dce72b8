import assert from 'node:assert/strict'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { beelineCommand } from '../../../src/cli/connect/beeline.ts'
import { setPath } from '../../../src/artifact/cache.ts'
import { keptFiles, needsOf } from '../../../src/artifact/lock.ts'
import { serviceLocks } from '../../../src/substrate/local/lock.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const place = { host: '127.77.1.1', port: 10_000, user: 'hadoop' }

/** A Java that is never started, and a set of files of the right lengths. */
function machine(t: TestContext) {
  const directory = temporaryDirectory(t)
  mkdirSync(join(directory, 'bin'))
  writeFileSync(join(directory, 'bin', 'java'), '')
  writeFileSync(join(directory, 'release'), 'JAVA_VERSION="17.0.1"\n')
  return { directory, env: { JAVA_HOME: directory, PATH: '' } }
}

test('what this machine lacks for it is said with what brings it', (t) => {
  const { directory, env } = machine(t)
  const asked = { ...place, cache: directory, sql: 'select 1', shown: true }
  assert.throws(() => beelineCommand(asked, env), /`emrys engines fetch spark` brings it/)
})

test('statements are run with rows by tabs where no person reads them, and a script ends at the first that fails', (t) => {
  const { directory, env } = machine(t)
  const need = needsOf(serviceLocks).find(({ part }) => part.name === 'spark')
  assert.ok(need)
  const set = setPath(directory, need)
  mkdirSync(set, { recursive: true })
  // Sparse: nothing of them is read.
  for (const { name, size } of need.artifacts.flatMap(keptFiles)) sparse(join(set, name), size)
  const command = (sql: string | undefined, shown: boolean) => {
    const [program, args] = beelineCommand({ ...place, cache: directory, sql, shown }, env)
    assert.equal(program, join(directory, 'bin', 'java'))
    return args.slice(args.indexOf('-u'))
  }
  const login = ['-u', 'jdbc:hive2://127.77.1.1:10000/default', '-n', 'hadoop']
  const plain = ['--outputformat=tsv2', '--silent=true', '--verbose=false']
  assert.deepEqual(command('select 1; ', true), [...login, '-e', 'select 1; '])
  assert.deepEqual(command('select 1', false), [...login, ...plain, '-e', 'select 1\n;'])
  assert.deepEqual(command(undefined, true), login)
  assert.deepEqual(command(undefined, false), [...login, ...plain, '-f', '/dev/stdin'])
})

function sparse(path: string, size: number): void {
  writeFileSync(path, '')
  truncateSync(path, size)
}
