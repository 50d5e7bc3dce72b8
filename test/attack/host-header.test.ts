/** What stands between a client and the server may go by another Host header than the server does. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'

function say(port: number, head: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let heard = ''
  const socket = connect({ host: '127.0.0.1', port }, () =>
    socket.write(`${head}\r\nConnection: close\r\n\r\n`),
  )
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  socket.on('error', reject)
  socket.on('close', () => resolve(heard))
  return promise
}

test('row 15: a request with two Host headers is 400, for both clouds and for the admin pages', async (t) => {
  const { port } = await startCloud(t)
  for (const line of [
    'GET /_emrys/health',
    'GET /',
    'GET /?Action=DescribeInstances&SecretId=a',
    'POST /webapi/starrocks/describeInstances',
  ])
    for (const hosts of [
      'Host: 127.0.0.1\r\nhost: 127.0.0.1',
      'HOST: a\r\nHost: b',
      'Host:\r\nHost: a',
    ])
      assert.match(await say(port, `${line} HTTP/1.1\r\n${hosts}`), /^HTTP\/1\.1 400 /, line)
  assert.match(
    await say(port, 'GET /_emrys/health HTTP/1.1\r\nHost: 127.0.0.1'),
    /^HTTP\/1\.1 200 /,
  )
  assert.match(await say(port, 'GET /_emrys/health HTTP/1.1'), /^HTTP\/1\.1 400 /)
})
