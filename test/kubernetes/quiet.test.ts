/**
 * What does not change costs nothing: however many instances there are, an idle server asks the API server for no more, holds no more
 * watches, and looks at one of them with as many requests. 200 instances with EMRYS_LONG, else fewer.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import { isReached, wantedOf } from '../substrate/subject.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { counted, DISCOVERY, type Asked } from './counted-client.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { reach } from './kubelet.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const isLong = process.env['EMRYS_LONG'] === '1'
const COUNTS = isLong ? [20, 200] : [2, 10]
/** Longer than what is looked for now and then comes back. */
const IDLE_MS = 20_000
const LOOKS = 6_000

const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 1), role: 'be' },
]

test('as many requests for many instances as for few', { skip, timeout: 3_000_000 }, async (t) => {
  const { access, kubelet } = await startWorld(t)
  const asked: Asked = { requests: 0, watches: 0 }
  const open = (): Substrate =>
    kubernetes({
      client: counted(kubernetesClient({ access, random: random() }), asked),
      installation: { id: 'i-1', prefix: 'q-' },
      provision: { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks' },
      frontends: fakeFrontends(kubelet, { any: true }),
      clock: systemClock(),
      log: silentLogger(),
      reach,
    })
  /** Of a server that begins, once it has looked at what is there: for how much it asks, and what it holds. */
  const idle = async () => {
    asked.watches = 0
    const substrate = open()
    cleanUp(t, () => substrate.close())
    substrate.supervise?.(() => {})
    for (let before = -1; before !== asked.requests;) {
      before = asked.requests
      await pause(5_000)
      // What it looks for now and then is no instance's.
      if (asked.requests - before <= DISCOVERY) break
    }
    const start = asked.requests
    await pause(IDLE_MS)
    const requests = asked.requests - start
    const { watches } = asked
    await substrate.close()
    // One that looks for nothing by itself.
    const other = open()
    const before = asked.requests
    await other.observe('c-0')
    const look = asked.requests - before
    await other.close()
    return { requests, watches, look }
  }
  const found: Awaited<ReturnType<typeof idle>>[] = []
  let made = 0
  for (const count of COUNTS) {
    const maker = open()
    for (; made < count; made++) await maker.apply(wantedOf({ groups }, `c-${made}`))
    for (let at = 0; at < count; at++) {
      const it = wantedOf({ groups }, `c-${at}`)
      for (let look = 0; !isReached(await maker.observe(it.id), it); look++) {
        assert.ok(look < LOOKS, `${it.id} does not come to be`)
        await pause(50)
      }
    }
    await maker.close()
    found.push(await idle())
  }
  const [few, many] = found
  assert.ok(few && many)
  t.diagnostic(
    `${COUNTS[0]} instances: ${JSON.stringify(few)}; ${COUNTS[1]}: ${JSON.stringify(many)}`,
  )
  assert.equal(many.watches, few.watches)
  assert.equal(many.look, few.look)
  // A look for what the cluster has may fall into the one time and not into the other.
  assert.ok(many.requests <= few.requests + DISCOVERY, `${few.requests}, then ${many.requests}`)
  assert.ok(many.requests <= 3 * DISCOVERY)
})
