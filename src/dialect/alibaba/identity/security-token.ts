/**
 * The headers that both Alibaba signatures share: temporary credentials, and the other ways to prove an identity that
 * this server does not have (reference: alibaba-starrocks.md 2.5).
 */
import { Fault } from '../../../domain/fault.ts'
import { SignatureProblem, headerOf } from '../../../gateway/signed-request.ts'
import type { SignedRequest } from '../../../gateway/signed-request.ts'

/**
 * The STS token, if there is one. The SDKs repeat the key id in a header of its own; a second, different id is a
 * contradiction that must not be settled by guessing.
 * @throws SignatureProblem `malformed`, TokenRefused for what no service would have issued
 */
export function securityTokenOf(request: SignedRequest, keyId: string): string | undefined {
  const repeated = headerOf(request, 'x-acs-accesskey-id')
  if (repeated !== undefined && repeated !== keyId) {
    throw new SignatureProblem('malformed', {
      part: 'x-acs-accesskey-id',
      detail: 'it is not the access key id of the Authorization header',
    })
  }
  const token = headerOf(request, 'x-acs-security-token')
  if (token === undefined || token === '') return undefined
  if (!TOKEN.test(token)) throw new Fault('TokenRefused', { why: 'malformed' })
  return token
}

/** Tokens are base64 in one of its alphabets; the longest that services issue are under 2 000 characters. */
const TOKEN = /^[\w+/=.-]{1,4096}$/

/** Bearer tokens and key pairs come with a signature type. @throws SignatureProblem `algorithm-unknown` */
export function refuseOtherSignatureTypes(request: SignedRequest): void {
  const type = headerOf(request, 'x-acs-signature-type')
  if (type !== undefined && type !== '') {
    throw new SignatureProblem('algorithm-unknown', { part: 'x-acs-signature-type', detail: type })
  }
}
