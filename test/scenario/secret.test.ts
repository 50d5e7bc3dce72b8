/** What is secret about identities is nowhere but in the one answer that tells it: not on disk, in logs, answers or errors. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { wires } from '../support/http/wire.ts'

test('secrets and tokens are neither on disk nor in logs, answers or errors', async (t) => {
  const heard: string[] = []
  const cloud = await startCloud(t, { log: logger('debug', { write: (line) => heard.push(line) }) })
  const secrets: string[] = []
  for (const wire of wires) {
    const { account } = wire
    const { identity } = cloud
    await identity.users.add({ account, name: 'alice' })
    await identity.roles.add({ account, name: 'reader', kind: 'normal' })
    const { key, secret } = await identity.keys.add({ account, user: 'alice' })
    const session = await identity.tokens.add({ account, role: 'reader', session: 'night' })
    secrets.push(secret, session.secret, session.token)
    const temporary = { keyId: session.session.id, secret: session.secret, token: session.token }
    const lasting = { keyId: key.id, secret }
    const { keyId } = temporary
    for (const given of [
      lasting,
      temporary,
      { ...temporary, token: `${session.token}x` },
      { keyId, secret: session.secret },
      { ...lasting, token: session.token },
    ]) {
      for (const { name } of wire.actions) {
        const reply = await wire.send(cloud.port, name, wire.legal(name, 'emr-0'), { key: given })
        assert.notEqual(reply.code, '')
        heard.push(reply.text)
      }
    }
  }
  assert.equal(new Set(secrets).size, 6)
  const files = readdirSync(cloud.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cloud.dataDir, name))
    .filter((file) => statSync(file).isFile())
  assert.ok(files.some((file) => file.endsWith('emrys.db')))
  for (const secret of secrets) {
    for (const text of heard) assert.ok(!text.includes(secret), text)
    for (const file of files) assert.equal(readFileSync(file).includes(secret), false, file)
  }
})

test('a sealed secret is opened by the key of its own place only', async (t) => {
  const cloud = await startCloud(t)
  const account = wires[0]!.account
  const one = await cloud.identity.keys.add({ account })
  const other = await cloud.identity.keys.add({ account })
  await cloud.store.write(async (tx) => {
    const found = (await tx.findById('accessKey', one.key.id))!
    await tx.save('accessKey', found, { ...found.document, secret: other.key.secret })
  })
  cloud.identity.credentials.forget()
  await assert.rejects(cloud.identity.credentials.find('alibaba', one.key.id))
  const reply = await wires[0]!.send(
    cloud.port,
    'DescribeRegions',
    {},
    {
      key: { keyId: one.key.id, secret: other.secret },
    },
  )
  assert.equal(reply.code, 'InternalError')
})
