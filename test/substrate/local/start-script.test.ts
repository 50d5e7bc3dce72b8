import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Daemon, DaemonPlan, Once } from '../../../src/substrate/local/service.ts'
import { startScript } from '../../../src/substrate/local/start-script.ts'
import { echo } from '../../support/fixture/service.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const [sample] = echo.daemons

/** A Java that notes its main class and arguments, and ends with the code that a file of the class's name says. */
function directoryFor(t: TestContext, more: Partial<Daemon>) {
  const directory = temporaryDirectory(t)
  const home = join(directory, 'java home')
  mkdirSync(join(home, 'bin'), { recursive: true })
  const java = join(home, 'bin', 'java')
  const fake = `#!/bin/sh
while [ "$1" != -cp ]; do shift; done; shift 2
echo "$@" >>said
code=$(head -n 1 "$1.codes" 2>/dev/null || echo 0)
sed -i 1d "$1.codes" 2>/dev/null
exit "\${code:-0}"
`
  writeFileSync(java, fake)
  chmodSync(java, 0o700)
  const plan = { directory, heapMib: 64, host: '127.0.0.1' } as DaemonPlan
  writeFileSync(join(directory, 'start.sh'), startScript({ ...sample, ...more } as Daemon, plan))
  writeFileSync(join(directory, 'revision'), '7\n')
  writeFileSync(join(directory, 'digest'), 'one two\n')
  const env = {
    ...process.env,
    JAVA_HOME: home,
    EMRYS_LIBRARY: '/nowhere',
    EMRYS_PROGRAM: '/bin/sh',
  }
  return {
    at: (name: string) => join(directory, name),
    said: () => readFileSync(join(directory, 'said'), 'utf8').trim().split('\n'),
    run: () => spawnSync('/bin/sh', ['start.sh'], { cwd: directory, env }).status,
    pidOfRun: () =>
      Number(
        execFileSync('/bin/sh', ['-c', '/bin/sh start.sh & echo $!; wait'], {
          cwd: directory,
          env,
        }),
      ),
  }
}

const once = (more: Partial<Once>) => ({
  once: () => [{ name: 'format', clears: 'data/x', main: 'Format', ...more }],
})

test('a daemon notes its process, its revision and its digests before it becomes the program', (t) => {
  const it = directoryFor(t, { program: () => ({ main: 'Main', args: ["it's", 'a b'] }) })
  const pid = it.pidOfRun()
  assert.equal(readFileSync(it.at('started'), 'utf8'), `${pid} 7 one two\n`)
  assert.deepEqual(it.said(), ["Main it's a b"])
})

test('a daemon and what it does once log to its own file', (t) => {
  const it = directoryFor(t, once({}))
  const text = readFileSync(it.at('start.sh'), 'utf8')
  const programs = text.split('\n').filter((line) => line.includes('/bin/java'))
  assert.equal(programs.length, 2)
  for (const each of programs)
    assert.match(each, / '-Dlog4j2\.configurationFile=daemon-log\.properties' /)
})

test('a program of the machine logs to the same file, which is another one when it is full', (t) => {
  const first = () => [{ name: 'format', args: ['-c', 'echo once >>said'] }]
  const it = directoryFor(t, {
    program: () => ({ args: ['-c', 'echo said; echo more >&2'] }),
    once: first,
  })
  assert.equal(it.run(), 0)
  assert.equal(readFileSync(it.at('daemon.log'), 'utf8'), 'said\nmore\n')
  writeFileSync(it.at('daemon.log'), Buffer.alloc(11 * 1024 ** 2))
  assert.equal(it.run(), 0)
  assert.equal(readFileSync(it.at('daemon.log'), 'utf8'), 'said\nmore\n')
  assert.ok(existsSync(it.at('daemon.log.1')))
  assert.deepEqual(it.said(), ['once'])
})

test('what is done once is done to its end before the first start, and never again', (t) => {
  const it = directoryFor(t, once({}))
  writeFileSync(it.at('Format.codes'), '1\n0\n')
  assert.equal(it.run(), 1)
  assert.deepEqual([it.said(), existsSync(it.at('started'))], [['Format'], false])
  mkdirSync(it.at('data/x/half'), { recursive: true })
  assert.equal(it.run(), 0)
  assert.equal(existsSync(it.at('data/x')), false)
  assert.equal(it.run(), 0)
  assert.deepEqual(it.said(), ['Format', 'Format', 'Echo', 'Echo'])
})

test('what needs another daemon is tried until it succeeds, or until another one has done it', (t) => {
  const it = directoryFor(t, once({ retried: true, doneElsewhere: 2 }))
  writeFileSync(it.at('Format.codes'), '1\n2\n')
  assert.equal(it.run(), 0)
  assert.deepEqual(it.said(), ['Format', 'Format', 'Echo'])
})
