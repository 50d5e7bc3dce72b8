import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseV1, verifyV1 } from '../../../../src/dialect/tencent/wire/v1-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { isRefused, sameParameters, withOneByteChanged, withPart } from '../../../support/mutate.ts'
import type { Part } from '../../../support/mutate.ts'
import { signV1 } from '../../../support/sign.ts'

const signing = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  host: fc.stringMatching(/^[a-z0-9.-]{1,20}:[1-9][0-9]{1,4}$/),
  parameters: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9.]{1,8}$/),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { minKeys: 1 },
  ),
  keyId: fc.stringMatching(/^[A-Za-z0-9.]{1,16}$/),
  secret: fc.stringMatching(/^[!-~]{1,12}$/),
  timestamp: fc.integer({ min: 1, max: 2 ** 33 }),
  nonce: fc.nat(),
  signatureMethod: fc.constantFrom('HmacSHA1' as const, 'HmacSHA256' as const),
})

/** The date, the key id and the signature are parameters, so changing those changes them too. */
const parts = fc.constantFrom<Part | 'parameters' | 'secret'>(
  'method',
  'path',
  'parameters',
  'secret',
  { header: 'host' },
)

test('any request verifies, and none with one byte changed does', () => {
  fc.assert(
    fc.property(signing, parts, fc.gen(), (fields, part, gen) => {
      const change = (text: string): string => gen(withOneByteChanged, text)
      const authenticate = (request: SignedRequest, secret: string): void => {
        const claim = parseV1(request)
        if (claim.keyId !== fields.keyId) throw new Error('unknown key')
        verifyV1(request, claim, secret)
      }
      const request = signV1(fields)
      authenticate(request, fields.secret)

      if (part === 'secret') {
        return isRefused(() => authenticate(request, change(fields.secret)))
      }
      const carrier = fields.method === 'POST' ? 'body' : 'query'
      const changed = withPart(request, part === 'parameters' ? carrier : part, change)
      if (part === 'parameters') {
        const [before, after] = [carried(request), carried(changed)]
        // A change of spelling is no change of the request, and Python's habit makes `_` in a name pass for `.`.
        fc.pre(!sameParameters(before, after))
        fc.pre(
          !sameParameters(
            before,
            after.replace(/[^&=]+(?==)/g, (name) => name.replaceAll('_', '.')),
          ),
        )
      }
      return isRefused(() => authenticate(changed, fields.secret))
    }),
    { numRuns: 1500 },
  )
})

function carried(request: SignedRequest): string {
  return request.query + Buffer.from(request.body).toString('latin1')
}
