import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve, until } from '../support/mysql-server.ts'
import {
  BASIC,
  CAPABILITIES,
  errorOf,
  loggedIn,
  nativeResponse,
  query,
} from '../support/raw-mysql-client.ts'
import { answerOf, execute, isOk, prepare, readAnswer } from '../support/raw-mysql-command.ts'
import { column, done, hang, rows } from '../support/scripted-engine.ts'

const table = {
  prepareColumns: () => [
    column('id', 'longlong'),
    column('order_id'),
    column('amount', 'newdecimal', { decimals: 2 }),
  ],
  answer: ({ parameters }: { parameters: readonly unknown[] }) =>
    rows([column('given')], [[JSON.stringify(parameters)]]),
}

test('a command that does not exist is answered with 1047, and the connection continues', async (t) => {
  const { port } = await serve(t)
  const client = await loggedIn(port)
  for (const code of [
    0x00, 0x05, 0x06, 0x07, 0x08, 0x0b, 0x0d, 0x0f, 0x10, 0x12, 0x13, 0x14, 0x15, 0x1d, 0x1e, 0x20,
    0x80, 0xff,
  ]) {
    const error = errorOf(await client.ask(Buffer.from([code])))
    assert.deepEqual([error.errno, error.sqlState], [1047, '08S01'], `command ${code}`)
  }
  assert.equal(errorOf(await client.ask(Buffer.alloc(0))).errno, 1835)
  assert.ok(isOk(await client.ask(Buffer.from([0x0e]))))
  client.socket.destroy()
})

test('COM_PING and COM_RESET_CONNECTION answer OK, and a reset forgets prepared statements', async (t) => {
  const { port, engine } = await serve(t, table)
  const client = await loggedIn(port)
  assert.ok(isOk(await client.ask(Buffer.from([0x0e]))))
  const id = await prepare(client, 'select ?')
  assert.ok(isOk(await client.ask(Buffer.from([0x1f]))))
  assert.equal(engine.sessions[0]?.resets, 1)
  assert.equal(errorOf(await client.ask(execute(id, '000100', ''))).errno, 1243)
  client.socket.destroy()
})

test('COM_INIT_DB changes the database or says that there is none', async (t) => {
  const { port, engine } = await serve(t)
  const client = await loggedIn(port)
  assert.ok(isOk(await client.ask(Buffer.from('\x02shop'))))
  assert.equal(engine.sessions[0]?.database, 'shop')
  assert.equal(errorOf(await client.ask(Buffer.from('\x02nowhere'))).errno, 1049)
  client.socket.destroy()
})

test('COM_STATISTICS answers one line of text without a packet type', async (t) => {
  const { port } = await serve(t)
  const client = await loggedIn(port)
  await client.ask(Buffer.from([0x0e]))
  const line = (await client.ask(Buffer.from([0x09])))?.payload.toString() ?? ''
  assert.match(
    line,
    /^Uptime: \d+ {2}Threads: 1 {2}Questions: 2 {2}Slow queries: 0 .* avg: \d+\.\d{3}$/,
  )
  client.socket.destroy()
})

test('COM_FIELD_LIST answers the columns of a table that match', async (t) => {
  const { port } = await serve(t, table)
  for (const [capabilities, end] of [
    [BASIC, 5],
    [BASIC | CAPABILITIES.deprecateEof, 7],
  ] as const) {
    const client = await loggedIn(port, { capabilities })
    const all = await answerOf(client, Buffer.from('\x04orders\0'))
    assert.equal(all.length, 4)
    assert.ok(all[1]?.payload.includes('order_id'))
    assert.equal(all[0]?.payload.at(-1), 0xfb)
    assert.equal(all[3]?.payload.length, end)
    const some = await answerOf(client, Buffer.from('\x04orders\0%id'))
    assert.equal(some.length, 3)
    client.socket.destroy()
  }
})

test('COM_FIELD_LIST quotes the name it is given', async (t) => {
  let prepared = ''
  const { port } = await serve(t, {
    prepareColumns(text) {
      prepared = text
      return [column('x')]
    },
  })
  const client = await loggedIn(port)
  await answerOf(client, Buffer.from('\x04a` ; DROP TABLE b\0'))
  assert.equal(prepared, 'SELECT * FROM `a`` ; DROP TABLE b`')
  client.socket.destroy()
})

test('COM_SET_OPTION switches several statements on and off', async (t) => {
  const { port } = await serve(t)
  const client = await loggedIn(port, { capabilities: BASIC | CAPABILITIES.multiResults })
  const twice = query('update a; update b')
  assert.equal(errorOf(await client.ask(twice)).errno, 1064)
  assert.equal((await client.ask(Buffer.from([0x1b, 0, 0])))?.payload.toString('hex'), 'fe00000200')
  assert.equal((await client.ask(twice))?.payload.readUInt16LE(3), 0x0a)
  assert.equal((await client.read())?.payload.readUInt16LE(3), 0x02)
  await client.ask(Buffer.from([0x1b, 1, 0]))
  assert.equal(errorOf(await client.ask(twice)).errno, 1064)
  assert.equal(errorOf(await client.ask(Buffer.from([0x1b, 2, 0]))).errno, 1047)
  assert.equal(errorOf(await client.ask(Buffer.from([0x1b]))).errno, 1835)
  client.socket.destroy()
})

test('COM_PROCESS_INFO lists what SHOW PROCESSLIST lists', async (t) => {
  const { port } = await serve(t)
  const client = await loggedIn(port)
  const packets = await answerOf(client, Buffer.from([0x0a]), 2)
  assert.ok(packets.some(({ payload }) => payload.includes('admin')))
  client.socket.destroy()
})

test('COM_PROCESS_KILL ends another connection by the rules of KILL', async (t) => {
  const { port, engine, server } = await serve(t, { answer: ({ signal }) => hang(signal) })
  const [victim, killer] = [await loggedIn(port), await loggedIn(port)]
  victim.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  const kill = Buffer.alloc(5)
  kill[0] = 0x0c
  kill.writeUInt32LE(engine.sessions[0]?.id ?? 0, 1)
  assert.ok(isOk(await killer.ask(kill)))
  assert.deepEqual(engine.sessions[1]?.calls, [`KILL CONNECTION ${engine.sessions[0]?.id}`])
  assert.equal(errorOf(await victim.read()).errno, 1317)
  await victim.closed
  await until(() => server.connections() === 1)
  assert.equal(errorOf(await killer.ask(kill)).errno, 1094)
  killer.socket.destroy()
})

test('COM_QUIT closes without an answer', async (t) => {
  const { port, engine, server } = await serve(t)
  const client = await loggedIn(port)
  assert.equal(await client.ask(Buffer.from([0x01])), undefined)
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions[0]?.closes, 1)
})

test('COM_CHANGE_USER takes an empty password, and asks a client of another method to switch', async (t) => {
  const { port, engine } = await serve(t, { users: { admin: 'secret-of-admin', open: '' } })
  const client = await loggedIn(port)
  assert.ok(
    isOk(
      await client.ask(Buffer.from('\x11open\0\0shop\0\x2d\0mysql_native_password\0', 'latin1')),
    ),
  )
  assert.equal(engine.sessions[1]?.database, 'shop')
  const asked = await client.ask(
    Buffer.from('\x11admin\0\x03abc\0\x2d\0caching_sha2_password\0', 'latin1'),
  )
  assert.equal(asked?.payload[0], 0xfe)
  client.send(asked.sequence + 1, nativeResponse('secret-of-admin', asked.payload.subarray(23, 43)))
  assert.ok(isOk(await client.read()))
  assert.deepEqual(
    engine.sessions.map(({ user, closes }) => [user, closes]),
    [
      ['admin', 1],
      ['open', 1],
      ['admin', 0],
    ],
  )
  client.socket.destroy()
})

test('COM_CHANGE_USER to an unknown database ends the connection, and no session is closed twice', async (t) => {
  const { port, engine, server } = await serve(t, { users: { admin: 'secret-of-admin', open: '' } })
  const client = await loggedIn(port)
  const refused = await client.ask(
    Buffer.from('\x11open\0\0nowhere\0\x2d\0mysql_native_password\0', 'latin1'),
  )
  assert.equal(errorOf(refused).errno, 1049)
  await client.closed
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions[0]?.closes, 1)
})

test('a statement text that is not UTF-8 is refused instead of changed', async (t) => {
  const { port, engine } = await serve(t)
  const client = await loggedIn(port)
  for (const code of [0x03, 0x16, 0x02]) {
    assert.equal(errorOf(await client.ask(Buffer.from([code, 0x41, 0xff]))).errno, 1300)
  }
  assert.deepEqual(engine.sessions[0]?.calls, [])
  client.socket.destroy()
})

test('commands sent ahead are answered one after the other', async (t) => {
  const { port } = await serve(t, { answer: async ({ text }) => rows([column('x')], [[text]]) })
  const client = await loggedIn(port)
  for (let index = 0; index < 50; index++) client.send(0, query(`select ${index}`))
  for (let index = 0; index < 50; index++) {
    const packets = await readAnswer(client, 2)
    assert.ok(packets.some(({ payload }) => payload.includes(`select ${index}`)))
  }
  client.socket.destroy()
})

test('answers are numbered on from the command, also beyond 255 packets', async (t) => {
  const values = Array.from({ length: 600 }, (_, index) => [index])
  const { port } = await serve(t, { answer: () => rows([column('n', 'long')], values) })
  const client = await loggedIn(port)
  const packets = await answerOf(client, query('select n'), 2)
  assert.deepEqual(
    packets.map(({ sequence }) => sequence),
    packets.map((_, index) => (index + 1) & 0xff),
  )
  client.socket.destroy()
})

test('a command numbered otherwise than 0 ends the connection with 1156', async (t) => {
  const { port } = await serve(t)
  const client = await loggedIn(port)
  client.send(3, Buffer.from([0x0e]))
  const refused = await client.read()
  assert.equal(errorOf(refused).errno, 1156)
  assert.equal(refused?.sequence, 4)
  await client.closed
})

test('an engine that ignores the single-statement rule still gets no second statement to run', async (t) => {
  const { port, engine } = await serve(t)
  const client = await loggedIn(port)
  const session = engine.sessions[0]
  assert.ok(session)
  const ran: string[] = []
  session.execute = async function* (text: string) {
    for (const one of text.split(';')) {
      ran.push(one)
      yield await Promise.resolve(done())
    }
  }
  const answer = await client.ask(query('select a;drop b'))
  assert.equal(answer?.payload.readUInt16LE(3), 0x02)
  assert.ok(isOk(await client.ask(Buffer.from([0x0e]))))
  assert.deepEqual(ran, ['select a'])
  client.socket.destroy()
})
