import { test } from 'node:test'

import * as fc from 'fast-check'

import { parseRoa, verifyRoa } from '../../../../src/dialect/alibaba/wire/roa-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { isRefused, sameParameters, withOneByteChanged, withPart } from '../../../support/mutate.ts'
import type { Part } from '../../../support/mutate.ts'
import { signRoa } from '../../../support/sign.ts'

const word = fc.stringMatching(/^[!-~]{1,12}$/)

const signing = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  host: fc.constant('localhost:8080'),
  path: fc.stringMatching(/^(\/[A-Za-z0-9~_-]{1,6}){1,3}$/),
  parameters: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9.]{1,8}$/),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { minKeys: 1 },
  ),
  keyId: fc.stringMatching(/^[A-Za-z0-9.]{1,16}$/),
  secret: word,
  date: fc.constantFrom('Fri, 02 Jan 2026 03:04:05 GMT', 'Thu, 29 Feb 2024 23:59:59 GMT'),
  nonce: fc.uuid(),
  body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  contentMd5: fc.constant(true),
  emptyValue: fc.constantFrom('=' as const, '' as const),
  headers: fc.record({ 'x-acs-note': word, 'content-type': word, accept: word }),
})

const parts = fc.constantFrom<Part | 'secret'>(
  'method',
  'path',
  'query',
  'body',
  'secret',
  { header: 'authorization', within: /(?<=acs )[^:]+/ },
  { header: 'authorization', within: /(?<=:).+/ },
  { header: 'accept' },
  { header: 'content-md5' },
  { header: 'content-type' },
  { header: 'date' },
  { header: 'x-acs-note' },
  { header: 'x-acs-signature-nonce' },
)

test('any request verifies, and none with one byte changed does', () => {
  fc.assert(
    fc.property(signing, parts, fc.gen(), (fields, part, gen) => {
      const change = (text: string): string => gen(withOneByteChanged, text)
      const authenticate = (request: SignedRequest, secret: string): void => {
        const claim = parseRoa(request)
        if (claim.keyId !== fields.keyId) throw new Error('unknown key')
        verifyRoa(request, claim, secret)
      }
      const request = signRoa(fields)
      authenticate(request, fields.secret)

      if (part === 'secret') {
        return isRefused(() => authenticate(request, change(fields.secret)))
      }
      const changed = withPart(request, part, change)
      // A change of spelling is no change of the request.
      fc.pre(part !== 'query' || !sameParameters(request.query, changed.query))
      return isRefused(() => authenticate(changed, fields.secret))
    }),
    { numRuns: 1000 },
  )
})
