/**
 * A driver that dies at any of its requests is followed by one that continues: nothing is doubled, nothing is lost, nothing is left. Each round
 * lets the next request of an instance's making, restart, scale-in or removal be the last of the driver that does it.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withoutNodes, withRestart } from '../../src/domain/cluster/spec.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { kubernetesClient, type KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import { isReached, next, seenNodes, wantedOf } from '../substrate/subject.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { reach, startKubelet } from './kubelet.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()
const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 2), role: 'be' },
]

/** Every request after so many fails, as for a process that is not there any more. */
function killable(client: KubernetesClient, requests: { left: number }): KubernetesClient {
  const alive =
    <A extends readonly unknown[], R>(verb: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      requests.left-- > 0 ? verb(...args) : Promise.reject(new Error('the driver is dead'))
  return {
    ...client,
    find: alive(client.find),
    list: alive(client.list),
    apply: alive(client.apply),
    merge: alive(client.merge),
    remove: alive(client.remove),
  }
}

test(
  'an instance is made, restarted, made smaller and removed by drivers of which each dies one request later',
  { skip, timeout: 600_000 },
  async (t) => {
    const { access, client, directory } = await startControlPlane(t, { controllers: true })
    await defineStarrocks(client)
    const ask = askerOf(t, access)
    const kubelet = startKubelet(t, { ask, directory: join(directory, 'claims') })
    startOperator(t, client, ask)
    // What password is given is no part of this test.
    const frontends = fakeFrontends(kubelet, { any: true })
    const driver = (requests: number) => {
      const left = { left: requests }
      const substrate = kubernetes({
        client: killable(kubernetesClient({ access, random: random() }), left),
        installation: { id: 'i-1', prefix: 'k-' },
        provision: { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks' },
        frontends,
        clock: systemClock(),
        log: silentLogger(),
        reach,
      })
      return { substrate, isDead: () => left.left <= 0 }
    }
    /** Until one lives long enough to see it done. */
    const eventually = async (
      act: (substrate: Substrate) => Promise<void>,
      done: (substrate: Substrate) => Promise<boolean>,
    ): Promise<number> => {
      for (let requests = 1; requests < DRIVERS_MAX; requests++) {
        const { substrate, isDead } = driver(requests)
        await act(substrate).catch(() => {})
        // As long as it lives, it continues by itself.
        for (let look = 0; look < LOOKS && !isDead(); look++) {
          if (await done(substrate).catch(() => false)) {
            await substrate.close()
            return requests
          }
          await pause(LOOK_MS)
        }
        await substrate.close()
      }
      throw new Error('it never came about')
    }

    const it = wantedOf({ groups }, 'c-1')
    const reached = (wanted: typeof it) => async (substrate: Substrate) =>
      isReached(await substrate.observe('c-1'), wanted)
    const made = await eventually((each) => each.apply(it), reached(it))
    assert.ok(made > 10, `${made} drivers`)
    const uids = () => [...kubelet.pods.values()].map(({ uid }) => uid).sort()
    const first = uids()
    assert.equal(first.length, 3)

    const restarted = next(it, withRestart(it.spec, { of: 'cluster' }))
    await eventually((each) => each.apply(restarted), reached(restarted))
    const second = uids()
    assert.equal(second.length, 3)
    assert.deepEqual(
      second.filter((uid) => first.includes(uid)),
      [],
    )
    // What is there already is restarted no further.
    await eventually((each) => each.apply(restarted), reached(restarted))
    assert.deepEqual(uids(), second)

    const [, workers] = restarted.spec.groups
    const gone = [workers!.nodes[1]!.id]
    const less = next(restarted, withoutNodes(restarted.spec, gone))
    const phaseOf = async (each: Substrate) =>
      seenNodes(await each.observe('c-1')).find(({ id }) => gone.includes(id))?.phase
    // As the reconciler does it: what is drained is not wanted any more.
    const shrink = async (each: Substrate) => {
      const phase = await phaseOf(each)
      if (phase === 'serving' || phase === 'draining') await each.drain?.(less, gone)
      else await each.apply(less)
    }
    await eventually(shrink, async (each) => {
      if ((await phaseOf(each)) === 'drained') await each.apply(less)
      return reached(less)(each)
    })
    const third = uids()
    assert.equal(third.length, 2)
    assert.ok(third.every((uid) => second.includes(uid)))
    const claims = await client.list(resources.claim)
    assert.ok(claims.every(({ metadata }) => !metadata.name.endsWith('sr-be-1')))

    await eventually(
      (each) => each.remove('c-1'),
      async (each) => !(await each.observe('c-1')).present,
    )
    const names = (await client.list(resources.namespace)).map(({ metadata }) => metadata.name)
    assert.deepEqual(
      names.filter((name) => name.startsWith('k-')),
      [],
    )
    assert.equal(kubelet.pods.size, 0)
  },
)

const DRIVERS_MAX = 400
const LOOKS = 200
const LOOK_MS = 20
