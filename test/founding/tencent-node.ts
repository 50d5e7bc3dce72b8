/** How many nodes of each role there are, on which machines, with which disks. */
import assert from 'node:assert/strict'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'
import {
  core,
  HIGHLY_AVAILABLE,
  nodes as withNodes,
  type Members,
  type TencentRow,
} from './tencent-stage.ts'

const every: Members = {
  ...HIGHLY_AVAILABLE,
  ...withNodes({
    ...(HIGHLY_AVAILABLE['ResourceSpec'] as Members),
    TaskResourceSpec: machine(8, 16),
    TaskCount: 2,
  }),
}

const roles: readonly TencentRow[] = (
  [
    ['Master', 'MasterNodeSize', 'MasterResource', 'S5.LARGE16', 2],
    ['Core', 'CoreNodeSize', 'CoreResource', 'S5.LARGE8', 3],
    ['Task', 'TaskNodeSize', 'TaskResource', 'S5.2XLARGE16', 2],
    ['Common', 'ComNodeSize', 'ComResource', 'S5.MEDIUM4', 3],
  ] as const
).flatMap(([role, size, resource, type, count]): TencentRow[] => [
  {
    name: `ResourceSpec.${role}ResourceSpec`,
    does: `The machine and disks of every ${role.toLowerCase()} node; needed when there are any.`,
    seen: `DescribeInstances: Config.${resource}; InvalidParameter.InvalidResourceSpec`,
    async show({ create, cluster, refused }) {
      const { Config } = await cluster(await create(every))
      assert.equal(Config?.[resource]?.InstanceType, type)
      const spec = { ...(every['ResourceSpec'] as Members), [`${role}ResourceSpec`]: undefined }
      const { code, message } = await refused({ ...every, ResourceSpec: spec })
      assert.equal(code, 'InvalidParameter.InvalidResourceSpec')
      assert.match(message, new RegExp(`ResourceSpec\\.${role}ResourceSpec`))
    },
  },
  {
    name: `ResourceSpec.${role}Count`,
    does: `How many ${role.toLowerCase()} nodes there are.`,
    seen: `DescribeInstances: Config.${size}; DescribeClusterNodes`,
    async show({ create, cluster, nodes }) {
      const id = await create(every)
      assert.equal((await cluster(id)).Config?.[size], count)
      const named = (await nodes(id)).filter(({ NameTag }) =>
        NameTag?.startsWith(`${role.toLowerCase()}.`),
      )
      assert.equal(named.length, count)
    },
  },
])

const resource = (name: string) => `ResourceSpec.*ResourceSpec.${name}`

const machines: readonly TencentRow[] = [
  {
    name: resource('Spec'),
    does: 'The family of the machine; with its cores and memory it names the machine.',
    seen: 'DescribeInstances: Config.CoreResource.Spec, .InstanceType',
    async show({ create, cluster, refused }) {
      const { Config } = await cluster(await create(core({ Spec: 'CVM.S2' })))
      assert.deepEqual(
        [Config?.CoreResource?.Spec, Config?.CoreResource?.InstanceType],
        ['CVM.S2', 'S2.LARGE8'],
      )
      assert.match((await refused(core({ Spec: 'CVM.X9' }))).message, /CoreResourceSpec\.Spec/)
    },
  },
  {
    name: resource('StorageType'),
    does: 'The number of the type of the system disk; without DiskType, of the data disks too.',
    seen: 'DescribeInstances: Config.CoreResource.StorageType; DescribeClusterNodes: StorageType, RootStorageType',
    async show({ create, cluster, nodes, refused }) {
      const shown = async (members: Members) => {
        const id = await create(core(members))
        const [node] = await nodes(id, 'core')
        const { StorageType } = (await cluster(id)).Config?.CoreResource ?? {}
        return [StorageType, node?.StorageType, node?.RootStorageType]
      }
      assert.deepEqual(await shown({ StorageType: 5, DiskType: 'CLOUD_PREMIUM' }), [5, 5, 5])
      assert.deepEqual(await shown({ StorageType: 4, DiskType: 'CLOUD_PREMIUM' }), [5, 5, 4])
      assert.deepEqual(await shown({ StorageType: 1, DiskType: 'CLOUD_PREMIUM' }), [5, 5, 5])
      assert.deepEqual(await shown({ InstanceType: 'S5.LARGE8', StorageType: 6 }), [6, 6, 6])
      assert.deepEqual(await shown({ InstanceType: 'S5.LARGE8', StorageType: 0 }), [4, 4, 4])
      const { code, message } = await refused(core({ StorageType: 99 }))
      assert.equal(code, 'InvalidParameterValue')
      assert.match(message, /StorageType.*4 \(CLOUD_SSD\), 5 \(CLOUD_PREMIUM\)/)
    },
  },
  {
    name: resource('DiskType'),
    does: 'The type of the data disks; without StorageType, of the system disk too.',
    seen: 'DescribeInstances: Config.CoreResource.DiskType; DescribeClusterNodes: RootStorageType; InvalidParameterValue',
    async show({ create, cluster, nodes, refused }) {
      const id = await create(core({ StorageType: 0, DiskType: 'CLOUD_SSD' }))
      assert.equal((await cluster(id)).Config?.CoreResource?.DiskType, 'CLOUD_SSD')
      assert.equal((await nodes(id, 'core'))[0]?.RootStorageType, 4)
      const { code, message } = await refused(core({ DiskType: 'FLOPPY' }))
      assert.equal(code, 'InvalidParameterValue')
      assert.match(message, /DiskType.*CLOUD_PREMIUM/)
    },
  },
  {
    name: resource('MemSize'),
    does: 'The memory of the machine in MB.',
    seen: 'DescribeInstances: Config.CoreResource.MemSize; DescribeClusterNodes: MemSize',
    async show({ create, cluster, nodes, refused }) {
      const id = await create(core({ MemSize: 16 * 1024 }))
      assert.equal((await cluster(id)).Config?.CoreResource?.MemSize, 16 * 1024)
      assert.equal((await nodes(id, 'core'))[0]?.MemDesc, '16GB')
      const { message } = await refused(core({ MemSize: 5 * 1024 }))
      assert.match(message, /machines of S5 are .*S5\.LARGE8/)
    },
  },
  {
    name: resource('Cpu'),
    does: 'The cores of the machine.',
    seen: 'DescribeInstances: Config.CoreResource.Cpu; DescribeClusterNodes: CpuNum',
    async show({ create, cluster, nodes }) {
      const id = await create(core({ Cpu: 8, MemSize: 16 * 1024 }))
      assert.equal((await cluster(id)).Config?.CoreResource?.Cpu, 8)
      assert.equal((await nodes(id, 'core'))[0]?.CpuNum, 8)
    },
  },
  {
    name: resource('DiskSize'),
    does: 'The size of the data disk in GB, in steps of ten; of a machine with local disks its own.',
    seen: 'DescribeInstances: Config.CoreResource.DiskSize; DescribeClusterNodes: DiskSize',
    async show({ create, cluster, nodes, refused }) {
      const id = await create(core({ DiskSize: 250 }))
      assert.equal((await cluster(id)).Config?.CoreResource?.DiskSize, 250)
      assert.equal((await nodes(id, 'core'))[0]?.DiskSize, '250.00 GB')
      for (const DiskSize of [5, 105, 16_010])
        assert.match((await refused(core({ DiskSize }))).message, /DiskSize.*steps of 10/)
      const local = core({ InstanceType: 'D1.2XLARGE32', DiskSize: 100 })
      assert.match((await refused(local)).message, /DiskSize.*comes with disks of 3720 GB/)
    },
  },
  {
    name: resource('RootSize'),
    does: 'The size of the system disk in GB; 50 when it is left out.',
    seen: 'DescribeInstances: Config.CoreResource.RootSize',
    async show({ create, cluster }) {
      const sizeOf = async (RootSize?: number) =>
        (await cluster(await create(core({ RootSize })))).Config?.CoreResource?.RootSize
      assert.equal(await sizeOf(70), 70)
      assert.equal(await sizeOf(), 50)
    },
  },
  {
    name: resource('InstanceType'),
    does: 'Names the machine by itself; family, cores and memory are not asked for then, and must be its own where they are given.',
    seen: 'DescribeInstances: Config.CoreResource.InstanceType',
    async show({ create, cluster, refused }) {
      const named = core({ InstanceType: 'SA2.2XLARGE16' })
      const { Config } = await cluster(await create(named))
      const { InstanceType, Cpu, MemSize } = Config?.CoreResource ?? {}
      assert.deepEqual([InstanceType, Cpu, MemSize], ['SA2.2XLARGE16', 8, 16 * 1024])
      const other = await refused(core({ InstanceType: 'SA2.2XLARGE16', Cpu: 4 }))
      assert.match(other.message, /CoreResourceSpec\.Cpu.*of SA2\.2XLARGE16 it is 8/)
    },
  },
  {
    name: resource('LocalDiskNum'),
    does: 'Must be the number of local disks that the machine comes with.',
    seen: 'InvalidParameter.InvalidResourceSpec',
    async show({ create, refused }) {
      await create(core({ LocalDiskNum: 0 }))
      const { code, message } = await refused(core({ LocalDiskNum: 2 }))
      assert.equal(code, 'InvalidParameter.InvalidResourceSpec')
      assert.match(message, /LocalDiskNum.*comes with 0/)
    },
  },
  {
    name: resource('DiskNum'),
    does: 'Must be the number of disks that the machine comes with: those of its own, or one.',
    seen: 'DescribeClusterNodes: MCMultiDisk; InvalidParameter.InvalidResourceSpec',
    async show({ create, nodes, refused }) {
      const local = { InstanceType: 'D1.2XLARGE32', DiskType: 'LOCAL_BASIC' }
      const id = await create(core({ ...local, DiskNum: 2 }))
      assert.equal((await nodes(id, 'core'))[0]?.MCMultiDisk?.[0]?.Count, 2)
      assert.match((await refused(core({ ...local, DiskNum: 3 }))).message, /DiskNum.*comes with 2/)
      assert.match((await refused(core({ DiskNum: 2 }))).message, /DiskNum.*comes with 1/)
    },
  },
]

const second = { DiskType: 'CLOUD_SSD', Volume: 500, Count: 2 }
const withSecond = (change: Members = {}) => core({ MultiDisks: [{ ...second, ...change }] })

const disks: readonly TencentRow[] = [
  {
    name: resource('MultiDisks.N'),
    does: 'Further data disks of every node; at most fifteen in all.',
    seen: 'DescribeClusterNodes: MCMultiDisk, HwDiskSizeDesc',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(withSecond()), 'core')
      assert.equal(node?.MCMultiDisk?.length, 2)
      assert.equal(node?.HwDiskSizeDesc, '1100.00 GB')
      assert.match((await refused(withSecond({ Count: 15 }))).message, /at most 15 data disks/)
    },
  },
  {
    name: resource('MultiDisks.N.DiskType'),
    does: 'The type of these disks; each type once.',
    seen: 'DescribeClusterNodes: MCMultiDisk.Type',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(withSecond()), 'core')
      assert.equal(node?.MCMultiDisk?.[1]?.Type, 4)
      const twice = await refused(core({ MultiDisks: [second, second] }))
      assert.match(twice.message, /each disk type can be given once/)
    },
  },
  {
    name: resource('MultiDisks.N.Volume'),
    does: 'The size of each of these disks in GB.',
    seen: 'DescribeClusterNodes: MCMultiDisk.Size, .Volume',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(withSecond()), 'core')
      assert.equal(node?.MCMultiDisk?.[1]?.Volume, 500 * 1024 ** 3)
      assert.equal(
        (await refused(withSecond({ Volume: 505 }))).code,
        'InvalidParameter.InvalidDiskSize',
      )
    },
  },
  {
    name: resource('MultiDisks.N.Count'),
    does: 'How many of these disks a node has.',
    seen: 'DescribeClusterNodes: MCMultiDisk.Count',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(withSecond({ Count: 3 })), 'core')
      assert.equal(node?.MCMultiDisk?.[1]?.Count, 3)
      assert.match((await refused(withSecond({ Count: 0 }))).message, /at least 1/)
    },
  },
]

const tagged = (TagKey: string, TagValue: string) => core({ Tags: [{ TagKey, TagValue }] })

const tags: readonly TencentRow[] = [
  {
    name: resource('Tags.N'),
    does: 'Tags of the nodes of this role alone.',
    seen: 'DescribeClusterNodes: Tags',
    async show({ create, nodes }) {
      const all = await nodes(await create(tagged('role', 'core')))
      for (const { NameTag, Tags } of all) {
        const wanted = NameTag?.startsWith('core.') ? [{ TagKey: 'role', TagValue: 'core' }] : []
        assert.deepEqual(Tags, wanted, NameTag)
      }
    },
  },
  {
    name: resource('Tags.N.TagKey'),
    does: 'The name of such a tag, by the same rules as a tag of the cluster.',
    seen: 'DescribeClusterNodes: Tags.TagKey; InvalidParameterValue',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(tagged('night', 'v')), 'core')
      assert.equal(node?.Tags?.[0]?.TagKey, 'night')
      const { message } = await refused(tagged('qcloud', 'v'))
      assert.match(message, /CoreResourceSpec\.Tags\.0\.TagKey.*reserved/)
    },
  },
  {
    name: resource('Tags.N.TagValue'),
    does: 'The value of such a tag.',
    seen: 'DescribeClusterNodes: Tags.TagValue; InvalidParameterValue',
    async show({ create, nodes, refused }) {
      const [node] = await nodes(await create(tagged('k', 'shift-2')), 'core')
      assert.equal(node?.Tags?.[0]?.TagValue, 'shift-2')
      assert.match((await refused(tagged('k', 'v'.repeat(128)))).message, /Tags\.0\.TagValue.*127/)
    },
  },
]

const whole: TencentRow = {
  name: 'ResourceSpec',
  does: 'Says how many nodes of which kind there are; needed. Each role is priced by itself.',
  seen: 'DescribeInstances: Config; InquiryPriceCreateInstance: PriceList',
  async show({ client, create, nodes, refused }) {
    const id = await create()
    assert.deepEqual(
      (await nodes(id)).map(({ NameTag }) => NameTag),
      ['master.0', 'core.0', 'core.1'],
    )
    const { InstanceName: _, LoginSettings: __, ...order } = sampleCreateRequest()
    const price = await client.InquiryPriceCreateInstance({ ...order, Currency: 'CNY' })
    const priced = price.PriceList?.[0]?.NodeDetailPrice?.map(({ NodeType }) => NodeType)
    assert.deepEqual(priced, ['Master', 'Core'])
    assert.equal((await refused({ ResourceSpec: undefined })).code, 'MissingParameter')
  },
}

export const node: readonly TencentRow[] = [...roles, ...machines, ...disks, ...tags]
export const resourceSpec: readonly TencentRow[] = [whole]
