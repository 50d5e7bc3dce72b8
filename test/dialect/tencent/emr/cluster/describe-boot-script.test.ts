import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('scripts are listed by their moment, without the keys of their storage', async (t) => {
  const cloud = await startCloud(t)
  const script = (name: string, WhenRun: string, RunOrder: number) => ({
    CosFileURI: `cos://bucket/${name}`,
    Args: ['--a', `--${name}`],
    WhenRun,
    RunOrder,
    Remark: name,
    CosSecretId: 'AKIDSECRET',
    CosSecretKey: 'secret-key-text',
  })
  const id = await create(cloud, {
    PreExecutedFileSettings: [
      script('late.sh', 'clusterAfter', 2),
      script('first.sh', 'clusterAfter', 1),
      script('node.sh', 'resourceAfter', 1),
    ],
  })
  const read = (members: object = {}) =>
    ask(cloud, 'DescribeBootScript', { InstanceId: id, ...members })
  type Detail = Record<string, Record<string, unknown>[]>
  const names = async (members: object = {}) => {
    const detail = (await read(members)).response['Detail'] as Detail
    return Object.fromEntries(
      Object.entries(detail).map(([moment, rows]) => [moment, rows.map((row) => row['Remark'])]),
    )
  }
  const nothing = { ResourceAfter: [], ClusterBefore: [], ClusterAfter: [], ServiceBefore: [] }
  const late = ['first.sh', 'late.sh']
  assert.deepEqual(await names(), { ...nothing, ResourceAfter: ['node.sh'], ClusterAfter: late })
  assert.deepEqual(await names({ BootType: 'clusterAfter' }), { ...nothing, ClusterAfter: late })
  const { response } = await read()
  const [row] = (response['Detail'] as Detail)['ResourceAfter']!
  assert.deepEqual(
    [row?.['CosFileURI'], row?.['Args'], row?.['WhenRun'], row?.['RunOrder']],
    ['cos://bucket/node.sh', '--a --node.sh', 'resourceAfter', 1],
  )
  assert.ok(!JSON.stringify(response).includes('secret-key-text'))
  assert.equal((await read({ BootType: 'never' })).code, 'InvalidParameter')
  const unknown = await read({ InstanceId: 'emr-00000000' })
  assert.equal(unknown.code, 'ResourceNotFound.InstanceNotFound')
})
