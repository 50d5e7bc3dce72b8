import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve } from '../support/mysql-server.ts'
import { BASIC, CAPABILITIES, errorOf, loggedIn } from '../support/raw-mysql-client.ts'
import { answerOf, execute, isOk, longData, prepare, withId } from '../support/raw-mysql-command.ts'
import { column, rows } from '../support/scripted-engine.ts'

const table = {
  prepareColumns: () => [
    column('id', 'longlong'),
    column('order_id'),
    column('amount', 'newdecimal', { decimals: 2 }),
  ],
  answer: ({ parameters }: { parameters: readonly unknown[] }) =>
    rows([column('given')], [[JSON.stringify(parameters)]]),
}

test('a prepared statement announces its parameters and columns in both end-of-list styles', async (t) => {
  const { port } = await serve(t, table)
  for (const [capabilities, following] of [
    [BASIC, 2 + 1 + 3 + 1],
    [BASIC | CAPABILITIES.deprecateEof, 5],
  ] as const) {
    const client = await loggedIn(port, { capabilities })
    const first = await client.ask(Buffer.from('\x16select ?, ?'))
    assert.equal(first?.payload.toString('hex'), '000100000003000200000000')
    for (let index = 0; index < following; index++) assert.ok(await client.read())
    assert.ok(isOk(await client.ask(Buffer.from([0x0e]))))
    client.socket.destroy()
  }
})

test('values sent ahead reach the execution once, and a reset drops them', async (t) => {
  const { port } = await serve(t, table)
  const client = await loggedIn(port)
  const id = await prepare(client, 'select ?')
  client.send(0, longData(id, 0, 'ab'))
  client.send(0, longData(id, 0, 'cd'))
  assert.ok(
    (await answerOf(client, execute(id, '0001fd00', ''), 2)).some(({ payload }) =>
      payload.includes('["abcd"]'),
    ),
  )
  assert.ok(
    (await answerOf(client, execute(id, '0001fd00', '0178'), 2)).some(({ payload }) =>
      payload.includes('["x"]'),
    ),
  )
  client.send(0, longData(id, 0, 'zz'))
  assert.ok(isOk(await client.ask(withId(0x1a, id))))
  assert.ok(
    (await answerOf(client, execute(id, '0001fd00', '0179'), 2)).some(({ payload }) =>
      payload.includes('["y"]'),
    ),
  )
  client.socket.destroy()
})

test('values sent ahead that are too large are refused at the execution, once', async (t) => {
  const { port } = await serve(t, table, { limits: { maxAllowedPacket: 5_000 } })
  const client = await loggedIn(port)
  const id = await prepare(client, 'select ?')
  for (let index = 0; index < 3; index++) client.send(0, longData(id, 0, 'x'.repeat(2_000)))
  assert.equal(errorOf(await client.ask(execute(id, '0001fd00', ''))).errno, 1105)
  assert.ok(
    (await answerOf(client, execute(id, '0001fd00', '0178'), 2)).some(({ payload }) =>
      payload.includes('["x"]'),
    ),
  )
  client.socket.destroy()
})

test('a statement is unknown after it was closed, and closing it twice is nothing', async (t) => {
  const { port } = await serve(t, table)
  const client = await loggedIn(port)
  const id = await prepare(client, 'select ?')
  client.send(0, withId(0x19, id))
  client.send(0, withId(0x19, id))
  for (const payload of [execute(id, '0001fd00', '0178'), withId(0x1a, id), withId(0x1c, id)]) {
    assert.equal(errorOf(await client.ask(payload)).errno, 1243)
  }
  client.socket.destroy()
})

test('fetching is refused as no cursor is ever open, and an updatable cursor is refused', async (t) => {
  const { port } = await serve(t, table)
  const client = await loggedIn(port)
  const id = await prepare(client, 'select 1')
  assert.equal(errorOf(await client.ask(withId(0x1c, id))).errno, 1421)
  assert.equal(errorOf(await client.ask(execute(id, '', '', 2))).errno, 1235)
  assert.ok((await answerOf(client, execute(id, '', '', 1), 2)).length > 3)
  client.socket.destroy()
})

test('a truncated execution is malformed, and the connection continues', async (t) => {
  const { port } = await serve(t, table)
  const client = await loggedIn(port)
  const id = await prepare(client, 'select ?')
  const whole = execute(id, '0001fd00', '0178')
  for (let length = 5; length < whole.length; length++) {
    assert.equal(
      errorOf(await client.ask(whole.subarray(0, length))).errno,
      1835,
      `${length} bytes`,
    )
  }
  assert.ok(isOk(await client.ask(Buffer.from([0x0e]))))
  client.socket.destroy()
})

test('a truncated command that has no answer ends the connection', async (t) => {
  const { port } = await serve(t, table)
  for (const code of [0x18, 0x19]) {
    const client = await loggedIn(port)
    assert.equal(errorOf(await client.ask(Buffer.from([code, 1]))).errno, 1835)
    await client.closed
  }
})

test('a preparation with more statements than allowed is refused', async (t) => {
  const { port } = await serve(t, table, { limits: { preparedStatements: 2 } })
  const client = await loggedIn(port)
  await prepare(client, 'select 1')
  await prepare(client, 'select 1')
  assert.equal(errorOf(await client.ask(Buffer.from('\x16select 1'))).errno, 1461)
  client.socket.destroy()
})
