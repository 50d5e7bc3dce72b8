/**
 * The API server and the node agent are killed in the middle of each change of an instance's life, each time at another place: Emrys continues when they are back, nothing is done twice, and nothing is left.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withNodes, withoutNodes, withRestart, withSize } from '../../src/domain/cluster/spec.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { kubernetesClient, type KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { Frontends } from '../../src/substrate/kubernetes/starrocks/frontend.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/port.ts'
import { isReached, next, seenNodes, wantedOf } from '../substrate/subject.ts'
import { sampleGroup, sampleNode } from '../support/fixture/sample.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { reach } from './kubelet.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const data = { use: 'data', type: 'essd', sizeGib: 20, count: 1, level: 'pl1' } as const
const groups = [
  { ...sampleGroup('a', 1), role: 'fe', disks: [data] },
  { ...sampleGroup('b', 2), role: 'be', disks: [data] },
]
/** Of its requests of each change, the one after which both end: nothing said yet, some of it said, all of it said. */
const PLACES = [9, 2, 5, 16, 4, 11, 7]
const LOOKS = 2_400

type Verb = 'find' | 'list' | 'apply' | 'merge' | 'remove'

/** Says of each request that it was answered. */
function counted(client: KubernetesClient, answered: () => void): KubernetesClient {
  const verb = <Name extends Verb>(name: Name) => {
    const ask = client[name] as (...args: readonly unknown[]) => Promise<unknown>
    return (async (...args: readonly unknown[]) => {
      const answer = await ask(...args)
      answered()
      return answer
    }) as KubernetesClient[Name]
  }
  return {
    ...client,
    find: verb('find'),
    list: verb('list'),
    apply: verb('apply'),
    merge: verb('merge'),
    remove: verb('remove'),
  }
}

test(
  'an instance is made, restarted, made larger and smaller, and removed while the API server and the node agent end',
  { skip, timeout: 600_000 },
  async (t) => {
    const { access, client, ask, kubelet, killApiServer } = await startWorld(t)
    let changes = 0
    let requests = 0
    let outages = 0
    let outage: Promise<void> | undefined
    /** The node agent comes back later than the API server, so that what is wanted meanwhile waits for it. */
    const fail = async () => {
      outages++
      kubelet.kill()
      await killApiServer()
      await pause(300)
      kubelet.revive()
    }
    const statements: string[] = []
    const frontends = recorded(fakeFrontends(kubelet, { any: true }), statements)
    const substrate = kubernetes({
      client: counted(kubernetesClient({ access, random: random() }), () => {
        if (++requests === PLACES[changes - 1]) outage = (outage ?? Promise.resolve()).then(fail)
      }),
      installation: { id: 'i-1', prefix: 'k-' },
      provision: { storageClasses: { '*': 'any' }, zones: {}, images: 'starrocks' },
      frontends,
      clock: systemClock(),
      log: silentLogger(),
      reach,
    })
    cleanUp(t, async () => {
      await outage
      await substrate.close()
    })
    /** As the reconciler does it: what fails is tried again. */
    const brought = async (
      act: (it: Substrate) => Promise<void>,
      done: (seen: Seen) => boolean,
    ): Promise<Seen> => {
      changes++
      requests = 0
      for (let look = 0; look < LOOKS; look++) {
        await act(substrate).catch(() => {})
        const seen = await substrate.observe('c-1').catch(() => undefined)
        if (seen && done(seen) && requests > (PLACES[changes - 1] ?? 0)) {
          await outage
          assert.equal(outages, changes)
          return seen
        }
        await pause(50)
      }
      throw new Error('it never came about')
    }
    const applied = (it: Wanted) =>
      brought(
        (each) => each.apply(it),
        (seen) => isReached(seen, it),
      )
    const uids = () => new Map([...kubelet.pods].map(([pod, { uid }]) => [pod.slice(6), uid]))

    const it = wantedOf({ groups }, 'c-1')
    await applied(it)
    const first = uids()
    assert.deepEqual([...first.keys()].toSorted(), ['sr-be-0', 'sr-be-1', 'sr-fe-0'])

    const restarted = next(it, withRestart(it.spec, { of: 'cluster' }))
    await applied(restarted)
    const second = uids()
    assert.equal(second.size, 3)
    for (const [pod, uid] of second) assert.notEqual(uid, first.get(pod))

    const [, workers] = restarted.spec.groups
    const more = next(
      restarted,
      withNodes(restarted.spec, workers!.id, [sampleNode(workers!.id, 2)]),
    )
    await applied(more)
    const third = uids()
    assert.equal(third.size, 4)
    for (const [pod, uid] of second) assert.equal(third.get(pod), uid)

    const scope = { of: 'group', group: workers!.id } as const
    const larger = next(
      more,
      withSize(more.spec, scope, (was) => ({ ...was, cpu: 8 })),
    )
    await applied(larger)
    const fourth = uids()
    assert.equal(fourth.get('sr-fe-0'), third.get('sr-fe-0'))
    assert.equal(fourth.size, 4)

    const gone = [larger.spec.groups[1]!.nodes[2]!.id]
    const less = next(larger, withoutNodes(larger.spec, gone))
    const isDrained = (seen: Seen) =>
      seenNodes(seen).some(({ id, phase }) => gone.includes(id) && phase === 'drained')
    await brought(async (each) => each.drain?.(less, gone), isDrained)
    await applied(less)
    const fifth = uids()
    assert.deepEqual([...fifth.keys()].toSorted(), ['sr-be-0', 'sr-be-1', 'sr-fe-0'])
    for (const [pod, uid] of fifth) assert.equal(uid, fourth.get(pod))
    // Once each, however often it was asked for.
    assert.deepEqual(statements, ['decommission sr-be-2', 'drop sr-be-2'])
    const claims = await client.list(resources.claim)
    assert.equal(claims.length, 3)

    await brought(
      (each) => each.remove('c-1'),
      ({ present }) => !present,
    )
    assert.equal(kubelet.pods.size, 0)
    const left = (await client.list(resources.namespace)).map(({ metadata }) => metadata.name)
    assert.ok(!left.some((name) => name.startsWith('k-')), left.join())
    assert.equal((await ask('GET', '/api/v1/namespaces/k-c-1')).status, 404)
    assert.equal(changes, PLACES.length)
  },
)

function recorded(frontends: Frontends, statements: string[]): Frontends {
  return {
    ...frontends,
    async change(access, verb, member) {
      await frontends.change(access, verb, member)
      statements.push(`${verb} ${member.host.split('.')[0]}`)
    },
  }
}
