import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkCounts,
  nodeRuleOf,
  sceneOf,
  scenes,
  variantOf,
} from '../../../../src/dialect/tencent/catalogue/node-rule.ts'
import { onSale, productOf } from '../../../../src/dialect/tencent/catalogue/product.ts'
import type { Variant } from '../../../../src/dialect/tencent/catalogue/schema.ts'

function hadoop(ha: boolean, counts: Record<string, number>, variant: Variant = 'default') {
  return checkCounts({ class: 'hadoop', variant, ha, counts })
}

type Base = Parameters<typeof nodeRuleOf>[0]

function rule(...given: Parameters<typeof hadoop>) {
  const problem = hadoop(...given)
  return problem?.problem === 'count' ? [problem.role, problem.rule] : problem?.problem
}

test('the smallest Hadoop clusters with and without HA are accepted', () => {
  assert.equal(hadoop(false, { master: 1, core: 2 }), undefined)
  assert.equal(hadoop(true, { master: 2, core: 3, common: 3 }), undefined)
  assert.equal(hadoop(true, { master: 3, core: 3, common: 3 }, 'kudu'), undefined)
  assert.equal(hadoop(true, { common: 5 }, 'zookeeper'), undefined)
})

test('one too few, one too many and the wrong parity are refused by role and rule', () => {
  assert.deepEqual(rule(false, { master: 2, core: 2 }), ['master', 'exact'])
  assert.deepEqual(rule(false, { master: 1, core: 1 }), ['core', 'min'])
  assert.deepEqual(rule(false, { master: 1, core: 21 }), ['core', 'max'])
  assert.deepEqual(rule(false, { master: 1, core: 2, task: 21 }), ['task', 'max'])
  assert.deepEqual(rule(false, { master: 1, core: 2, common: 3 }), ['common', 'exact'])
  assert.deepEqual(rule(true, { master: 1, core: 3, common: 3 }), ['master', 'exact'])
  assert.deepEqual(rule(true, { master: 2, core: 3, common: 2 }), ['common', 'min'])
  assert.deepEqual(rule(true, { master: 2, core: 3, common: 3 }, 'kudu'), ['master', 'exact'])
  assert.deepEqual(rule(true, { common: 4 }, 'zookeeper'), ['common', 'odd'])
  assert.deepEqual(rule(true, { common: 1 }, 'zookeeper'), ['common', 'min'])
  assert.deepEqual(rule(true, { common: 3, core: 1 }, 'zookeeper'), ['core', 'exact'])
  assert.deepEqual(rule(false, { master: 1, core: -1 }), ['core', 'min'])
})

test('Kudu and the ZooKeeper scene ask for HA', () => {
  for (const variant of ['kudu', 'zookeeper'] as const) {
    assert.deepEqual(hadoop(false, { common: 3 }, variant), { problem: 'ha-required', variant })
  }
})

test('a ClickHouse cluster with HA has replica pairs, a Doris cluster three frontends', () => {
  const counts = { core: 3, common: 3 }
  const odd = checkCounts({ class: 'clickhouse', variant: 'default', ha: true, counts })
  assert.equal(odd?.problem === 'count' && odd.rule, 'even')
  const few = checkCounts({
    class: 'doris',
    variant: 'default',
    ha: true,
    counts: { master: 2, core: 3 },
  })
  assert.deepEqual(few, {
    problem: 'count',
    role: 'master',
    rule: 'min',
    actual: 2,
    min: 3,
    max: 20,
  })
})

test('every product on sale has its rules with and without HA, and its minimum passes them', () => {
  for (const id of [...onSale('seed'), ...onSale('current')]) {
    const product = productOf(id)
    assert.ok(product)
    for (const ha of [false, true]) {
      const base: Base = { class: product.class, variant: 'default', ha }
      const found = nodeRuleOf(base)
      assert.ok(found, product.version)
      const counts = Object.fromEntries(
        Object.entries(found.counts).map(([role, range]) => [role, range.min]),
      )
      assert.equal(checkCounts({ ...base, counts }), undefined)
    }
  }
})

test('a class that has no nodes of its own says so', () => {
  assert.deepEqual(checkCounts({ class: 'tke', variant: 'default', ha: false, counts: {} }), {
    problem: 'class-without-nodes',
    class: 'tke',
  })
})

test('scenes are found in any case and decide the rules together with the components', () => {
  assert.equal(sceneOf('HADOOP-Hbase')?.name, 'Hadoop-Hbase')
  assert.equal(sceneOf('Hadoop-Spark'), undefined)
  assert.equal(new Set(scenes.map((scene) => scene.name)).size, 5)
  assert.equal(variantOf(undefined, ['hdfs']), 'default')
  assert.equal(variantOf(sceneOf('Hadoop-Default'), ['hdfs', 'kudu']), 'kudu')
  assert.equal(variantOf(sceneOf('Hadoop-Kudu'), []), 'kudu')
  assert.equal(variantOf(sceneOf('Hadoop-Zookeeper'), ['zookeeper', 'kudu']), 'zookeeper')
})

test('what is accepted lies within the limits that a refusal would name', () => {
  const count = fc.integer({ min: -2, max: 24 })
  fc.assert(
    fc.property(
      fc.record({ master: count, core: count, task: count, common: count }),
      fc.boolean(),
      (counts, ha) => {
        const problem = hadoop(ha, counts)
        if (problem?.problem === 'count') {
          assert.ok(problem.actual < problem.min || problem.actual > problem.max)
          return
        }
        assert.equal(counts.master, ha ? 2 : 1)
        assert.ok(counts.core >= (ha ? 3 : 2) && counts.core <= 20)
        assert.ok(ha ? counts.common >= 3 : counts.common === 0)
      },
    ),
  )
})
