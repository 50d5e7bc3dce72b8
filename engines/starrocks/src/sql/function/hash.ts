/** Hashes of bytes that DuckDB lacks, as folds over the bytes of a text. reference: StarRocks' hash_util.hpp; zlib's crc32. */
import { nested, once } from '../translate/typed.ts'
import { define, signature, variadic } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

/** A fold takes some 50 microseconds a step, so a longer text would hold up its thread for long. */
const LONGEST = 65_536

const bounded = (text: string): string =>
  `CASE WHEN strlen(${text}) > ${LONGEST} THEN error('A hash of more than ${LONGEST} bytes is not supported by this engine') ELSE ${text} END`

const bytesOf = (text: string): string =>
  nested(
    (pair) =>
      `list_transform(regexp_extract_all(hex(${bounded(text)}), '..'), lambda ${pair}: CAST('0x' || ${pair} AS UBIGINT))`,
  )

/** A constant of the SQL text, so that all arithmetic is unsigned of 64 bits and never overflows on 32-bit values. */
const word = (value: number): string => `${value}::UBIGINT`

const low = (value: string): string => `((${value}) & ${word(0xffffffff)})`

const rotated = (value: string, by: number): string =>
  once(value, (x) => low(`(${x} << ${by}) | (${x} >> ${32 - by})`))

const mixed = (hash: string, block: string): string =>
  `xor(${hash}, ${low(`${rotated(low(`(${block}) * ${word(0xcc9e2d51)}`), 15)} * ${word(0x1b873593)}`)})`

const folded = (value: string, shift: number): string =>
  once(value, (x) => `xor(${x}, ${x} >> ${shift})`)

const finished = (hash: string): string =>
  folded(
    low(`${folded(low(`${folded(hash, 16)} * ${word(0x85ebca6b)}`), 13)} * ${word(0xc2b2ae35)}`),
    16,
  )

/** Blocks of four bytes, the first one lowest; a short last block has a bit above the 32. No lambda sees the whole text. */
const blocksOf = (text: string): string =>
  nested((block) => {
    const bytes = [7, 5, 3, 1].map((at) => `substring(${block}, ${at}, 2)`).join(' || ')
    return `list_transform(regexp_extract_all(hex(${bounded(text)}), '.{1,8}'), lambda ${block}: CAST('0x' || ${bytes} AS UBIGINT) + CASE WHEN length(${block}) < 8 THEN ${word(SHORT)} ELSE ${word(0)} END)`
  })

const SHORT = 4_294_967_296

const murmurOf = (text: string, seed: string): string =>
  once(text, (value) => {
    const fold = nested((hash) =>
      nested((block) => {
        const next = mixed(hash, low(block))
        const whole = low(`${rotated(next, 13)} * 5 + ${word(0xe6546b64)}`)
        return `list_reduce(${blocksOf(value)}, lambda ${hash}, ${block}: CASE WHEN ${block} < ${SHORT} THEN ${whole} ELSE ${next} END, ${seed})`
      }),
    )
    return finished(`xor(${fold}, CAST(strlen(${value}) AS UBIGINT))`)
  })

const signed = (hash: string): string =>
  once(
    hash,
    (x) =>
      `CAST(CAST(${x} AS BIGINT) - CASE WHEN ${x} >= 2147483648 THEN 4294967296 ELSE 0 END AS INTEGER)`,
  )

const MURMUR_SEED = 104_729

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = ((crc >>> 1) ^ (crc % 2 === 1 ? 0xedb88320 : 0)) >>> 0
  return crc
})

const crcOf = (text: string): string => {
  const table = `[${crcTable.join(', ')}]::UBIGINT[]`
  const fold = nested((crc) =>
    nested(
      (byte) =>
        `list_reduce(${bytesOf(text)}, lambda ${crc}, ${byte}: xor(${crc} >> 8, list_extract(${table}, CAST(xor(${crc}, ${byte}) & 255 AS BIGINT) + 1)), ${word(0xffffffff)})`,
    ),
  )
  return `CAST(xor(${fold}, ${word(0xffffffff)}) AS BIGINT)`
}

export const hashFunctions: readonly FunctionSpec[] = [
  ...define(
    'murmur_hash3_32',
    variadic(['varchar'], 1, 'int', (texts) => {
      const known = texts.map((text) => `${text} IS NOT NULL`).join(' AND ')
      const hash = texts.reduce((seed, text) => murmurOf(text, seed), word(MURMUR_SEED))
      return `CASE WHEN ${known} THEN ${signed(hash)} END`
    }),
  ),
  ...define(
    'crc32',
    signature(['varchar'], 'bigint', ([text = '']) =>
      once(text, (value) => `CASE WHEN ${value} IS NOT NULL THEN ${crcOf(value)} END`),
    ),
  ),
]
