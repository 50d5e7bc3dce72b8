import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { componentOf } from '../../../../src/dialect/tencent/catalogue/component.ts'
import {
  offeredBy,
  onSale,
  productOf,
  supportsKerberos,
} from '../../../../src/dialect/tencent/catalogue/product.ts'
import type { Product, Variant } from '../../../../src/dialect/tencent/catalogue/schema.ts'
import { parseSoftware } from '../../../../src/dialect/tencent/catalogue/software.ts'

const basis = ['hdfs', 'yarn', 'zookeeper', 'knox']

function product(id: number): Product {
  const found = productOf(id)
  assert.ok(found)
  return found
}

function parse(
  id: number,
  list: readonly string[],
  more: { variant?: Variant; security?: boolean } = {},
) {
  const { variant = 'default', security = false } = more
  return parseSoftware({ list, product: product(id), variant, security })
}

function labels(id: number, list: readonly string[]) {
  const result = parse(id, list)
  assert.ok(result.ok, JSON.stringify(result))
  return result.chosen.map((one) => one.label)
}

function spark(id: number, item: string) {
  return labels(id, [...basis, item]).at(-1)
}

function problem(...given: Parameters<typeof parse>) {
  const result = parse(...given)
  assert.ok(!result.ok)
  return result.problem
}

test('every product of both windows takes its own mandatory set, named in full or bare', () => {
  for (const id of new Set([...onSale('seed'), ...onSale('current')])) {
    const { mandatory, components } = product(id)
    const full = mandatory.map((name) => `${name}-${components[name]}`)
    assert.deepEqual(labels(id, full), full)
    assert.deepEqual(labels(id, mandatory), full)
  }
})

test('every product takes everything it offers at once', () => {
  for (const id of onSale('seed')) {
    const all = [...offeredBy(product(id)).values()].filter((one) => one.component !== 'kerberos')
    const names = all.map((one) => `${one.name}-${one.version}`)
    assert.deepEqual(labels(id, names), names)
  }
})

test('line ends, spaces, case and the bundle name of the official example are understood', () => {
  assert.deepEqual(labels(4, ['hadoop-2.8.4\n', ' ZooKeeper-3.4.9', 'KNOX\r\n']), [
    'hdfs-2.8.4',
    'yarn-2.8.4',
    'zookeeper-3.4.9',
    'knox-1.2.0',
  ])
})

test('a component is found by its other names and answered in the spelling of the release', () => {
  assert.equal(spark(20, 'spark-3.0.0'), 'spark_hadoop2.8-3.0.0')
  assert.equal(spark(20, 'spark_hadoop2.8-3.0.0'), 'spark_hadoop2.8-3.0.0')
  assert.equal(spark(29, 'spark_hadoop2.8'), 'spark-3.0.0')
  assert.equal(spark(20, 'trino-332'), 'prestosql-332')
})

test('each problem is named with its facts', () => {
  assert.deepEqual(problem(20, []), { problem: 'empty' })
  for (const item of ['', '\n', 'hive-', 'hive--2.3.7', '-2.3.7', 'hive 2.3.7', 'hive-x', '数据']) {
    assert.equal(problem(20, [...basis, item]).problem, 'unparsable', item)
  }
  assert.deepEqual(problem(20, [...basis, 'cobol-74']), {
    problem: 'unknown-component',
    component: 'cobol',
  })
  const foreign = problem(20, [...basis, 'clickhouse'])
  assert.equal(foreign.problem, 'not-in-product')
  assert.ok('allowed' in foreign && foreign.allowed.includes('spark_hadoop2.8'))
  assert.deepEqual(problem(20, [...basis, 'hive-2.3.8']), {
    problem: 'wrong-version',
    component: 'hive',
    version: '2.3.8',
    allowed: '2.3.7',
  })
  assert.deepEqual(problem(20, [...basis, 'hive', 'Hive-2.3.7']), {
    problem: 'duplicate',
    component: 'hive',
  })
  assert.deepEqual(problem(20, ['hadoop', ...basis]), { problem: 'duplicate', component: 'hdfs' })
  assert.deepEqual(problem(20, ['hadoop', 'hive']), {
    problem: 'mandatory-missing',
    missing: ['zookeeper-3.6.1', 'knox-1.2.0'],
  })
  assert.deepEqual(problem(20, [...basis, 'impala']), {
    problem: 'dependency-unmet',
    component: 'impala',
    missing: 'hive',
  })
})

test('two components that exclude each other conflict, were a release to offer both', () => {
  const both = { ...product(20), components: { ...product(20).components, presto: '0.228' } }
  const list = [...basis, 'presto', 'prestosql']
  const result = parseSoftware({ list, product: both, variant: 'default', security: false })
  assert.deepEqual(result.ok ? undefined : result.problem, {
    problem: 'conflict',
    component: 'presto',
    other: 'prestosql',
  })
})

test('the documented order decides between several problems, whatever the order of the list', () => {
  const faulty = [
    ['hive-', 'unparsable'],
    ['cobol', 'unknown-component'],
    ['clickhouse', 'not-in-product'],
    ['hive-9', 'wrong-version'],
    ['yarn', 'duplicate'],
    ['impala', 'mandatory-missing'],
  ] as const
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }), (picked) => {
      const list = ['hdfs', 'yarn', ...picked.flatMap((at) => faulty[at]?.[0] ?? [])]
      const first = faulty[Math.min(...picked)]
      assert.equal(problem(20, list).problem, first?.[1])
    }),
  )
})

test('Kerberos comes by the security flag and cannot be named', () => {
  const secured = parse(20, basis, { security: true })
  assert.ok(secured.ok)
  assert.equal(secured.chosen.at(-1)?.label, 'kerberos-1.15.0')
  assert.equal(problem(20, [...basis, 'kerberos']).problem, 'security-only')
  assert.equal(problem(20, [...basis, 'krb5'], { security: true }).problem, 'security-only')
  assert.equal(supportsKerberos(product(11)), false)
})

test('the platform own components cannot be chosen', () => {
  assert.ok(componentOf('filebeat'))
  assert.equal(problem(20, [...basis, 'filebeat-7.2.0']).problem, 'unknown-component')
})

test('a ZooKeeper cluster takes ZooKeeper and nothing else', () => {
  const alone = parse(37, ['zookeeper-3.6.3'], { variant: 'zookeeper' })
  assert.ok(alone.ok)
  assert.deepEqual(
    alone.chosen.map((one) => one.label),
    ['zookeeper-3.6.3'],
  )
  assert.deepEqual(problem(37, ['zookeeper', 'hdfs'], { variant: 'zookeeper' }), {
    problem: 'no-place',
    component: 'hdfs',
    allowed: ['zookeeper'],
  })
})

test('whatever is sent, the answer is a problem or components of the product with their versions', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'hdfs',
      'yarn',
      'zookeeper-3.6.1',
      'knox',
      'hadoop',
      'hive-2',
      'Tez\n',
      '__proto__',
    ),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), (list) => {
      const result = parse(20, list)
      if (!result.ok) return
      const { components } = product(20)
      for (const { name, version, label } of result.chosen) {
        assert.equal(components[name], version)
        assert.equal(label, `${name}-${version}`)
      }
    }),
  )
})
