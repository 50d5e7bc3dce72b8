import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processorSeconds } from '../../../src/substrate/local/pid-file.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, ready } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { wantedOf } from '../subject.ts'

test('a process has had more of the processor the longer it works, and one that is gone has none', () => {
  const before = processorSeconds(process.pid)!
  const untilMs = performance.now() + 100
  while (performance.now() < untilMs);
  assert.ok(processorSeconds(process.pid)! > before)
  assert.equal(processorSeconds(2 ** 30), undefined)
})

test('an instance says what its nodes have of cores, and what its processes use of them', async (t) => {
  const { open } = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = open()
  const it = wantedOf({ groups: [{ ...sampleGroup('w', 2), cpu: 4 }] }, 'c-1')
  assert.deepEqual(Object.keys(substrate.inquiries!('c-1')), [])
  await ready(substrate, it)
  const { cores, usedPercent } = await substrate.inquiries!('c-1').processors!()
  assert.equal(cores, 8)
  assert.ok(usedPercent >= 0 && usedPercent < 100, `${usedPercent}`)
})
