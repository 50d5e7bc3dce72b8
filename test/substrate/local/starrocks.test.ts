import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { random } from '../../../src/kernel/random.ts'
import { instancesIn, instanceFolder } from '../../../src/substrate/local/instance.ts'
import { local } from '../../../src/substrate/local/local.ts'
import { readMark, signalGroup } from '../../../src/substrate/local/pid-file.ts'
import { starrocksEngine } from '../../../src/substrate/local/starrocks.ts'
import type { Seen, Wanted } from '../../../src/substrate/port.ts'
import { temporaryDirectory } from '../../support/directory.ts'
import { sampleCluster, sampleGroup } from '../../support/sample.ts'

/** A loaded machine may take long to start a process. */
const LOOKS_MAX = 2400
const ENDLESS = `select count(*) from table(generate_series(1, 100000)) a (x), table(generate_series(1, 100000)) b (y),
  table(generate_series(1, 9000)) c (z) where x * y % 7 = z`

test('an instance on this machine logs in with its password, runs SQL, shows its nodes, and keeps its data when it is killed', async (t) => {
  t.after(() => {
    for (const { id } of instancesIn(root)) {
      const mark = readMark(instanceFolder(root, id).mark)
      if (mark) signalGroup(mark, 'SIGKILL')
    }
  })
  const root = temporaryDirectory(t)
  const compiled = temporaryDirectory(t)
  const share = { threads: 0.125, memoryMib: 64 }
  const options = {
    root,
    engines: [starrocksEngine(compiled)],
    clock: systemClock(),
    log: silentLogger(),
    random: random('s'),
    share,
  }
  const substrate = local(options)
  t.after(() => substrate.close())
  const disk = { use: 'data', type: 'essd', sizeGib: 1, count: 1 } as const
  const groups = [
    { ...sampleGroup('fe-1', 1), role: 'fe' },
    { ...sampleGroup('cn-1', 3), role: 'cn', name: 'default_warehouse', disks: [disk] },
  ]
  const software = { family: 'starrocks', version: '3.3', components: [] }
  const wanted: Wanted = {
    ...sampleCluster({ id: 'c-1', groups, software }),
    reveal: () => '1qaz@QAZ',
  }
  const until = async (done: (seen: Seen) => boolean): Promise<Seen> => {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const seen = await substrate.observe('c-1')
      if (done(seen)) return seen
      await pause(25)
    }
    return assert.fail('it never came about')
  }
  const login = async (seen: Seen) => {
    const { host, port } = seen.endpoints.find((endpoint) => endpoint.name === 'mysql')!
    return createConnection({ host, port, user: 'admin', password: '1qaz@QAZ' })
  }

  for (const group of groups) await substrate.ensureGroup(wanted, group)
  const running = await until((now) => now.answering)
  const first = await login(running)
  await first.query('create database shop')
  await first.query(
    'create table shop.orders (id int, total decimal(10,2)) duplicate key(id) distributed by hash(id)',
  )
  await first.query('insert into shop.orders values (1, 10.50), (2, 4.25)')
  const [sum] = await first.query('select sum(total) as total from shop.orders')
  assert.deepEqual(sum, [{ total: '14.75' }])
  const [nodes] = await first.query('show compute nodes')
  assert.equal((nodes as unknown[]).length, 3)
  await first.end()

  const long = await Promise.all(Array.from({ length: 8 }, () => login(running)))
  const ended = long.map((client) => assert.rejects(client.query(ENDLESS)))
  const short = await login(running)
  const [one] = await short.query('select 1 as one from shop.orders limit 1')
  assert.deepEqual(one, [{ one: 1 }], 'long statements hold up no short one')
  for (const { threadId } of long) await short.query(`kill ${threadId}`)
  await Promise.all(ended)
  await short.end()

  process.kill(-readMark(instanceFolder(root, 'c-1').mark)!.pid, 'SIGKILL')
  substrate.watch()
  const again = await login(await until((seen) => seen.answering))
  const [kept] = await again.query('select count(*) as n from shop.orders')
  assert.deepEqual(kept, [{ n: 2 }])
  await again.end()
  assert.match((await substrate.metrics()).get('c-1') ?? '', /# TYPE/)

  await substrate.destroy('c-1')
  await until((seen) => !seen.present || (void substrate.destroy('c-1'), false))
  assert.deepEqual(instancesIn(root), [])
  assert.notDeepEqual(readdirSync(compiled), [], 'what was compiled is kept for the next')
})
