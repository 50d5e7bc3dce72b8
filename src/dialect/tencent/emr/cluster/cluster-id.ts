/** The id of a cluster in a request, and what policies call the cluster. */
import type { Call } from '../../../../app/call.ts'
import { text } from '../../../../shape/shape.ts'
import { resourceName } from '../../identity/policy-language.ts'

/** Anything that looks like an id may be asked for; what does not exist is not found. Documents show ids with line ends. */
export function clusterId(code: string) {
  return text({
    trim: true,
    pattern: /^emr-[0-9a-z]{1,32}$/,
    rule: 'it must look like emr-xxxxxxxx',
    code,
  })
}

/** `*` for operations on no cluster in particular. */
export function clusterResource(call: Call, id: string, region = call.region): string {
  const resource = id === '*' ? '*' : `emr-instance/${id}`
  return resourceName({ region: region || '*', ownerUin: call.principal.account, resource })
}
