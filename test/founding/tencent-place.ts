/** Where the cluster stands and how it is reached: network, zone, security group, login, storage, roles, tags. */
import assert from 'node:assert/strict'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { ACCOUNT, type TencentRow } from './tencent-stage.ts'

const BUILT_IN = { VpcId: 'vpc-apguangzhou', SubnetId: 'subnet-apguangzhou3' }
const cos = { CosSecretId: 'cos-id-text', CosSecretKey: 'cos-key-text' }

const network: readonly TencentRow[] = [
  {
    name: 'VPCSettings',
    does: 'Says into which network the nodes go; needed.',
    seen: 'DescribeInstances: UniqVpcId, UniqSubnetId',
    async show({ create, cluster, refused }) {
      const { UniqVpcId, UniqSubnetId } = await cluster(await create({ VPCSettings: BUILT_IN }))
      assert.deepEqual({ VpcId: UniqVpcId, SubnetId: UniqSubnetId }, BUILT_IN)
      assert.equal((await refused({ VPCSettings: undefined })).code, 'MissingParameter')
    },
  },
  {
    name: 'VPCSettings.VpcId',
    does: 'The VPC, in which the subnet must lie.',
    seen: 'DescribeInstances: UniqVpcId; InvalidParameter.InvalidSubnetId',
    async show({ create, cluster, refused }) {
      assert.equal(
        (await cluster(await create())).UniqVpcId,
        sampleCreateRequest().VPCSettings.VpcId,
      )
      const other = { ...BUILT_IN, VpcId: 'vpc-another1' }
      const { code, message } = await refused({ VPCSettings: other })
      assert.equal(code, 'InvalidParameter.InvalidSubnetId')
      assert.match(message, /vpc-apguangzhou.*not in `vpc-another1`/)
    },
  },
  {
    name: 'VPCSettings.SubnetId',
    does: 'The subnet, from whose block every node gets its address.',
    seen: 'DescribeClusterNodes: Ip, SubnetInfo',
    async show({ create, nodes, cloud }) {
      const id = await create({ VPCSettings: BUILT_IN })
      await cloud.settle()
      for (const { Ip, SubnetInfo } of await nodes(id)) {
        assert.match(Ip ?? '', /^10\.3\.\d+\.\d+$/)
        assert.equal(SubnetInfo?.SubnetId, BUILT_IN.SubnetId)
      }
    },
  },
  {
    name: 'Placement',
    does: 'Says where the cluster stands and what it is filed under; needed.',
    seen: 'DescribeInstances: Zone, ProjectId',
    async show({ create, cluster, refused }) {
      const { Zone, ProjectId } = await cluster(await create())
      assert.deepEqual({ Zone, ProjectId }, sampleCreateRequest().Placement)
      assert.equal((await refused({ Placement: undefined })).code, 'MissingParameter')
    },
  },
  {
    name: 'Placement.Zone',
    does: 'The availability zone of all nodes, by its name or its number; the subnet must lie in it.',
    seen: 'DescribeInstances: Zone, ZoneId; DescribeClusterNodes: Zone',
    async show({ create, cluster, nodes }) {
      const VPCSettings = { VpcId: BUILT_IN.VpcId, SubnetId: 'subnet-apguangzhou4' }
      const id = await create({ VPCSettings, Placement: { Zone: 'ap-guangzhou-4' } })
      const { Zone, ZoneId } = await cluster(id)
      assert.deepEqual([Zone, ZoneId], ['ap-guangzhou-4', 100004])
      assert.equal((await nodes(id))[0]?.Zone, 'ap-guangzhou-4')
    },
  },
  {
    name: 'Placement.ProjectId',
    does: 'The project that the cluster is filed under; listings of another project do not have it.',
    seen: 'DescribeInstances: ProjectId, and its filter',
    async show({ client, create, cluster }) {
      const id = await create({ Placement: { Zone: 'ap-guangzhou-3', ProjectId: 4711 } })
      assert.equal((await cluster(id)).ProjectId, 4711)
      const listed = async (ProjectId: number) =>
        (await client.DescribeInstances({ DisplayStrategy: 'clusterList', ProjectId })).ClusterList
      assert.deepEqual(
        (await listed(4711))?.map(({ ClusterId }) => ClusterId),
        [id],
      )
      assert.ok((await listed(0))?.every(({ ClusterId }) => ClusterId !== id))
    },
  },
  {
    name: 'SgId',
    does: 'The security group of the nodes; without one a group is made.',
    seen: 'DescribeInstances: Config.SecurityGroup; `/_emrys/environment/known`',
    async show({ create, cluster, page }) {
      const { Config } = await cluster(await create({ SgId: 'sg-abcd1234' }))
      assert.equal(Config?.SecurityGroup, 'sg-abcd1234')
      const id = await create()
      const made = (await cluster(id)).Config?.SecurityGroup ?? ''
      assert.match(made, /^sg-[0-9a-z]{8}$/)
      const { known } = await page(`environment/known?kind=security-group&limit=1000`)
      const group = known.find((each: { id: string }) => each.id === made)
      assert.match(group.name, new RegExp(`^${id}_\\d{8}`))
      assert.equal(group.origin, 'made')
    },
  },
  {
    name: 'NeedMasterWan',
    does: 'Gives the master a public address, which is so by default, or none.',
    seen: 'DescribeInstances: MasterIp; DescribeClusterNodes: WanIp',
    async show({ made }) {
      const DOTTED = /^\d+\.\d+\.\d+\.\d+$/
      assert.match((await made()).MasterIp ?? '', DOTTED)
      assert.match((await made({ NeedMasterWan: 'NEED_MASTER_WAN' })).MasterIp ?? '', DOTTED)
      assert.equal((await made({ NeedMasterWan: 'NOT_NEED_MASTER_WAN' })).MasterIp, '--')
    },
  },
  {
    name: 'RemoteLoginAtCreate',
    does: 'Opens port 22 in the security group that is made; without effect on a group that is given.',
    seen: '`/_emrys/environment/known`: ports; `/_emrys/clusters/ID`: extension.remoteLogin',
    async show({ create, cluster, record, page }) {
      const portsOf = async (id: string) => {
        const group = (await cluster(id)).Config?.SecurityGroup
        const { known } = await page('environment/known?kind=security-group&limit=1000')
        return known.find((each: { id: string }) => each.id === group)?.ports as
          | number[]
          | undefined
      }
      assert.deepEqual(await portsOf(await create({ RemoteLoginAtCreate: 22 })), [22, 30001])
      assert.deepEqual(await portsOf(await create({ RemoteLoginAtCreate: 0 })), [30001])
      const given = await create({ RemoteLoginAtCreate: 22, SgId: 'sg-abcd1234' })
      assert.equal(await portsOf(given), undefined)
      assert.equal((await record(given)).extension.remoteLogin, false)
    },
  },
  {
    name: 'DisasterRecoverGroupIds.N',
    does: 'The spread placement group of the nodes, which takes no more of them than it has room for; only one.',
    seen: '`/_emrys/environment/holdings`: placement; FailedOperation when it is full',
    environment: {
      text: 'tencent:\n  placement-groups:\n    - { id: ps-12345678, region: ap-guangzhou, capacity: 3 }\n',
    },
    async show({ create, refused, page }) {
      const spread = { DisasterRecoverGroupIds: ['ps-12345678'] }
      await create(spread)
      const { holdings } = await page('environment/holdings')
      const held = holdings.find((each: { measure: string }) => each.measure === 'placement')
      assert.deepEqual([held.type, held.amount], ['ps-12345678', 3])
      assert.equal((await refused(spread)).code, 'FailedOperation')
      const two = await refused({ DisasterRecoverGroupIds: ['ps-12345678', 'ps-12345679'] })
      assert.match(two.message, /only one/)
    },
  },
]

const entry: readonly TencentRow[] = [
  {
    name: 'LoginSettings',
    does: 'Says how the nodes are entered: by password, by key, or both; one is needed.',
    seen: '`/_emrys/clusters/ID`: secrets; InvalidParameter.InvalidLoginSetting',
    async show({ create, record, refused }) {
      assert.deepEqual((await record(await create())).secrets, ['password'])
      const { code, message } = await refused({ LoginSettings: {} })
      assert.equal(code, 'InvalidParameter.InvalidLoginSetting')
      assert.match(message, /Password or PublicKeyId/)
    },
  },
  {
    name: 'LoginSettings.Password',
    does: 'The password of the nodes; weak ones are refused, a good one is kept sealed and shown to nobody.',
    seen: '`/_emrys/clusters/ID`: secrets; InvalidParameter.InvalidPassword',
    async show({ create, record, cluster, refused }) {
      const Password = 'Founding@2026'
      const id = await create({ LoginSettings: { Password } })
      assert.ok((await record(id)).secrets.includes('password'))
      assert.ok(!JSON.stringify([await record(id), await cluster(id)]).includes(Password))
      for (const weak of [
        'Sh0rt@x',
        'nouppercase@1',
        'NOLOWER@123',
        'NoDigits@@',
        'NoSpecial123',
      ]) {
        const { code, message } = await refused({ LoginSettings: { Password: weak } })
        assert.equal(code, 'InvalidParameter.InvalidPassword', weak)
        assert.ok(!message.includes(weak))
      }
    },
  },
  {
    name: 'LoginSettings.PublicKeyId',
    does: 'The key pair of the nodes; it suffices without a password.',
    seen: 'DescribeInstances: Config.PublicKeyId',
    async show({ create, cluster }) {
      const id = await create({ LoginSettings: { PublicKeyId: 'skey-12345678' } })
      assert.equal((await cluster(id)).Config?.PublicKeyId, 'skey-12345678')
    },
  },
  {
    name: 'COSSettings',
    does: 'Connects the cluster with object storage.',
    seen: 'DescribeInstances: Config.OnCos',
    async show({ create, cluster }) {
      assert.equal((await cluster(await create({ COSSettings: cos }))).Config?.OnCos, true)
      assert.equal((await cluster(await create())).Config?.OnCos, false)
    },
  },
  ...(['CosSecretId', 'CosSecretKey'] as const).map((member): TencentRow => {
    const secret = member === 'CosSecretId' ? 'storage.keyId' : 'storage.key'
    return {
      name: `COSSettings.${member}`,
      does: `Half of the key that opens the storage; kept sealed and shown to nobody, needed with COSSettings.`,
      seen: '`/_emrys/clusters/ID`: secrets has its name; MissingParameter',
      async show({ create, record, cluster, refused }) {
        const id = await create({ COSSettings: cos })
        assert.ok((await record(id)).secrets.includes(secret))
        assert.ok(!JSON.stringify([await record(id), await cluster(id)]).includes(cos[member]))
        const { code, message } = await refused({ COSSettings: { ...cos, [member]: undefined } })
        assert.equal(code, 'MissingParameter')
        assert.match(message, new RegExp(`COSSettings\\.${member}`))
      },
    }
  }),
  {
    name: 'COSSettings.LogOnCosPath',
    does: 'Where logs are stored; its bucket must be there.',
    seen: '`/_emrys/clusters/ID`: extension.storage; `/_emrys/environment/known`: bucket',
    async show({ create, record, page, refused }) {
      const COSSettings = { ...cos, LogOnCosPath: 'cosn://founding-1250000001/logs' }
      const id = await create({ COSSettings })
      assert.equal((await record(id)).extension.storage.logPath, COSSettings.LogOnCosPath)
      const { known } = await page('environment/known?kind=bucket&limit=1000')
      assert.ok(known.some((each: { id: string }) => each.id === 'founding-1250000001'))
      const wrong = await refused({ COSSettings: { ...cos, LogOnCosPath: '/logs' } })
      assert.match(wrong.message, /cosn:\/\/bucket\/path/)
    },
  },
]

const rest: readonly TencentRow[] = [
  {
    name: 'Tags.N',
    does: 'Tags of the cluster; at most five, each key once.',
    seen: 'DescribeInstances: Tags; DescribeInstancesList: Tags',
    async show({ client, create, cluster, refused }) {
      const Tags = [{ TagKey: 'team', TagValue: 'founding' }]
      const id = await create({ Tags })
      assert.deepEqual((await cluster(id)).Tags, Tags)
      const Filters = [{ Name: 'ClusterId', Values: [id] }]
      const listed = await client.DescribeInstancesList({ DisplayStrategy: 'clusterList', Filters })
      assert.deepEqual(listed.InstancesList?.[0]?.Tags, Tags)
      const six = Array.from({ length: 6 }, (_, at) => ({ TagKey: `k${at}`, TagValue: 'v' }))
      assert.match((await refused({ Tags: six })).message, /at most 5/)
      assert.match((await refused({ Tags: [...Tags, ...Tags] })).message, /once/)
    },
  },
  {
    name: 'Tags.N.TagKey',
    does: 'The name of a tag; reserved beginnings are refused.',
    seen: 'DescribeInstances: Tags.TagKey; InvalidParameterValue',
    async show({ create, cluster, refused }) {
      const id = await create({ Tags: [{ TagKey: '部门.unit-1', TagValue: 'v' }] })
      assert.equal((await cluster(id)).Tags?.[0]?.TagKey, '部门.unit-1')
      for (const TagKey of ['qcloud-x', 'tencent:x', 'project']) {
        const { message } = await refused({ Tags: [{ TagKey, TagValue: 'v' }] })
        assert.match(message, /Tags\.0\.TagKey.*reserved/)
      }
    },
  },
  {
    name: 'Tags.N.TagValue',
    does: 'The value of a tag; at most 127 characters.',
    seen: 'DescribeInstances: Tags.TagValue; InvalidParameterValue',
    async show({ create, cluster, refused }) {
      const TagValue = 'v'.repeat(127)
      const id = await create({ Tags: [{ TagKey: 'k', TagValue }] })
      assert.equal((await cluster(id)).Tags?.[0]?.TagValue, TagValue)
      const { message } = await refused({ Tags: [{ TagKey: 'k', TagValue: `${TagValue}v` }] })
      assert.match(message, /Tags\.0\.TagValue.*127/)
    },
  },
  {
    name: 'CbsEncrypt',
    does: 'Encrypts the cloud disks with a key of the account.',
    seen: 'DescribeInstances: Config.CbsEncrypt; `/_emrys/clusters/ID`: secrets has the data key; InternalError.KmsError when the key service fails',
    async show({ cloud, create, cluster, record, refused }) {
      const id = await create({ CbsEncrypt: 1 })
      assert.equal((await cluster(id)).Config?.CbsEncrypt, 1)
      assert.ok((await record(id)).secrets.includes('dataKey'))
      assert.equal((await cluster(await create())).Config?.CbsEncrypt, 0)
      const failing = { probability: 1, times: undefined, latencyMs: 0, action: undefined } as const
      cloud.core.dependencies.put({ ...failing, dependency: 'key-management', mode: 'service' })
      assert.equal((await refused({ CbsEncrypt: 1 })).code, 'InternalError.KmsError')
      await create({ CbsEncrypt: 0 })
      cloud.core.dependencies.remove()
    },
  },
  {
    name: 'ApplicationRole',
    does: 'The role that applications of the cluster take on; where everything must be declared it must exist.',
    seen: 'DescribeInstances: Config.ApplicationRole; InvalidParameter.UngrantedRole',
    environment: { mode: 'closed' },
    async show({ cloud, create, cluster, refused }) {
      const request = { VPCSettings: BUILT_IN, ApplicationRole: 'analysts' }
      assert.equal((await refused(request)).code, 'InvalidParameter.UngrantedRole')
      await cloud.identity.roles.add({ account: ACCOUNT, name: 'analysts', kind: 'normal' })
      assert.equal((await cluster(await create(request))).Config?.ApplicationRole, 'analysts')
    },
  },
]

export const place: readonly TencentRow[] = [...network, ...entry, ...rest]
