/** The common parameters of every request, and what CreateInstance answers. */
import assert from 'node:assert/strict'
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js'
import { signV1 } from '../support/http/sign.ts'
import {
  ask,
  askV1,
  KEYS,
  REGION,
  sampleCreateRequest,
  send,
} from '../support/http/tencent-client.ts'
import { ACCOUNT, refusalOf, type TencentRow, type TencentStage } from './tencent-stage.ts'

const LIST = { DisplayStrategy: 'clusterList' }

/** The SDK's client for any action and version. */
function anyClient({ cloud }: TencentStage, version: string) {
  return new CommonClient(`127.0.0.1:${cloud.port}`, version, {
    credential: { secretId: KEYS.keyId, secretKey: KEYS.secret },
    region: 'ap-guangzhou',
    profile: { language: 'en-US', httpProfile: { protocol: 'http://' } },
  })
}

/** A v1 request with the nonce 7. */
function signedList(port: number, signatureMethod: 'HmacSHA1' | 'HmacSHA256') {
  return signV1({
    ...KEYS,
    host: `127.0.0.1:${port}`,
    timestamp: Math.floor(Date.now() / 1000),
    nonce: 7,
    parameters: { Action: 'DescribeInstances', Version: '2019-01-03', Region: REGION, ...LIST },
    signatureMethod,
  })
}

export const common: readonly TencentRow[] = [
  {
    name: 'Action',
    does: 'Chooses what is done; a name that the service does not have is refused.',
    seen: 'CreateInstance answers InstanceId, `CreateNothing` InvalidAction',
    async show(it) {
      const client = anyClient(it, '2019-01-03')
      const made = (await client.request('CreateInstance', sampleCreateRequest())) as object
      assert.ok('InstanceId' in made)
      const { code } = await refusalOf(client.request('CreateNothing', sampleCreateRequest()))
      assert.equal(code, 'InvalidAction')
    },
  },
  {
    name: 'Version',
    does: 'Must be 2019-01-03; any other is refused by its name.',
    seen: 'NoSuchVersion',
    async show(it) {
      const { code, message } = await refusalOf(
        anyClient(it, '2019-07-22').request('CreateInstance', sampleCreateRequest()),
      )
      assert.equal(code, 'NoSuchVersion')
      assert.match(message, /2019-07-22/)
    },
  },
  {
    name: 'Region',
    does: 'The region that the cluster stands in; its zone must be one of it.',
    seen: 'DescribeInstances: RegionId, Zone',
    async show({ connect, cluster, create }) {
      assert.equal((await cluster(await create())).RegionId, 1)
      const beijing = connect({ region: 'ap-beijing' })
      const wrongZone = await refusalOf(beijing.CreateInstance(sampleCreateRequest()))
      assert.equal(wrongZone.code, 'InvalidParameter.InvalidZone')
      assert.match(wrongZone.message, /a zone of ap-beijing/)
      const nowhere = await refusalOf(
        connect({ region: 'ap-atlantis' }).CreateInstance(sampleCreateRequest()),
      )
      assert.equal(nowhere.code, 'InvalidParameterValue')
    },
  },
  {
    name: 'Timestamp',
    does: 'When the request was signed; more than 300 seconds off, it is refused.',
    seen: 'AuthFailure.SignatureExpire',
    async show({ cloud }) {
      assert.equal((await ask({ ...cloud, skew: -290 }, 'DescribeInstances', LIST)).code, '')
      for (const skew of [-310, 310]) {
        const late = await ask({ ...cloud, skew }, 'DescribeInstances', LIST)
        assert.equal(late.code, 'AuthFailure.SignatureExpire')
      }
    },
  },
  {
    name: 'Nonce',
    does: 'A whole number of the v1 signature, which covers it.',
    seen: 'InvalidParameter when it is no number; AuthFailure.SignatureFailure when it was changed',
    async show({ cloud, connect }) {
      const client = connect({ signMethod: 'HmacSHA256' })
      assert.ok((await client.DescribeInstances(LIST)).TotalCnt !== undefined)
      const asking = { ...cloud, method: 'GET', nonce: 0.5 } as const
      const { code, message } = await askV1(asking, 'DescribeInstances', LIST)
      assert.equal(code, 'InvalidParameter')
      assert.match(message, /`Nonce` type error/)
      const signed = signedList(cloud.port, 'HmacSHA256')
      assert.equal((await send(cloud.port, signed)).code, '')
      const query = signed.query.replace('Nonce=7', 'Nonce=8')
      const changed = await send(cloud.port, { ...signed, query })
      assert.equal(changed.code, 'AuthFailure.SignatureFailure')
    },
  },
  {
    name: 'SecretId',
    does: 'Says whose request it is: the cluster belongs to the account of the key.',
    seen: 'DescribeInstances: Uin; AuthFailure.SecretIdNotFound',
    async show({ connect, create, cluster }) {
      assert.equal((await cluster(await create())).Uin, ACCOUNT)
      const stranger = connect({ secretId: 'AKIDNOBODY' })
      const { code } = await refusalOf(stranger.CreateInstance(sampleCreateRequest()))
      assert.equal(code, 'AuthFailure.SecretIdNotFound')
    },
  },
  {
    name: 'Signature',
    does: 'Proves that the sender has the secret of the key.',
    seen: 'AuthFailure.SignatureFailure for another secret',
    async show({ connect }) {
      const forger = connect({ secretKey: 'guessed' })
      const { code } = await refusalOf(forger.CreateInstance(sampleCreateRequest()))
      assert.equal(code, 'AuthFailure.SignatureFailure')
    },
  },
  {
    name: 'SignatureMethod',
    does: 'Chooses the algorithm of the v1 signature: HmacSHA1 (also when it is left out) or HmacSHA256.',
    seen: 'CreateInstance answers InstanceId for both, another method is refused',
    async show({ cloud, connect }) {
      for (const signMethod of ['HmacSHA1', 'HmacSHA256'] as const) {
        const made = await connect({ signMethod }).CreateInstance(sampleCreateRequest())
        assert.match(made.InstanceId ?? '', /^emr-/)
      }
      const signed = signedList(cloud.port, 'HmacMD5' as 'HmacSHA1')
      const { code, message } = await send(cloud.port, signed)
      assert.equal(code, 'InvalidParameterValue')
      assert.match(message, /`HmacMD5`.*`SignatureMethod`/)
    },
  },
  {
    name: 'Token',
    does: 'Goes with a temporary key, which is refused without it.',
    seen: 'CreateInstance answers InstanceId with it, AuthFailure.TokenFailure without',
    async show({ cloud, connect }) {
      const { roles, tokens } = cloud.identity
      await roles.add({ account: ACCOUNT, name: 'founding', kind: 'normal' })
      await roles.attach({ account: ACCOUNT, name: 'founding', policy: 'AdministratorAccess' })
      const request = {
        account: ACCOUNT,
        role: 'founding',
        session: 'founders',
        lifetimeMs: 900_000,
      }
      const { session, secret, token } = await tokens.add(request)
      const key = { secretId: session.id, secretKey: secret }
      const made = await connect({ ...key, token }).CreateInstance(sampleCreateRequest())
      assert.match(made.InstanceId ?? '', /^emr-/)
      const { code } = await refusalOf(connect(key).CreateInstance(sampleCreateRequest()))
      assert.equal(code, 'AuthFailure.TokenFailure')
    },
  },
  {
    name: 'Language',
    does: 'Chooses the language of what is answered: Chinese or English.',
    seen: 'DescribeInstances: ClusterTitle; messages of refusals',
    async show({ connect, create, cloud }) {
      const id = await create()
      await cloud.settle()
      const titleIn = async (language: 'zh-CN' | 'en-US') => {
        const query = { ...LIST, InstanceIds: [id] }
        const answer = await connect({ language }).DescribeInstances(query)
        return answer.ClusterList?.[0]?.ClusterTitle
      }
      assert.equal(await titleIn('zh-CN'), '集群运行中')
      assert.match((await titleIn('en-US')) ?? '', /^[\x20-\x7e]+$/)
    },
  },
]

export const answer: readonly TencentRow[] = [
  {
    name: 'InstanceId',
    does: 'The id of the new cluster, by which every other action knows it.',
    seen: 'CreateInstance answers it, DescribeInstances finds it: ClusterId',
    async show({ create, cluster }) {
      const id = await create()
      assert.match(id, /^emr-[0-9a-z]{8}$/)
      assert.equal((await cluster(id)).ClusterId, id)
    },
  },
  {
    name: 'RequestId',
    does: 'Another UUID for each request; the audit trail has it.',
    seen: 'every answer; `/_emrys/audit`',
    async show({ client, page }) {
      const { RequestId: first = '' } = await client.CreateInstance(sampleCreateRequest())
      const { RequestId: second } = await client.CreateInstance(sampleCreateRequest())
      assert.match(first, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.notEqual(first, second)
      assert.ok(JSON.stringify(await page('audit')).includes(first))
    },
  },
]
