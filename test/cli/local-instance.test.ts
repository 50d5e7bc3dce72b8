/** What `emrys` offers for an instance on this machine: where it is, a SQL prompt, its log; and what becomes of it with its server. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { programFile } from '../../src/kernel/place.ts'
import { askAdmin } from '../support/http/admin.ts'
import { client } from '../support/http/client.ts'
import { dataDirectoryFor, emrys, emrysServe } from '../support/process/emrys-command.ts'
import {
  ADMIN_PASSWORD,
  createInstance,
  enginesOf,
  localDataDirectory,
  settled,
} from '../support/engine/local-instances.ts'

const PROGRAM = programFile('src/cli/start')
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

async function serve(t: TestContext, dataDir: string, keepRunning: boolean) {
  const args = ['--substrate-starrocks', 'local', '--simulation-default', 'immediate']
  const kept = ['--local-keep-running', String(keepRunning)]
  const server = await emrysServe(t, dataDir, [...args, ...kept])
  return { ...server, port: Number(new URL(server.url).port) }
}

test(
  'an instance on this machine is shown, connected to, read about and measured from outside',
  { skip },
  async (t) => {
    const server = await serve(t, localDataDirectory(t), true)
    const row = await createInstance(server.port)
    const sql = row.endpoints.find(({ name }) => name === 'mysql')!

    await t.test('the listing shows where to connect', async () => {
      const { out } = await emrys(t, ['clusters', '--url', server.url])
      assert.match(out, /CONNECT/)
      assert.ok(out.includes(`mysql ${sql.host}:${sql.port}`), out)
    })

    await t.test('and so do the node groups that its cloud describes', async () => {
      const api = client(server.port)
      const query = { RegionId: 'cn-hangzhou', ClusterId: row.id }
      const path = '/webapi/nodegroup/describeNodeGroups'
      const { body } = await api.alibaba(path, { query })
      api.close()
      const groups = body['Data'] as readonly Record<string, unknown>[]
      const reported = groups.map((group) => [
        group['ComponentType'],
        group['Endpoint'],
        group['HttpPort'],
      ])
      assert.deepEqual(
        reported.toSorted(([one], [other]) => String(other).localeCompare(String(one))),
        [
          ['FE', sql.host, 8030],
          ['CN', sql.host, 8040],
        ],
      )
    })

    const connect = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      emrys(t, ['connect', row.id, '--url', server.url, ...args], env)
    const known = { EMRYS_PASSWORD: ADMIN_PASSWORD }

    await t.test('statements given are run in order, and results come by tabs', async () => {
      const made =
        'create database shop; create table shop.o (id int, name varchar(20)) duplicate key(id) distributed by hash(id); '
      const { code, out, err } = await connect(
        [
          '-e',
          `${made} insert into shop.o values (1, 'a\\tb'), (2, null); select * from shop.o order by id`,
        ],
        known,
      )
      assert.deepEqual([code, err], [0, ''])
      assert.equal(out, 'id\tname\n1\ta\\tb\n2\t\\N\n')
    })

    await t.test('as JSON, an object a row', async () => {
      const { out } = await connect(
        ['--json', '-e', 'select id, name from shop.o order by id'],
        known,
      )
      assert.equal(out, '{"id":1,"name":"a\\tb"}\n{"id":2,"name":null}\n')
    })

    await t.test(
      'a refusal has its number and SQLSTATE, ends the script, and exits with 1',
      async () => {
        const { code, out, err } = await connect(
          ['-e', 'select 1; select * from shop.nowhere; select 2'],
          known,
        )
        assert.deepEqual([code, out], [1, '1\n1\n'])
        assert.match(err, /^ERROR \d+ \([0-9A-Z]{5}\): .*nowhere/)
      },
    )

    await t.test('a script comes from standard input', async () => {
      const { code, out } = await piped(['connect', row.id, '--url', server.url], {
        ...known,
        input: 'use shop;\nselect count(*)\n  from o\n',
      })
      assert.deepEqual([code, out.split('\n')[1]], [0, '2'])
    })

    await t.test('a wrong password, and none, are reported, and the password is not', async () => {
      const wrong = await connect(['--password', 'Wrong-pass-1', '-e', 'select 1'])
      assert.equal(wrong.code, 1)
      assert.match(wrong.err, /^emrys: admin cannot log in at .*: ERROR 1045 \(28000\)/)
      assert.ok(!wrong.err.includes('Wrong-pass-1'))
      const none = await connect(['-e', 'select 1'])
      assert.match(none.err, /^emrys: a password is needed: put it into EMRYS_PASSWORD/)
    })

    await t.test('Ctrl-C ends a statement that runs, and the exit code says so', async () => {
      const endless =
        'select count(*) from table(generate_series(1,200000)) a(x), table(generate_series(1,2000000)) b(y) where a.x*b.y%7=3'
      const { code, err, ms } = await piped(
        ['connect', row.id, '--url', server.url, '-e', endless],
        {
          ...known,
          interrupt: async () => {
            // What is sent at the login is over within one of these looks.
            for (let running = 0; running < 5; await delay(100)) {
              const { text } = await askAdmin(server.port, 'metrics')
              running = /starrocks_fe_query_running\{[^}]*\} 1/.test(text) ? running + 1 : 0
            }
          },
        },
      )
      assert.equal(code, 130, err)
      assert.match(err, /ERROR 1317 \(70100\)/)
      assert.ok(ms < 20_000)
    })

    await t.test('its log is reported, and what is not there is refused', async () => {
      const { code, out } = await emrys(t, ['logs', row.id, '--lines', '1000', '--url', server.url])
      assert.equal(code, 0)
      const said = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { msg: string })
      assert.ok(said.some(({ msg }) => msg === 'the engine is ready'))
      const last = await emrys(t, ['logs', row.id, '--lines', '1', '--url', server.url])
      assert.equal(last.out.trim().split('\n').length, 1)
      const unknown = await emrys(t, ['logs', 'c-none', '--url', server.url])
      assert.deepEqual(
        [unknown.code, /no cluster's id begins with c-none/.test(unknown.err)],
        [1, true],
      )
      const { text } = await askAdmin(server.port, `clusters/${row.id}/log?component=none`)
      assert.match(text, /has no log of none here; it has engine/)
      for (const query of ['lines=0', 'lines=10001', 'after=x', 'after=1-1&lines=1', 'tail=1'])
        assert.equal(
          (await askAdmin(server.port, `clusters/${row.id}/log?${query}`)).status,
          400,
          query,
        )
    })

    await t.test("its figures stand beside the server's own", async () => {
      const { text } = await askAdmin(server.port, 'metrics')
      assert.match(text, new RegExp(`^emrys_engine_up\\{cluster="${row.id}"\\} 1$`, 'm'))
      assert.match(text, new RegExp(`^starrocks_fe_table_total\\{cluster="${row.id}"\\} 1$`, 'm'))
      assert.match(text, /^emrys_clusters\{product="[^"]+",state="running"\} 1$/m)
      const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
      assert.equal(new Set(families).size, families.length)
    })
  },
)

test(
  'a running engine is adopted by the next server without a write, and ends with one that is configured so',
  { skip },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const first = await serve(t, dataDir, true)
    await createInstance(first.port)
    const before = worldOf(dataDir)
    assert.equal(before.engines.length, 1)
    first.signal('SIGTERM')
    assert.equal((await first.ended).code, 0)
    assert.deepEqual(worldOf(dataDir), before)

    const second = await serve(t, dataDir, false)
    await settled(second.port)
    while (!second.err().includes('instances on this machine')) await delay(5)
    assert.match(second.err(), /"found":1,"adopted":1,"started":0/)
    assert.deepEqual(worldOf(dataDir), before)
    second.signal('SIGTERM')
    assert.equal((await second.ended).code, 0)
    assert.deepEqual(enginesOf(dataDir), [])

    const third = await serve(t, dataDir, false)
    await settled(third.port)
    assert.match(third.err(), /"found":1,"adopted":0,"started":1/)
    third.signal('SIGTERM')
    await third.ended
    assert.deepEqual(enginesOf(dataDir), [])
  },
)

/** Which engines run since when, and every file that the substrate writes, with the moment of its last change. */
function worldOf(dataDir: string) {
  const engines = enginesOf(dataDir).map(({ id, pid }) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return { id, pid, started: stat.slice(stat.lastIndexOf(')')).split(' ')[20] }
  })
  const root = join(dataDir, 'local')
  const ours = /(instance|process|engine)\.json$|admin-verifier$|start\.log$/
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => ours.test(path))
    .toSorted()
    .map((path) => [path, statSync(join(root, path), { bigint: true }).mtimeNs])
  assert.equal(files.length, 5)
  return { engines, files }
}

interface Piped {
  readonly EMRYS_PASSWORD: string
  readonly input?: string
  /** Once it resolves, the command is interrupted as by Ctrl-C. */
  readonly interrupt?: () => Promise<void>
}

async function piped(args: readonly string[], { input = '', interrupt, ...env }: Piped) {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...dataDirectoryFor(args, env), ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')))
  child.stderr.on('data', (text: Buffer) => (err += text.toString('utf8')))
  child.stdin.end(input)
  const closed = once(child, 'close')
  await interrupt?.()
  if (interrupt) child.kill('SIGINT')
  const [code] = (await closed) as [number | null]
  return { code, out, err, ms: performance.now() - startedMs }
}
