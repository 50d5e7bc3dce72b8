/** SQL of a highly available EMR cluster, real: each master answers, on the same tables, also when the other one does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  kill,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { beeline } from '../support/engine/hive-client.ts'
import { skipWithout } from '../support/engine/module.ts'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip =
  skipWithout('spark') ||
  skipWithout('hadoop') ||
  skipWithout('zookeeper') ||
  skipWithout('openldap')

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

test(
  'both masters of a highly available cluster answer SQL on the same tables',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: [...components, 'hive-3.1.3'],
        SupportHA: 1,
        ResourceSpec: {
          MasterResourceSpec: machine(4, 16),
          CoreResourceSpec: machine(4, 8),
          CommonResourceSpec: machine(2, 4),
          MasterCount: 2,
          CoreCount: 3,
          CommonCount: 3,
        },
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    const [one = '', other = ''] = addressesOf(cluster, 'master')
    const servers = () => daemonsOf(dataDir).filter(({ name }) => name === 'hive-server2')
    assert.equal(servers().length, 2)
    const metastores = () => daemonsOf(dataDir).filter(({ name }) => name === 'hive-metastore')
    assert.equal(metastores().length, 2)
    await beeline(one, ['create table kept (a int) using parquet', 'insert into kept values (7)'])
    assert.deepEqual(await beeline(other, ['select a from kept']), ['7'])

    const before = servers()
    const first = cluster.spec.groups.find(({ role }) => role === 'master')?.nodes[0]?.id
    kill(before.find(({ node }) => node === first)?.pid ?? 0)
    kill(metastores().find(({ node }) => node === first)?.pid ?? 0)
    assert.deepEqual(
      await beeline(other, ['insert into kept values (8)', 'select a from kept order by a']),
      ['7', '8'],
    )
    await until(
      'it is back',
      async () => (await beeline(one, ['select count(*) from kept'])).join() === '2',
    )

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)
