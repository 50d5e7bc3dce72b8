import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

test('changes of time, paces and faults are remembered with what they said, and each call that met a fault; nothing else is', async (t) => {
  const { port } = await startCloud(t)
  const rows = async () => (await askAdmin(port, 'history')).body.history
  assert.deepEqual(await rows(), [])
  const fault = { dependency: 'block-storage', mode: 'service', times: 1 }
  await askAdmin(port, 'faults', { method: 'PUT', body: fault })
  assert.equal((await askAdmin(port, 'faults', { method: 'PUT', body: {} })).status, 400)
  const { code, response } = await ask({ port }, 'CreateInstance', sampleCreateRequest())
  assert.equal(code, 'InternalError.CbsError')
  await askAdmin(port, 'clock', { method: 'POST', body: { advanceMs: 60_000 } })
  const account = { account: '1000000000000001', name: 'alice' }
  await askAdmin(port, 'users', { method: 'POST', body: account })
  const found = await rows()
  assert.deepEqual(
    found.map(({ what }: { what: string }) => what),
    ['POST /_emrys/clock', 'block-storage', 'PUT /_emrys/faults'],
  )
  assert.deepEqual(found[2].members, fault)
  assert.deepEqual(found[1].members, {
    mode: 'service',
    action: 'CreateInstance',
    requestId: response['RequestId'],
  })
  for (let count = 0; count <= limits.faultHistory; count++)
    await askAdmin(port, 'faults', { method: 'DELETE' })
  assert.equal((await rows()).length, limits.faultHistory)
})
