/** Bytes that are no HTTP, or HTTP that goes wrong on its way: the server answers 4xx or hangs up, and serves everybody else. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { ask } from '../support/http/tencent-client.ts'
import { dice, type Dice } from './dice.ts'

const COUNT = 400
/** A server that waits for more is left alone after this; what it waits for never comes. */
const TIMEOUT_MS = 100

const HEADS = [
  'POST / HTTP/1.1\r\nHost: x\r\nX-TC-Action: CreateInstance\r\n',
  'POST /webapi/cluster/createV1 HTTP/1.1\r\nHost: x\r\n',
  'GET /_emrys/health HTTP/1.1\r\nHost: x\r\n',
]
const ENDINGS = [
  '\r\n',
  'Content-Length: 5\r\n\r\n{}',
  'Content-Length: -1\r\n\r\n{}',
  'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}',
  'Content-Length: 99999999999999999999\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
  'Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'Content-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n',
  'Bad Header\r\n\r\n',
  'X: \u0000\r\n\r\n',
  `X: ${'y'.repeat(70_000)}\r\n\r\n`,
  'Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
  'Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}',
  'Expect: nothing\r\n\r\n',
]

test(`${COUNT} connections with broken bytes leave the server well`, async (t) => {
  const cloud = await startCloud(t)
  for (let at = 0; at < COUNT; at += 20) {
    const batch = Array.from({ length: 20 }, (_, n) => dice(`raw-${at + n}`))
    for (const heard of await Promise.all(batch.map((it) => say(cloud.port, bytesOf(it)))))
      assert.match(heard, /^(|HTTP\/1\.1 (1|2|4)\d\d )/, heard.slice(0, 100))
  }
  assert.equal((await askAdmin(cloud.port, 'health')).status, 200)
  const listed = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(listed.code, '')
})

function bytesOf(it: Dice): Buffer {
  const request = Buffer.from(it.pick(HEADS) + it.pick(ENDINGS), 'latin1')
  switch (it.below(4)) {
    case 0:
      return Buffer.from(Array.from({ length: it.between(1, 300) }, () => it.below(256)))
    case 1:
      return request.subarray(0, it.below(request.length))
    case 2:
      request[it.below(Math.min(80, request.length))] = it.below(256)
      return request
    default:
      return request
  }
}

/** What the server said until it hung up, or until it is clear that it waits. */
function say(port: number, bytes: Buffer): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let heard = ''
  const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes))
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(heard))
  return promise
}
