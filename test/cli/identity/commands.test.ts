/** The commands about identities, run as a user runs them against a server of the test's own. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { emrys } from '../../support/process/emrys-command.ts'
import { startCloud } from '../../support/fixture/cloud.ts'
import { wires } from '../../support/http/wire.ts'

const ACCOUNT = '1000000000000001'

async function start(t: TestContext) {
  const cloud = await startCloud(t)
  const env = { EMRYS_URL: cloud.url, EMRYS_ACCOUNT: ACCOUNT }
  const run = (...args: string[]) => emrys(t, args, env)
  const done = async (...args: string[]) => {
    const { code, out, err } = await run(...args)
    assert.equal(code, 0, err)
    return out
  }
  return { cloud, run, done }
}

test('a user is created, given a policy and a key, and works until it is disabled', async (t) => {
  const { cloud, done } = await start(t)
  const file = join(cloud.dataDir, 'look.json')
  const [ram] = wires
  writeFileSync(file, ram!.policy([{ effect: 'allow', action: 'sr:Describe*' }]))
  assert.equal(await done('user', 'add', 'alice'), 'user alice: created\n')
  assert.equal(await done('policy', 'add', 'look', file), 'policy look: created\n')
  assert.equal(await done('user', 'attach', 'alice', 'look'), 'user alice: look attached\n')
  const made = await done('key', 'add', '--user', 'alice')
  const [, keyId = '', secret = ''] = /^key id {2}(\S+)\nsecret {2}(\S+)\n$/.exec(made) ?? []
  const send = () => ram!.send(cloud.port, 'DescribeRegions', {}, { key: { keyId, secret } })
  assert.equal((await send()).code, '')
  assert.match(
    await done('user', 'list'),
    /ACCOUNT +NAME +ID +STATUS +POLICIES\n.*alice.*active +look\n/,
  )
  const listed = await done('key', 'list', '--json')
  assert.equal((JSON.parse(listed) as Record<string, unknown>)['id'], keyId)
  assert.ok(!listed.includes(secret))
  assert.equal(await done('key', 'disable', keyId), `key ${keyId}: disabled\n`)
  assert.equal((await send()).code, 'InvalidAccessKeyId.Inactive')
})

test('as much of an id as is unique will do, and what it stands for is printed before it is changed', async (t) => {
  const { run, done } = await start(t)
  await done('user', 'add', 'alice')
  const add = async () =>
    (JSON.parse(await done('key', 'add', '--user', 'alice', '--json')) as { id: string }).id
  const [first, second] = [await add(), await add()]
  const common = [...first].findIndex((sign, at) => sign !== second[at])
  const ambiguous = await run('key', 'remove', first.slice(0, common))
  assert.equal(ambiguous.code, 1)
  assert.match(ambiguous.err, /^emrys: 2 keys begin with \S+; type more of one of them:\n/)
  for (const id of [first, second]) assert.match(ambiguous.err, new RegExp(`\n  ${id}  .*alice\n`))
  const begin = first.slice(0, common + 1)
  const removed = await run('key', 'remove', begin)
  assert.deepEqual(removed, {
    code: 0,
    out: `key ${first}: removed\n`,
    err: `${begin} is ${first}\n`,
  })
  assert.deepEqual(await run('key', 'remove', second), {
    code: 0,
    out: `key ${second}: removed\n`,
    err: '',
  })
  const none = await run('key', 'remove', begin)
  assert.match(
    none.err,
    /none of the keys has an id that begins with .*; `emrys key list` lists them/,
  )
})

test('a role is assumed for a while, and its token ended', async (t) => {
  const { cloud, done } = await start(t)
  await done('role', 'add', 'reader')
  await done('role', 'attach', 'reader', 'ReadOnlyAccess')
  const made = JSON.parse(
    await done('token', 'add', 'reader', '--session', 'night', '--for', '15m', '--json'),
  ) as Record<string, string>
  const { id = '', secret = '', token = '' } = made
  const key = { keyId: id, secret, token }
  const send = () => wires[0]!.send(cloud.port, 'DescribeRegions', {}, { key })
  assert.equal((await send()).code, '')
  assert.match(await done('token', 'list'), /reader +night/)
  await done('token', 'remove', id)
  assert.equal((await send()).code, 'InvalidAccessKeyId.NotFound')
})

test('accounts are created with and without the roles of the service', async (t) => {
  const { done } = await start(t)
  const made = await done('account', 'add', 'tencent', 'team', '--no-service-roles')
  assert.match(made, /^account {2}\d{12}\ntenant {3}\d{10}\n$/)
  const [, account = ''] = /account {2}(\d+)/.exec(made) ?? []
  assert.equal(await done('role', 'list', '--account', account), 'no roles\n')
  assert.match(await done('role', 'list', '--account', '100000000001'), /EMR_QCSRole +service/)
  assert.match(await done('account', 'list'), /team +active/)
  assert.equal(await done('account', 'remove', account), `account ${account}: removed\n`)
})

test('what is refused is one sentence and exit code 1', async (t) => {
  const { cloud, run } = await start(t)
  const file = join(cloud.dataDir, 'bad.json')
  writeFileSync(file, '{"Version":"1"}')
  for (const [args, says] of [
    [['user', 'disable', 'bob'], /there is no user bob/],
    [['policy', 'add', 'p', file], /text is refused: Statement: must be a list/],
    [['policy', 'add', 'p', '/no/such/file'], /the file \/no\/such\/file is not readable/],
    [['policy', 'show', 'none'], /has no policy none/],
    [['token', 'add', 'none', '--session', 'night'], /there is no role none/],
  ] as const) {
    const { code, out, err } = await run(...args)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, says)
    assert.equal(err.trim().split('\n').length, 1)
  }
})

test('policies of the cloud are listed and shown as texts of its language', async (t) => {
  const { done } = await start(t)
  assert.match(await done('policy', 'list', '--system'), /AliyunEMRStarRocksFullAccess/)
  const shown = await done('policy', 'show', 'ReadOnlyAccess')
  assert.equal((JSON.parse(shown) as Record<string, unknown>)['Version'], '1')
  assert.match(await done('policy', 'list'), /^no policies of its own/)
})
