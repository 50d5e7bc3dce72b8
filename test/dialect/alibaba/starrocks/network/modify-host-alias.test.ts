import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('the whole table is replaced', async (t) => {
  const it = await startAccess(t)
  const alias = (ip: string, ...hostnames: string[]) => ({ ip, hostnames })
  const first = [alias('192.168.0.7', 'metastore', 'metastore.example.com')]
  assert.equal(await it.change('ModifyHostAlias', { hostAliases: first }), 'updating')
  const table = async () => (await it.document()).spec.access?.hostAliases
  assert.deepEqual(await table(), [
    { address: '192.168.0.7', names: ['metastore', 'metastore.example.com'] },
  ])
  await it.change('ModifyHostAlias', { hostAliases: [alias('192.168.0.8', 'kafka')] })
  assert.deepEqual(await table(), [{ address: '192.168.0.8', names: ['kafka'] }])
})

test('what is no address and no name of a host is refused', async (t) => {
  const it = await startAccess(t)
  const refused = (ip: string, hostname: string) =>
    it.refused('ModifyHostAlias', { hostAliases: [{ ip, hostnames: [hostname] }] })
  assert.match(await refused('300.1.1.1', 'a'), /^InvalidParams .*Ip 300\.1\.1\.1 is no IPv4/)
  assert.match(await refused('10.0.0.0/8', 'a'), /^InvalidParams .*10\.0\.0\.0\/8 is no IPv4/)
  assert.match(await refused('10.0.0.1', 'a b'), /^InvalidParams .*Hostname is not the name/)
  assert.match(await it.refused('ModifyHostAlias', {}), /^MissingHostAliases/)
})
