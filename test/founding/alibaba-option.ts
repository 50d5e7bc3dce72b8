/** The parameters that an instance can do without: paying, encryption, bindings, tags and the like. */
import assert from 'node:assert/strict'
import { refusalOf } from '../support/http/alibaba-client.ts'
import { askAdmin } from '../support/http/admin.ts'
import { DAY_MS, money } from '../support/fixture/money.ts'
import { ACCOUNT, MONTHLY, REGION, type AlibabaRow } from './alibaba-stage.ts'

const billing: readonly AlibabaRow[] = [
  {
    name: 'PayType',
    does: 'A subscription (prePaid), charged at once, or pay as you go (postPaid), with nothing charged in advance.',
    seen: 'DescribeInstances: PayType, ExpireTime; `/_emrys/ledger`',
    async show({ cloud, create, instance, problems }) {
      const { ledger } = money(cloud)
      const hourly = await create()
      const monthly = await create({ ...MONTHLY, PayType: 'PREPAID' })
      assert.equal((await instance(hourly)).PayType, 'postPaid')
      assert.equal((await instance(monthly)).PayType, 'prePaid')
      assert.deepEqual([(await ledger(hourly)).length, (await ledger(monthly)).length], [0, 1])
      assert.match(await problems({ PayType: 'later' }), /Pay type should be select from set/)
    },
  },
  {
    name: 'PricingCycle',
    does: 'The unit of the subscription: Month or Year; needed with one.',
    seen: '`/_emrys/orders`: months; InvalidParams',
    async show({ cloud, create, problems }) {
      const id = await create({ ...MONTHLY, PricingCycle: 'Year' })
      assert.equal((await money(cloud).orders(id))[0]?.months, 12)
      assert.match(
        await problems({ ...MONTHLY, PricingCycle: 'Week' }),
        /Pricing cycle.*\[Month, Year\]/,
      )
      assert.match(await problems({ ...MONTHLY, PricingCycle: null }), /Pricing cycle is required/)
    },
  },
  {
    name: 'Duration',
    does: 'How many cycles the subscription lasts; needed with one, without meaning for pay as you go.',
    seen: 'DescribeInstances: ExpireTime; `/_emrys/orders`: months',
    async show({ cloud, create, instance, problems }) {
      const id = await create({ ...MONTHLY, Duration: 6 })
      assert.equal((await money(cloud).orders(id))[0]?.months, 6)
      const { BeginTime, ExpireTime } = await instance(id)
      assert.ok(ExpireTime - BeginTime > 180 * DAY_MS && ExpireTime - BeginTime < 186 * DAY_MS)
      assert.match(await problems({ ...MONTHLY, Duration: null }), /Duration is required/)
    },
  },
  {
    name: 'AutoRenew',
    does: 'A subscription with it is renewed at its end; one without is disabled.',
    seen: 'DescribeInstances: ExpireTime, InstanceStatus; `/_emrys/orders`',
    environment: {},
    async show({ cloud, made, instance }) {
      const renewing = await made({ ...MONTHLY, AutoRenew: true })
      const ending = await made({ ...MONTHLY, AutoRenew: false })
      const { ExpireTime: endMs } = await instance(renewing)
      const { orders, passUntil } = money(cloud)
      await passUntil(endMs)
      assert.equal((await instance(renewing)).InstanceStatus, 'running')
      assert.ok((await instance(renewing)).ExpireTime > endMs)
      assert.equal((await orders(renewing)).length, 2)
      assert.equal((await instance(ending)).InstanceStatus, 'disable')
    },
  },
  {
    name: 'AutoPay',
    does: 'With false a subscription waits, unpaid, until its order is paid; true is the default.',
    seen: 'DescribeInstances: InstanceStatus; `/_emrys/orders`: state',
    async show({ cloud, made, instance }) {
      const { orders, post } = money(cloud)
      const id = await made({ ...MONTHLY, AutoPay: false })
      assert.equal((await instance(id)).InstanceStatus, 'unpaid')
      const [order] = await orders(id)
      assert.equal(order?.state, 'unpaid')
      await post(`orders/${order?.order}/pay`)
      await cloud.settle()
      assert.equal((await instance(id)).InstanceStatus, 'running')
      assert.equal((await instance(await made(MONTHLY))).InstanceStatus, 'running')
    },
  },
  {
    name: 'PromotionOptionNo',
    does: 'The coupon whose share comes off the price; one that was used is refused.',
    seen: '`/_emrys/orders`: discount, coupon, total',
    async show({ cloud, create, problems }) {
      const { orders, post } = money(cloud)
      await post('coupons', { code: 'founding', percent: 10, uses: 1 })
      const [order] = await orders(await create({ ...MONTHLY, PromotionOptionNo: 'founding' }))
      assert.equal(order?.coupon, 'founding')
      const share = Number(order?.discount) / Number(order?.listPrice)
      assert.ok(Math.abs(share - 0.1) < 0.001, `${share}`)
      const again = await problems({ ...MONTHLY, PromotionOptionNo: 'founding' })
      assert.match(again, /promotion option founding cannot be used/)
    },
  },
]

const security: readonly AlibabaRow[] = [
  {
    name: 'Encrypted',
    does: "Encrypts the data with a data key of the instance's own, which the named key wraps.",
    seen: 'DescribeInstances: Encrypted; `/_emrys/clusters/ID`: encryption, secrets',
    async show({ create, instance, record, page, problems }) {
      const id = await create({ Encrypted: true, KmsKeyId: 'key-founding' })
      assert.equal((await instance(id)).Encrypted, true)
      assert.equal((await page(`clusters/${id}`)).encryption.key, 'key-founding')
      assert.ok((await record(id)).secrets.includes('dataKey'))
      const plain = await create({ Encrypted: false })
      assert.equal((await instance(plain)).Encrypted, false)
      assert.ok(!(await record(plain)).secrets.includes('dataKey'))
      assert.match(await problems({ Encrypted: true, KmsKeyId: null }), /Kms key id is required/)
    },
  },
  {
    name: 'KmsKeyId',
    does: 'The key that wraps the data key; a disabled one is refused.',
    seen: 'DescribeInstances: KmsKeyId; `/_emrys/encryption-keys`',
    async show({ cloud, create, instance, problems }) {
      const id = await create({ Encrypted: true, KmsKeyId: 'key-founding2' })
      assert.equal((await instance(id)).KmsKeyId, 'key-founding2')
      const key = { account: ACCOUNT, region: REGION, id: 'key-founding2' }
      const put = { method: 'POST', body: key }
      const answer = await askAdmin(cloud.port, 'encryption-keys/disable', put)
      assert.equal(answer.status, 200, answer.text)
      const message = await problems({ Encrypted: true, KmsKeyId: 'key-founding2' })
      assert.match(message, /kms key key-founding2 cannot be used: it is disabled/)
    },
  },
  {
    name: 'OssAccessingRoleName',
    does: 'The role that opens the storage; where everything must be declared it must exist.',
    seen: '`/_emrys/clusters/ID`: extension.ossRole; InvalidParams',
    environment: { mode: 'closed' },
    async show({ cloud, create, record, problems }) {
      const declared = {
        VpcId: `vpc-${REGION}`,
        VSwitches: null,
        ResourceGroupId: null,
        OssAccessingRoleName: 'lakeReader',
      }
      assert.match(await problems(declared), /role lakeReader not exists/)
      await cloud.identity.roles.add({ account: ACCOUNT, name: 'lakeReader', kind: 'normal' })
      assert.equal((await record(await create(declared))).extension.ossRole, 'lakeReader')
    },
  },
  ...(
    [
      [
        'LinkedRamUserName',
        'Linked ram user name',
        'name',
        'The RAM user or role that the instance is bound to: a user of its database (`test/scenario/lake-local.test.ts`).',
      ],
      ['PrincipalType', 'Principal type', 'type', 'Whether that is a user (RS) or a role (RR).'],
      ['RamUserId', 'Ram user id', 'id', 'The id of that user or role.'],
    ] as const
  ).map(([name, label, member, does]): AlibabaRow => {
    const principal = {
      LinkedRamUserName: 'aliyun.test1',
      PrincipalType: 'RR',
      RamUserId: '123456',
    }
    return {
      name,
      does: `${does} The three go together.`,
      seen: '`/_emrys/clusters/ID`: extension.linkedPrincipal, spec.linkedUser; InvalidParams',
      async show({ create, record, problems }) {
        const { extension, spec } = await record(await create(principal))
        assert.equal(extension.linkedPrincipal[member], principal[name])
        assert.equal(spec.linkedUser, principal.LinkedRamUserName)
        const message = await problems({ ...principal, [name]: null })
        assert.match(message, new RegExp(`${label} is required when a ram principal is linked`))
      },
    }
  }),
]

const lake = { DlfCatalogName: 'founding_lake', DlfCatalogType: 'iceberg' }

const rest: readonly AlibabaRow[] = [
  {
    name: 'DlfCatalogName',
    does: 'The catalog of the data lake that the instance works with: one of its database (`test/scenario/lake-local.test.ts`); needed with its type.',
    seen: '`/_emrys/clusters/ID`: extension.catalog; `/_emrys/environment/known`: catalog',
    async show({ create, record, page, problems }) {
      const { extension, spec } = await record(await create(lake))
      assert.equal(extension.catalog.name, 'founding_lake')
      assert.equal(spec.catalog.name, 'founding_lake')
      const { known } = await page('environment/known?kind=catalog&limit=1000')
      assert.ok(known.some((each: { id: string }) => each.id === 'founding_lake'))
      const message = await problems({ ...lake, DlfCatalogName: null })
      assert.match(message, /Dlf catalog name is required/)
    },
  },
  {
    name: 'DlfCatalogType',
    does: 'The format of that catalog: paimon or iceberg.',
    seen: '`/_emrys/clusters/ID`: extension.catalog; InvalidParams',
    async show({ create, record, problems }) {
      const { extension, spec } = await record(await create(lake))
      assert.equal(extension.catalog.type, 'iceberg')
      assert.equal(spec.catalog.type, 'iceberg')
      const message = await problems({ ...lake, DlfCatalogType: 'hudi' })
      assert.match(message, /Dlf catalog type should be select from set \[paimon, iceberg\]/)
    },
  },
  {
    name: 'Tags',
    does: 'Tags of the instance, which can be listed by them; at most twenty, each key once.',
    seen: 'DescribeInstances: Tags, and its filter; DescribeNodeGroups: Tags',
    async show({ call, create, instance, problems }) {
      const Tags = [{ Key: 'founding', Value: 'tags' }]
      const id = await create({ Tags })
      assert.deepEqual((await instance(id)).Tags, Tags)
      const { body } = await call('DescribeInstances', { query: { Tag: JSON.stringify(Tags) } })
      assert.deepEqual(
        body.Data.map((each: { InstanceId: string }) => each.InstanceId),
        [id],
      )
      const many = Array.from({ length: 21 }, (_, at) => ({ Key: `k${at}`, Value: '' }))
      assert.match(await problems({ Tags: many }), /Number of tags should be in range \[0, 20\]/)
      const twice = [Tags[0], Tags[0]]
      assert.match(await problems({ Tags: twice }), /Tag key founding is given more than once/)
    },
  },
  {
    name: 'Tags.Key',
    does: 'The name of a tag; reserved beginnings are refused.',
    seen: 'DescribeInstances: Tags.Key; InvalidParams',
    async show({ create, instance, problems }) {
      const id = await create({ Tags: [{ Key: '部门', Value: 'v' }] })
      assert.equal((await instance(id)).Tags[0].Key, '部门')
      for (const Key of ['aliyun-x', 'acs:x', 'see http://x'])
        assert.match(await problems({ Tags: [{ Key, Value: 'v' }] }), /Tag key should have/)
    },
  },
  {
    name: 'Tags.Value',
    does: 'The value of a tag, which may be empty.',
    seen: 'DescribeInstances: Tags.Value',
    async show({ create, instance, problems }) {
      const Tags = [{ Key: 'a', Value: 'one' }, { Key: 'b' }]
      const shown = (await instance(await create({ Tags }))).Tags
      assert.deepEqual(
        shown.map((each: { Value: string }) => each.Value),
        ['one', ''],
      )
      const long = [{ Key: 'a', Value: 'x'.repeat(129) }]
      assert.match(await problems({ Tags: long }), /Tag value should have at most 128/)
    },
  },
  {
    name: 'ResourceGroupId',
    does: "The resource group that the instance is filed under; the account's first one when it is left out.",
    seen: 'DescribeInstances: ResourceGroupId, and its filter',
    async show({ call, create, instance }) {
      const id = await create({ ResourceGroupId: 'rg-founding' })
      assert.equal((await instance(id)).ResourceGroupId, 'rg-founding')
      const query = { ResourceGroupId: 'rg-founding' }
      const { body } = await call('DescribeInstances', { query })
      assert.deepEqual(
        body.Data.map((each: { InstanceId: string }) => each.InstanceId),
        [id],
      )
      assert.match(
        (await instance(await create({ ResourceGroupId: null }))).ResourceGroupId,
        /^rg-acfm/,
      )
    },
  },
  {
    name: 'ClientToken',
    does: 'The same request with the same token is answered with the first instance; another request is refused.',
    seen: 'CreateInstanceV1: Data; IdempotentParameterMismatch',
    async show({ send, problems }) {
      const ClientToken = '123e4567-e89b-12d3-a456-426655440000'
      const first = (await send({ ClientToken })).body.Data
      assert.deepEqual((await send({ ClientToken })).body.Data, first)
      const { code } = await refusalOf(send({ ClientToken, InstanceName: 'another' }))
      assert.equal(code, 'IdempotentParameterMismatch')
      for (const wrong of ['x'.repeat(65), 'ключ'])
        assert.match(
          await problems({ ClientToken: wrong }),
          /Client token should have at most 64 ASCII/,
        )
    },
  },
  {
    name: 'GatewayType',
    does: 'How the frontends are reached inside the VPC: by private name (the default) or by a load balancer.',
    seen: '`/_emrys/clusters/ID`: extension.gatewayType; InvalidParams',
    async show({ create, record, problems }) {
      const kind = async (GatewayType: unknown) =>
        (await record(await create({ GatewayType }))).extension.gatewayType as string
      assert.equal(await kind(null), 'Privatezone')
      assert.equal(await kind('slb'), 'Slb')
      const message = await problems({ GatewayType: 'tunnel' })
      assert.match(message, /Gateway type should be select from set \[Privatezone, Slb\]/)
    },
  },
  {
    name: 'AgentNodeGroup',
    does: 'Adds a group for the agent, one node.',
    seen: 'DescribeNodeGroups: ComponentType AGENT',
    async show({ create, groups, group }) {
      const id = await create({ AgentNodeGroup: { cu: 2 } })
      assert.equal((await group(id, 'AGENT')).ResidentNodeNumber, 1)
      const components = (await groups(await create())).map((each) => each.ComponentType)
      assert.deepEqual(components, ['FE', 'CN'])
    },
  },
  {
    name: 'AgentNodeGroup.cu',
    does: 'The size of the agent in CUs.',
    seen: 'DescribeNodeGroups: Cu; InvalidParams',
    async show({ create, group, problems }) {
      const id = await create({ AgentNodeGroup: { cu: 4 } })
      assert.equal((await group(id, 'AGENT')).Cu, 4)
      const message = await problems({ AgentNodeGroup: { cu: 3 } })
      assert.match(message, /Cu of agent should be select from set \[1, 2, 4, 8\]/)
    },
  },
]

export const option: readonly AlibabaRow[] = [...billing, ...security, ...rest]
