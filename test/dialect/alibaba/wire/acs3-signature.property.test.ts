import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseAcs3, verifyAcs3 } from '../../../../src/dialect/alibaba/wire/acs3-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { isRefused, sameParameters, withOneByteChanged, withPart } from '../../../support/mutate.ts'
import type { Part } from '../../../support/mutate.ts'
import { signAcs3 } from '../../../support/sign.ts'

const word = fc.stringMatching(/^[!-~]{1,12}$/)

const signing = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  host: fc.stringMatching(/^[a-z0-9.-]{1,20}(:[1-9][0-9]{0,4})?$/),
  path: fc.stringMatching(/^(\/[A-Za-z0-9~_-]{1,6}){1,3}$/),
  parameters: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9.]{1,8}$/),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { minKeys: 1 },
  ),
  keyId: fc.stringMatching(/^[A-Za-z0-9.]{1,16}$/),
  secret: word,
  date: fc.constantFrom('2026-01-02T03:04:05Z', '2024-02-29T23:59:59Z'),
  nonce: fc.uuid(),
  body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  headers: fc.record({ 'x-acs-note': word, 'content-type': word }),
})

const parts = fc.constantFrom<Part | 'secret'>(
  'method',
  'path',
  'query',
  'body',
  'secret',
  { header: 'authorization', within: /(?<=Credential=)[^,]+/ },
  { header: 'authorization', within: /(?<=Signature=).+/ },
  { header: 'host' },
  { header: 'content-type' },
  { header: 'x-acs-note' },
  { header: 'x-acs-date' },
  { header: 'x-acs-signature-nonce' },
  { header: 'x-acs-content-sha256' },
)

test('any request verifies, and none with one byte changed does', () => {
  fc.assert(
    fc.property(signing, parts, fc.gen(), (fields, part, gen) => {
      const change = (text: string): string => gen(withOneByteChanged, text)
      const authenticate = (request: SignedRequest, secret: string): void => {
        const claim = parseAcs3(request)
        if (claim.keyId !== fields.keyId) throw new Error('unknown key')
        verifyAcs3(request, claim, secret)
      }
      const request = signAcs3(fields)
      authenticate(request, fields.secret)

      if (part === 'secret') {
        return isRefused(() => authenticate(request, change(fields.secret)))
      }
      const changed = withPart(request, part, change)
      // A change of spelling is no change of the request, and white space around a header is no part of it.
      fc.pre(part !== 'query' || !sameParameters(request.query, changed.query))
      return isRefused(() => authenticate(changed, fields.secret))
    }),
    { numRuns: 1000 },
  )
})
