import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  daemonState,
  digestsOf,
  noteReloaded,
  wantedState,
} from '../../../src/substrate/local/daemon-state.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

test('what a daemon was started with and what it took over since is written down, and is nobody’s without its process', (t) => {
  const directory = temporaryDirectory(t)
  const write = (name: string, text: string) => writeFileSync(join(directory, name), `${text}\n`)
  const want = (revision: number, digests: string) => {
    write('revision', String(revision))
    write('digest', digests)
  }
  assert.equal(daemonState(directory), undefined)
  const before = digestsOf({ a: '1' }, ['x', 'y'])
  want(3, before)
  // No process was started for this directory.
  write('started', `${process.pid} 3 ${before}`)
  assert.equal(daemonState(directory), undefined)

  const after = digestsOf({ a: '1' }, ['x', 'z'])
  want(4, after)
  const { fixed, reloaded } = wantedState(directory)
  const [first, second] = reloaded
  assert.equal(`${fixed} ${first}`, before.split(' ').slice(0, 2).join(' '))
  assert.notEqual(second, before.split(' ')[2])
  noteReloaded(directory, { pid: process.pid, revision: 3, fixed: '', reloaded: [] })
  assert.equal(readFileSync(join(directory, 'reloaded'), 'utf8'), `${process.pid} 4 ${after}\n`)
})
