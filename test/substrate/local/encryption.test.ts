/** Keys of encrypted clusters as the substrate deals with them: asked for at every start, given to the process and to nobody else. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Seen, Wanted } from '../../../src/substrate/port.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, ready, untilSeen } from '../../support/engine/local-substrate.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'

const wanted: Wanted = {
  id: 'c-1',
  name: 'sample',
  spec: sampleSpec({
    groups: [sampleGroup('a', 1)],
    software: { family: 'f', version: '1', components: [] },
    encryption: { key: 'key-1' },
  }),
  reveal: () => undefined,
}

async function stage(t: TestContext) {
  const state: { unmet?: string | undefined; refuses?: string | undefined; asked: string[] } = {
    asked: [],
  }
  const directory = localDirectory(t, { ...echoComponent('f'), unmetEncryption: () => state.unmet })
  const substrate = directory.open({
    supervision: { lookMs: 50 },
    async dataKey(id) {
      state.asked.push(id)
      if (state.refuses !== undefined) throw new Error(state.refuses)
      return Buffer.alloc(32, 1)
    },
  })
  return { state, substrate, pid: () => directory.pid('c-1') }
}

const reasonOf = ({ groups }: Seen) => groups[0]?.problem?.reason
const withReason = (reason: string) => (seen: Seen) => reasonOf(seen) === reason

test('a key is asked for at every start, and while it cannot be had the reason shows and nothing runs', async (t) => {
  const { state, substrate, pid } = await stage(t)
  assert.equal(substrate.capabilities().encryption, true)
  await ready(substrate, wanted)
  assert.deepEqual(state.asked, ['c-1'])
  state.refuses = 'the encryption key key-1 cannot be used: it is disabled'
  substrate.supervise!(() => {})
  process.kill(-pid(), 'SIGKILL')
  const seen = await untilSeen(substrate, 'c-1', withReason(state.refuses))
  assert.equal(seen.groups[0]?.problem?.persists, false)
  assert.equal(pid(), 0)
  state.refuses = undefined
  await untilSeen(substrate, 'c-1', ({ answering }) => answering)
  assert.ok(state.asked.length >= 3)
})

test('what it lacks for that is a capability that is missing, and a reason not to start', async (t) => {
  const { state, substrate, pid } = await stage(t)
  state.unmet = 'the module is not here'
  assert.deepEqual(substrate.capabilities().encryption, { lacks: 'the module is not here' })
  await substrate.apply(wanted)
  await untilSeen(substrate, 'c-1', withReason('the module is not here'))
  assert.deepEqual([pid(), state.asked], [0, []])
  state.unmet = undefined
  await untilSeen(substrate, 'c-1', ({ answering }) => answering)
})
