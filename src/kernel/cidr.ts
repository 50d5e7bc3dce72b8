/**
 * Blocks of IPv4 addresses in CIDR notation, as numbers: an address is a whole number below 2^32, a block its first address
 * and its size. A text that is no block is undefined.
 */

export interface Block {
  readonly first: number
  readonly size: number
}

/** `10.0.0.0/16`; undefined when it is not of this form or bits are set behind the prefix. */
export function parseBlock(text: string): Block | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  if (!found) return undefined
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number)
  if (Math.max(a, b, c, d) > 255 || bits > 32) return undefined
  const first = ((a * 256 + b) * 256 + c) * 256 + d
  const size = 2 ** (32 - bits)
  return first % size === 0 ? { first, size } : undefined
}

export function blockText({ first, size }: Block): string {
  return `${addressText(first)}/${32 - Math.log2(size)}`
}

export function addressText(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** The number that `addressText` writes. Throws for a text that is no address. */
export function addressNumber(text: string): number {
  const block = parseBlock(`${text}/32`)
  if (!block) throw new Error(`${text} is not an IPv4 address`)
  return block.first
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size
}

export function overlaps(one: Block, other: Block): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size
}

/** The addresses that hosts may have: all but the network's own, its gateway's (the first after it) and the broadcast. */
export function hostRange({ first, size }: Block): {
  readonly first: number
  readonly last: number
} {
  return { first: first + 2, last: first + size - 2 }
}
