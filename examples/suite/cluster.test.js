/** A suite as yours may be: it finds the server at EMRYS_URL and the key in the variables of the cloud's own tools. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'

const { host, protocol } = new URL(process.env.EMRYS_URL)
const client = new emr.v20190103.Client({
  credential: {
    secretId: process.env.TENCENTCLOUD_SECRET_ID,
    secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
  },
  region: 'ap-guangzhou',
  profile: { httpProfile: { endpoint: host, protocol: `${protocol}//` } },
})

const RUNNING = 2
const machine = {
  Spec: 'CVM.S5',
  StorageType: 5,
  DiskType: 'CLOUD_PREMIUM',
  MemSize: 8192,
  Cpu: 4,
  DiskSize: 100,
  RootSize: 50,
}

test('a cluster is created, runs, and is released', async () => {
  const { InstanceId } = await client.CreateInstance({
    ProductId: 30,
    PayMode: 0,
    TimeUnit: 's',
    TimeSpan: 3600,
    SupportHA: 0,
    Software: ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'openldap-2.4.44', 'knox-1.2.0'],
    InstanceName: 'of-the-suite',
    Placement: { Zone: 'ap-guangzhou-3' },
    VPCSettings: { VpcId: 'vpc-emrys001', SubnetId: 'subnet-emrys001' },
    LoginSettings: { Password: 'Tencent@cloud123' },
    ResourceSpec: {
      MasterCount: 1,
      CoreCount: 2,
      MasterResourceSpec: machine,
      CoreResourceSpec: machine,
    },
  })
  const look = async () => {
    const listing = { DisplayStrategy: 'clusterList', InstanceIds: [InstanceId] }
    return (await client.DescribeInstances(listing)).ClusterList?.[0]
  }
  while ((await look())?.Status !== RUNNING) await pause(50)
  assert.equal((await look())?.ClusterName, 'of-the-suite')
  await client.TerminateInstance({ InstanceId })
  while (await look()) await pause(50)
})
