import * as fc from 'fast-check'
import { parseV1, verifyV1 } from '../../../../src/dialect/tencent/wire/v1-signature.ts'
import { signatureSuite, signable } from '../../../suite/signature.ts'
import { sameParameters } from '../../../support/http/mutate.ts'
import { signV1 } from '../../../support/http/sign.ts'
import type { WireRequest } from '../../../support/http/sign.ts'

const { word, hostWithPort, parameters, keyId } = signable

signatureSuite({
  fields: fc.record({
    method: fc.constantFrom('GET', 'POST'),
    host: hostWithPort,
    parameters,
    keyId,
    secret: word,
    timestamp: fc.integer({ min: 1, max: 2 ** 33 }),
    nonce: fc.nat(),
    signatureMethod: fc.constantFrom('HmacSHA1' as const, 'HmacSHA256' as const),
  }),
  sign: signV1,
  parse: parseV1,
  verify: verifyV1,
  // The date, the key id and the signature are parameters, so changing those changes them too.
  parts: ({ method }) => [
    'method',
    'path',
    method === 'POST' ? 'body' : 'query',
    { header: 'host' },
  ],
  sameRequest(before, after, part) {
    if (part !== 'body' && part !== 'query') return false
    const [was, is] = [carried(before), carried(after)]
    // Python's habit makes `_` in a name pass for `.`.
    const dotted = is.replace(/[^&=]+(?==)/g, (name) => name.replaceAll('_', '.'))
    return sameParameters(was, is) || sameParameters(was, dotted)
  },
  runs: 1500,
})

function carried(request: Pick<WireRequest, 'query' | 'body'>): string {
  return request.query + Buffer.from(request.body).toString('latin1')
}
