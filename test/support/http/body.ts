/** The smallest create requests of both dialects, as their official clients send them. */

export function instanceBody(name: string, token?: string): object {
  const node = {
    cu: 8,
    storageSize: 200,
    storagePerformanceLevel: 'pl1',
    diskNumber: 1,
    specType: 'standard',
    zoneId: 'cn-hangzhou-i',
  }
  return {
    RegionId: 'cn-hangzhou',
    InstanceName: name,
    AdminPassword: '1qaz@QAZ',
    Version: '3.3',
    RunMode: 'shared_data',
    PackageType: 'official',
    PayType: 'postPaid',
    VpcId: 'vpc-bp1rbvag1cafkj4prw001',
    ZoneId: 'cn-hangzhou-i',
    VSwitches: [{ VswId: 'vsw-bp1p0mldwx5av55v0x001', ZoneId: 'cn-hangzhou-i' }],
    FrontendNodeGroups: [{ ...node, residentNodeNumber: 1 }],
    BackendNodeGroups: [{ ...node, residentNodeNumber: 3 }],
    ...(token === undefined ? {} : { ClientToken: token }),
  }
}

export function hadoopBody(name: string, token?: string): object {
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
    VPCSettings: { VpcId: 'vpc-emrys001', SubnetId: 'subnet-emrys001' },
    Software: ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'openldap-2.4.44', 'knox-1.2.0'],
    ResourceSpec: {
      MasterResourceSpec: node,
      CoreResourceSpec: node,
      MasterCount: 1,
      CoreCount: 2,
    },
    SupportHA: 0,
    InstanceName: name,
    PayMode: 0,
    Placement: { Zone: 'ap-guangzhou-3', ProjectId: 0 },
    TimeSpan: 3600,
    TimeUnit: 's',
    LoginSettings: { Password: 'Tencent@cloud123' },
    ...(token === undefined ? {} : { ClientToken: token }),
  }
}
