import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../src/dialect/tencent/actions.ts'
import { services } from '../../../../src/dialect/tencent/service.ts'

test('product, version and permission are those of the service, and no action has a path', () => {
  for (const action of actions) {
    const service = services.find((each) => each.name === action.product)
    assert.equal(action.version, service?.version)
    assert.deepEqual(action.permission, { action: `${action.product}:${action.name}` })
    assert.equal(action.route, undefined)
  }
  assert.ok(actions.filter(({ product }) => product === 'emr').length >= 13)
})
