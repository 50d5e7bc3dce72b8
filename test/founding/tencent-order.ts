/** What is bought, for how long and under which name: the parameters of the order itself. */
import assert from 'node:assert/strict'
import { DAY_MS, money } from '../support/fixture/money.ts'
import { LOGIN, serve } from '../../engines/starrocks/test/support/mysql-server.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import {
  HIGHLY_AVAILABLE,
  MONTHLY,
  software,
  type Members,
  type TencentRow,
  type TencentStage,
} from './tencent-stage.ts'

const bought: readonly TencentRow[] = [
  {
    name: 'ProductId',
    does: 'Chooses the product and its version, and with it which components there are.',
    seen: 'DescribeInstances: ProductId, EmrVersion, Config.SoftInfo',
    async show({ create, cluster, refused }) {
      const older = { ProductId: 20, Software: ['hdfs', 'yarn', 'zookeeper', 'knox'] }
      const { ProductId, EmrVersion, Config } = await cluster(await create(older))
      assert.deepEqual([ProductId, EmrVersion], [20, 'EMR-V2.5.0'])
      assert.ok(Config?.SoftInfo?.includes('hdfs-2.8.5'))
      for (const id of [
        1, 2, 4, 7, 9, 11, 13, 15, 16, 17, 19, 20, 22, 24, 25, 26, 27, 28, 29, 30,
      ]) {
        const { message } = await refused({ ProductId: id, Software: ['nothing'] })
        assert.match(message, /`nothing` is no component/, `product ${id} is on sale`)
      }
      assert.match((await refused({ ProductId: 5 })).message, /must be one of 1, 2, 4, 7/)
    },
  },
  {
    name: 'Software.N',
    does: 'The components of the cluster, with or without their version; processes of each run on the nodes.',
    seen: 'DescribeInstances: Config.SoftInfo; DescribeClusterNodes: Services',
    async show({ create, cluster, nodes }) {
      const id = await create(software('hive', 'flink'))
      const { Config } = await cluster(id)
      assert.ok(Config?.SoftInfo?.includes('hive-2.3.7'))
      assert.ok(Config?.SoftInfo?.includes('flink-1.12.1'))
      assert.match((await nodes(id, 'master'))[0]?.Services ?? '', /HiveMetaStore/)
    },
  },
  {
    name: 'SupportHA',
    does: 'Makes the cluster highly available: two masters and three common nodes become necessary.',
    seen: 'DescribeInstances: Config.SupportHA, Config.MasterNodeSize, Config.ComNodeSize',
    async show({ create, cluster, refused }) {
      const { Config } = await cluster(await create(HIGHLY_AVAILABLE))
      assert.deepEqual(
        [Config?.SupportHA, Config?.MasterNodeSize, Config?.ComNodeSize],
        [true, 2, 3],
      )
      assert.equal((await cluster(await create())).Config?.SupportHA, false)
      const { code } = await refused({ SupportHA: 1 })
      assert.equal(code, 'InvalidParameter.IncorrectCommonCount')
    },
  },
  {
    name: 'InstanceName',
    does: 'Names the cluster.',
    seen: 'DescribeInstances: ClusterName',
    async show({ create, cluster }) {
      for (const name of ['data_lake-1', '数据平台集群'])
        assert.equal((await cluster(await create({ InstanceName: name }))).ClusterName, name)
    },
  },
  {
    name: 'PayMode',
    does: 'Pay as you go (0), with nothing charged in advance, or a monthly subscription (1), charged at once.',
    seen: 'DescribeInstances: ChargeType; `/_emrys/ledger`',
    async show(it) {
      const { ledger } = money(it.cloud)
      const hourly = await it.create()
      const monthly = await it.create(MONTHLY)
      assert.equal((await it.cluster(hourly)).ChargeType, 0)
      assert.equal((await it.cluster(monthly)).ChargeType, 1)
      const charged = async (id: string) => (await ledger(id)).map(({ kind }) => kind)
      assert.deepEqual(await charged(hourly), [])
      assert.deepEqual(await charged(monthly), ['charge'])
    },
  },
  {
    name: 'TimeSpan',
    does: 'How many months a subscription has; 3600 for pay as you go.',
    seen: 'DescribeClusterNodes: ExpireTime; `/_emrys/orders`: months',
    async show(it) {
      const id = await it.create({ ...MONTHLY, TimeSpan: 3 })
      assert.equal((await money(it.cloud).orders(id))[0]?.months, 3)
      const [node] = await it.nodes(id, 'master')
      const months =
        (Date.parse(node?.ExpireTime ?? '') - Date.parse(node?.ApplyTime ?? '')) / DAY_MS
      assert.ok(months >= 88 && months <= 92, `${months} days`)
      assert.match((await it.refused({ TimeSpan: 1 })).message, /`TimeSpan`.*must be 3600/)
    },
  },
  {
    name: 'TimeUnit',
    does: '`s` with pay as you go, `m` with a subscription; the price is for one of it.',
    seen: 'InquiryPriceCreateInstance: TimeUnit, DiscountCost',
    async show({ client, refused }) {
      const { InstanceName: _, LoginSettings: __, ...order } = sampleCreateRequest()
      const price = (members: Members) =>
        client.InquiryPriceCreateInstance({ ...order, ...members, Currency: 'CNY' })
      const hour = await price({})
      const month = await price(MONTHLY)
      assert.deepEqual([hour.TimeUnit, month.TimeUnit], ['s', 'm'])
      assert.ok((month.DiscountCost ?? 0) > 100 * (hour.DiscountCost ?? 0))
      assert.equal((await refused({ TimeUnit: 'm' })).code, 'InvalidParameter.InvalidTimeUnit')
    },
  },
  {
    name: 'AutoRenew',
    does: 'A subscription with 1 is renewed at its end; one with 0 is isolated.',
    seen: 'DescribeClusterNodes: IsAutoRenew; DescribeInstances: Status; `/_emrys/orders`',
    environment: {},
    async show(it) {
      const { orders, pass } = money(it.cloud)
      const renewing = await it.create({ ...MONTHLY, AutoRenew: 1 })
      const ending = await it.create({ ...MONTHLY, AutoRenew: 0, InstanceName: 'ending-soon' })
      await it.cloud.settle()
      assert.equal((await it.nodes(renewing, 'master'))[0]?.IsAutoRenew, 1)
      await pass(32 * DAY_MS)
      assert.equal((await it.cluster(renewing)).Status, 2)
      assert.deepEqual(
        (await orders(renewing)).map(({ kind }) => kind),
        ['renew', 'buy'],
      )
      assert.equal((await it.cluster(ending)).Status, 201)
    },
  },
  {
    name: 'ClientToken',
    does: 'The same request with the same token is answered with the first cluster; another request is refused.',
    seen: 'CreateInstance: InstanceId; FailedOperation.DuplicateOrderNotAllowed',
    async show({ create, refused }) {
      const token = { ClientToken: 'founding-token' }
      const first = await create(token)
      assert.equal(await create(token), first)
      const { code } = await refused({ ...token, InstanceName: 'another-name' })
      assert.equal(code, 'FailedOperation.DuplicateOrderNotAllowed')
    },
  },
  {
    name: 'CheckSecurity',
    does: 'Adds Kerberos to the cluster.',
    seen: 'DescribeInstances: Config.SecurityOn, Config.SoftInfo; DescribeClusterNodes: Services',
    async show({ create, cluster, nodes }) {
      const id = await create({ CheckSecurity: 1 })
      const { Config } = await cluster(id)
      assert.equal(Config?.SecurityOn, true)
      assert.ok(Config?.SoftInfo?.some((name) => /^(kerberos|krb5)-/.test(name)))
      assert.match((await nodes(id, 'master'))[0]?.Services ?? '', /Krb5Kdc/i)
      assert.equal((await cluster(await create())).Config?.SecurityOn, false)
    },
  },
]

const metadata: readonly TencentRow[] = [
  {
    name: 'MetaType',
    does: 'Chooses where Hive and its like keep their metadata: a database that is bought, an existing one, or your own.',
    seen: 'DescribeInstances: MetaDb, MetaDBGroupInfo; DescribeClusterNodes',
    async show(it) {
      const { create, cluster, nodes, refused } = it
      const id = await create({ ...software('hive'), MetaType: 'EMR_DEFAULT_META' })
      const { MetaDb = '' } = await cluster(id)
      assert.match(MetaDb, /^cdb-[0-9a-z]{8}$/)
      const database = (await nodes(id)).find(({ NameTag }) => NameTag === 'db.0')
      assert.equal(database?.CdbNodeInfo?.SerialNo, MetaDb)
      const existing = { MetaType: 'EMR_EXIST_META', UnifyMetaInstanceId: 'cdb-abcdefgh' }
      const shared = await create({ ...software('hive'), ...existing })
      assert.equal((await cluster(shared)).MetaDb, 'cdb-abcdefgh')
      assert.equal((await cluster(await withOwnDatabase(it))).MetaDb, '')
      const { code } = await refused({ MetaType: 'EMR_OTHER_META' })
      assert.equal(code, 'InvalidParameter.InvalidMetaType')
    },
  },
  {
    name: 'UnifyMetaInstanceId',
    does: 'The existing database that the cluster uses; none is bought.',
    seen: 'DescribeInstances: MetaDb, MetaDBGroupInfo.UnifyMetaInstanceId',
    async show({ create, cluster, nodes }) {
      const existing = { MetaType: 'EMR_EXIST_META', UnifyMetaInstanceId: 'cdb-12345678' }
      const id = await create({ ...software('hive'), ...existing })
      const { MetaDb, MetaDBGroupInfo } = await cluster(id)
      assert.equal(MetaDb, 'cdb-12345678')
      assert.equal(MetaDBGroupInfo?.[0]?.UnifyMetaInstanceId, 'cdb-12345678')
      assert.ok((await nodes(id)).every(({ NameTag }) => NameTag !== 'db.0'))
    },
  },
  {
    name: 'MetaDBInfo',
    does: 'Your own database, which the cluster uses; none is bought.',
    seen: 'DescribeInstances: MetaDBGroupInfo',
    async show(it) {
      const id = await withOwnDatabase(it)
      const [shown] = (await it.cluster(id)).MetaDBGroupInfo ?? []
      assert.equal(shown?.MetaType, 'USER_CUSTOM_META')
      assert.ok((await it.nodes(id)).every(({ NameTag }) => NameTag !== 'db.0'))
    },
  },
  {
    name: 'MetaDBInfo.MetaDataJdbcUrl',
    does: 'Where your own database answers: it is asked whether it is there; anything but jdbc:mysql://host:port/database is refused.',
    seen: 'DescribeInstances: MetaDBGroupInfo.MetaDataJdbcUrl',
    async show(it) {
      const id = await withOwnDatabase(it)
      const [shown] = (await it.cluster(id)).MetaDBGroupInfo ?? []
      assert.match(shown?.MetaDataJdbcUrl ?? '', /^jdbc:mysql:\/\/127\.0\.0\.1:\d+\/shop$/)
      const { code, message } = await it.refused(ownDatabase('jdbc:oracle:thin:@h:1521:d'))
      assert.equal(code, 'InvalidParameter.InvalidMetaType')
      assert.match(message, /MetaDataJdbcUrl/)
      const { port } = await serve(it.t)
      const absent = await it.refused(ownDatabase(`jdbc:mysql://127.0.0.1:${port}/nothing`))
      assert.match(absent.message, /MetaDataJdbcUrl.*no such database/)
    },
  },
  {
    name: 'MetaDBInfo.MetaDataUser',
    does: 'The user of your own database.',
    seen: 'DescribeInstances: MetaDBGroupInfo.MetaDataUser',
    async show(it) {
      const [shown] = (await it.cluster(await withOwnDatabase(it))).MetaDBGroupInfo ?? []
      assert.equal(shown?.MetaDataUser, LOGIN.user)
    },
  },
  {
    name: 'MetaDBInfo.MetaDataPass',
    does: 'The password of that user, which the database must take; kept sealed and shown to nobody.',
    seen: '`/_emrys/clusters/ID`: secrets has its name',
    async show(it) {
      const id = await withOwnDatabase(it)
      assert.ok((await it.record(id)).secrets.includes('metadata.password'))
      assert.ok(!JSON.stringify(await it.cluster(id)).includes(LOGIN.password))
      const wrong = await serve(it.t, { users: { admin: 'another' } })
      const denied = await it.refused(ownDatabase(`jdbc:mysql://127.0.0.1:${wrong.port}/shop`))
      assert.equal(denied.code, 'InvalidParameter.InvalidMetaType')
    },
  },
]

export const order: readonly TencentRow[] = [...bought, ...metadata]

function ownDatabase(url: string): Members {
  const MetaDBInfo = {
    MetaDataJdbcUrl: url,
    MetaDataUser: LOGIN.user,
    MetaDataPass: LOGIN.password,
  }
  return { ...software('hive'), MetaType: 'USER_CUSTOM_META', MetaDBInfo }
}

/** A cluster with a database of the client's own, which answers while the cluster is made. */
async function withOwnDatabase({ create, t }: TencentStage): Promise<string> {
  const { port } = await serve(t)
  return create(ownDatabase(`jdbc:mysql://127.0.0.1:${port}/shop`))
}
