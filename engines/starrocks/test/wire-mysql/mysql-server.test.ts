import assert from 'node:assert/strict'
import { test } from 'node:test'
import mysql from 'mysql2/promise'
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { defaultMysqlLimits } from '../../src/wire-mysql/mysql-limits.ts'
import { startMysqlServer } from '../../src/wire-mysql/mysql-server.ts'
import type { Column, WireValue } from '../../src/session.ts'
import { SqlError } from '../../src/session.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import { LOGIN, serve, until } from '../support/mysql-server.ts'
import { column, done, hang, rows } from '../support/scripted-engine.ts'
import type { Script } from '../support/scripted-engine.ts'

const everyType: readonly (readonly [Column['type'], WireValue, unknown])[] = [
  ['tiny', -7, -7],
  ['short', -300, -300],
  ['long', 70_000, 70_000],
  ['longlong', -9_007_199_254_740_993n, '-9007199254740993'],
  ['float', 0.5, 0.5],
  ['double', -1.25e300, -1.25e300],
  ['newdecimal', '123.4500', '123.4500'],
  ['date', '2026-02-03', '2026-02-03'],
  ['datetime', '2026-02-03 04:05:06.000700', '2026-02-03 04:05:06.000700'],
  ['time', '-25:02:03', '-25:02:03'],
  ['var_string', 'héllo 😀', 'héllo 😀'],
  ['string', '', ''],
  ['blob', new Uint8Array([0, 255, 1]), Buffer.from([0, 255, 1])],
  ['json', '{"a":[1]}', { a: [1] }],
  ['null', null, null],
]
const typeColumns = everyType.map(([type]) =>
  column(`c_${type}`, type, { decimals: type === 'datetime' ? 6 : 0 }),
)
const typed: Script = {
  prepareColumns: () => typeColumns,
  answer: () => rows(typeColumns, [everyType.map(([, value]) => value), everyType.map(() => null)]),
}
const asStrings = { supportBigNumbers: true, bigNumberStrings: false, dateStrings: true } as const

/** Answers the parameters it was given, as JSON with their types. */
const echo: Script = {
  prepareColumns: () => [column('given')],
  answer: ({ parameters }) =>
    rows(
      [column('given')],
      [
        [
          JSON.stringify(parameters, (_key, value: unknown) =>
            typeof value === 'bigint' ? `${value}n` : value,
          ),
        ],
      ],
    ),
}

test('mysql2 reads every column type in the text and in the binary form', async (t) => {
  const { connect } = await serve(t, typed)
  const client = await connect(asStrings)
  const expected = everyType.map(([, , value]) => value)
  const [text] = await client.query<RowDataPacket[]>('select types')
  const [binary] = await client.execute<RowDataPacket[]>('select types')
  for (const found of [text, binary]) {
    assert.deepEqual(Object.values(found[0] ?? {}), expected)
    assert.deepEqual(new Set(Object.values(found[1] ?? {})), new Set([null]))
  }
})

test('mysql2 sends parameters of every kind that it has', async (t) => {
  const { connect } = await serve(t, echo)
  const client = await connect()
  const given = [1, -1.5, 'é', null, true, new Date('2026-02-03T04:05:06.007'), { a: 1 }]
  const [found] = await client.execute<RowDataPacket[]>('select ?, ?, ?, ?, ?, ?, ?', given)
  assert.deepEqual(JSON.parse(String(found[0]?.['given'])), [
    1,
    -1.5,
    'é',
    null,
    1,
    '2026-02-03 04:05:06.007000',
    '{"a":1}',
  ])
})

test('a prepared statement is executed again, with NULLs and other types, and then closed', async (t) => {
  const { connect, engine } = await serve(t, echo)
  const client = await connect()
  const statement = await client.prepare('select ?, ?')
  for (const given of [
    [1, 'a'],
    [null, null],
    ['b', 2],
  ]) {
    const [found] = await statement.execute(given)
    assert.deepEqual(JSON.parse(String((found as RowDataPacket[])[0]?.['given'])), given)
  }
  await statement.close()
  await client.ping()
  assert.equal(engine.sessions[0]?.calls.length, 3)
})

test('a change answers its affected rows, warnings and text', async (t) => {
  const { connect } = await serve(t, { answer: () => done(70_000, 'Rows matched: 1', 3) })
  const client = await connect()
  const [result] = await client.query('update t')
  assert.deepEqual(
    { ...result },
    { ...result, affectedRows: 70_000, warningStatus: 3, info: 'Rows matched: 1' },
  )
})

test('a refusal carries number, state and message, and the connection continues', async (t) => {
  const { connect } = await serve(t, {
    answer({ text }) {
      if (text === 'wrong') throw new SqlError('Getting syntax error', 1064, '42000')
      if (text === 'bug') throw new TypeError('secret detail')
      return done()
    },
  })
  const client = await connect()
  await assert.rejects(client.query('wrong'), {
    errno: 1064,
    sqlState: '42000',
    sqlMessage: 'Getting syntax error',
  })
  await assert.rejects(client.execute('wrong'), { errno: 1064 })
  await assert.rejects(client.prepare('unpreparable'), { errno: 1064 })
  await assert.rejects(
    client.query('bug'),
    (error: Error & { errno?: number }) =>
      error.errno === 1105 && !error.message.includes('detail'),
  )
  await client.query('right')
})

test('an error amid rows ends the result, and the connection continues', async (t) => {
  const { connect } = await serve(t, {
    answer: ({ text }) => ({
      kind: 'rows',
      columns: [column('n', 'long')],
      chunks: (async function* () {
        yield [[1], [2]]
        if (text === 'fails') throw new SqlError('disk is full', 1114, 'HY000')
      })(),
    }),
  })
  const client = await connect()
  await assert.rejects(client.query('fails'), { errno: 1114 })
  await assert.rejects(client.execute('fails'), { errno: 1114 })
  assert.equal((await client.query<RowDataPacket[]>('works'))[0].length, 2)
})

test('a value that its column cannot hold ends the result with an error instead of a wrong value', async (t) => {
  const { connect } = await serve(t, { answer: () => rows([column('n', 'tiny')], [[1], [1_000]]) })
  const client = await connect()
  await assert.rejects(client.execute('select n'), { errno: 1105 })
  await client.ping()
})

test('several statements answer in order for a client that asked for them, up to the first error', async (t) => {
  const { connect, engine } = await serve(t, {
    answer({ text }) {
      const name = text.trim()
      if (name === 'wrong') throw new SqlError('no')
      return name.startsWith('select') ? rows([column('x')], [[name]]) : done(1)
    },
  })
  const client = await connect({ multipleStatements: true })
  const [results] = await client.query('select 1; update; select 2')
  const [first, second, third] = results as unknown as [
    RowDataPacket[],
    { affectedRows: number },
    RowDataPacket[],
  ]
  assert.equal(first[0]?.['x'], 'select 1')
  assert.equal(second.affectedRows, 1)
  assert.equal(third[0]?.['x'], 'select 2')
  await assert.rejects(client.query('select 1; wrong; select 3'), { errno: 1064 })
  assert.ok(!engine.sessions[0]?.calls.some((text) => text.includes('select 3')))
  await client.ping()
})

test('several statements are refused before any runs for a client that did not ask for them', async (t) => {
  const { connect, engine } = await serve(t)
  const client = await connect()
  await assert.rejects(client.query('update a; delete b'), { errno: 1064 })
  assert.deepEqual(engine.sessions[0]?.calls, [])
})

test('a pool that resets its connections gets clean ones', async (t) => {
  const { port, engine } = await serve(t, echo)
  const pool = mysql.createPool({
    host: '127.0.0.1',
    port,
    ...LOGIN,
    connectionLimit: 2,
    resetOnRelease: true,
  } as mysql.PoolOptions)
  await Promise.all(Array.from({ length: 20 }, (_, index) => pool.execute('select ?', [index])))
  await pool.end()
  await until(() => engine.open().length === 0)
  assert.ok(engine.sessions.length <= 2)
  assert.ok(engine.sessions.every((session) => session.closes === 1))
})

test('changing the user opens a session for the new one and closes the old one', async (t) => {
  const { connect, engine } = await serve(t, {
    users: { admin: LOGIN.password, second: 'other' },
  })
  const client = await connect({ database: 'shop' })
  await client.changeUser({ user: 'second', password: 'other', database: 'shop' })
  await client.query('select 1')
  assert.deepEqual(
    engine.sessions.map(({ user, database, closes }) => [user, database, closes]),
    [
      ['admin', 'shop', 1],
      ['second', 'shop', 0],
    ],
  )
  assert.equal(new Set(engine.sessions.map(({ id }) => id)).size, 1)
})

test('changing to a user with a wrong password is refused, ends the connection and closes its session once', async (t) => {
  const { connect, engine, server } = await serve(t)
  const client = await connect()
  await assert.rejects(client.changeUser({ user: 'admin', password: 'wrong' }), { errno: 1045 })
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions[0]?.closes, 1)
})

test('a wrong password, an unknown user and an unknown database are refused by their numbers', async (t) => {
  const { connect, server, engine } = await serve(t)
  await assert.rejects(connect({ password: 'wrong' }), { errno: 1045, sqlState: '28000' })
  await assert.rejects(connect({ password: '' }), { errno: 1045 })
  await assert.rejects(connect({ user: 'nobody' }), { errno: 1045 })
  await assert.rejects(connect({ user: 'nobody', password: '' }), { errno: 1045 })
  await assert.rejects(connect({ database: 'nowhere' }), { errno: 1049 })
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions.length, 0)
})

test('a result value and a statement text of more than 16 MiB arrive whole', async (t) => {
  const big = 'x'.repeat(17_000_000)
  const { connect, engine } = await serve(t, {
    prepareColumns: () => [column('x')],
    answer: ({ parameters }) => rows([column('x')], [[String(parameters[0] ?? big)], ['last']]),
  })
  const client = await connect()
  const [found] = await client.query<RowDataPacket[]>(`select '${big}'`)
  assert.equal(found[0]?.['x'], big)
  assert.equal(found[1]?.['x'], 'last')
  assert.equal(engine.sessions[0]?.calls[0]?.length, big.length + 9)
  const [back] = await client.execute<RowDataPacket[]>('select ?', [big])
  assert.equal(back[0]?.['x'], big)
})

test('a statement text above max_allowed_packet is refused with 1153', async (t) => {
  const { connect } = await serve(t, {}, { limits: { maxAllowedPacket: 1_000_000 } })
  const client = await connect()
  await assert.rejects(client.query(`select '${'x'.repeat(3_000_000)}'`), { errno: 1153 })
})

test('a row above max_allowed_packet ends its result with 1153, and the connection continues', async (t) => {
  const { connect } = await serve(
    t,
    {
      answer: ({ text }) =>
        rows([column('x')], [['small'], [text === 'big' ? 'y'.repeat(1_000_001) : 'z']]),
    },
    { limits: { maxAllowedPacket: 1_000_000 } },
  )
  const client = await connect()
  await assert.rejects(client.query('big'), { errno: 1153 })
  assert.equal((await client.query<RowDataPacket[]>('small'))[0].length, 2)
})

test('KILL of another connection ends its running statement and its socket', async (t) => {
  const { connect, engine, server } = await serve(t, {
    answer: ({ text, signal }) => (text === 'wait' ? hang(signal) : done()),
  })
  const [victim, killer] = [await connect(), await connect()]
  const waiting = assert.rejects(victim.query('wait'), { errno: 1317 })
  await until(() => engine.sessions[0]?.calls.length === 1)
  await killer.query(`KILL ${victim.threadId}`)
  await waiting
  await until(() => server.connections() === 1)
  await assert.rejects(victim.query('select 1'))
  await killer.ping()
})

test('KILL of an idle connection closes it, and KILL of a number that is none is refused', async (t) => {
  const { connect, server } = await serve(t)
  const [victim, killer] = [await connect(), await connect()]
  await killer.query(`KILL CONNECTION ${victim.threadId}`)
  await until(() => server.connections() === 1)
  await assert.rejects(killer.query('KILL 4000000000'), { errno: 1094 })
})

test('KILL QUERY ends the statement and leaves the connection', async (t) => {
  const { connect, engine } = await serve(t, {
    answer: ({ text, signal }) => (text === 'wait' ? hang(signal) : done()),
  })
  const [victim, killer] = [await connect(), await connect()]
  const waiting = assert.rejects(victim.query('wait'), { errno: 1317 })
  await until(() => engine.sessions[0]?.calls.length === 1)
  await killer.query(`KILL QUERY ${victim.threadId}`)
  await waiting
  await victim.ping()
})

test('a client that disappears interrupts its statement and closes its session once', async (t) => {
  const { connect, engine, server } = await serve(t, { answer: ({ signal }) => hang(signal) })
  const client = await connect()
  client.query('wait').catch(() => {})
  await until(() => engine.sessions[0]?.calls.length === 1)
  client.destroy()
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions[0]?.interrupts, 1)
  assert.equal(engine.sessions[0]?.closes, 1)
})

// reference: StarRocks 3.3.7, test_mv_refresh_list_partitions_multi_columns
test('a text without a statement is refused with 1065, but for a semicolon alone', async (t) => {
  const { connect } = await serve(t)
  const client = await connect()
  await assert.rejects(client.query(' '), { errno: 1065 })
  const [answer] = await client.query<ResultSetHeader>(' ; ')
  assert.equal(answer.affectedRows, 0)
})

test('statements from many connections at once all get their own answers', async (t) => {
  const { connect } = await serve(t, { answer: ({ text }) => rows([column('x')], [[text]]) })
  const clients = await Promise.all(Array.from({ length: 16 }, () => connect()))
  await Promise.all(
    clients.map(async (client, index) => {
      for (let round = 0; round < 20; round++) {
        const [found] = await client.query<RowDataPacket[]>(`select ${index}-${round}`)
        assert.equal(found[0]?.['x'], `select ${index}-${round}`)
      }
    }),
  )
})

test('one connection more than the limit is refused with a reason, and there is room again afterwards', async (t) => {
  const { connect, server } = await serve(t, {}, { limits: { connections: 2 } })
  const first = await connect()
  await connect()
  await assert.rejects(connect(), { errno: 1040 })
  await first.end()
  await until(() => server.connections() === 1)
  await connect()
})

test('closing ends idle clients at once and lets a running statement finish', async (t) => {
  let finish: (() => void) | undefined
  const { connect, engine, server } = await serve(t, {
    answer: () => new Promise((resolve) => (finish = () => resolve(done(5)))),
  })
  const [idle, busy] = [await connect(), await connect()]
  const running = busy.query('long')
  await until(() => finish !== undefined)
  const closed = server.close()
  await until(() => server.connections() === 1)
  await assert.rejects(idle.query('late'))
  finish?.()
  const [result] = await running
  assert.equal((result as { affectedRows: number }).affectedRows, 5)
  await closed
  assert.equal(engine.open().length, 0)
  await assert.rejects(connect(), { code: 'ECONNREFUSED' })
})

test('a port that is taken is an error of starting', async (t) => {
  const { port, engine } = await serve(t)
  await assert.rejects(
    startMysqlServer({
      engine,
      host: '127.0.0.1',
      port,
      log: silentLogger(),
      limits: defaultMysqlLimits,
      clock: systemClock(),
    }),
    { code: 'EADDRINUSE' },
  )
})
