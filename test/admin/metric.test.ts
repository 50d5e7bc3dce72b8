import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../src/admin/metric.ts'
import type { Store } from '../../src/store/port.ts'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('requests are counted by dialect, action and outcome, and clusters by state, without a name or an id', async (t) => {
  const cloud = await startCloud(t)
  const api = client(cloud.port)
  t.after(() => api.close())
  const body = instanceBody('a-telling-name')
  const made = await api.alibaba('/webapi/cluster/createV1', { body })
  await api.alibaba('/webapi/cluster/createV1', { body: { ...body, Version: '0.1' } })
  await cloud.settle()
  const { type, text } = await askAdmin(cloud.port, 'metrics')
  assert.match(type, /^text\/plain/)
  const line = (outcome: string) =>
    `emrys_requests_total{dialect="alibaba",action="CreateInstanceV1",outcome="${outcome}"} 1`
  assert.ok(text.includes(line('ok')), text)
  assert.ok(text.includes(line('ParametersRefused')))
  assert.match(text, /^emrys_clusters\{product="[^"]+",state="running"\} 1$/m)
  assert.match(text, /^process_resident_memory_bytes \d+$/m)
  const { InstanceId } = made.body['Data'] as { InstanceId: string }
  for (const secret of ['a-telling-name', InstanceId, '1qaz@QAZ']) assert.ok(!text.includes(secret))
})

test('every request is counted once, however many came since the page was asked for', async () => {
  const store = { read: async () => [] } as unknown as Store
  const loop = { counts: () => ({ reconciled: 0, failed: 0, swept: 0, lost: 0 }) }
  const metrics = createMetrics({ store, loop })
  let sent = 0
  for (const count of [1, 2_500, 999, 1]) {
    for (let n = 0; n < count; n++)
      metrics.handled({ dialect: 'tencent', action: 'A', outcome: 'ok', ms: 2 })
    sent += count
    const { text } = await metrics.render()
    const labels = 'dialect="tencent",action="A",outcome="ok"'
    assert.ok(text.includes(`emrys_requests_total{${labels}} ${sent}\n`), text)
    assert.ok(text.includes(`emrys_request_seconds_count{dialect="tencent"} ${sent}\n`))
  }
})
