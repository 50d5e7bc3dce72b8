import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess, type AccessInstance } from '../../../../support/fixture/alibaba-access.ts'

const groupsOf = async ({ call, id }: AccessInstance) => {
  const query = { InstanceId: id }
  const { body } = await call('DescribeInnerIpWhitelistGroups', { query })
  return (body as unknown as { readonly data: unknown }).data
}

test('groups read back as they were given, and one of a known name is replaced', async (t) => {
  const it = await startAccess(t)
  assert.deepEqual(await groupsOf(it), [])
  const put = (name: string, CidrIpList: readonly string[]) =>
    it.change('UpdateInnerIpWhitelistGroup', { InnerIpWhitelistGroupId: name, CidrIpList })
  assert.equal(await put('office', ['192.168.0.0/24', '10.0.0.7']), 'updating')
  await put('jobs', ['10.1.0.0/16'])
  await put('office', ['192.168.1.0/24'])
  assert.deepEqual(await groupsOf(it), [
    { CidrIpList: ['192.168.1.0/24'], InnerIpWhitelistGroupId: 'office' },
    { CidrIpList: ['10.1.0.0/16'], InnerIpWhitelistGroupId: 'jobs' },
  ])
  await it.change('DeleteInnerIpWhitelistGroup', { InnerIpWhitelistGroupId: 'office' })
  assert.deepEqual(await groupsOf(it), [
    { CidrIpList: ['10.1.0.0/16'], InnerIpWhitelistGroupId: 'jobs' },
  ])
  assert.equal((await it.history())[0].OperationType, 'update_configuration')
})

test('what is no address or block, and too many of them, are refused', async (t) => {
  const it = await startAccess(t)
  const put = (CidrIpList: readonly string[], name = 'office') =>
    it.refused('UpdateInnerIpWhitelistGroup', { InnerIpWhitelistGroupId: name, CidrIpList })
  for (const wrong of ['10.0.0.300', '10.0.0.1/8', '10.0.0.0/33', 'fe80::1', 'everyone'])
    assert.match(await put([wrong]), new RegExp(`^InvalidParams .*${wrong} is no IPv4 block`))
  assert.match(await put([]), /^(InvalidParams|MissingCidrIpList)/)
  const many = Array.from({ length: 301 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  assert.match(await put(many), /Number of cidr ips should be in range \[1, 300\]/)
  assert.match(await put(['10.0.0.1'], 'a b'), /^InvalidParams .*group id should have/)
})

test('there are only so many groups', async (t) => {
  const it = await startAccess(t)
  const put = (at: number) => ({
    InnerIpWhitelistGroupId: `g-${at}`,
    CidrIpList: [`10.0.0.${at}`],
  })
  for (let at = 0; at < 50; at++) {
    await it.post('UpdateInnerIpWhitelistGroup', put(at))
    await it.cloud.settle()
  }
  assert.match(
    await it.refused('UpdateInnerIpWhitelistGroup', put(50)),
    /^InvalidParams .*Number of inner ip whitelist groups should be in range \[0, 50\]/,
  )
})
