import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { parseCurl, send } from '../../scripts/conformance/curl.ts'

test('a load waits for leave to send its body, and follows the redirection with its credentials', async (t) => {
  const seen: string[] = []
  const back = createServer()
  back.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const parts: string[] = []
    response.writeContinue()
    request.on('data', (chunk: Buffer) => parts.push(chunk.toString()))
    request.on('end', () => {
      seen.push(parts.join(''), String(request.headers.authorization))
      response.end('loaded')
    })
  })
  const front = createServer((_, response) => response.end('There is no 100-continue header'))
  front.on('checkContinue', (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(307, {
      location: `http://127.0.0.1:${String(portOf(back))}/x`,
      connection: 'close',
    })
    response.end()
  })
  for (const server of [back, front]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
  }
  const url = `http://127.0.0.1:${String(portOf(front))}/api/d/t/_stream_load`
  const load = (more: string) => {
    const request = parseCurl(`curl --location-trusted -u root: -X PUT ${more} -d '1,2' ${url}`)
    assert.ok(request)
    return send(request, 5000)
  }
  assert.equal(await load('-H "Expect:100-continue"'), 'loaded')
  assert.deepEqual(seen, ['1,2', `Basic ${Buffer.from('root:').toString('base64')}`])
  assert.equal(await load(''), 'There is no 100-continue header')
})

const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port
