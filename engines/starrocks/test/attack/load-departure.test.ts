/** A load whose client leaves before it was answered ends in every phase: no rows, a free label, or as prepared as it was. */
import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { busy, connect } from '../support/open-engine.ts'
import { testPorts } from '../support/open-ports.ts'
import type { TestPorts } from '../support/open-ports.ts'

/** Runs until it is ended. */
const LONG = 'SELECT count(*) n FROM many x, many y, many z WHERE x.a + y.a + z.a = -1'

/** Where a machine is slower, the client leaves before it is waited for, which has to end as well. */
const BEGUN_MS = 200

/** What every load waits for before it commits. */
async function withWriter(t: TestContext, prepare: (ports: TestPorts) => Promise<void>) {
  const ports = await testPorts(t)
  const { engine, client } = ports
  await client.run('CREATE TABLE many (a BIGINT) DUPLICATE KEY(a)')
  await client.run('INSERT INTO many SELECT x FROM TABLE(generate_series(1, 20000)) t(x)')
  await client.run('CREATE TABLE keyed (a BIGINT, b BIGINT) PRIMARY KEY(a)')
  await client.run('CREATE TABLE t (k INT, s VARCHAR(20)) DUPLICATE KEY(k)')
  await client.run('CREATE TABLE u (k INT, s VARCHAR(20)) PRIMARY KEY(k)')
  await prepare(ports)
  const writer = await connect(engine, 'admin', 'd')
  const written = writer.refusal(`UPDATE keyed SET b = n FROM (${LONG}) long WHERE keyed.a = 1`)
  await busy(engine, 1)
  const over = async () => {
    writer.session.interrupt()
    await written
  }
  return { ...ports, over }
}

/** Sends it whole, and leaves a while after it was begun. */
async function departing(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  begun: () => boolean = () => true,
): Promise<void> {
  const method = url.includes('transaction') ? 'POST' : 'PUT'
  const sent = httpRequest(url, {
    method,
    agent: false,
    headers: { ...headers, Authorization: `Basic ${Buffer.from('admin:').toString('base64')}` },
  })
  sent.on('error', () => undefined)
  await new Promise<void>((resolve) => sent.end(body, resolve))
  while (!begun()) await pause(5)
  await pause(BEGUN_MS)
  sent.destroy()
}

for (const table of ['t', 'u'])
  test(`a Stream Load into ${table} whose client left after its body leaves nothing`, async (t) => {
    const { engine, client, back, load, over } = await withWriter(t, async () => undefined)
    const state = () => engine.labelState('d', 'one')
    const url = `${back}/api/d/${table}/_stream_load`
    await departing(url, { label: 'one' }, '1\ta\n', () => state() === 'PREPARE')
    while (state() === 'PREPARE') await pause(5)
    assert.equal(state(), 'ABORTED')
    await over()
    const again = await load(table, '2\tb\n', { label: 'one' })
    assert.equal(again.json?.['Status'], 'Success')
    assert.deepEqual(await client.rows(`SELECT * FROM ${table}`), [[2, 'b']])
  })

for (const verb of ['prepare', 'commit'])
  test(`a transaction whose client left during its ${verb} leaves nothing`, async (t) => {
    const headers = { db: 'd', table: 't', label: 'one' }
    const { engine, client, back, transact, over } = await withWriter(t, async (ports) => {
      await ports.transact('begin', headers)
      await ports.transact('load', headers, '1\ta\n')
    })
    await departing(`${back}/api/transaction/${verb}`, headers, '')
    const state = () => engine.labelState('d', 'one')
    while (state() === 'PREPARE') await pause(5)
    assert.equal(state(), 'ABORTED')
    await over()
    assert.equal((await transact(verb, headers)).json?.['Status'], 'TXN_NOT_EXISTS')
    assert.deepEqual(await client.rows('SELECT * FROM t'), [])
  })
