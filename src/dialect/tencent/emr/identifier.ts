/**
 * Numbers and ids that this cloud shows beside the ones that clusters are known by. They are derived, not stored: the same
 * text always gives the same number, on every server.
 */
import { sha256Hex } from '../../../kernel/digest.ts'

/** Characters behind the hyphen of `emr-xxxxxxxx` and its like. */
export const resourceIdLength = 8

/** A positive 31-bit number, as clients of any language can hold it (FNV-1a). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash & 0x7fffffff || 1
}

/** `ins-xxxxxxxx`: the machine that carries a node. */
export function machineIdOf(node: string): string {
  return `ins-${digitsOf(`machine ${node}`)}`
}

/** A UUID in lower case. */
export function serialOf(node: string): string {
  const hex = sha256Hex(`serial ${node}`)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
  ]
  return `${parts.join('-')}-${hex.slice(20, 32)}`
}

/** `disk-xxxxxxxx`: a data disk of a node, by its place among them. */
export function diskIdOf(node: string, place: number): string {
  return `disk-${digitsOf(`disk ${place} ${node}`)}`
}

function digitsOf(text: string): string {
  const digits = BigInt(`0x${sha256Hex(text).slice(0, 16)}`).toString(36)
  return digits.padStart(resourceIdLength, '0').slice(-resourceIdLength)
}
