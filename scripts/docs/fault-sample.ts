/**
 * Facts to show each fault by. Exhaustive by type: a new fault does not compile until it has a sample; where the wording turns
 * on a fact, there is one for each of its values.
 */
import { dependencyNames, failureModes } from '../../src/domain/dependency.ts'
import { measures, resourceKinds } from '../../src/domain/environment.ts'
import type { FaultCode, Faults } from '../../src/domain/fault.ts'
import type { SignatureProblemKind } from '../../src/gateway/signed-request.ts'

type Samples = { readonly [code in FaultCode]: readonly Faults[code][] }

/** A record so that the compiler asks for every kind. */
const signatureProblems: Readonly<Record<SignatureProblemKind, true>> = {
  missing: true,
  malformed: true,
  'algorithm-unknown': true,
  'header-unsigned': true,
  mismatch: true,
  'body-hash-mismatch': true,
  'timestamp-malformed': true,
  'timestamp-expired': true,
  'nonce-cache-full': true,
}

const names = { what: 'network', id: 'ID' } as const

export const samples: Samples = {
  ActionUnknown: [{ action: 'ACTION' }],
  ActionNotBuilt: [{ action: 'ACTION' }],
  VersionUnknown: [{ version: '1999-01-01' }],
  MethodRefused: [{ method: 'PATCH' }],
  RequestTooLarge: [{ limitBytes: 10_485_760 }],
  RequestMalformed: [{ detail: 'DETAIL' }],
  MediaTypeRefused: [{ mediaType: 'text/plain' }],
  RegionUnknown: [{ region: 'REGION', known: ['KNOWN'] }],
  Throttled: [{ seen: 21, limit: 20 }],
  Overloaded: [{ what: 'WHAT' }],
  CredentialMissing: [{}],
  CredentialUnknown: [{ keyId: 'KEY' }],
  CredentialDisabled: [{ keyId: 'KEY' }],
  SignatureRefused: Object.keys(signatureProblems).map((problem) => ({
    problem,
    part: 'PART',
    detail: 'DETAIL',
    stringToSign: 'TEXT',
  })),
  TokenRefused: (['malformed', 'expired', 'mismatch', 'missing'] as const).map((why) => ({ why })),
  NonceReused: [{}],
  AccessDenied: [
    {
      action: 'emr:CreateInstance',
      resource: '*',
      resources: ['*'],
      explicit: false,
      account: 'ACCOUNT',
      principal: 'USER',
      principalId: 'USER',
      principalKind: 'user',
      decision: { effect: 'deny', kind: 'implicit' },
      atMs: 0,
    },
  ],
  ParametersRefused: [
    { refusals: [{ name: 'Member', problem: 'missing' }] },
    { refusals: [{ name: 'Member', problem: 'type', expected: 'string' }] },
    { refusals: [{ name: 'Member', problem: 'value', value: 'VALUE', allowed: ['ONE', 'TWO'] }] },
    { refusals: [{ name: 'Member', problem: 'value', value: 'VALUE', min: 1, max: 9 }] },
  ],
  ClusterNotFound: [{ id: 'ID' }],
  ClusterBusy: [
    { id: 'ID', state: 'creating', event: 'change' },
    { id: 'ID', state: 'changing', event: 'change', change: 'scale-out' },
  ],
  NodeGroupNotFound: [{ id: 'ID' }],
  NodeNotFound: [{ id: 'ID' }],
  ScalingRuleNotFound: [{ id: 'ID' }],
  OperationNotFound: [{ id: 'ID' }],
  BackupNotFound: [{ id: 'ID' }],
  BackupPolicyNotFound: [{ id: 'ID' }],
  BackupUnfit: [{ id: 'ID', state: 'running' }],
  IdempotencyConflict: [{ token: 'TOKEN' }],
  ResourceMissing: resourceKinds.map((what) => ({ what, id: 'ID' })),
  ResourceMismatch: (['network', 'zone'] as const).map((by) => ({
    ...({ what: 'subnet', id: 'ID', by, expected: 'THIS', actual: 'THAT' } as const),
  })),
  ResourceUnfit: [{ ...names, problem: 'PROBLEM' }],
  ResourceFull: [{ what: 'subnet', id: 'ID', wanted: 3, free: 2 }],
  ResourceShort: measures.map((what) => ({
    what,
    type: 'TYPE',
    zone: 'ZONE',
    wanted: 3,
    available: 2,
  })),
  QuotaExceeded: measures.map((what) => ({
    what,
    type: 'TYPE',
    limit: 5,
    used: 4,
    wanted: 2,
  })),
  LimitReached: [{ what: 'tags', limit: 20 }],
  OrderRepeated: [{ order: 'ORDER', cluster: 'ID' }],
  OrderSettled: [{ id: 'ORDER', state: 'paid', event: 'pay' }],
  BalanceShort: [{ wanted: 20_000, available: 10_000 }],
  NotSupported: [{ what: 'WHAT', detail: 'DETAIL' }],
  DependencyFailed: dependencyNames.flatMap((dependency) =>
    failureModes.map((mode) => ({ dependency, mode })),
  ),
}
