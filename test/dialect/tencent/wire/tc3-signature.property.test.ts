import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseTc3, verifyTc3 } from '../../../../src/dialect/tencent/wire/tc3-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { isRefused, withOneByteChanged, withPart } from '../../../support/mutate.ts'
import type { HeaderPart, Part } from '../../../support/mutate.ts'
import { signTc3 } from '../../../support/sign.ts'

const word = fc.stringMatching(/^[!-~]{1,12}$/)

const signing = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  host: fc.stringMatching(/^[a-z0-9.-]{1,20}:[1-9][0-9]{1,4}$/),
  parameters: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9.]{1,8}$/),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { minKeys: 1 },
  ),
  keyId: fc.stringMatching(/^[A-Za-z0-9.]{1,16}$/),
  secret: word,
  service: fc.constantFrom('emr', '127', 'localhost:8080'),
  timestamp: fc.integer({ min: 1, max: 2 ** 33 }),
  body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  headers: fc.record({ 'content-type': word, 'x-tc-action': word }),
  alsoSigned: fc.constant(['x-tc-action']),
})

const parts = fc.constantFrom<Part | 'secret'>(
  'method',
  'path',
  'query',
  'body',
  'secret',
  { header: 'authorization', within: /(?<=Credential=)[^/]+/ },
  { header: 'authorization', within: /(?<=Credential=[^/]+\/)[^,]+/ },
  { header: 'authorization', within: /(?<=Signature=).+/ },
  { header: 'host' },
  { header: 'content-type' },
  { header: 'x-tc-action' },
  { header: 'x-tc-timestamp' },
)

test('any request verifies, and none with one byte changed does', () => {
  fc.assert(
    fc.property(signing, parts, fc.gen(), (fields, part, gen) => {
      const change = (text: string): string => gen(withOneByteChanged, text)
      const authenticate = (request: SignedRequest, secret: string): void => {
        const claim = parseTc3(request)
        if (claim.keyId !== fields.keyId) throw new Error('unknown key')
        verifyTc3(request, claim, secret)
      }
      const request = signTc3(fields)
      authenticate(request, fields.secret)

      if (part === 'secret') {
        return isRefused(() => authenticate(request, change(fields.secret)))
      }
      const changed = withPart(request, part, change)
      // Signed values also verify in lower case, as the documents say that they are signed.
      fc.pre(!(isSignedHeader(part) && sameInLowerCase(request, changed, part)))
      return isRefused(() => authenticate(changed, fields.secret))
    }),
    { numRuns: 1000 },
  )
})

function isSignedHeader(part: Part): part is HeaderPart {
  return typeof part === 'object' && part.header !== 'authorization'
}

function sameInLowerCase(
  one: SignedRequest,
  other: SignedRequest,
  { header }: HeaderPart,
): boolean {
  return one.headers[header]?.toLowerCase() === other.headers[header]?.toLowerCase()
}
