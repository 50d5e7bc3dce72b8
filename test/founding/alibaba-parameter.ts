/** The parameters that say what the instance is, where it stands and what it is called. */
import assert from 'node:assert/strict'
import { refusalOf } from '../support/http/alibaba-client.ts'
import { REGION, type AlibabaRow } from './alibaba-stage.ts'

export const parameter: readonly AlibabaRow[] = [
  {
    name: 'body',
    does: 'The parameters, as one JSON object; one that cannot be read is refused.',
    seen: 'CreateInstanceV1: Data.InstanceId; MissingRegionId for an empty one',
    async show({ call, create }) {
      assert.match(await create(), /^c-[0-9a-f]{16}$/)
      const { code } = await refusalOf(call('CreateInstanceV1', { body: {} }))
      assert.match(code, /^Missing/)
    },
  },
  {
    name: 'InstanceName',
    does: 'Names the instance; listings can be narrowed by it.',
    seen: 'DescribeInstances: InstanceName, and its filter',
    async show({ call, create, instance, problems }) {
      const id = await create({ InstanceName: 'founding_仓库-1' })
      assert.equal((await instance(id)).InstanceName, 'founding_仓库-1')
      const { body } = await call('DescribeInstances', { query: { InstanceName: '仓库' } })
      assert.deepEqual(
        body.Data.map((each: { InstanceId: string }) => each.InstanceId),
        [id],
      )
      assert.match(await problems({ InstanceName: 'a b' }), /Instance name should have 1 to 64/)
    },
  },
  {
    name: 'AdminPassword',
    does: 'The password of `admin`; weak ones are refused, a good one is kept sealed and shown to nobody.',
    seen: '`/_emrys/clusters/ID`: secrets',
    async show({ create, record, instance, problems }) {
      const AdminPassword = 'Founding#2026'
      const id = await create({ AdminPassword })
      assert.ok((await record(id)).secrets.includes('adminPassword'))
      const reported = JSON.stringify([await record(id), await instance(id)])
      assert.ok(!reported.includes(AdminPassword))
      for (const weak of [
        'Ab1#',
        'onlyletters',
        'ALLUPPER123',
        'With space1#',
        `aA1${'x'.repeat(30)}`,
      ]) {
        const message = await problems({ AdminPassword: weak })
        assert.match(message, /Admin password should have 8 to 30/)
        assert.ok(!message.includes(weak))
      }
    },
  },
  {
    name: 'Version',
    does: 'The major version; the newest minor version of it is installed.',
    seen: 'DescribeInstances: Version, MinorVersion',
    async show({ create, instance, problems }) {
      const { Version, MinorVersion } = await instance(await create({ Version: '3.2' }))
      assert.equal(Version, '3.2')
      assert.match(MinorVersion, /^3\.2\./)
      assert.match(await problems({ Version: '9' }), /Version should be select from set \[.*3\.3/)
    },
  },
  {
    name: 'RunMode',
    does: 'Storage with compute (BE) or apart from it (CN, and a storage location).',
    seen: 'DescribeInstances: RunMode, OssLocation; DescribeNodeGroups: ComponentType',
    async show({ create, instance, groups, problems }) {
      for (const [RunMode, component, location] of [
        ['shared_nothing', 'BE', /^$/],
        ['shared_data', 'CN', /^oss:\/\//],
      ] as const) {
        const id = await create({ RunMode })
        assert.equal((await instance(id)).RunMode, RunMode)
        assert.match((await instance(id)).OssLocation, location)
        assert.deepEqual(
          (await groups(id)).map((each) => each.ComponentType),
          ['FE', component],
        )
      }
      const message = await problems({ RunMode: 'shared' })
      assert.match(message, /Run mode should be select from set \[shared_nothing, shared_data\]/)
    },
  },
  {
    name: 'RegionId',
    does: 'The region that the instance is created in; listings are of one.',
    seen: 'DescribeInstances: RegionId, and its filter',
    async show({ call, create, instance, problems }) {
      const id = await create()
      assert.equal((await instance(id)).RegionId, REGION)
      const elsewhere = await call('DescribeInstances', { query: { RegionId: 'cn-beijing' } })
      assert.equal(elsewhere.body.Total, 0)
      const message = await problems({ RegionId: 'cn-atlantis' })
      assert.match(
        message,
        /\[Region id should be select from set \[cn-hangzhou, .*cn-beijing.*\]\]/,
      )
    },
  },
  {
    name: 'PackageType',
    does: 'The edition; a trial has one small frontend and standard machines.',
    seen: 'DescribeInstances: PackageType; DescribeNodeGroups: Cu',
    async show({ create, instance, group, problems }) {
      const none = { FrontendNodeGroups: null, BackendNodeGroups: null }
      const id = await create({ ...none, PackageType: 'trial' })
      assert.equal((await instance(id)).PackageType, 'trial')
      const { Cu, ResidentNodeNumber } = await group(id, 'FE')
      assert.deepEqual([Cu, ResidentNodeNumber], [4, 1])
      assert.equal((await instance(await create())).PackageType, 'official')
      const message = await problems({ PackageType: 'trial' })
      assert.match(message, /Cu of fe should be select from set \[4\]/)
    },
  },
  {
    name: 'VpcId',
    does: 'The VPC, in which the vSwitches must lie.',
    seen: 'DescribeInstances: VpcId; InvalidParams',
    async show({ create, instance, problems }) {
      const own = { VpcId: 'vpc-founding', VSwitches: null }
      assert.equal((await instance(await create(own))).VpcId, 'vpc-founding')
      const other = { VpcId: 'vpc-other', VSwitches: [{ VswId: `vsw-${REGION}-i` }] }
      assert.match(await problems(other), /vSwitch vsw-cn-hangzhou-i is in vpc vpc-cn-hangzhou/)
    },
  },
  {
    name: 'ZoneId',
    does: 'The primary zone, where frontends and compute run; a vSwitch must lie in it.',
    seen: 'DescribeInstances: VSwitches.Primary; DescribeNodeGroups: ZoneId',
    async show({ create, groups, problems }) {
      const moved = { ZoneId: 'cn-hangzhou-j', VSwitches: null, FrontendNodeGroups: null }
      const id = await create({ ...moved, BackendNodeGroups: null })
      assert.ok((await groups(id)).every((each) => each.ZoneId === 'cn-hangzhou-j'))
      assert.match(await problems({ ZoneId: 'cn-hangzhou-j' }), /Zone id/)
    },
  },
  {
    name: 'VSwitches',
    does: 'The vSwitches of the instance; without any, the one of the VPC in the primary zone.',
    seen: 'DescribeInstances: VSwitches',
    async show({ create, instance }) {
      const VSwitches = [
        { VswId: 'vsw-founding2', ZoneId: 'cn-hangzhou-j' },
        { VswId: 'vsw-founding1', ZoneId: 'cn-hangzhou-i' },
      ]
      const shown = (await instance(await create({ VpcId: 'vpc-founding2', VSwitches }))).VSwitches
      assert.deepEqual(shown, [
        { ...VSwitches[0], Primary: false },
        { ...VSwitches[1], Primary: true },
      ])
      const [usual] = (await instance(await create({ VSwitches: null }))).VSwitches
      assert.match(usual.VswId, /^vsw-/)
    },
  },
  {
    name: 'VSwitches.VswId',
    does: 'A vSwitch, from whose block nodes get their addresses.',
    seen: 'DescribeInstances: VSwitches.VswId; `/_emrys/clusters/ID`: spec.groups.nodes.address',
    async show({ made, instance, record, problems }) {
      const VSwitches = [{ VswId: `vsw-${REGION}-i`, ZoneId: `${REGION}-i` }]
      const id = await made({ VpcId: `vpc-${REGION}`, VSwitches })
      assert.equal((await instance(id)).VSwitches[0].VswId, `vsw-${REGION}-i`)
      for (const group of (await record(id)).spec.groups)
        for (const node of group.nodes) assert.match(node.address, /^10\.3\.\d+\.\d+$/)
      assert.match(await problems({ VSwitches: [{ VswId: 'switch' }] }), /start with vsw-/)
    },
  },
  {
    name: 'VSwitches.ZoneId',
    does: 'The zone of the vSwitch, which must be its own; the primary one when it is left out.',
    seen: 'DescribeInstances: VSwitches.ZoneId; InvalidParams',
    async show({ create, instance, problems }) {
      const open = { VpcId: 'vpc-founding3', VSwitches: [{ VswId: 'vsw-founding3' }] }
      assert.equal((await instance(await create(open))).VSwitches[0].ZoneId, 'cn-hangzhou-i')
      const wrong = [{ VswId: `vsw-${REGION}-j`, ZoneId: `${REGION}-i` }]
      const message = await problems({ VpcId: `vpc-${REGION}`, VSwitches: wrong })
      assert.match(message, /vsw-cn-hangzhou-j is in zone cn-hangzhou-j, not in cn-hangzhou-i/)
    },
  },
]
