/**
 * What a Kubernetes cluster does not allow, and what keeps pods from running, is shown as a problem in its words, at once, and after a
 * while as one that persists; what runs continues, and heals.
 */
import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withConfiguration, withNodes, withRestart } from '../../src/domain/cluster/spec.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { Seen, GroupProblem } from '../../src/substrate/port.ts'
import { sampleGroup, sampleNode } from '../support/fixture/sample.ts'
import {
  isReached,
  next,
  removed,
  start,
  until,
  wantedOf,
  type Subject,
} from '../substrate/subject.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import type { PodFault } from './kubelet.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startWebhook } from './webhook.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const world = skip === false ? await startWorld(ending) : undefined
const webhook =
  world &&
  (await startWebhook(ending, world.ask, [
    { group: '', resource: 'namespaces' },
    { group: 'starrocks.com', resource: 'starrocksclusters' },
  ]))

const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 1), role: 'be' },
]
const MINUTE_MS = 60_000

function problemIn({ groups: found }: Seen): GroupProblem | undefined {
  return found.flatMap(({ problem }) => problem ?? [])[0]
}

async function unhealthy(
  subject: Subject,
  is: (problem: GroupProblem) => boolean = () => true,
): Promise<{ readonly seen: Seen; readonly problem: GroupProblem }> {
  const seen = await until(subject, 'c-1', (now) => {
    const problem = problemIn(now)
    return problem !== undefined && is(problem)
  })
  return { seen, problem: problemIn(seen)! }
}

function begin(t: TestContext) {
  assert.ok(world && webhook)
  const clock = systemClock()
  const { access, ask, kubelet, client } = world
  const subject = kubernetesSubject(t, access, kubelet, { clock })
  t.after(() => {
    kubelet.fail(() => undefined)
    webhook.refuse(undefined)
  })
  return { subject, clock, ask, kubelet, client, webhook, it: wantedOf({ groups }, 'c-1') }
}

const options = { skip, timeout: 600_000 }

test('a quota that is exceeded', options, async (t) => {
  const { subject, ask, it } = begin(t)
  await start(subject, it)
  const quotas = `/api/v1/namespaces/${subject.namespaceOf('c-1')}/resourcequotas`
  const made = await ask('POST', quotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few' },
    spec: { hard: { configmaps: '1' } },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const file = { service: 's', version: '1', file: 'FE', properties: { a: 'b' } }
  const changed = next(it, withConfiguration(it.spec, [file]))
  await subject.substrate.apply(changed)
  const { seen, problem } = await unhealthy(subject, ({ persists }) => persists)
  assert.equal(problem.kind, 'refused')
  assert.match(problem.reason, /exceeded quota: few/)
  assert.ok(seen.answering)
  assert.equal((await ask('DELETE', `${quotas}/few`)).status, 200)
  await subject.substrate.apply(changed)
  await until(subject, 'c-1', (now) => isReached(now, changed))
})

test(
  'a policy that refuses a change: what runs continues, also as it was before',
  options,
  async (t) => {
    const { subject, webhook: policy, it } = begin(t)
    const before = await start(subject, it)
    policy.refuse({ kind: 'StarRocksCluster', words: 'two back ends are one too many' })
    const more = next(it, withNodes(it.spec, 'c-1-b', [sampleNode('c-1-b', 1)]))
    await subject.substrate.apply(more)
    const { seen, problem } = await unhealthy(subject)
    assert.ok(problem.persists && seen.answering)
    assert.match(problem.reason, /policy\.example\.com.*two back ends are one too many/)
    policy.refuse(undefined)
    const back = { ...it, spec: { ...it.spec, generation: 3 } }
    await subject.substrate.apply(back)
    const later = await until(subject, 'c-1', (now) => isReached(now, back))
    assert.deepEqual(later.groups, before.groups)
  },
)

test(
  'a policy that refuses the namespace: said though nothing is there, and nothing is left',
  options,
  async (t) => {
    const { subject, webhook: policy, client, it } = begin(t)
    policy.refuse({ kind: 'Namespace', words: 'a cost centre is missing' })
    await subject.substrate.apply(it)
    const { seen, problem } = await unhealthy(subject)
    assert.ok(problem.persists && !seen.present)
    assert.match(problem.reason, /a cost centre is missing/)
    const name = subject.namespaceOf('c-1')
    assert.equal(await client.find({ type: resources.namespace, name }), undefined)
    policy.refuse(undefined)
    await start(subject, it)
    policy.refuse({ kind: 'Namespace', words: 'a cost centre is missing' })
    const again = next(it, withRestart(it.spec, { of: 'cluster' }))
    await subject.substrate.apply(again)
    assert.match((await unhealthy(subject)).problem.reason, /a cost centre is missing/)
    policy.refuse(undefined)
    await start(subject, again)
    await removed(subject, 'c-1')
  },
)

test('a policy that nobody answers for holds up for as long as that lasts', options, async (t) => {
  const { subject, ask, client, it } = begin(t)
  const place = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
  const made = await ask('POST', place, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'absent' },
    webhooks: [
      {
        name: 'absent.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        timeoutSeconds: 1,
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [
          {
            apiGroups: ['starrocks.com'],
            apiVersions: ['*'],
            resources: ['starrocksclusters'],
            operations: ['CREATE'],
          },
        ],
      },
    ],
  })
  assert.equal(made.status, 201)
  const metadata = { name: 'probe', namespace: 'default' }
  const probe = { apiVersion: 'starrocks.com/v1', kind: 'StarRocksCluster', metadata, spec: {} }
  /** New webhooks, and their end, take the API server a moment. */
  const isHeld = () =>
    client.apply(probe, { dryRun: true }).then(
      () => false,
      () => true,
    )
  while (!(await isHeld())) await pause(50)
  await assert.rejects(subject.substrate.apply(it), /absent\.example\.com/)
  assert.equal(problemIn(await subject.substrate.observe('c-1'))?.persists ?? false, false)
  assert.equal((await ask('DELETE', `${place}/absent`)).status, 200)
  while (await isHeld()) await pause(50)
  await start(subject, it)
})

/** As the kubelet and the scheduler say it, and how long waiting is taken to be of use. */
const faults: Readonly<
  Record<string, { readonly fault: PodFault; readonly of: RegExp; readonly minutes: number }>
> = {
  'an image that cannot be had': {
    fault: { kind: 'image', message: 'Back-off pulling image "starrocks/be-ubuntu:1": not found' },
    of: /^sr-be-0: ImagePullBackOff, Back-off pulling image "starrocks\/be-ubuntu:1": not found$/,
    minutes: 5,
  },
  'a process that ends again and again': {
    fault: { kind: 'crash', message: 'back-off 5m0s restarting failed container=be' },
    of: /^sr-be-0: CrashLoopBackOff, back-off 5m0s restarting failed container=be$/,
    minutes: 10,
  },
  'a pod that finds no machine': {
    fault: { kind: 'place', message: '0/3 nodes are available: 3 Insufficient memory.' },
    of: /^sr-be-0 finds no machine: 0\/3 nodes are available: 3 Insufficient memory\.$/,
    minutes: 15,
  },
}

for (const [name, { fault, of, minutes }] of Object.entries(faults))
  test(
    `${name}: its reason at once, given up after ${minutes} minutes, well when it is`,
    options,
    async (t) => {
      const { subject, clock, kubelet, it } = begin(t)
      kubelet.fail(({ metadata }) => (metadata.name === 'sr-be-0' ? fault : undefined))
      await subject.substrate.apply(it)
      const { seen, problem } = await unhealthy(subject, ({ reason }) => of.test(reason))
      assert.deepEqual(
        { persists: problem.persists, answering: seen.answering },
        { persists: false, answering: false },
      )
      clock.advance((minutes - 1) * MINUTE_MS)
      assert.equal(problemIn(await subject.substrate.observe('c-1'))?.persists, false)
      clock.advance(2 * MINUTE_MS)
      const late = await unhealthy(subject, ({ persists }) => persists)
      assert.match(late.problem.reason, of)
      kubelet.fail(() => undefined)
      await until(subject, 'c-1', (now) => isReached(now, it))
    },
  )
