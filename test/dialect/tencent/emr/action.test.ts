import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../src/dialect/tencent/actions.ts'

test('product, version and permission are those of the service, and no action has a path', () => {
  for (const { name, product, version, permission, route } of actions)
    assert.deepEqual(
      { product, version, permission, route },
      {
        product: 'emr',
        version: '2019-01-03',
        permission: { action: `emr:${name}` },
        route: undefined,
      },
    )
})
