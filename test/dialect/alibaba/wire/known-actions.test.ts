import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionsAt, knownActions } from '../../../../src/dialect/alibaba/wire/known-actions.ts'

test('there are 95 actions on 94 paths, and only tagging shares one', () => {
  assert.equal(knownActions.length, 95)
  assert.equal(new Set(knownActions.map(({ path }) => path)).size, 94)
  assert.deepEqual(
    actionsAt('/webapi/tags').map(({ name, method }) => `${method} ${name}`),
    ['POST TagResources', 'DELETE UnTagResources'],
  )
  assert.deepEqual(
    knownActions.filter(({ method }) => method === 'GET').map(({ name }) => name),
    ['DescribeResourceConstraints'],
  )
  assert.deepEqual(actionsAt('/webapi/nothing'), [])
})
