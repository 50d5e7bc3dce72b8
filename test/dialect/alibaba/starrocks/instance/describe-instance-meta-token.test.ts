import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { alibabaClient, createBody } from '../../../../support/http/alibaba-client.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/

test('the token of an instance is its own, the same each time, also after a restart, and kept nowhere', async (t) => {
  const it = await startInstance(t)
  const { body } = await it.send('DescribeInstanceMetaToken')
  assert.match(body.Data, UUID)
  assert.equal(body.Total, 1)
  const created = await it.call('CreateInstanceV1', { body: createBody() })
  const other = { InstanceId: String(created.body.Data.InstanceId) }
  assert.notEqual((await it.send('DescribeInstanceMetaToken', other)).body.Data, body.Data)
  assert.equal(
    (await it.refusal('DescribeInstanceMetaToken', { InstanceId: 'c-0' })).code,
    'Instance.NotFound',
  )
  const { dataDir } = it.cloud
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = join(dataDir, name)
    if (statSync(file).isFile()) assert.ok(!readFileSync(file).includes(body.Data), file)
  }
  await it.cloud.close()
  const again = await startCloud(t, { dataDir })
  const call = alibabaClient(again.port)
  const later = await call('DescribeInstanceMetaToken', { query: { InstanceId: it.id } })
  assert.equal(later.body.Data, body.Data)
})
