/**
 * The services that are spoken here: EMR, and of three others what the vendor's Terraform provider calls for an EMR cluster.
 *
 * A request says which one it means by the scope of its signature, or by the first label of its host (`tag.emrys.test`). Clients
 * that are sent to a server of one's own may sign for whatever its address begins with (reference: tencent-emr.md 6.2); then the
 * version decides, since each service has its own.
 */
import { Fault } from '../../domain/fault.ts'
import { headerOf, type SignedRequest } from '../../gateway/signed-request.ts'
import * as cdb from './cdb/action.ts'
import { knownActions as cdbActions } from './cdb/known-actions.ts'
import * as cvm from './cvm/action.ts'
import { knownActions as cvmActions } from './cvm/known-actions.ts'
import * as emr from './emr/action.ts'
import * as tag from './tag/action.ts'
import { knownActions as tagActions } from './tag/known-actions.ts'
import { knownActions as emrActions } from './wire/known-actions.ts'

export interface Service {
  readonly name: string
  readonly version: string
  /** The names of all its actions, built or not. */
  readonly declared: ReadonlySet<string>
}

/** The first is the one that is meant when nothing says which. */
export const services: readonly [Service, ...Service[]] = [
  { name: emr.product, version: emr.version, declared: emrActions },
  { name: tag.product, version: tag.version, declared: tagActions },
  { name: cvm.product, version: cvm.version, declared: cvmActions },
  { name: cdb.product, version: cdb.version, declared: cdbActions },
]

/** Throws VersionUnknown. */
export function serviceOf(request: SignedRequest, version: string): Service {
  const named = serviceNamed(scopeOf(request)) ?? serviceNamed(labelOf(request))
  const meant = named ?? services.find((each) => each.version === version)
  if (meant?.version === version) return meant
  const { name } = named ?? services[0]
  throw new Fault('VersionUnknown', { version: version.slice(0, 64), service: name })
}

function serviceNamed(name: string): Service | undefined {
  return services.find((each) => each.name === name)
}

/** `TC3-HMAC-SHA256 Credential=<id>/<date>/<service>/tc3_request, …`; whether it is well-formed is asked later. */
function scopeOf(request: SignedRequest): string {
  return headerOf(request, 'authorization')?.split('/', 3)[2] ?? ''
}

/** Python's clients may send a whole address as their host. */
function labelOf(request: SignedRequest): string {
  const host = headerOf(request, 'host') ?? ''
  return host.replace(/^https?:\/\//, '').split('.', 1)[0] ?? ''
}
