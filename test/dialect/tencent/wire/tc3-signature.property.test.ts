import * as fc from 'fast-check'
import { parseTc3, verifyTc3 } from '../../../../src/dialect/tencent/wire/tc3-signature.ts'
import { signatureSuite, signable } from '../../../suite/signature.ts'
import { signTc3 } from '../../../support/http/sign.ts'

const { word, hostWithPort, parameters, keyId, body } = signable

signatureSuite({
  fields: fc.record({
    method: fc.constantFrom('GET', 'POST'),
    host: hostWithPort,
    parameters,
    keyId,
    secret: word,
    service: fc.constantFrom('emr', '127', 'localhost:8080'),
    timestamp: fc.integer({ min: 1, max: 2 ** 33 }),
    body,
    headers: fc.record({ 'content-type': word, 'x-tc-action': word }),
    alsoSigned: fc.constant(['x-tc-action']),
  }),
  sign: signTc3,
  parse: parseTc3,
  verify: verifyTc3,
  parts: [
    'method',
    'path',
    'query',
    'body',
    { header: 'authorization', within: /(?<=Credential=)[^/]+/ },
    { header: 'authorization', within: /(?<=Credential=[^/]+\/)[^,]+/ },
    { header: 'authorization', within: /(?<=Signature=).+/ },
    { header: 'host' },
    { header: 'content-type' },
    { header: 'x-tc-action' },
    { header: 'x-tc-timestamp' },
  ],
  // Signed values also verify in lower case, as the documents say that they are signed.
  sameRequest: (before, after, part) =>
    typeof part === 'object' &&
    part.header !== 'authorization' &&
    before.headers[part.header]?.toLowerCase() === after.headers[part.header]?.toLowerCase(),
  runs: 1000,
})
