import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentKinds } from '../../../../../src/domain/cluster/incident.ts'
import { diagnose, failNode } from '../../../../support/fixture/alibaba-event.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('there is a name for each kind that is recorded, for an instance and for all', async (t) => {
  const it = await startInstance(t)
  const { body } = await it.call('DescribeEventNames', { query: { InstanceId: it.id } })
  assert.equal(new Set(body.Data).size, incidentKinds.length)
  assert.equal(body.Total, incidentKinds.length)
  assert.deepEqual((await it.call('DescribeEventNames', {})).body.Data, body.Data)
  const [node] = (await it.group('CN')).NodeInfo
  await failNode(it, node.NodeId, 'end')
  const [row] = await diagnose(it, { Dimension: 'node_analysis' })
  assert.ok(body.Data.includes(row.ItemName), 'what is recorded has one of these names')
})

test('an instance that is not there has none', async (t) => {
  const it = await startInstance(t)
  const { code } = await it.refusal('DescribeEventNames', { InstanceId: 'c-0' })
  assert.equal(code, 'Instance.NotFound')
})
