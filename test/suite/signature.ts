/** What every signature scheme owes: any request that a client signs verifies, and none with one byte changed does. */
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { SignedRequest } from '../../src/gateway/signed-request.ts'
import { isRefused, withOneByteChanged, withPart, type Part } from '../support/http/mutate.ts'

/** What all schemes sign, as generators: two parts of one name would only repeat each other. */
export const signable = {
  word: fc.stringMatching(/^[!-~]{1,12}$/),
  path: fc.stringMatching(/^(\/[A-Za-z0-9~_-]{1,6}){1,3}$/),
  hostWithPort: fc.stringMatching(/^[a-z0-9.-]{1,20}:[1-9][0-9]{1,4}$/),
  parameters: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9.]{1,8}$/),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    { minKeys: 1 },
  ),
  keyId: fc.stringMatching(/^[A-Za-z0-9.]{1,16}$/),
  body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
} as const

export interface SignatureScheme<F extends { keyId: string; secret: string }, C> {
  /** What a client puts into a request. */
  readonly fields: fc.Arbitrary<F>
  sign(fields: F): SignedRequest
  parse(request: SignedRequest): C & { readonly keyId: string }
  /** Throws SignatureProblem. */
  verify(request: SignedRequest, parsed: C, secret: string): void
  /** What the signature covers; one of them is changed by a byte. */
  readonly parts: readonly Part[] | ((fields: F) => readonly Part[])
  /** A change of spelling is no change of the request. */
  sameRequest?(before: SignedRequest, after: SignedRequest, part: Part): boolean
  readonly runs: number
}

export function signatureSuite<F extends { keyId: string; secret: string }, C>(
  scheme: SignatureScheme<F, C>,
): void {
  const authenticate = (request: SignedRequest, keyId: string, secret: string): void => {
    const parsed = scheme.parse(request)
    if (parsed.keyId !== keyId) throw new Error('unknown key')
    scheme.verify(request, parsed, secret)
  }

  test('any request verifies, and none with one byte changed does', () => {
    fc.assert(
      fc.property(scheme.fields, fc.nat(), fc.gen(), (fields, choice, gen) => {
        const change = (text: string): string => gen(withOneByteChanged, text)
        const { keyId, secret } = fields
        const request = scheme.sign(fields)
        authenticate(request, keyId, secret)

        const covered = typeof scheme.parts === 'function' ? scheme.parts(fields) : scheme.parts
        const part = ['secret' as const, ...covered][choice % (covered.length + 1)]!
        if (part === 'secret') return isRefused(() => authenticate(request, keyId, change(secret)))
        const changed = withPart(request, part, change)
        fc.pre(scheme.sameRequest?.(request, changed, part) !== true)
        return isRefused(() => authenticate(changed, keyId, secret))
      }),
      { numRuns: scheme.runs },
    )
  })
}
