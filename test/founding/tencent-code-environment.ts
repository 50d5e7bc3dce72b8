/** The codes that come from what is around a request: the environment, stock and quotas, roles, and services that fail. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { FaultSwitch } from '../../src/domain/dependency.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { REGION } from '../support/http/tencent-client.ts'
import type { CloudEnvironment } from '../support/fixture/environment-cloud.ts'
import { ACCOUNT, declare, software, type Members, type TencentRow } from './tencent-stage.ts'

const ANSWER = 'CreateInstance: Error.Code, Error.Message'
const FAULTS = `${ANSWER}; switched on at \`/_emrys/faults\``
const serviceRole = { account: ACCOUNT, name: 'EMR_QCSRole' }

interface Case {
  readonly when: string
  readonly environment: CloudEnvironment
  readonly request?: Members
  readonly says?: RegExp
}

const row = (name: string, { when, environment, request, says = /./ }: Case): TencentRow => ({
  name,
  does: `Raised when ${when}.`,
  seen: ANSWER,
  environment,
  async show({ refused }) {
    const { code, message } = await refused(request)
    assert.equal(code, name, message)
    assert.match(message, says)
  },
})

const stock = (what: string) => ({ text: declare('stock', what) })

const environment: readonly TencentRow[] = [
  row('FailedOperation', {
    when: 'a request is right and still cannot be met, as when its placement group is full',
    environment: {
      text: declare('placement-groups', `id: ps-12345678, region: ${REGION}, capacity: 2`),
    },
    request: { DisasterRecoverGroupIds: ['ps-12345678'] },
    says: /ps-12345678.*full: 3 nodes do not fit into 2/,
  }),
  row('ResourceNotFound.TagsNotFound', {
    when: 'a tag is not there although everything must be declared',
    environment: { mode: 'closed' },
    request: {
      VPCSettings: { VpcId: 'vpc-apguangzhou', SubnetId: 'subnet-apguangzhou3' },
      Tags: [{ TagKey: 'team', TagValue: 'data' }],
    },
    says: /team:data/,
  }),
  row('ResourceInsufficient.InstanceInsufficient', {
    when: 'machines of a type are left, but not enough',
    environment: stock('of: machine, type: S5.LARGE8, amount: 1'),
    says: /S5\.LARGE8.*2 are needed, 1 are left/,
  }),
  row('ResourceInsufficient.DiskInsufficient', {
    when: 'disks of a type are left, but not enough',
    environment: stock('of: storage, type: CLOUD_PREMIUM, amount: 449'),
    says: /CLOUD_PREMIUM.*450 are needed, 449 are left/,
  }),
  row('ResourcesSoldOut.', {
    when: 'nothing at all is left in the zone',
    environment: stock('of: machine, zone: ap-guangzhou-3, amount: 0'),
    says: /ap-guangzhou-3/,
  }),
  row('ResourcesSoldOut.CvmSoldOut', {
    when: 'no machine of a type is left',
    environment: stock('of: machine, type: S5.LARGE8, amount: 0'),
    says: /S5\.LARGE8.*sold out/,
  }),
  row('ResourcesSoldOut.CbsSoldOut', {
    when: 'no disk of a type is left',
    environment: stock('of: disk, type: CLOUD_PREMIUM, amount: 0'),
    says: /CLOUD_PREMIUM.*sold out/,
  }),
  row('InternalError.CheckQuotaErr', {
    when: 'the account would have more machines than its quota',
    environment: { text: declare('quotas', 'of: machine, amount: 2') },
    says: /is 2: 0 are in use, 3 more are needed/,
  }),
]

const roles: readonly TencentRow[] = [
  {
    name: 'InvalidParameter.UngrantedRole',
    does: 'Raised when the role that the service needs is not there.',
    seen: ANSWER,
    environment: {},
    async show({ cloud, refused }) {
      await cloud.identity.roles.remove(serviceRole)
      const { code, message } = await refused()
      assert.equal(code, 'InvalidParameter.UngrantedRole')
      assert.match(message, /EMR_QCSRole/)
    },
  },
  {
    name: 'InvalidParameter.UngrantedPolicy',
    does: "Raised when the service's role does not have its policy.",
    seen: ANSWER,
    environment: {},
    async show({ cloud, refused }) {
      await cloud.identity.roles.detach({ ...serviceRole, policy: 'QcloudAccessForEMRRole' })
      const { code, message } = await refused()
      assert.equal(code, 'InvalidParameter.UngrantedPolicy')
      assert.match(message, /QcloudAccessForEMRRole/)
    },
  },
]

type FaultMode = Pick<FaultSwitch, 'dependency' | 'mode'>

/** Code, the service that fails, and a request that needs it. */
const FAILING: readonly (readonly [string, FaultMode, Members?])[] = [
  ['AccountCgwError', { dependency: 'account', mode: 'gateway' }],
  ['CamCgwError', { dependency: 'identity', mode: 'gateway' }],
  ['CamError', { dependency: 'identity', mode: 'service' }],
  ['CbsCgwError', { dependency: 'block-storage', mode: 'gateway' }],
  ['CbsError', { dependency: 'block-storage', mode: 'service' }],
  ['CdbCgwError', { dependency: 'metadata-database', mode: 'gateway' }, software('hive')],
  ['CdbError', { dependency: 'metadata-database', mode: 'service' }, software('hive')],
  ['ConfigCgwError', { dependency: 'configuration', mode: 'gateway' }],
  ['CvmError', { dependency: 'compute', mode: 'service' }],
  ['KmsError', { dependency: 'key-management', mode: 'service' }, { CbsEncrypt: 1 }],
  ['ProjectCgwError', { dependency: 'project', mode: 'gateway' }],
  ['SgError', { dependency: 'security-group', mode: 'service' }],
  ['TagError', { dependency: 'tag', mode: 'service' }, { Tags: [{ TagKey: 'k', TagValue: 'v' }] }],
  ['TradeCgwError', { dependency: 'trade', mode: 'gateway' }],
  ['VpcCgwError', { dependency: 'network', mode: 'gateway' }],
  ['VpcError', { dependency: 'network', mode: 'service' }],
]

const failing: readonly TencentRow[] = FAILING.map(([code, fault, request]) => ({
  name: `InternalError.${code}`,
  does: `Raised when the ${fault.dependency} service ${fault.mode === 'gateway' ? 'is not reached' : 'answers with an error'}; the next request is well again.`,
  seen: FAULTS,
  async show({ cloud, create, refused }) {
    const put = { method: 'PUT', body: { ...fault, times: 1 } }
    assert.equal((await askAdmin(cloud.port, 'faults', put)).status, 200)
    const refusal = await refused(request)
    assert.equal(refusal.code, `InternalError.${code}`)
    assert.ok(refusal.message.includes(code))
    await create(request)
  },
}))

const internal: TencentRow = {
  name: 'InternalError',
  does: 'Raised when the server itself cannot continue; it tells nothing but the id of the request.',
  seen: ANSWER,
  environment: brokenCloud,
  async show({ refused }) {
    const { code, message } = await refused()
    assert.equal(code, 'InternalError')
    assert.ok(!message.includes('disk is gone'), message)
  },
}

/** A server whose writes fail once it runs. */
async function brokenCloud(t: TestContext): Promise<Cloud> {
  let broken = false
  const cloud = await startCloud(t, {
    wrap: {
      store: (store) => ({
        ...store,
        write: (work) =>
          broken ? Promise.reject(new Error('the disk is gone')) : store.write(work),
      }),
    },
  })
  broken = true
  t.after(() => (broken = false))
  return cloud
}

export const codesOfEnvironment: readonly TencentRow[] = [
  ...environment,
  ...roles,
  internal,
  ...failing,
]
