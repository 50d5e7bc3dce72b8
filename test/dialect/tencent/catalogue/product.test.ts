import assert from 'node:assert/strict'
import { test } from 'node:test'
import { componentOf } from '../../../../src/dialect/tencent/catalogue/component.ts'
import {
  checkProduct,
  mandatoryFor,
  offeredBy,
  onSale,
  productOf,
  products,
  supportsKerberos,
} from '../../../../src/dialect/tencent/catalogue/product.ts'

const founding = [1, 2, 4, 7, 9, 11, 13, 15, 16, 17, 19, 20, 22, 24, 25, 26, 27, 28, 29, 30]

function spelling(id: number, name: string) {
  const product = productOf(id)
  return product && offeredBy(product).get(name)?.name
}

test('the twenty products of the founding document are on sale in its window, in its words', () => {
  assert.deepEqual(onSale('seed'), founding)
  assert.deepEqual(
    products.filter((product) => product.seed).map((product) => product.id),
    founding,
  )
  assert.equal(productOf(20)?.version, 'EMR-V2.5.0')
  assert.equal(productOf(24)?.version, 'EMR-TianQiong-V1.0.0')
  assert.equal(productOf(27)?.version, 'KAFKA-V1.0.0')
})

test('today is another window: old releases are gone, newer ones are there', () => {
  assert.deepEqual(onSale('current'), [16, 20, 25, 27, 30, 33, 34, 37, 38, 44, 50, 51, 53, 58])
  assert.equal(checkProduct(4, 'seed'), undefined)
  assert.equal(checkProduct(4, 'current')?.problem, 'not-on-sale')
  assert.equal(checkProduct(53, 'seed')?.problem, 'not-on-sale')
})

test('an offline release stays known, so that its clusters can be read', () => {
  for (const product of products.filter((one) => one.offline)) {
    assert.equal(checkProduct(product.id, 'current')?.problem, 'not-on-sale')
    assert.ok(productOf(product.id))
  }
})

test('an id that no source names is unknown, one without a component table cannot be created', () => {
  for (const id of [0, 5, 6, 10, 14, 23, 46, 81, -1, 1.5, Number.NaN]) {
    const problem = checkProduct(id, 'seed')
    assert.equal(problem?.problem, 'unknown-product')
    assert.deepEqual('allowed' in problem ? problem.allowed : [], founding)
  }
  assert.equal(checkProduct(54, 'current')?.problem, 'contents-unknown')
})

test('no id occurs twice and no two seed products share a version string', () => {
  const ids = products.map((product) => product.id)
  assert.equal(new Set(ids).size, ids.length)
  const versions = founding.map((id) => productOf(id)?.version)
  assert.equal(new Set(versions).size, versions.length)
})

test('every component of every product is a known one, once, and the mandatory set is offered', () => {
  for (const product of products) {
    const offered = offeredBy(product)
    assert.equal(offered.size, Object.keys(product.components).length, product.version)
    for (const component of offered.keys()) assert.ok(componentOf(component), component)
    for (const name of product.mandatory) assert.ok(offered.has(name), product.version)
    assert.equal(product.mandatory.length > 0, product.contents !== 'unknown')
  }
})

test('presto and its successor never come in one product', () => {
  for (const product of products) {
    const offered = offeredBy(product)
    assert.ok(!(offered.has('presto') && offered.has('prestosql')), product.version)
  }
})

test('a release spells a component in its own way under one canonical name', () => {
  assert.equal(spelling(2, 'spark'), 'spark_hadoop2.7')
  assert.equal(spelling(20, 'spark'), 'spark_hadoop2.8')
  assert.equal(spelling(29, 'spark'), 'spark')
  assert.equal(spelling(30, 'prestosql'), 'prestosql')
  assert.equal(spelling(38, 'prestosql'), 'trino')
})

test('EMR-V2.2.1 is EMR-V2.2.0 under another number', () => {
  assert.deepEqual(productOf(15)?.components, productOf(9)?.components)
})

test('Kerberos comes with Hadoop releases from 2.1.0 and 3.0.0 on and with no other class', () => {
  const able = products.filter(supportsKerberos).map((product) => product.id)
  for (const id of [4, 7, 9, 16, 19, 20, 24, 25, 28, 29, 30, 38, 44]) assert.ok(able.includes(id))
  for (const id of [1, 2, 11, 13, 17, 22, 26, 27]) assert.ok(!able.includes(id))
})

test('a ZooKeeper cluster needs ZooKeeper only', () => {
  const product = productOf(37)
  assert.ok(product)
  assert.deepEqual(mandatoryFor(product, 'zookeeper'), ['zookeeper'])
  assert.deepEqual(mandatoryFor(product, 'default'), [
    'hdfs',
    'yarn',
    'zookeeper',
    'knox',
    'openldap',
  ])
})
