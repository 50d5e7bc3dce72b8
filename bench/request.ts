/** Signed requests as whole HTTP texts, made before the clock starts. */
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../src/gateway/development.ts'
import { signTc3 } from '../test/support/sign.ts'

/** A small Hadoop cluster as the official clients send it. */
export function createBody(n: number): object {
  const node = {
    Spec: 'CVM.S2',
    StorageType: 5,
    DiskType: 'CLOUD_PREMIUM',
    MemSize: 8192,
    Cpu: 4,
    DiskSize: 100,
    RootSize: 50,
  }
  return {
    ProductId: 30,
    VPCSettings: { VpcId: 'vpc-bench001', SubnetId: 'subnet-bench001' },
    Software: ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'openldap-2.4.44', 'knox-1.2.0'],
    ResourceSpec: {
      MasterResourceSpec: node,
      CoreResourceSpec: node,
      MasterCount: 1,
      CoreCount: 2,
    },
    SupportHA: 0,
    InstanceName: `bench-${n}`,
    PayMode: 0,
    Placement: { Zone: 'ap-guangzhou-3', ProjectId: 0 },
    TimeSpan: 3600,
    TimeUnit: 's',
    LoginSettings: { Password: 'Tencent@cloud123' },
    ClientToken: `bench-${process.pid}-${n}`,
  }
}

export function wireRequest(port: number, action: string, parameters: object): Uint8Array {
  const body = JSON.stringify(parameters)
  const { headers } = signTc3({
    host: `127.0.0.1:${port}`,
    keyId: DEVELOPMENT_KEY_ID,
    secret: DEVELOPMENT_SECRET,
    timestamp: Math.floor(Date.now() / 1000),
    action,
    region: 'ap-guangzhou',
    body,
  })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(
    `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
