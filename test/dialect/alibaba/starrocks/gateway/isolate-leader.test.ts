import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('the leader leaves the default gateway, and comes back', async (t) => {
  const it = await startAccess(t)
  const shown = async () => [
    (await it.describe()).IsolateLeader,
    (await it.gateways())[0]?.['FeNodeNumber'],
  ]
  assert.equal(await it.change('IsolateLeader', { IsolateLeader: true }), 'gateway_updating')
  assert.deepEqual(await shown(), [true, 2])
  const again = await it.refused('IsolateLeader', { IsolateLeader: true })
  assert.match(again, /isolate leader is true already/)
  // One has to stay for the clients of the default gateway.
  const add = { GatewayName: 'reports', FeNodeNumber: 2 }
  assert.match(await it.refused('AddGateway', add), /available number of nodes exceed/)
  await it.change('IsolateLeader', { IsolateLeader: false })
  assert.deepEqual(await shown(), [false, 3])
})

test('a leader without others keeps taking clients', async (t) => {
  const it = await startAccess(t)
  await it.change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 2 })
  assert.match(
    await it.refused('IsolateLeader', { IsolateLeader: true }),
    /^InvalidParams .*no frontend beside the leader/,
  )
})
