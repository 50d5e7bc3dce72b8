import * as fc from 'fast-check'
import { parseRoa, verifyRoa } from '../../../../src/dialect/alibaba/wire/roa-signature.ts'
import { signatureSuite, signable } from '../../../suite/signature.ts'
import { sameParameters } from '../../../support/http/mutate.ts'
import { signRoa } from '../../../support/http/sign.ts'

const { word, path, parameters, keyId, body } = signable

signatureSuite({
  fields: fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    host: fc.constant('localhost:8080'),
    path,
    parameters,
    keyId,
    secret: word,
    date: fc.constantFrom('Fri, 02 Jan 2026 03:04:05 GMT', 'Thu, 29 Feb 2024 23:59:59 GMT'),
    nonce: fc.uuid(),
    body,
    contentMd5: fc.constant(true),
    emptyValue: fc.constantFrom('=' as const, '' as const),
    headers: fc.record({ 'x-acs-note': word, 'content-type': word, accept: word }),
  }),
  sign: signRoa,
  parse: parseRoa,
  verify: verifyRoa,
  parts: [
    'method',
    'path',
    'query',
    'body',
    { header: 'authorization', within: /(?<=acs )[^:]+/ },
    { header: 'authorization', within: /(?<=:).+/ },
    { header: 'accept' },
    { header: 'content-md5' },
    { header: 'content-type' },
    { header: 'date' },
    { header: 'x-acs-note' },
    { header: 'x-acs-signature-nonce' },
  ],
  sameRequest: (before, after, part) =>
    part === 'query' && sameParameters(before.query, after.query),
  runs: 1000,
})
