/**
 * The groups of addresses that may connect inside the network, as requests name them. Without a group everyone may; with one or more,
 * whoever is in none is not let in. Public addresses are not theirs to guard. Facts: reference alibaba-starrocks.md 3.2, 9.5 (P8), 11.3.
 */
import { parseBlock } from '../../../../kernel/cidr.ts'
import { list, text } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'

const NAME_MAX = 64
/** An address with its prefix. */
const CIDR_MAX = 18

export const whitelistGroupId = text({
  min: 1,
  max: NAME_MAX,
  pattern: /^[0-9A-Za-z_-]+$/,
  message: `Inner ip whitelist group id should have 1 to ${NAME_MAX} letters, digits, underscores or hyphens`,
  example: 'office',
})

export const cidrIpList = list(
  text({
    max: CIDR_MAX,
    message: 'Cidr ip should be an IPv4 address or a block of them',
    example: '192.168.0.0/24',
  }),
  { min: 1, max: limits.allowedBlocks, label: 'Number of cidr ips', example: ['192.168.0.0/24'] },
)

/** Those that are neither an address nor a block. */
export function unreadable(cidrs: readonly string[]): readonly string[] {
  return cidrs.filter((cidr) => !parseBlock(cidr.includes('/') ? cidr : `${cidr}/32`))
}
