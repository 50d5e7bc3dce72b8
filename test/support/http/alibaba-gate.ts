/**
 * The gateway around one dialect with keys of a test's choosing: a request that was signed by hand goes in, what a client would
 * receive comes out. The clusters are those of a whole server.
 */
import type { Credential, Principal } from '../../../src/domain/identity.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import { alibaba } from '../../../src/dialect/alibaba/dialect.ts'
import { gateway } from '../../../src/gateway/gateway.ts'
import { createNonceCache } from '../../../src/gateway/nonce-cache.ts'
import { throttle } from '../../../src/gateway/throttle.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { bodyText } from '../../../src/gateway/dialect.ts'
import type { Cloud } from '../fixture/cloud.ts'
import { signAcs3, signRoa, type RequestToSign } from './sign.ts'

const HOST = 'starrocks.cn-hangzhou.aliyuncs.com'
export const ACCOUNT = '1000000000000001'
const SECRET = 'testSk'
export const DIAGNOSIS_KEY = Buffer.alloc(32, 7)

export interface GateAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
  readonly body: any
}

export type GateRequest = Omit<RequestToSign, 'keyId' | 'secret' | 'host'> & {
  readonly path: string
  readonly keyId?: string
  readonly secret?: string
  readonly action?: string
  readonly version?: string
  readonly signature?: 'acs3' | 'roa'
  readonly nonce?: string
  /** When it says that it was signed, relative to now. */
  readonly agoMs?: number
  /** Changes the request after it was signed. */
  readonly tamper?: (signed: ReturnType<typeof signAcs3>) => ReturnType<typeof signAcs3>
}

export interface Gate {
  send(request: GateRequest): Promise<GateAnswer>
}

export interface GateOptions {
  readonly credentials?: readonly Credential[]
  readonly perSecond?: number
}

export function alibabaGate(cloud: Cloud, options: GateOptions = {}): Gate {
  const credentials = options.credentials ?? [credential('testAk', rootPrincipal)]
  const dialect = alibaba({ diagnosisKey: DIAGNOSIS_KEY })
  const gate = gateway({
    core: cloud.core,
    clock: cloud.clock,
    random: cloud.core.random,
    log: silentLogger(),
    credentials: async (_dialect, keyId) => credentials.find((each) => each.keyId === keyId),
    nonces: createNonceCache({ windowMs: 900_000 }),
    throttle: throttle(options.perSecond ?? 0),
    onHandled: () => {},
  })
  let sent = 0
  return {
    async send(request) {
      const { keyId = 'testAk', secret = SECRET, tamper = (it) => it } = request
      const signedMs = cloud.clock.wall() - (request.agoMs ?? 0)
      const nonce = request.nonce ?? `nonce-${++sent}`
      const signable = { ...request, keyId, secret, host: HOST, nonce }
      const signed =
        request.signature === 'roa'
          ? signRoa({ ...signable, date: new Date(signedMs).toUTCString() })
          : signAcs3({ ...signable, date: `${new Date(signedMs).toISOString().slice(0, 19)}Z` })
      const wire = {
        ...tamper(signed),
        remoteAddress: '127.0.0.1',
        httpVersion: '1.1',
        secure: false,
      }
      const answer = await gate.handle(dialect, wire)
      return { ...answer, body: JSON.parse(bodyText(answer)) as unknown }
    },
  }
}

export const rootPrincipal: Principal = {
  account: ACCOUNT,
  tenant: ACCOUNT,
  kind: 'root',
  id: ACCOUNT,
  name: 'root',
  policies: [],
}

export function userPrincipal(name: string, policies: readonly Policy[]): Principal {
  return { ...rootPrincipal, kind: 'user', id: `2000${name.length}`, name, policies }
}

export function credential(
  keyId: string,
  principal: Principal,
  more: Partial<Credential> = {},
): Credential {
  return { keyId, secret: SECRET, active: true, principal, ...more }
}
