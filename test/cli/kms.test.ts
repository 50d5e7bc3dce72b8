/** `emrys kms`, as whoever runs a server uses it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { emrys } from '../support/process/emrys-command.ts'
import { TOKEN, transitServer } from '../support/http/transit-server.ts'

const WHERE = ['--region', 'cn-hangzhou']
const account = '1000000000000001'

test('a key is created, listed, disabled and deleted', async (t) => {
  const cloud = await startCloud(t)
  const settings = { EMRYS_URL: cloud.url, EMRYS_ACCOUNT: account }
  const run = (...args: string[]) => emrys(t, ['kms', ...args], settings)
  assert.match((await run('list')).out, /^no keys; one is created when it is first used/)
  const add = await run('add', 'key-1', ...WHERE, '--description', 'for tests')
  assert.equal(add.out, 'key key-1: created in cn-hangzhou\n')
  assert.equal((await run('disable', 'key-1', ...WHERE)).out, 'key key-1: disabled\n')
  const locked = await run('rotate', 'key-1', ...WHERE)
  assert.match(locked.err, /the key key-1 is disabled/)
  await run('enable', 'key-1', ...WHERE)
  assert.equal((await run('rotate', 'key-1', ...WHERE)).out, 'key key-1: rotated\n')
  await run('disable', 'key-1', ...WHERE)
  const listed = await run('list')
  assert.match(listed.out, /KEY +ACCOUNT +REGION +STATE +ORIGIN +CREATED\nkey-1 .* disabled +made /)
  const [row] = (await run('list', '--json')).out.split('\n')
  assert.equal((JSON.parse(row ?? '') as { description: string }).description, 'for tests')
  await run('add', 'key-2', '--region', 'cn-shanghai')
  const near = await run('disable', 'key', ...WHERE)
  assert.deepEqual([near.out, near.err], ['key key-1: disabled\n', 'key is key-1\n'])
  assert.equal((await run('delete', 'key-1', ...WHERE)).out, 'key key-1: deleted\n')
  const back = await run('enable', 'key-1', ...WHERE)
  assert.equal(back.code, 1)
  assert.match(back.err, /is deleted, and its material is gone/)
})

test('keys that Vault or OpenBao keeps are administered there', async (t) => {
  const vault = await transitServer(t)
  const more = { mount: 'transit', namespace: '', token: TOKEN, tokenFile: '', caFile: '' }
  const keyService = { driver: 'transit', address: vault.address, ...more } as const
  const cloud = await startCloud(t, { config: { keyService } })
  const { code, err } = await emrys(t, ['kms', 'list'], { EMRYS_URL: cloud.url })
  assert.equal(code, 1)
  assert.match(err, /the key service is transit: its keys are administered there/)
})
