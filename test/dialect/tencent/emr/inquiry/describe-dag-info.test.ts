import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

test('a query that never ran has no plan', async (t) => {
  const it = await startEmr(t)
  const request = { InstanceId: undefined, InstanceID: it.id, Type: 'STARROCKS', IDList: ['q-1'] }
  const answer = await it.answer('DescribeDAGInfo', request)
  assert.deepEqual([answer['TotalCount'], answer['DAGInfoList']], [0, []])
  await it.refused('DescribeDAGInfo', [
    [{ ...request, Type: 'HIVE' }, 'InvalidParameterValue', '`Type`'],
    [{ ...request, IDList: ['a', 'b'] }, 'InvalidParameterValue', '`IDList`'],
    [{ ...request, InstanceID: 'emr-0' }, 'InvalidParameter.InvalidClusterId', 'emr-0'],
  ])
})
