/** Requests that are too much, each refused for what is too much of it, in its vendor's form, and at once. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { startChildServer, type ChildServer } from '../support/process/child-server.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { signAcs3, signTc3, type WireRequest } from '../support/http/sign.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { developmentKey } from '../support/http/wire.ts'
import { ordinaryMs } from '../support/process/machine-speed.ts'
import { sendRaw } from './raw-request.ts'

const MIB = 1024 * 1024
/** Reading ten megabytes from a socket is most of it. */
const WORK_MS_MAX = 100
const TRIES = 5

/** The answer, and that it cost the server little, however busy the machine is. */
async function answered(server: ChildServer, make: () => WireRequest): Promise<string> {
  let leastMs = Infinity
  let text = ''
  for (let tries = 0; tries < TRIES && leastMs > WORK_MS_MAX; tries++) {
    const wire = make()
    const beforeMs = await server.cpuMs()
    ;({ text } = await sendRaw(server.port, wire))
    leastMs = Math.min(leastMs, ordinaryMs((await server.cpuMs()) - beforeMs))
  }
  assert.ok(leastMs <= WORK_MS_MAX, `it took ${leastMs} ms`)
  return text
}

function start(t: TestContext): Promise<ChildServer> {
  return startChildServer(t, memoryDirectory(t))
}

function form(text: string): WireRequest {
  const headers = { host: '127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', path: '/', query: '', headers, body: Buffer.from(text) }
}

function tc3(body: string, action = 'DescribeInstances'): WireRequest {
  const timestamp = Math.floor(Date.now() / 1000)
  const about = { host: '127.0.0.1', action, region: 'ap-guangzhou' }
  return signTc3({
    ...developmentKey,
    ...about,
    timestamp,
    headers: { 'x-tc-language': 'en-US' },
    body,
  })
}

function acs3(body: string): WireRequest {
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  const about = { host: '127.0.0.1', path: '/webapi/starrocks/describeInstances' }
  return signAcs3({ ...developmentKey, ...about, date, nonce: `${Math.random()}`, body })
}

test('row 1: an unsigned form of ten megabytes is refused for its size, and one of too many pairs for them', async (t) => {
  const server = await start(t)
  const many = (bytes: number) => form(`Action=x&${'a=%41&'.repeat((bytes - 20) / 6)}`)
  const large = await answered(server, () => many(10 * MIB))
  assert.match(large, /AuthFailure\.SignatureFailure.*exceeding request size limit/)
  const wide = await answered(server, () => many(MIB))
  assert.match(wide, /InvalidParameter.*more than 5000 parameters/)
})

test('row 7: JSON that is nested or wide is refused with any key before it is parsed', async (t) => {
  const server = await start(t)
  const nested = (bytes: number) => `{"A":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`
  const flat = (bytes: number) => `{${'"k000":1,'.repeat(bytes / 9)}"k":1}`
  for (const [make, says] of [
    [() => tc3(nested(10 * MIB - 99)), /InvalidParameter.*nests deeper than 32 levels/],
    [() => tc3(flat(10 * MIB - 99)), /InvalidParameter.*more than 10000 values/],
    [() => acs3(nested(MIB - 99)), /InvalidParameter.*nests deeper than 32 levels/],
    [() => acs3(flat(MIB - 99)), /InvalidParameter.*more than 10000 values/],
    [() => acs3(nested(10 * MIB - 99)), /RequestEntityTooLarge.*1048576 bytes/],
  ] as const)
    assert.match(await answered(server, make), says)
})

test('JSON in a text of JSON is bounded as the body is', async (t) => {
  const server = await start(t)
  const create = (ExtendFsField: string) =>
    tc3(JSON.stringify(sampleCreateRequest({ ExtendFsField })), 'CreateInstance')
  const nested = await answered(server, () => create('['.repeat(9 * MIB)))
  assert.match(nested, /ExtendFsField.*it is too deep/)
  const flat = await answered(server, () => create(`[${'1,'.repeat(4 * MIB)}1]`))
  assert.match(flat, /ExtendFsField.*it is too wide/)
})

test('a body in a million crumbs is refused after the first thousands', async (t) => {
  const { port } = await start(t)
  const crumbs = '1\r\na\r\n'.repeat(1_000_000)
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nX-TC-Action: x\r\nTransfer-Encoding: chunked\r\n\r\n'
  const { promise, resolve } = Promise.withResolvers<string>()
  let heard = ''
  const socket = connect({ host: '127.0.0.1', port }, () => socket.write(head + crumbs))
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(heard))
  const answer = await promise
  // Whoever still sends may lose the answer; the connection ends in any case.
  if (answer !== '') assert.match(answer, /the body comes in too many pieces/)
})
