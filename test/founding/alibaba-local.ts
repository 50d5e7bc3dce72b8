/** CreateInstanceV1 where StarRocks instances run on this machine (`substrate.starrocks: local`), read from the engine itself by SQL. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { localDataDirectory, smallEngines } from '../support/engine/local-instances.ts'
import type { LocalRow } from './local.ts'

/** An engine that runs, and what it says. */
export interface EngineStage {
  rows(sql: string): Promise<readonly RowDataPacket[]>
  /** Logs in with another password than the instance was made with. */
  logInWith(password: string): Promise<unknown>
}

const PASSWORD = 'Founding-1'
const back = { cu: 16, storageSize: 600, diskNumber: 2, residentNodeNumber: 3 }
const front = { cu: 8, storageSize: 200, residentNodeNumber: 1 }

export async function engineStage(t: TestContext): Promise<EngineStage> {
  const instance = await startInstance(t, {
    body: {
      AdminPassword: PASSWORD,
      Version: '3.3',
      RunMode: 'shared_nothing',
      FrontendNodeGroups: [front],
      BackendNodeGroups: [{ ...back, storagePerformanceLevel: 'pl2' }],
    },
    cloud: { dataDir: localDataDirectory(t), config: smallEngines },
  })
  const { endpoints = [] } = (await instance.document()).status
  const { host = '', port = 0 } = endpoints.find(({ name }) => name === 'mysql') ?? {}
  const logIn = (password: string) => createConnection({ host, port, user: 'admin', password })
  const client = await logIn(PASSWORD)
  t.after(() => client.destroy())
  return {
    rows: async (sql) => (await client.query<RowDataPacket[]>(sql))[0],
    logInWith: logIn,
  }
}

const sizes = 'cu storageSize diskNumber residentNodeNumber zoneId'
const others = 'specType storagePerformanceLevel localStorageInstanceType'

const membersOf = (group: string, names: string) =>
  names
    .split(' ')
    .map((name) => `${group}.${name}`)
    .join(' ')

export const alibabaLocal: readonly LocalRow<EngineStage>[] = [
  {
    names: `body RegionId PackageType AutoRenew PayType PricingCycle Duration Tags Tags.Key Tags.Value ResourceGroupId ClientToken
      PromotionOptionNo AutoPay InstanceName`,
    kind: 'server',
    does: 'The order, its token, name, place and tags; the tag `emrys:substrate` chooses what runs the instance.',
  },
  {
    names:
      'VpcId VSwitches VSwitches.VswId VSwitches.ZoneId ZoneId GatewayType AgentNodeGroup AgentNodeGroup.cu',
    kind: 'shown',
    does: 'Addresses are of the loopback network.',
  },
  {
    names: 'AdminPassword',
    kind: 'effect',
    does: 'Opens the engine to `admin`, and nothing else does.',
    show: (it) => assert.rejects(it.logInWith('Another-1'), /Access denied/),
  },
  {
    names: 'Version',
    kind: 'effect',
    does: 'The version that the engine calls itself, and whose SQL it speaks.',
    async show(it) {
      const [row] = await it.rows('SELECT current_version() AS v')
      assert.match(String(row?.['v']), /^3\.3\..*\(Emrys\)$/)
    },
  },
  {
    names: 'RunMode',
    kind: 'effect',
    does: 'Back ends with shared_nothing, compute nodes with shared_data, whose data lie in object storage where there is any.',
    by: ['scenario/shared-data-local'],
    async show(it) {
      assert.equal((await it.rows('SHOW BACKENDS')).length, back.residentNodeNumber)
      assert.deepEqual(await it.rows('SHOW COMPUTE NODES'), [])
    },
  },
  {
    names: 'OssAccessingRoleName',
    kind: 'effect',
    does: "What SQL may read and write in the environment's buckets, by the role's policies.",
    by: ['scenario/object-storage-local'],
  },
  {
    names: 'Encrypted KmsKeyId',
    kind: 'effect',
    does: 'Encrypts data, log and backups; refused by name with the command where the module for it is not there.',
    by: ['scenario/encryption-local', 'scenario/substrate'],
  },
  {
    names: 'DlfCatalogName DlfCatalogType LinkedRamUserName PrincipalType RamUserId',
    kind: 'effect',
    does: 'A catalog of lake tables, and a user of the database who may read it.',
    by: ['scenario/lake-local'],
  },
  {
    names: `BackendNodeGroups ${membersOf('BackendNodeGroups', sizes)}`,
    kind: 'effect',
    does: 'Nodes as SHOW BACKENDS lists them, with their zone, cores and disks; together they are the threads, memory and room of the one process.',
    async show(it) {
      const rows = await it.rows('SHOW BACKENDS')
      assert.equal(rows.length, back.residentNodeNumber)
      for (const row of rows) {
        assert.equal(Number(row['CpuCores']), back.cu)
        assert.equal(row['TotalCapacity'], '1.172 TB', '2 disks of 600 GiB')
        assert.equal(row['Zone'], 'cn-hangzhou-i')
        assert.match(String(row['Note']), /room for 3\.516 TB/)
      }
    },
  },
  {
    names: `FrontendNodeGroups ${membersOf('FrontendNodeGroups', 'residentNodeNumber zoneId')}`,
    kind: 'effect',
    does: 'Nodes as SHOW FRONTENDS lists them, with their zone.',
    async show(it) {
      const rows = await it.rows('SHOW FRONTENDS')
      assert.deepEqual(
        rows.map((row) => [row['Role'], row['Zone']]),
        [['LEADER', 'cn-hangzhou-i']],
      )
    },
  },
  {
    names: `${membersOf('FrontendNodeGroups', `cu storageSize diskNumber ${others}`)} ${membersOf('BackendNodeGroups', others)}
      ObserverNodeGroups ${membersOf('ObserverNodeGroups', `${sizes} ${others}`)}`,
    kind: 'shown',
    does: "The machine's own disks and processors are what there is; front ends need none of their own.",
  },
]
