import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logger } from '../../../../../src/kernel/log.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { alibabaClient, refusalOf } from '../../../../support/http/alibaba-client.ts'

const PASSWORD = 'Another#1234'

test('a new password is a change of its own, which history has no word for', async (t) => {
  const it = await startInstance(t)
  const before = await it.document()
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:60')
  assert.equal((await it.send('ModifyUserPassword', { Password: PASSWORD })).body.Data, true)
  await it.cloud.settle()
  const after = await it.document()
  assert.equal((await it.describe()).InstanceStatus, 'running')
  assert.notEqual(after.secrets['adminPassword'], before.secrets['adminPassword'])
  assert.equal(after.status.observedGeneration, before.status.observedGeneration + 1)
  assert.deepEqual(
    (await it.history()).map(({ OperationType }) => OperationType),
    ['create_cluster'],
  )
})

test('it is refused by the rules of a creation, and while something else is under way', async (t) => {
  const it = await startInstance(t)
  const code = async (query: Record<string, string>) =>
    (await it.refusal('ModifyUserPassword', query)).code
  assert.equal(await code({ Password: 'short' }), 'InvalidParams')
  assert.equal(await code({ Password: 'alllowercase' }), 'InvalidParams')
  assert.equal(await code({}), 'MissingPassword')
  assert.equal(await code({ Password: PASSWORD, InstanceId: 'c-0' }), 'Instance.NotFound')
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  assert.equal(await code({ Password: PASSWORD }), 'OperationDenied.InstanceStatus')
})

test('it stands in a query and yet in no log, file or answer, refused or not', async (t) => {
  const heard: string[] = []
  const log = logger('debug', { write: (line) => heard.push(line) })
  const it = await startInstance(t, { cloud: { log } })
  const query = { InstanceId: it.id, Password: PASSWORD }
  heard.push(JSON.stringify((await it.send('ModifyUserPassword', query)).body))
  await it.cloud.settle()
  for (const signature of ['v3', 'v2'] as const) {
    const stranger = alibabaClient(it.cloud.port, { secret: 'wrong', signature })
    const refused = await refusalOf(stranger('ModifyUserPassword', { query }))
    assert.equal(refused.code, 'SignatureDoesNotMatch')
    heard.push(refused.message, JSON.stringify(refused.data))
  }
  const weak = { ...query, Password: `${PASSWORD} ` }
  heard.push((await it.refusal('ModifyUserPassword', weak)).message)
  const files = readdirSync(it.cloud.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(it.cloud.dataDir, name))
    .filter((file) => statSync(file).isFile())
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) {
    for (const text of heard) assert.ok(!text.includes(secret), text)
    for (const file of files) assert.equal(readFileSync(file).includes(secret), false, file)
  }
})
