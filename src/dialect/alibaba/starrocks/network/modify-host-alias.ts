/**
 * ModifyHostAlias: the names that an instance's nodes look up in a table of their own, all at once: what is not among them is there
 * no longer. Facts: reference alibaba-starrocks.md 3.2.
 */
import { flag, list, object, optional, text } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { unreadable } from './whitelist.ts'

/** RFC 1035: a name has at most 255 bytes. */
const hostName = text({
  max: 255,
  pattern: /^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*$/,
  message: 'Hostname is not the name of a host',
  example: 'metastore.example.com',
})

const hostAlias = object({
  hostnames: list(hostName, { min: 1, max: limits.namesOfHost, label: 'Number of hostnames' }),
  ip: text({ max: 15, message: 'Ip should be an IPv4 address', example: '192.168.0.7' }),
})

export const modifyHostAlias = action({
  name: 'ModifyHostAlias',
  input: {
    InstanceId: instanceId,
    RegionId: optional(regionId),
    hostAliases: list(hostAlias, { max: limits.hostAliases, label: 'Number of host aliases' }),
  },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, hostAliases: given }) {
    const [wrong] = unreadable(given.map(({ ip }) => `${ip}/32`))
    if (wrong !== undefined)
      throw refused('hostAliases', `Ip ${wrong.slice(0, -3)} is no IPv4 address`)
    const hostAliases = given.map(({ ip, hostnames }) => ({ address: ip, names: hostnames }))
    await core.clusters.setAccess(call, InstanceId, (was) => ({
      action: { kind: 'access', aspect: 'host-alias' },
      access: { ...accessOf(was), hostAliases },
    }))
    return { Data: true }
  },
})
