/** What the rows of CreateInstanceV1 need: the runtime of the vendor's SDKs at a server, and the admin pages of that server. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  alibabaClient,
  createBody,
  refusalOf,
  type AlibabaAnswer,
  type AlibabaClient,
  type ClientOptions,
} from '../support/http/alibaba-client.ts'
import { askAdmin } from '../support/http/admin.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import type { Row } from './row.ts'

export type Members = Readonly<Record<string, unknown>>
// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
type Wire = any

export interface AlibabaStage {
  readonly t: TestContext
  readonly cloud: Cloud
  readonly call: AlibabaClient
  connect(options: ClientOptions): AlibabaClient
  /** Sends the founding request with these members changed. */
  send(members?: Members): Promise<AlibabaAnswer>
  /** The id of the instance that it creates. */
  create(members?: Members): Promise<string>
  /** Creates, takes every step that is due, and returns the id. */
  made(members?: Members): Promise<string>
  /** What is said of the request in `Invalid params: […]`; throws when it is refused with another code. */
  problems(members: Members): Promise<string>
  instance(id: string): Promise<Wire>
  groups(id: string): Promise<readonly Wire[]>
  group(id: string, componentType: string): Promise<Wire>
  /** `/_emrys/clusters/ID`. */
  record(id: string): Promise<Wire>
  page(path: string): Promise<Wire>
}

export type AlibabaRow = Row<AlibabaStage>

/** Accepted anywhere: observers are for their own rows. */
const PLAIN: Members = { ObserverNodeGroups: null, PromotionOptionNo: null, KmsKeyId: null }
export const MONTHLY: Members = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
export const ACCOUNT = '1000000000000001'
export const REGION = 'cn-hangzhou'

export function alibabaStage(cloud: Cloud, t: TestContext): AlibabaStage {
  const call = alibabaClient(cloud.port)
  const send = (members: Members = {}) =>
    call('CreateInstanceV1', { body: createBody({ ...PLAIN, ...members }) })
  const create = async (members?: Members) => (await send(members)).body.Data.InstanceId as string
  const page = async (path: string) => {
    const answer = await askAdmin(cloud.port, path)
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  }
  const groups = async (id: string) => {
    const { body } = await call('DescribeNodeGroups', {
      query: { ClusterId: id, RegionId: REGION, PageSize: '100' },
    })
    return body.Data as Wire[]
  }
  return {
    t,
    cloud,
    call,
    connect: (options) => alibabaClient(cloud.port, options),
    send,
    create,
    page,
    groups,
    async made(members) {
      const id = await create(members)
      await cloud.settle()
      return id
    },
    async problems(members) {
      const { code, message } = await refusalOf(send(members))
      assert.equal(code, 'InvalidParams', message)
      assert.match(message, /Invalid params: \[.+\]/)
      return message
    },
    async instance(id) {
      const query = { InstanceId: id, RegionId: REGION }
      const [found] = (await call('DescribeInstances', { query })).body.Data
      assert.ok(found, `${id} is not listed`)
      return found
    },
    async group(id, componentType) {
      const found = (await groups(id)).find((each) => each.ComponentType === componentType)
      assert.ok(found, `${id} has no ${componentType}`)
      return found
    },
    record: async (id) => (await page(`clusters/${id}`)).cluster,
  }
}
