/** `emrys fault`, and the environment's file read again, as a user does both. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe } from '../support/process/emrys-command.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

test('a fault is switched on and off, and shown', async (t) => {
  const cloud = await startCloud(t)
  const run = (...args: string[]) => emrys(t, ['fault', ...args], { EMRYS_URL: cloud.url })
  assert.match((await run()).out, /^no fault is switched on\nwhat can fail: account, identity/)
  const on = await run('on', 'trade', '--mode', 'service', '--times', '2', '--action', 'X')
  assert.match(on.out, /DEPENDENCY +MODE.*\ntrade +service +1 +2 +0 ms +X\n/)
  assert.deepEqual(cloud.core.dependencies.switches(), [
    { dependency: 'trade', mode: 'service', probability: 1, times: 2, latencyMs: 0, action: 'X' },
  ])
  assert.equal((await run('off', 'trade')).out, '1 switched off\n')
  for (const wrong of [
    ['on', 'weather'],
    ['on', 'tag', '--times', 'x'],
    ['off', 'weather'],
  ]) {
    const { code, err } = await run(...wrong)
    assert.equal(code, 1)
    assert.match(err, /^emrys: /)
  }
})

test('a simulated node is made to fail, and one that is not there is not', async (t) => {
  const it = await startInstance(t)
  const run = (...args: string[]) =>
    emrys(t, ['fault', 'node', it.id, ...args], { EMRYS_URL: it.cloud.url })
  const node = (await it.document()).spec.groups[0]?.nodes[0]?.id ?? ''
  assert.equal((await run(node, '--as', 'hang')).out, `${node} of ${it.id}: hang\n`)
  await it.cloud.settle()
  const [incident] = (await it.document()).status.incidents ?? []
  assert.deepEqual([incident?.kind, incident?.node], ['node-unresponsive', node])
  assert.match((await run('n-0')).err, /has no node n-0 that runs/)
})

test('a running server reads its environment again on SIGHUP', async (t) => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'environment.yaml')
  const declare = (text: string) => writeFileSync(file, text)
  declare('tencent: { quotas: [{ of: cluster, amount: 0 }] }')
  const args = ['--environment-file', file, '--log-level', 'info']
  const server = await emrysServe(t, join(directory, 'data'), args)
  const asking = { port: Number(new URL(server.url).port) }
  const code = async () => (await ask(asking, 'CreateInstance', sampleCreateRequest())).code
  assert.equal(await code(), 'InternalError.CheckQuotaErr')
  const logged = async (sentence: RegExp) => {
    server.signal('SIGHUP')
    for (let turn = 0; turn < 200 && !sentence.test(server.err()); turn++) await wait(20)
    assert.match(server.err(), sentence)
  }
  declare('tencent: {')
  await logged(/environment file is broken/)
  assert.equal(await code(), 'InternalError.CheckQuotaErr')
  declare('tencent: {}')
  await logged(/environment was read again/)
  assert.equal(await code(), '')
  server.signal('SIGTERM')
  assert.equal((await server.ended).code, 0)
})

test('a server whose environment is broken does not start, and says where', async (t) => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'environment.yaml')
  writeFileSync(file, 'tencent:\n  nets: []\n')
  const args = [
    'serve',
    '--port',
    '0',
    '--data-dir',
    join(directory, 'data'),
    '--environment-file',
    file,
  ]
  const { code, err } = await emrys(t, args)
  assert.equal(code, 1)
  assert.match(err, /environment\.yaml, line 2: tencent has no member nets/)
})
