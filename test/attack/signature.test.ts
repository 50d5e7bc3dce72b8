/** What a signature covers cannot be exchanged for something that it does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient } from '../support/http/alibaba-client.ts'
import { signRoa } from '../support/http/sign.ts'
import { developmentKey } from '../support/http/wire.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { sendRaw } from './raw-request.ts'

function release(more: Parameters<typeof signRoa>[0] extends infer R ? Partial<R> : never) {
  return signRoa({
    ...developmentKey,
    host: '127.0.0.1',
    path: '/webapi/starrocks/describeInstances',
    date: new Date().toUTCString(),
    contentMd5: true,
    body: '{"InstanceId":"c-1111111111111111"}',
    ...more,
  })
}

test('row 11: a body cannot be exchanged by hiding its digest in another header', async (t) => {
  const { port } = await startCloud(t)
  const signed = release({ absentLine: 'omitted', headers: { accept: '' } })
  const { 'content-md5': digest = '', accept: _, ...headers } = signed.headers
  const body = Buffer.from('{"InstanceId":"c-2222222222222222"}')
  const moved = await sendRaw(port, { ...signed, headers: { ...headers, accept: digest }, body })
  assert.equal(moved.status, 400)
  assert.match(moved.text, /SignatureDoesNotMatch/)
  const usual = await sendRaw(port, release({ absentLine: 'omitted' }))
  assert.equal(usual.status, 200, usual.text)
})

test('a body without its digest is taken from the clients that send none, unless the digest is required', async (t) => {
  const optional = await startCloud(t)
  const query = { RegionId: 'cn-hangzhou' }
  const older = { signature: 'v2' } as const
  await alibabaClient(optional.port, older)('DescribeInstances', { query, body: {} })

  const required = await startCloud(t, { config: { bodyDigest: 'required' } })
  const without = await sendRaw(required.port, release({ contentMd5: false }))
  assert.equal(without.status, 400)
  assert.match(without.text, /IncompleteSignature.*Content-MD5 is not signed/)
  assert.equal((await sendRaw(required.port, release({}))).status, 200)
  await alibabaClient(required.port, older)('DescribeInstances', { query })
  await alibabaClient(required.port)('DescribeInstances', { query, body: {} })
})
