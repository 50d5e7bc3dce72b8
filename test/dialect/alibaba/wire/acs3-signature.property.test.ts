import * as fc from 'fast-check'
import { parseAcs3, verifyAcs3 } from '../../../../src/dialect/alibaba/wire/acs3-signature.ts'
import { signatureSuite, signable } from '../../../suite/signature.ts'
import { sameParameters } from '../../../support/http/mutate.ts'
import { signAcs3 } from '../../../support/http/sign.ts'

const { word, path, parameters, keyId, body } = signable

signatureSuite({
  fields: fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    host: fc.stringMatching(/^[a-z0-9.-]{1,20}(:[1-9][0-9]{0,4})?$/),
    path,
    parameters,
    keyId,
    secret: word,
    date: fc.constantFrom('2026-01-02T03:04:05Z', '2024-02-29T23:59:59Z'),
    nonce: fc.uuid(),
    body,
    headers: fc.record({ 'x-acs-note': word, 'content-type': word }),
  }),
  sign: signAcs3,
  parse: parseAcs3,
  verify: verifyAcs3,
  parts: [
    'method',
    'path',
    'query',
    'body',
    { header: 'authorization', within: /(?<=Credential=)[^,]+/ },
    { header: 'authorization', within: /(?<=Signature=).+/ },
    { header: 'host' },
    { header: 'content-type' },
    { header: 'x-acs-note' },
    { header: 'x-acs-date' },
    { header: 'x-acs-signature-nonce' },
    { header: 'x-acs-content-sha256' },
  ],
  sameRequest: (before, after, part) =>
    part === 'query' && sameParameters(before.query, after.query),
  runs: 1000,
})
