import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { serve, until } from '../support/mysql-server.ts'
import { errorOf, framed, loggedIn, query, rawClient } from '../support/raw-mysql-client.ts'
import { column, hang, streamed } from '../support/scripted-engine.ts'

const KIB_ROW = 'x'.repeat(1_000)

/** Far more than a socket holds, yet bounded: a server that reads ahead fails the test, not the machine. */
function* farTooMuch() {
  for (let chunk = 0; chunk < 2_000; chunk++) yield Array.from({ length: 64 }, () => [KIB_ROW])
}

test('an idle client is closed after wait_timeout, one that asks is not', async (t) => {
  const clock = manualClock()
  const { port, server } = await serve(t, {}, { clock, limits: { idleMs: 60_000 } })
  const [idle, asking] = [await loggedIn(port), await loggedIn(port)]
  clock.advance(40_000)
  await asking.ask(Buffer.from([0x0e]))
  clock.advance(40_000)
  await idle.closed
  await until(() => server.connections() === 1)
  assert.equal((await asking.ask(Buffer.from([0x0e])))?.payload[0], 0)
  asking.socket.destroy()
})

test("a session's own wait_timeout ends it sooner", async (t) => {
  const clock = manualClock()
  const { port, engine, server } = await serve(t, {}, { clock, limits: { idleMs: 60_000 } })
  const client = await loggedIn(port)
  Object.assign(engine.sessions[0]!, { idleSeconds: 20 })
  await client.ask(Buffer.from([0x0e]))
  clock.advance(30_000)
  await client.closed
  await until(() => server.connections() === 0)
})

test('a running statement is not idleness', async (t) => {
  const clock = manualClock()
  const { port, engine, server } = await serve(
    t,
    { answer: ({ signal }) => hang(signal) },
    { clock, limits: { idleMs: 60_000 } },
  )
  const client = await loggedIn(port)
  client.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  for (let step = 0; step < 10; step++) clock.advance(60_000)
  assert.equal(server.connections(), 1)
  engine.kill(engine.sessions[0]?.id ?? 0, 'query')
  assert.equal(errorOf(await client.read()).errno, 1317)
  client.socket.destroy()
})

test('a packet that stops arriving ends the connection, though single bytes still come', async (t) => {
  const clock = manualClock()
  const { port, server } = await serve(
    t,
    {},
    { clock, limits: { readMs: 10_000, readRate: 1_000_000 } },
  )
  const client = await loggedIn(port)
  client.socket.write(framed(0, query('x'.repeat(1_000_000))).subarray(0, 1_000))
  for (let step = 0; step < 8 && server.connections() === 1; step++) {
    await new Promise((resolve) => setImmediate(resolve))
    client.socket.write('y')
    clock.advance(2_000)
  }
  await client.closed
  await until(() => server.connections() === 0)
})

test('a client that does not read its result holds the engine back, keeps memory flat and is closed in time', async (t) => {
  const clock = manualClock()
  let chunks = 0
  const { port, engine, server } = await serve(
    t,
    {
      answer: () =>
        streamed(
          [column('x')],
          (function* () {
            for (const chunk of farTooMuch()) {
              chunks++
              yield chunk
            }
          })(),
        ),
    },
    { clock, limits: { writeMs: 30_000 } },
  )
  const client = await loggedIn(port)
  client.socket.pause()
  client.send(0, query('select all'))
  let before = -1
  await until(() => {
    const still = chunks > 0 && chunks === before
    before = chunks
    return still
  })
  const stopped = chunks
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(chunks - stopped <= 16, 'the engine continues though nobody reads')
  assert.ok(chunks * 64_000 < 64_000_000, 'far more was pulled than a socket holds')
  clock.advance(29_000)
  assert.equal(server.connections(), 1)
  clock.advance(2_000)
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions[0]?.interrupts, 1)
  assert.equal(engine.sessions[0]?.closes, 1)
  client.socket.destroy()
})

test('commands sent ahead while one runs are left in the kernel beyond a bound', async (t) => {
  const { port, engine } = await serve(t, { answer: ({ signal }) => hang(signal) })
  const client = await loggedIn(port)
  client.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  const ping = framed(0, Buffer.from([0x0e]))
  const flood = Buffer.concat(Array.from({ length: 200_000 }, () => ping))
  for (let round = 0; round < 30; round++) client.socket.write(flood)
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(
    client.socket.writableLength > 10_000_000,
    'the server took in what it cannot answer yet',
  )
  engine.kill(engine.sessions[0]?.id ?? 0, 'query')
  assert.equal(errorOf(await client.read()).errno, 1317)
  assert.equal((await client.read())?.payload[0], 0)
  client.socket.destroy()
})

test('large packets in flight have one bound for all connections, and the room comes back', async (t) => {
  const { port } = await serve(t, {}, { limits: { inboundBytes: 3_000_000 } })
  const part = framed(0, query('x'.repeat(2_000_000))).subarray(0, 1_900_000)
  const first = await loggedIn(port)
  await new Promise((resolve) => first.socket.write(part, resolve))
  const second = await loggedIn(port)
  second.socket.write(part)
  const refused = await Promise.race([first.read(), second.read()])
  assert.equal(errorOf(refused).errno, 1041)
  first.socket.destroy()
  second.socket.destroy()
  await Promise.all([first.closed, second.closed])
  const third = await loggedIn(port)
  assert.equal((await third.ask(query('x'.repeat(2_000_000))))?.payload[0], 0)
  third.socket.destroy()
})

test('a large packet that was answered takes no more room', async (t) => {
  const { port } = await serve(t, {}, { limits: { inboundBytes: 3_000_000 } })
  const large = query('x'.repeat(2_000_000))
  const idle = await loggedIn(port)
  assert.equal((await idle.ask(large))?.payload[0], 0)
  const other = await loggedIn(port)
  assert.equal((await other.ask(large))?.payload[0], 0)
  idle.socket.destroy()
  other.socket.destroy()
})

test('a client that keeps sending after its refusal gets it, and is cut after a while', async (t) => {
  const clock = manualClock()
  const { port, server } = await serve(
    t,
    {},
    { clock, limits: { maxAllowedPacket: 100_000, lingerMs: 5_000 } },
  )
  const client = rawClient(port)
  client.socket.destroy()
  const stubborn = await loggedIn(port)
  stubborn.socket.allowHalfOpen = true
  stubborn.socket.write(framed(0, Buffer.alloc(200_000)))
  assert.equal(errorOf(await stubborn.read()).errno, 1153)
  for (let round = 0; round < 20; round++) stubborn.socket.write(Buffer.alloc(100_000))
  assert.equal(server.connections(), 1)
  for (let step = 0; step < 24; step++) clock.advance(250)
  await until(() => server.connections() === 0)
  stubborn.socket.destroy()
})

test('rows that are ready are sent while the statement is still thinking about the next', async (t) => {
  const clock = manualClock()
  const { port, engine } = await serve(
    t,
    {
      answer: ({ signal }) =>
        streamed(
          [column('x')],
          (async function* () {
            yield [['first']]
            await hang(signal)
          })(),
        ),
    },
    { clock },
  )
  const client = await loggedIn(port)
  client.send(0, query('slow'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(250)
  const packets = [
    await client.read(),
    await client.read(),
    await client.read(),
    await client.read(),
  ]
  assert.equal(packets[3]?.payload.toString('latin1'), '\x05first')
  client.socket.destroy()
})

test('a statement that does not end when the server closes is cut in time', async (t) => {
  const clock = manualClock()
  const { port, engine, server } = await serve(
    t,
    { answer: ({ signal }) => hang(signal) },
    { clock, limits: { drainMs: 3_000 } },
  )
  const client = await loggedIn(port)
  client.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  const closed = server.close()
  clock.advance(2_000)
  assert.equal(server.connections(), 1)
  clock.advance(1_500)
  await closed
  assert.equal(engine.sessions[0]?.interrupts, 1)
  assert.equal(engine.sessions[0]?.closes, 1)
  await client.closed
})

test('a statement that ignores its interruption does not keep the server from closing', async (t) => {
  const clock = manualClock()
  const { port, engine, server } = await serve(
    t,
    { answer: () => new Promise(() => {}) },
    { clock, limits: { drainMs: 3_000 } },
  )
  const client = await loggedIn(port)
  client.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  const closed = server.close()
  for (let step = 0; step < 30; step++) clock.advance(250)
  await closed
  await client.closed
})

test('an engine whose interruption fails does not end the server', async (t) => {
  const { port, engine, server } = await serve(t, { answer: ({ signal }) => hang(signal) })
  const client = await loggedIn(port)
  client.send(0, query('wait'))
  await until(() => engine.sessions[0]?.calls.length === 1)
  const session = engine.sessions[0]
  assert.ok(session)
  const { interrupt } = session
  session.interrupt = () => {
    interrupt()
    throw new TypeError('broken')
  }
  client.socket.destroy()
  await until(() => server.connections() === 0)
  assert.equal(session.closes, 1)
})
