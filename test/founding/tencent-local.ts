/** CreateInstance where EMR clusters run on this machine (`substrate.emr: local`). Refusals come before anything is looked for there. */
import assert from 'node:assert/strict'
import { members } from './tencent-names.ts'
import type { LocalRow } from './local.ts'
import type { Members, TencentStage } from './tencent-stage.ts'

type TencentLocalRow = LocalRow<TencentStage>

const here = { Tags: [{ TagKey: 'emrys.substrate', TagValue: 'local' }] }

async function refusal({ refused }: TencentStage, request: Members, sentence: RegExp) {
  const { code, message } = await refused({ ...here, ...request })
  assert.equal(code, 'UnsupportedOperation', message)
  assert.match(message, sentence)
}

export const tencentLocal: readonly TencentLocalRow[] = [
  {
    names:
      'PayMode TimeSpan TimeUnit AutoRenew ClientToken InstanceName Tags.N Tags.N.TagKey Tags.N.TagValue',
    kind: 'server',
    does: 'The order, its token, name and tags; the tag `emrys.substrate` chooses what runs the cluster.',
  },
  {
    names:
      'VPCSettings VPCSettings.VpcId VPCSettings.SubnetId Placement Placement.Zone Placement.ProjectId SgId DisasterRecoverGroupIds.N',
    kind: 'shown',
    does: 'Each node has an address of the loopback network in their place.',
  },
  {
    names:
      'LoginSettings LoginSettings.Password LoginSettings.PublicKeyId RemoteLoginAtCreate NeedMasterWan',
    kind: 'shown',
    does: 'Nodes are processes: nobody logs in to one, and none has a public address.',
  },
  {
    names:
      'MetaType UnifyMetaInstanceId ApplicationRole MetaDBInfo MetaDBInfo.MetaDataJdbcUrl MetaDBInfo.MetaDataUser MetaDBInfo.MetaDataPass',
    kind: 'shown',
    does: 'For components that do not run here, or ask no role.',
  },
  {
    names: 'ProductId Software.N ResourceSpec SupportHA',
    kind: 'effect',
    does: 'The daemons that run, and on which nodes; a component that does not run here is refused by name.',
    by: ['engine/hadoop', 'engine/hadoop-pair', 'engine/kafka'],
    as: 'Software',
    show: (it) =>
      refusal(
        it,
        { Software: [...SOFTWARE, 'ganglia-3.7.2'] },
        /^`ganglia-3\.7\.2` is not supported: ganglia does not run on this machine/,
      ),
  },
  {
    names: 'COSSettings COSSettings.CosSecretId COSSettings.CosSecretKey COSSettings.LogOnCosPath',
    kind: 'effect',
    does: 'Hadoop has the buckets as file systems with these keys, and logs are delivered to the path; refused by name where nothing keeps the objects.',
    by: ['engine/bucket'],
    show: (it) =>
      refusal(
        it,
        { COSSettings: { CosSecretId: 'id', CosSecretKey: 'key' } },
        /^`object storage` is not supported: nothing keeps the objects/,
      ),
  },
  {
    names: `PreExecutedFileSettings.N ${members('PreExecutedFileSettings.N', 'Args WhenRun CosFileURI')}`,
    kind: 'effect',
    does: 'Runs in a directory of each node where `local.client-code` is true; refused by name with that setting.',
    by: ['engine/bucket'],
    show: (it) =>
      refusal(
        it,
        { PreExecutedFileSettings: [{ CosFileURI: 'cos://tools/setup.sh' }] },
        /^`a script` is not supported: .*`local\.client-code`/,
      ),
  },
  {
    names: members(
      'PreExecutedFileSettings.N',
      'Path Bucket Region Domain AppId CosSecretId CosSecretKey RunOrder',
    ),
    kind: 'effect',
    does: 'Where the script is read, with which key, and when.',
    by: ['dialect/tencent/script-place', 'scenario/bootstrap-script'],
    as: 'script',
  },
  {
    names: members('PreExecutedFileSettings.N', 'CosFileName Remark'),
    kind: 'shown',
    does: 'Its name in reasons and events, and a note.',
  },
  {
    names: 'CheckSecurity',
    kind: 'refused',
    does: 'Daemons here ask nobody who he is.',
    show: (it) =>
      refusal(it, { CheckSecurity: 1 }, /^`kerberos-.*` is not supported: kerberos does not run/),
  },
  {
    names: 'CbsEncrypt',
    kind: 'refused',
    does: 'Blocks of HDFS would lie on the disk in plain text.',
    show: (it) => refusal(it, { CbsEncrypt: 1 }, /^`encryption` is not supported/),
  },
  {
    names: 'ExtendFsField',
    kind: 'effect',
    does: "Properties of the daemons' files; one that would have no effect, or another one, is refused by name.",
    by: ['engine/hadoop'],
    show: (it) =>
      refusal(
        it,
        {
          ExtendFsField: JSON.stringify([
            {
              serviceName: 'HDFS',
              classification: 'core-site.xml',
              properties: { 'fs.defaultFS': 'x' },
            },
          ]),
        },
        /^`HDFS core-site\.xml fs\.defaultFS` is not supported: the substrate itself sets it/,
      ),
  },
  {
    names: members('ResourceSpec', 'MasterCount CoreCount CommonCount'),
    kind: 'effect',
    does: 'So many nodes, each with its daemons.',
    by: ['engine/hadoop-pair'],
  },
  {
    names: members('ResourceSpec', 'TaskCount TaskResourceSpec'),
    kind: 'effect',
    does: 'So many nodes, each with a NodeManager.',
    by: ['substrate/local/service-list'],
    as: 'task: 1',
  },
  {
    names: members(
      'ResourceSpec',
      `MasterResourceSpec CoreResourceSpec CommonResourceSpec ${members('*ResourceSpec', 'MemSize')}`,
    ),
    kind: 'effect',
    does: "Memory decides the daemons' heaps by `local.memory-per-cpu`; what exceeds the machine's budget is refused.",
    by: ['substrate/local/service-component'],
    as: 'memoryMib',
  },
  {
    names: members('ResourceSpec', members('*ResourceSpec', 'Cpu')),
    kind: 'effect',
    does: 'Decides the cores that YARN, Flink and SQL use of a node, by `local.threads-per-cpu`.',
    by: ['substrate/local/service-list'],
    as: 'threads',
  },
  {
    names: members(
      'ResourceSpec',
      members(
        '*ResourceSpec',
        `Spec StorageType DiskType DiskSize RootSize MultiDisks.N MultiDisks.N.DiskType MultiDisks.N.Volume
         MultiDisks.N.Count Tags.N Tags.N.TagKey Tags.N.TagValue InstanceType LocalDiskNum DiskNum`,
      ),
    ),
    kind: 'shown',
    does: "The machine's own disks are what there is.",
  },
]

const SOFTWARE = ['hdfs-2.8.5', 'yarn-2.8.5', 'zookeeper-3.6.1', 'openldap-2.4.44', 'knox-1.2.0']
