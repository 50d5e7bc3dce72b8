/**
 * A right value of each parameter of CreateInstance, which refusals of a wrong one tell.
 */
export const example = {
  ApplicationRole: 'EMRCosRole',
  Args: '--verbose',
  CosFileURI: 'cos://bucket/setup.sh',
  ClientToken: '123e4567-e89b-12d3-a456-426655440000',
  DiskType: 'CLOUD_SSD',
  InstanceName: 'data-lake-1',
  InstanceType: 'S5.LARGE8',
  LogOnCosPath: 'cosn://bucket/logs',
  MetaDataJdbcUrl: 'jdbc:mysql://10.0.0.2:3306/metadata',
  NeedMasterWan: 'NEED_MASTER_WAN',
  Password: 'Example@1234',
  PlacementGroup: 'ps-12345678',
  PublicKeyId: 'skey-12345678',
  SgId: 'sg-12345678',
  Spec: 'CVM.S5',
  SubnetId: 'subnet-12345678',
  TagKey: 'team',
  TagValue: 'analytics',
  UnifyMetaInstanceId: 'cdb-12345678',
  VpcId: 'vpc-12345678',
  WhenRun: 'clusterAfter',
  Zone: 'ap-guangzhou-3',
} as const

export const objectExample = {
  Placement: { Zone: example.Zone },
  VPCSettings: { VpcId: example.VpcId, SubnetId: example.SubnetId },
  ResourceSpec: {
    MasterResourceSpec: { InstanceType: example.InstanceType },
    MasterCount: 1,
    CoreResourceSpec: { InstanceType: example.InstanceType },
    CoreCount: 2,
  },
  /** Of product 30. */
  Software: ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'knox-1.2.0', 'openldap-2.4.44'],
  MetaDBInfo: {
    MetaDataJdbcUrl: example.MetaDataJdbcUrl,
    MetaDataUser: 'metadata',
    MetaDataPass: example.Password,
  },
} as const

/** Of ExtendFsField, for clusters with HDFS. */
export const configurationExample = JSON.stringify([
  {
    serviceName: 'HDFS',
    classification: 'core-site.xml',
    properties: { 'hadoop.tmp.dir': '/tmp' },
  },
])
