import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settings } from '../../src/config/setting.ts'
import { client } from '../support/http/client.ts'
import { createBody } from '../support/http/alibaba-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe, startCommand } from '../support/process/emrys-command.ts'

const COMMANDS = ['serve', 'status', 'clusters', 'config', 'pace', 'clock']

test('help shows every command by example, and serve lists every setting', async (t) => {
  const general = await emrys(t, ['--help'])
  assert.equal(general.code, 0)
  for (const name of COMMANDS) assert.match(general.out, new RegExp(`^  ${name} `, 'm'))
  for (const name of COMMANDS) {
    const { code, out } = await emrys(t, [name, '--help'])
    assert.equal(code, 0)
    assert.match(out, new RegExp(`Examples:\n  emrys ${name}`))
    if (name !== 'serve') continue
    for (const setting of settings) {
      assert.ok(out.includes(setting.flag ?? ''), setting.name)
      assert.ok(out.includes(setting.env), setting.env)
    }
  }
})

test('the version is that of the package, and what is misspelt is refused', async (t) => {
  const file = join(import.meta.dirname, '../../package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  assert.equal((await emrys(t, ['--version'])).out, `${version}\n`)
  for (const args of [['server'], ['serve', '--prot', '1'], ['clusters', '--state', 'runing']]) {
    const { code, out, err } = await emrys(t, args)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /^error: /)
  }
})

test('a reader that went away has seen enough: no error, and an end', async (t) => {
  const server = await emrysServe(t, temporaryDirectory(t))
  const connection = client(Number(new URL(server.url).port))
  t.after(() => connection.close())
  await connection.alibaba('/webapi/cluster/createV1', { body: createBody() })
  for (const args of [['pace'], ['clusters', '--watch', '--json']]) {
    const command = startCommand(t, [...args, '--url', server.url])
    command.leave()
    const { code, err } = await command.ended
    assert.deepEqual([args, code, err], [args, 0, ''])
  }
  assert.equal((await fetch(`${server.url}/_emrys/ready`)).status, 200)
})

test('without a server each question says so and how to start one', async (t) => {
  for (const name of COMMANDS.filter((each) => each !== 'serve')) {
    // Port 1 is reserved and nothing listens there.
    const { code, err } = await emrys(t, [name], { EMRYS_URL: 'http://127.0.0.1:1' })
    assert.equal(code, 1)
    assert.match(
      err,
      /^emrys: no emrys server answers at http:\/\/127\.0\.0\.1:1; .*emrys serve.*\n$/,
    )
  }
  const lacking = await emrys(t, ['kms', 'disable', 'key'])
  assert.match(
    lacking.err,
    /^error: required option .*\n\(`emrys kms disable --help` shows examples\)\n/,
  )
  const strange = await emrys(t, ['status', '--url', 'nonsense'])
  assert.match(strange.err, /^emrys: `nonsense` is not the address of a server/)
})

test('a cluster is listed as a table and as JSON, filtered, and watched until it is gone', async (t) => {
  const server = await emrysServe(t, temporaryDirectory(t), ['--simulation-default', 'manual:1'])
  const url = ['--url', server.url]
  const api = client(Number(new URL(server.url).port))
  t.after(() => api.close())
  const empty = await emrys(t, ['clusters', ...url])
  assert.equal(empty.out, 'no clusters\n')
  const secure = await emrys(t, ['status', '--url', server.url.replace('http:', 'https:')])
  assert.equal(
    secure.err,
    `emrys: what answers at ${server.url.replace('http:', 'https:')} does not speak HTTPS; write ${server.url}\n`,
  )
  const { body } = await api.alibaba('/webapi/cluster/createV1', { body: createBody() })
  const known = (body['Data'] as { InstanceId: string }).InstanceId
  const table = await emrys(t, ['clusters', ...url])
  const [head, row] = table.out.split('\n')
  assert.match(head ?? '', /^ID +NAME +PRODUCT +REGION +STATE +SINCE +NODES +SUBSTRATE( +REASON)?$/)
  assert.match(row ?? '', new RegExp(`^${known} .* creating .* 0/\\d+ +simulation`))
  assert.ok(!table.out.includes('\u001b'), 'colours in a pipe')
  const json = await emrys(t, ['clusters', '--json', ...url])
  assert.equal((JSON.parse(json.out) as { id: string }).id, known)
  assert.equal(
    (await emrys(t, ['clusters', '--state', 'running', ...url])).out,
    'no clusters of that product or in those states\n',
  )
  const begin = known.slice(0, 6)
  assert.match((await emrys(t, ['clusters', begin, ...url])).out, new RegExp(`\n${known} `))
  const logs = await emrys(t, ['logs', begin, ...url])
  assert.match(
    logs.err,
    /on simulation, which keeps no logs; the setting substrate\.starrocks says/,
  )
  const orders = await emrys(t, ['order', 'list', '--cluster', begin, ...url])
  assert.match(orders.out, new RegExp(` ${known} `))
  assert.equal(
    (await emrys(t, ['ledger', '--cluster', 'c-of-long-ago', ...url])).out,
    'no movements\n',
  )
  for (const command of ['clusters', 'logs', 'connect']) {
    const { code, err } = await emrys(t, [command, 'x-none', ...url])
    assert.equal(code, 1)
    assert.match(err, /^emrys: no cluster's id begins with x-none; `emrys clusters` lists them\n$/)
  }
  const filtered = await emrys(t, ['clusters', '--product', 'emr', ...url])
  assert.equal(filtered.out, 'no clusters of that product or in those states\n')
  const status = await emrys(t, ['status', ...url])
  assert.match(status.out, /^ready {2}http.*\nstore {5}embedded\nclusters {2}1\n/)
  assert.match(status.out, /^actions {3}alibaba starrocks: \d+ of \d+ are built$/m)
})

test('config shows what is in force in the running server and from where; with --local in the next one', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.yaml')
  writeFileSync(file, 'seed: from-file\nsimulation: { default: immediate }\n')
  const server = await emrysServe(t, temporaryDirectory(t), [
    '--config',
    file,
    '--seed',
    'from-flag',
  ])
  const reported = await emrys(t, ['config', '--json', '--url', server.url])
  const rows = JSON.parse(reported.out) as { name: string; value: string; from: string }[]
  const find = (name: string) => rows.find((row) => row.name === name)
  assert.deepEqual(find('seed'), {
    name: 'seed',
    value: 'from-flag',
    default: '',
    from: 'flag',
    env: 'EMRYS_SEED',
    flag: '--seed',
  })
  assert.equal(reported.err, `in force in the server at ${server.url}:\n`)
  assert.equal(find('simulation.default')?.from, 'file')
  assert.equal(find('host')?.from, 'default')
  assert.equal(rows.length, settings.length)
  const local = await emrys(t, ['config', '--local', '--json'], { EMRYS_SEED: 'from-environment' })
  const seed = (JSON.parse(local.out) as { name: string; from: string }[]).find(
    ({ name }) => name === 'seed',
  )
  assert.equal(seed?.from, 'environment')
  const broken = await emrys(t, ['config', '--local', '--port', '70000'])
  assert.equal(broken.code, 1)
  assert.match(broken.err, /port \(from flag\)/)
})

test('without a server config shows every setting as a server with the same flags would have it', async (t) => {
  const env = { EMRYS_SEED: 'from-environment', EMRYS_KEY_SERVICE_TRANSIT_TOKEN: 's.secret' }
  const { code, out, err } = await emrys(t, ['config', '--port', '5000'], env)
  assert.equal(code, 0, err)
  assert.equal(err, 'what `emrys serve` would run with, started here with these flags:\n')
  assert.match(out, /^SETTING +VALUE +FROM +DEFAULT +ENVIRONMENT\n/)
  assert.match(out, /^port +5000 +flag +4580 +EMRYS_PORT$/m)
  assert.match(out, /^seed +from-environment +environment +EMRYS_SEED$/m)
  assert.match(out, /^key-service\.transit\.token +\(not shown\) +environment /m)
  assert.ok(!out.includes('s.secret'))
  assert.equal(out.trim().split('\n').length, settings.length + 1)
})

test('a misspelt flag, setting or variable is refused with the nearest one', async (t) => {
  const file = join(temporaryDirectory(t), 'emrys.yaml')
  writeFileSync(file, 'prot: 1\n')
  const flag = await emrys(t, ['config', '--prot', '1'])
  assert.match(flag.err, /^error: unknown option '--prot'\n\(Did you mean --port\?\)\n/)
  for (const command of ['serve', 'config']) {
    const { code, err } = await emrys(t, [command, '--config', file], { EMRYS_HOTS: '127.0.0.1' })
    assert.equal(code, 1)
    assert.match(err, /sets prot, which is not a setting; did you mean port\?/)
    assert.match(err, /EMRYS_HOTS is set, which is not a setting; did you mean EMRYS_HOST\?/)
  }
})

test('the pace and the clock are shown and changed, and nonsense is refused', async (t) => {
  const server = await emrysServe(t, temporaryDirectory(t))
  const url = ['--url', server.url]
  const set = await emrys(t, ['pace', 'starrocks', 'manual:4', ...url])
  assert.match(set.out, /^FAMILY +PACE\nstarrocks +manual:4\n$/)
  const reported = await emrys(t, ['pace', '--json', ...url])
  assert.deepEqual(JSON.parse(reported.out), { default: 'time:2', starrocks: 'manual:4' })
  const wrong = await emrys(t, ['pace', 'starrocks', 'slowly', ...url])
  assert.deepEqual([wrong.code, /`slowly` is not a pace/.test(wrong.err)], [1, true])
  const unknown = await emrys(t, ['pace', 'starocks', 'immediate', ...url])
  assert.deepEqual([unknown.code, /one of default, starrocks/.test(unknown.err)], [1, true])
  const strange = await emrys(t, ['pace', 'starocks', ...url])
  assert.deepEqual([strange.code, /must be one of default, starrocks/.test(strange.err)], [1, true])
  assert.match((await emrys(t, ['pace', 'kafka', ...url])).out, /kafka +as default \(time:2\)\n$/)
  const moved = await emrys(t, ['clock', '--advance', '1h30m', ...url])
  assert.match(moved.out, /^\d{4}-.*Z {2}\(1h 30m ahead of the machine\)\n$/)
  const back = await emrys(t, ['clock', '--advance', '-1h', ...url])
  assert.equal(back.code, 1)
})
