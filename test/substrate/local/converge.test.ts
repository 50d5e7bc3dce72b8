/** In what order processes are started. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, ready, untilSeen } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { wantedOf } from '../subject.ts'

const groups = [{ ...sampleGroup('h', 1), role: 'head' }, sampleGroup('w', 2)]

test('a role that follows itself is started one process after the other the first time, and then at once', async (t) => {
  const component = echoComponent('f')
  const roles = component.roles.map((role) => ({ ...role, after: ['worker'] }))
  const { open, pid, files } = localDirectory(t, { ...component, roles })
  const substrate = open()
  substrate.supervise?.(() => {})
  const nodes = ['c-1-w-0', 'c-1-w-1'] as const
  const [first, second] = nodes
  const when = (node: string, file: string) =>
    Number(readFileSync(join(files('c-1', node).directory, file), 'utf8'))
  await ready(substrate, wantedOf({ groups }, 'c-1'))
  assert.ok(when(second, 'begun') >= when(first, 'ready'))

  // What keeps the first one from answering would keep the second one from ever being back.
  writeFileSync(join(files('c-1', first).directory, 'mute'), '')
  const before = nodes.map((node) => pid('c-1', node))
  for (const each of before) process.kill(each, 'SIGKILL')
  await untilSeen(substrate, 'c-1', () =>
    nodes.every((node, at) => ![0, before[at]].includes(pid('c-1', node))),
  )
})
