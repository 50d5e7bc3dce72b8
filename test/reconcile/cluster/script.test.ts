import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manualClock } from '../../../src/kernel/clock.ts'
import { inOrder, scriptMoments, type Script } from '../../../src/domain/script.ts'
import { withNodes } from '../../../src/domain/cluster/spec.ts'
import { plan } from '../../../src/reconcile/cluster/plan.ts'
import { scriptsOf } from '../../../src/reconcile/cluster/script.ts'
import type { Step } from '../../../src/reconcile/cluster/step.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import {
  sampleCluster,
  sampleGroup,
  sampleNode,
  sampleScript,
} from '../../support/fixture/sample.ts'
import { seenOf } from '../../support/fixture/seen.ts'

const groups = [sampleGroup('g-1', 1), sampleGroup('g-2', 2)]

/** Lets the plan drive a simulation until it records an end; what it did, and what ran in which order. */
async function drive(scripts: readonly Script[], failing?: string) {
  const clock = manualClock()
  const world = openWorld(':memory:')
  const pace = { default: { mode: 'time', seconds: 2 } } as const
  const substrate = simulation({ clock, world, progressions: pace })
  if (failing !== undefined) substrate.scriptFaults?.put({ script: failing, exitCode: 3 })
  const cluster = sampleCluster({ id: 'c-1', spec: { groups, scripts } })
  const wanted = { ...cluster, reveal: () => undefined }
  const steps: Step[] = []
  for (let turn = 0; turn < 500; turn++) {
    const seen = await substrate.observe('c-1')
    const step = plan(cluster, {
      seen,
      rollout: 'node',
      drains: true,
      nowMs: clock.now(),
      sinceMs: -Infinity,
    })
    steps.push(step)
    if (step.do === 'record') {
      await substrate.close()
      return { step, steps, runs: seen.runs ?? [] }
    }
    if (step.do === 'wait') clock.advance(step.forMs ?? 1)
    if (step.do === 'run') await substrate.run?.(wanted, step.script, step.nodes)
    if (step.do === 'apply') {
      assert.deepEqual(step.spec, cluster.spec)
      await substrate.apply(step.hold ? { ...wanted, hold: true } : wanted)
    }
  }
  throw new Error(`it never ended: ${JSON.stringify(steps.at(-1))}`)
}

const anyScripts = fc
  .array(fc.record({ moment: fc.constantFrom(...scriptMoments), order: fc.nat(2) }), {
    maxLength: 6,
  })
  .map((members) => members.map((each, at) => sampleScript(`s-${at}`, each)))

test('every script runs once on every node, in order, the engine starting in between', async () => {
  await fc.assert(
    fc.asyncProperty(anyScripts, async (scripts) => {
      const { step, steps, runs } = await drive(scripts)
      assert.deepEqual(step, { do: 'record', event: 'created', reason: '' })
      const expected = inOrder(scripts).flatMap(({ id }) =>
        groups.flatMap((group) => group.nodes.map((node) => `${id} ${node.id}`)),
      )
      assert.deepEqual(
        runs.map(({ script, node }) => `${script} ${node}`),
        expected,
      )
      const started = steps.findIndex((each) => each.do === 'apply' && !each.hold)
      for (const [at, each] of steps.entries())
        if (each.do === 'run')
          assert.equal(at > started, each.script.moment === 'after-start', each.script.moment)
    }),
    { numRuns: 60 },
  )
})

test('a script that fails fails the cluster with its name, its node and its exit code, and no other runs after it', async () => {
  await fc.assert(
    fc.asyncProperty(anyScripts, fc.nat(), async (scripts, nth) => {
      fc.pre(scripts.length > 0)
      const bad = scripts[nth % scripts.length]!
      const { step, runs } = await drive(scripts, bad.uri)
      const reason = `the script ${bad.name} failed on g-1.0 with exit code 3`
      assert.deepEqual(step, { do: 'record', event: 'fail', reason })
      const upTo = inOrder(scripts).indexOf(bad) + 1
      assert.equal(new Set(runs.map(({ script }) => script)).size, upTo)
      assert.ok(
        runs.filter(({ script }) => script === bad.id).every(({ exitCode }) => exitCode === 3),
      )
    }),
    { numRuns: 40 },
  )
})

test('a cluster without scripts is not held back', async () => {
  const { steps } = await drive([])
  assert.ok(steps.every((step) => step.do !== 'run' && !(step.do === 'apply' && step.hold)))
})

test('a change runs its own scripts on the nodes that it adds, as long as it continues', () => {
  const scripts = [sampleScript('s-0'), sampleScript('s-1', { moment: 'after-start' })]
  const cluster = changingCluster(changeActions['scale-out'], {
    cluster: { spec: { groups, scripts: [sampleScript('old')] } },
    next: (was) => withNodes(was, 'g-2', [sampleNode('g-2', 2)]),
    change: { scripts },
  })
  const seen = seenOf(cluster.spec)
  const run = { script: 's-0', order: 1, startedMs: 0 }
  const nodes = ['g-2-2']
  assert.deepEqual(scriptsOf(cluster, seen), {
    early: { script: scripts[0], nodes },
    late: { script: scripts[1], nodes },
    broken: undefined,
  })
  const failed = { ...run, node: 'g-2-2', phase: 'failed', exitCode: 3 } as const
  const after = (more: object) => scriptsOf(cluster, { ...seen, runs: [{ ...failed, ...more }] })
  assert.equal(after({}).broken, 'the script s-0.sh failed on g-2.2 with exit code 3')
  assert.equal(after({ node: 'g-2-1' }).broken, undefined)
  assert.equal(after({ phase: 'done' }).early, undefined)
  const back = { ...cluster, change: { ...cluster.change!, reverting: 'it failed' } }
  assert.deepEqual(scriptsOf(back, { ...seen, runs: [failed] }), {
    early: undefined,
    late: undefined,
    broken: undefined,
  })
})

test('other changes, and a cluster that comes back, run none', async () => {
  const seen = {
    present: true,
    generation: 1,
    groups: [],
    answering: true,
    endpoints: [],
    runs: [
      { script: 's-0', node: 'n', phase: 'failed', exitCode: 1, order: 1, startedMs: 0 } as const,
    ],
  }
  for (const state of ['changing', 'resuming'] as const) {
    const spec = { groups, scripts: [sampleScript('s-0')] }
    const cluster = sampleCluster({ spec, status: { state } })
    assert.deepEqual(scriptsOf(cluster, seen), {
      early: undefined,
      late: undefined,
      broken: undefined,
    })
  }
})
