/**
 * Functions that neither DuckDB has nor its SQL can say at a bearable cost. Each computes one value from values that are not NULL;
 * storage/native-function.ts makes them known to DuckDB. They run between the turns of the event loop, so that each has to be quick.
 */
import { decryptAes, encryptAes } from './aes.ts'
import { bitmapFromBytes, bitmapToBytes } from './bitmap-format.ts'
import { crc32Of, murmur32 } from './hash.ts'
import { compareJsonBytes } from './json-order.ts'
import { timeZoneNamed } from '../../../../src/kernel/time-zone.ts'

export type NativeType = 'bytes' | 'bigint' | 'members'

export type NativeValue = Uint8Array | bigint | readonly bigint[]

export interface NativeFunction {
  /** As DuckDB's SQL calls it: no client's text can. */
  readonly name: string
  readonly parameters: readonly NativeType[]
  readonly returns: NativeType
  /** Null is NULL. */
  readonly compute: (values: readonly NativeValue[]) => NativeValue | null
}

const bytes = (value: NativeValue | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array()

const members = (value: NativeValue | undefined): readonly bigint[] =>
  Array.isArray(value) ? (value as readonly bigint[]) : []

export const nativeFunctions: readonly NativeFunction[] = [
  {
    name: 'native_crc32',
    parameters: ['bytes'],
    returns: 'bigint',
    compute: ([text]) => BigInt(crc32Of(bytes(text))),
  },
  {
    name: 'native_murmur32',
    parameters: ['bytes', 'bigint'],
    returns: 'bigint',
    compute: ([text, seed]) => BigInt(murmur32(bytes(text), Number(seed))),
  },
  {
    name: 'native_bitmap_to_bytes',
    parameters: ['members'],
    returns: 'bytes',
    compute: ([set]) => bitmapToBytes(members(set)),
  },
  {
    name: 'native_bitmap_from_bytes',
    parameters: ['bytes'],
    returns: 'members',
    compute: ([image]) => bitmapFromBytes(bytes(image)) ?? null,
  },
  {
    name: 'native_json_compare',
    parameters: ['bytes', 'bytes'],
    returns: 'bigint',
    compute: ([a, b]) => {
      const order = compareJsonBytes(bytes(a), bytes(b))
      return order === undefined ? null : BigInt(Math.sign(order))
    },
  },
  {
    name: 'native_time_zone',
    parameters: ['bytes'],
    returns: 'bytes',
    compute: ([name]) => {
      const found = timeZoneNamed(Buffer.from(bytes(name)).toString())
      return found === undefined ? null : Buffer.from(found)
    },
  },
  {
    name: 'native_aes_encrypt',
    parameters: ['bytes', 'bytes'],
    returns: 'bytes',
    compute: ([text, key]) => encryptAes(bytes(text), bytes(key)),
  },
  {
    name: 'native_aes_decrypt',
    parameters: ['bytes', 'bytes'],
    returns: 'bytes',
    compute: ([text, key]) => decryptAes(bytes(text), bytes(key)) ?? null,
  },
]
