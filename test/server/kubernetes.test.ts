import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
import { startServer } from '../../src/server/server.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { client } from '../support/http/client.ts'
import { hadoopBody, instanceBody } from '../support/http/body.ts'
import { slCreateRequest } from '../support/http/tencent-request.ts'
import { askAdmin } from '../support/http/admin.ts'
import { emrys } from '../support/process/emrys-command.ts'
import { answerStatus, apiServer } from '../support/http/api-server.ts'

test('a server that shall carry instances on Kubernetes, and has none configured, does not start', async (t) => {
  const { config } = loadConfig({})
  const dataDir = temporaryDirectory(t)
  const substrates = { default: 'simulation', starrocks: 'kubernetes' }
  await assert.rejects(
    startServer({ config: { ...config, port: 0, dataDir, substrates } }),
    /the setting kubernetes.kubeconfig names none/,
  )
})

test('blocks that nothing would keep to are refused at the start', async (t) => {
  const dataDir = temporaryDirectory(t)
  for (const by of ['', 'node-port=nodes.example']) {
    const { config } = loadConfig({
      flags: {
        'kubernetes.kubeconfig': '/none',
        'kubernetes.public-services': by,
        'kubernetes.public-sources': '203.0.113.0/24',
      },
    })
    await assert.rejects(
      startServer({ config: { ...config, port: 0, dataDir } }),
      /kubernetes.public-sources holds for kubernetes.public-services=load-balancer alone/,
    )
  }
})

test('products that cannot be reached from outside as it is said are refused at the start', async (t) => {
  const dataDir = temporaryDirectory(t)
  for (const [products, by, why] of [
    ['kafka', '', /needs kubernetes.public-services/],
    ['hbase', 'node-port=nodes.example', /names hbase, which has no one address/],
    ['none', 'node-port=nodes.example', /names none, which has no one address/],
    ['kafka', 'load-balancer', /names kafka, which asks nobody for a password/],
  ] as const) {
    const { config } = loadConfig({
      flags: {
        'kubernetes.kubeconfig': '/none',
        'kubernetes.public-services': by,
        'kubernetes.public-products': products,
      },
    })
    await assert.rejects(startServer({ config: { ...config, port: 0, dataDir } }), why)
  }
})

test('settings of Kubernetes are read as pairs, and refused by what is wrong with them', () => {
  const flags = {
    'kubernetes.storage-classes': 'pl0=slow, *=any',
    'kubernetes.zones': 'z-1=rack-1',
    'kubernetes.images': 'registry.example/starrocks/',
    'kubernetes.public-services': 'node-port=nodes.example',
    'kubernetes.own-addresses': '10.1.0.0/16, 10.2.3.4/32',
  }
  const { kubernetes } = loadConfig({ flags }).config
  assert.deepEqual(kubernetes?.storageClasses, { pl0: 'slow', '*': 'any' })
  assert.deepEqual(kubernetes?.zones, { 'z-1': 'rack-1' })
  assert.equal(kubernetes?.images, 'registry.example/starrocks')
  assert.deepEqual(kubernetes?.publicServices, { by: 'node-port', host: 'nodes.example' })
  assert.deepEqual(kubernetes?.ownAddresses, ['10.1.0.0/16', '10.2.3.4/32'])
  for (const [name, value] of [
    ['kubernetes.namespaces', 'team-a,team-a'],
    ['kubernetes.public-services', 'cluster-ip'],
    ['kubernetes.own-addresses', '10.1.0.1/16'],
    ['kubernetes.public-sources', 'everywhere'],
    ['kubernetes.public-products', 'Kafka 2'],
    ['kubernetes.storage-classes', 'pl0'],
    ['kubernetes.namespace-prefix', 'Team-'],
    ['kubernetes.images', 'a b'],
  ] as const)
    assert.throws(() => loadConfig({ flags: { [name]: value } }), /it must/)
})

const machine = { DiskType: 'CLOUD_SSD', DiskSize: 100, InstanceType: 'S2.LARGE8' }
const zookeeperMembers = {
  Software: ['zookeeper-3.6.1'],
  SceneName: 'Hadoop-Zookeeper',
  SupportHA: 1,
  ResourceSpec: {
    CommonResourceSpec: machine,
    CommonCount: 3,
  },
}
const dorisMembers = {
  ProductId: 26,
  Software: ['doris-0.13.0', 'knox-1.2.0'],
  ResourceSpec: {
    MasterResourceSpec: machine,
    MasterCount: 1,
    CoreResourceSpec: machine,
    CoreCount: 3,
  },
}
const kubernetesTag = { TagKey: 'emrys:substrate', TagValue: 'kubernetes' }

test('what the Kubernetes cluster lacks refuses a creation by its name, before anything is recorded', async (t) => {
  const server = await apiServer(t, (_asked, response) =>
    answerStatus(response, 404, { reason: 'NotFound', message: 'the server could not find it' }),
  )
  const { certificate } = server
  const config = {
    'current-context': 'x',
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    clusters: [
      {
        name: 'x',
        cluster: {
          server: server.address,
          'certificate-authority-data': Buffer.from(certificate.certificatePem).toString('base64'),
        },
      },
    ],
    users: [{ name: 'x', user: { token: 'abc' } }],
  }
  const path = join(temporaryDirectory(t), 'config')
  writeFileSync(path, JSON.stringify(config))
  const flags = {
    'kubernetes.kubeconfig': path,
    'kubernetes.storage-classes': '*=any',
    'kubernetes.versions': 'zookeeper=3.9.4,hdfs=3.4.2,hbase=2.6.3,doris=2.1.8',
  }
  const { kubernetes } = loadConfig({ flags }).config
  const cloud = await startCloud(t, {
    config: {
      kubernetes: kubernetes!,
      substrates: { default: 'simulation', starrocks: 'kubernetes' },
    },
  })
  const api = client(cloud.port)
  t.after(() => api.close())
  const missing = "StarRocks: StarRocks' operator is not installed"
  const remark = async () =>
    (await askAdmin(cloud.port, 'ready')).body.carriers.at(-1).remark as string
  while (!(await remark()).startsWith(missing))
    await new Promise((resolve) => setTimeout(resolve, 20))
  const shown = await emrys(t, ['status', '--url', cloud.url])
  assert.match(shown.out, /substrate local\n.*substrate kubernetes, but not now: StarRocks: /s)
  assert.match(
    shown.out,
    /ZooKeeper by Stackable's operator, but not now: ZooKeeper: .*zookeeperclusters/,
  )
  const { body } = await api.alibaba('/webapi/cluster/createV1', {
    body: { ...instanceBody('one'), RunMode: 'shared_nothing' },
  })
  assert.match(JSON.stringify(body), /StarRocks' operator is not installed/)
  const tencent = async (more: object) => {
    const asked = { ...hadoopBody('second'), ...more, Tags: [kubernetesTag] }
    return JSON.stringify(await api.tencent('CreateInstance', asked))
  }
  assert.match(await tencent({}), /yarn` is not supported: no operator runs it on kubernetes/)
  // A cluster of nothing but ZooKeeper gets as far as its operator.
  assert.match(await tencent(zookeeperMembers), /Stackable's operator is not installed/)
  assert.match(await tencent(dorisMembers), /Doris' operator is not installed/)
  const hbase = { ...slCreateRequest(), Tags: [kubernetesTag] }
  const serverless = JSON.stringify(await api.tencent('CreateSLInstance', hbase))
  assert.match(serverless, /HBase.*Stackable's operator is not installed/)
  const tally = await cloud.store.read((tx) => tx.tally('cluster'))
  assert.equal(
    tally.reduce((sum, { count }) => sum + count, 0),
    0,
  )
})
