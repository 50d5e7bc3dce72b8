import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../src/dialect/alibaba/actions.ts'
import { action } from '../../../../src/dialect/alibaba/starrocks/action.ts'

test('product, version and permission are those of the service', () => {
  for (const { name, product, version, permission } of actions)
    assert.deepEqual(
      { product, version, permission },
      { product: 'starrocks', version: '2022-10-19', permission: { action: `sr:${name}` } },
    )
})

test('an action that the service does not declare cannot be built', () => {
  assert.throws(
    () =>
      action({
        name: 'DescribeNothing',
        input: {},
        output: {},
        faults: [],
        run: () => Promise.resolve({}),
      }),
    /has no action DescribeNothing/,
  )
})
