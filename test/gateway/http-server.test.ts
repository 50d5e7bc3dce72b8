import assert from 'node:assert/strict'
import { lookup } from 'node:dns/promises'
import { Agent, get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'
import { httpServer } from '../../src/gateway/http-server.ts'

test('localhost is answered at each of its addresses that this machine has, by one port', async (t) => {
  const server = httpServer((_request, response) => response.end('here'), undefined)
  const port = await server.listen('localhost', 0)
  t.after(() => server.close())
  let heard = 0
  for (const { address, family } of await lookup('localhost', { all: true })) {
    const host = family === 6 ? `[${address}]` : address
    const answer = await fetch(`http://${host}:${port}/`).catch(() => undefined)
    if (!answer && family === 6) continue
    assert.equal(await answer?.text(), 'here', address)
    heard++
  }
  assert.ok(heard > 0)
})

test('a port that is taken, and an address that is not here, are refused', async (t) => {
  const first = httpServer(() => {}, undefined)
  const port = await first.listen('127.0.0.1', 0)
  t.after(() => first.close())
  const second = httpServer(() => {}, undefined)
  await assert.rejects(second.listen('127.0.0.1', port), { code: 'EADDRINUSE' })
  await assert.rejects(second.listen('192.0.2.1', 0), { code: 'EADDRNOTAVAIL' })
  await second.close()
})

test('closing ends idle connections, and waits for what is under way', async () => {
  const entered = Promise.withResolvers<void>()
  const going = Promise.withResolvers<void>()
  const server = httpServer((_request, response) => {
    response.setHeader('connection', 'close')
    entered.resolve()
    void going.promise.then(() => response.end('late'))
  }, undefined)
  const port = await server.listen('127.0.0.1', 0)
  const agent = new Agent({ keepAlive: true })
  const answer = Promise.withResolvers<IncomingMessage>()
  get({ port, agent }, answer.resolve)
  await entered.promise
  const closed = server.close()
  going.resolve()
  assert.equal(await text(await answer.promise), 'late')
  await closed
  agent.destroy()
})
