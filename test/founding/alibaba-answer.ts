/** What CreateInstanceV1 answers, and how it refuses. */
import assert from 'node:assert/strict'
import { createBody, refusalOf } from '../support/http/alibaba-client.ts'
import { ramPolicy } from '../support/fixture/identity.ts'
import { money } from '../support/fixture/money.ts'
import { ACCOUNT, REGION, type AlibabaRow, type AlibabaStage } from './alibaba-stage.ts'

export const answer: readonly AlibabaRow[] = [
  {
    name: 'HttpStatusCode',
    does: 'The status of the answer, also within it.',
    seen: 'CreateInstanceV1: 200, or the status of the refusal',
    async show({ send }) {
      const { statusCode, body } = await send()
      assert.deepEqual([statusCode, body.HttpStatusCode], [200, 200])
      const { data, statusCode: refused } = await refusalOf(send({ RunMode: 'x' }))
      assert.deepEqual([refused, data['HttpStatusCode']], [400, 400])
    },
  },
  {
    name: 'RequestId',
    does: 'Another UUID for each request, also in a header; the audit trail has it.',
    seen: 'every answer; `/_emrys/audit`',
    async show({ send, page }) {
      const { headers, body } = await send()
      assert.match(body.RequestId, /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
      assert.equal(headers['x-acs-request-id'], body.RequestId)
      assert.notEqual((await send()).body.RequestId, body.RequestId)
      assert.ok(JSON.stringify(await page('audit')).includes(body.RequestId))
    },
  },
  {
    name: 'Success',
    does: 'Whether the request was carried out.',
    seen: 'CreateInstanceV1: true, or false in a refusal',
    async show({ send }) {
      assert.equal((await send()).body.Success, true)
      assert.equal((await refusalOf(send({ RunMode: 'x' }))).data['Success'], false)
    },
  },
  {
    name: 'ErrCode',
    does: 'The code of the refusal, null without one.',
    seen: 'CreateInstanceV1',
    async show({ send }) {
      assert.equal((await send()).body.ErrCode, null)
      assert.equal((await refusalOf(send({ RunMode: 'x' }))).data['ErrCode'], 'InvalidParams')
    },
  },
  {
    name: 'ErrMessage',
    does: 'Every problem that was found, in one sentence; null without one.',
    seen: 'CreateInstanceV1',
    async show({ send }) {
      assert.equal((await send()).body.ErrMessage, null)
      const { data } = await refusalOf(send({ RunMode: 'x', RegionId: 'y' }))
      assert.match(
        String(data['ErrMessage']),
        /^Invalid params: \[Run mode should be select from set \[.+\], Region id should be select from set \[.+\]\]\. RunMode is x, for example shared_data; RegionId is y, for example cn-hangzhou\.$/,
      )
    },
  },
  {
    name: 'Data',
    does: 'The ids of what was ordered.',
    seen: 'CreateInstanceV1',
    async show({ send }) {
      const { Data } = (await send()).body
      assert.deepEqual(Object.keys(Data).toSorted(), ['InstanceId', 'OrderId'])
    },
  },
  {
    name: 'Data.OrderId',
    does: 'The order of the instance, a real one.',
    seen: 'CreateInstanceV1; `/_emrys/orders`',
    async show({ cloud, send }) {
      const { OrderId, InstanceId } = (await send()).body.Data
      assert.ok(Number.isSafeInteger(OrderId) && OrderId > 0)
      const [order] = await money(cloud).orders(InstanceId)
      assert.equal(order?.order, String(OrderId))
      assert.ok(Number(order?.total) > 0)
    },
  },
  {
    name: 'Data.InstanceId',
    does: 'The id of the instance, by which every other action knows it.',
    seen: 'CreateInstanceV1 answers it, DescribeInstances finds it: InstanceId',
    async show({ create, instance }) {
      const id = await create()
      assert.match(id, /^c-[0-9a-f]{16}$/)
      assert.equal((await instance(id)).InstanceId, id)
    },
  },
  {
    name: 'AccessDeniedDetail',
    does: 'Why the caller may not do it, whole; null when it was done.',
    seen: 'CreateInstanceV1: Forbidden.RAM',
    async show(it) {
      assert.equal((await it.send()).body.AccessDeniedDetail, null)
      assert.deepEqual(Object.keys(await denied(it)).toSorted(), MEMBERS)
    },
  },
  detail('PolicyType', 'The kind of policy that decided.', /^AccountLevelIdentityBasedPolicy$/),
  detail('AuthPrincipalOwnerId', 'The account of the caller.', new RegExp(`^${ACCOUNT}$`)),
  detail(
    'EncodedDiagnosticMessage',
    'The decision in full, signed: policy, statement and resource.',
    /^[A-Za-z0-9+/]{100,}=*$/,
  ),
  detail('AuthPrincipalType', 'What the caller is: a user, or somebody in a role.', /^SubUser$/),
  detail('AuthPrincipalDisplayName', 'The id of that user.', /^\d+$/),
  {
    ...detail(
      'NoPermissionType',
      'Whether nothing allowed it or something denied it.',
      /^ImplicitDeny$/,
    ),
    async show(it) {
      assert.equal((await denied(it))['NoPermissionType'], 'ImplicitDeny')
      const explicit = await denied(it, ramPolicy('sr:Create*', 'Deny'))
      assert.equal(explicit['NoPermissionType'], 'ExplicitDeny')
    },
  },
  detail('AuthAction', 'What was asked for, as policies call it.', /^sr:CreateInstanceV1$/),
]

const MEMBERS = [
  'AuthAction',
  'AuthPrincipalDisplayName',
  'AuthPrincipalOwnerId',
  'AuthPrincipalType',
  'EncodedDiagnosticMessage',
  'NoPermissionType',
  'PolicyType',
]

function detail(member: string, does: string, looks: RegExp): AlibabaRow {
  return {
    name: `AccessDeniedDetail.${member}`,
    does,
    seen: 'CreateInstanceV1: Forbidden.RAM',
    async show(it) {
      assert.match(String((await denied(it))[member]), looks)
    },
  }
}

let users = 0

/** The client of a user with this policy. */
async function userClient({ cloud, connect }: AlibabaStage, policy?: string) {
  const name = `founder-${users++}`
  const { identity } = cloud
  await identity.users.add({ account: ACCOUNT, name })
  if (policy !== undefined) {
    await identity.policies.add({ account: ACCOUNT, name: `of-${name}`, text: policy })
    await identity.users.attach({ account: ACCOUNT, name, policy: `of-${name}` })
  }
  const { key, secret } = await identity.keys.add({ account: ACCOUNT, user: name })
  return connect({ keyId: key.id, secret })
}

async function denied(it: AlibabaStage, policy?: string): Promise<Record<string, unknown>> {
  const call = await userClient(it, policy)
  const refusal = await refusalOf(call('CreateInstanceV1', { body: createBody() }))
  assert.equal(refusal.code, 'Forbidden.RAM')
  return { ...refusal.accessDeniedDetail }
}

export const refusal: readonly AlibabaRow[] = [
  {
    name: 'sr:CreateInstanceV1',
    does: 'The permission that a user needs.',
    seen: 'CreateInstanceV1: Data with it, Forbidden.RAM without',
    async show(it) {
      const allowed = await userClient(it, ramPolicy('sr:CreateInstanceV1'))
      assert.equal((await allowed('CreateInstanceV1', { body: createBody() })).statusCode, 200)
      const other = await userClient(it, ramPolicy('sr:DescribeInstances'))
      const { code } = await refusalOf(other('CreateInstanceV1', { body: createBody() }))
      assert.equal(code, 'Forbidden.RAM')
    },
  },
  {
    name: 'InvalidParams',
    does: 'Raised for values that cannot be; all of them are reported at once, each with its set or range.',
    seen: 'CreateInstanceV1: Code and ErrCode, Message and ErrMessage',
    async show({ send }) {
      const { data, message } = await refusalOf(send({ PackageType: 'trial' }))
      assert.deepEqual([data['Code'], data['ErrCode']], ['InvalidParams', 'InvalidParams'])
      assert.match(
        message,
        /Invalid params: \[Cu of fe should be select from set \[4\], Number of fe should be in range \[1, 1\]\]/,
      )
    },
  },
  {
    name: 'Forbidden.RAM',
    does: 'Raised when no policy of the caller allows the action, or one denies it.',
    seen: 'CreateInstanceV1: status 403',
    async show(it) {
      const call = await userClient(it)
      const refused = await refusalOf(call('CreateInstanceV1', { body: createBody() }))
      assert.deepEqual([refused.statusCode, refused.code], [403, 'Forbidden.RAM'])
    },
  },
  {
    name: 'IdempotentParameterMismatch',
    does: 'Raised when a ClientToken comes again with another request.',
    seen: 'CreateInstanceV1: status 400',
    async show({ send }) {
      await send({ ClientToken: 'founding-mismatch' })
      const again = send({ ClientToken: 'founding-mismatch', InstanceName: 'other' })
      assert.equal((await refusalOf(again)).code, 'IdempotentParameterMismatch')
    },
  },
  {
    name: 'Throttling.User',
    does: 'Raised beyond the limit of requests in a second; says when to come again.',
    seen: 'CreateInstanceV1: Code, header x-ratelimit-user-api',
    environment: { more: { requestsPerSecond: 1 } },
    async show({ send }) {
      const reported = await Promise.all(
        Array.from({ length: 5 }, () => outcome(send({ RunMode: 'x' }))),
      )
      assert.ok(reported.includes('Throttling.User'), reported.join(' '))
    },
  },
  {
    name: 'ServiceUnavailable',
    does: 'Raised while a service that the request needs fails; the next request is well again.',
    seen: 'CreateInstanceV1: status 503; switched on at `/_emrys/faults`',
    async show({ cloud, send }) {
      const once = { probability: 1, times: 1, latencyMs: 0, action: undefined }
      cloud.core.dependencies.put({ ...once, dependency: 'trade', mode: 'service' })
      const { statusCode, code } = await refusalOf(send())
      assert.deepEqual([statusCode, code], [503, 'ServiceUnavailable'])
      assert.equal((await send()).statusCode, 200)
    },
  },
  {
    name: 'creating_failed',
    does: 'What becomes of an instance for which there is not enough stock; its order is paid back.',
    seen: 'DescribeInstances: InstanceStatus; ListOperationHistory: OperationDetail; `/_emrys/orders`',
    environment: {
      text: `alibaba:\n  stock:\n    - { of: machine, zone: ${REGION}-i, amount: 10 }\n`,
    },
    async show({ cloud, call, made, instance }) {
      const id = await made()
      assert.equal((await instance(id)).InstanceStatus, 'creating_failed')
      const { body } = await call('ListOperationHistory', { query: { InstanceId: id } })
      assert.match(body.Data[0].OperationDetail, /库存不足/)
      assert.equal((await money(cloud).orders(id))[0]?.state, 'refunded')
    },
  },
]

async function outcome(answered: Promise<unknown>): Promise<string> {
  try {
    await answered
    return ''
  } catch (problem) {
    return (problem as { code: string }).code
  }
}
