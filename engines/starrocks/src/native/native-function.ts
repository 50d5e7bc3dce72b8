/**
 * Functions that neither DuckDB has nor its SQL can say at a bearable cost. Each computes one value from values that are not NULL;
 * storage/native-function.ts makes them known to DuckDB. They run between the turns of the event loop, so that each has to be quick.
 */
import { decryptAes, encryptAes } from './aes.ts'
import { bitmapFromBytes, bitmapToBytes } from './bitmap-format.ts'
import { readDate } from './date-reading.ts'
import * as geometry from './geometry.ts'
import { crc32Of, murmur32, sha2Of, xxHash128, xxHash64 } from './hash.ts'
import { compareJsonBytes } from './json-order.ts'
import { seededRandom } from './random.ts'
import { timeZoneNamed } from '../../../../src/kernel/time-zone.ts'

export type NativeType = 'bytes' | 'bigint' | 'double' | 'members'

export type NativeValue = Uint8Array | bigint | number | BigUint64Array

export interface NativeFunction {
  /** As DuckDB's SQL calls it: no client's text can. */
  readonly name: string
  readonly parameters: readonly NativeType[]
  readonly returns: NativeType
  /** It may answer NULL, which is null, and is put off (sql/emit/native.ts). */
  readonly nullable?: boolean
  readonly compute: (values: readonly NativeValue[]) => NativeValue | null
}

const bytes = (value: NativeValue | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array()

const members = (value: NativeValue | undefined): BigUint64Array =>
  value instanceof BigUint64Array ? value : new BigUint64Array()

const whole = (value: NativeValue | undefined): bigint => (typeof value === 'bigint' ? value : 0n)

const text = (value: NativeValue | undefined): string => Buffer.from(bytes(value)).toString()

const textBytes = (value: string | undefined): Uint8Array | null =>
  value === undefined ? null : Buffer.from(value)

const kinds = ['any', 'line', 'polygon'] as const

const geometries: readonly NativeFunction[] = [
  {
    name: 'native_shape_point',
    parameters: ['double', 'double'],
    returns: 'bytes',
    nullable: true,
    compute: ([lng, lat]) => textBytes(geometry.shapeFromPoint(Number(lng), Number(lat))),
  },
  {
    name: 'native_shape_circle',
    parameters: ['double', 'double', 'double'],
    returns: 'bytes',
    nullable: true,
    compute: ([lng, lat, meters]) =>
      textBytes(geometry.shapeFromCircle(Number(lng), Number(lat), Number(meters))),
  },
  ...kinds.map((kind): NativeFunction => ({
    name: `native_shape_from_text_${kind}`,
    parameters: ['bytes'],
    returns: 'bytes',
    nullable: true,
    compute: ([wkt]) => textBytes(geometry.shapeFromText(text(wkt), kind)),
  })),
  {
    name: 'native_shape_text',
    parameters: ['bytes'],
    returns: 'bytes',
    nullable: true,
    compute: ([shape]) => textBytes(geometry.shapeText(text(shape))),
  },
  ...(['x', 'y'] as const).map((axis): NativeFunction => ({
    name: `native_shape_${axis}`,
    parameters: ['bytes'],
    returns: 'double',
    nullable: true,
    compute: ([shape]) => geometry.coordinateAt(text(shape), axis) ?? null,
  })),
  {
    name: 'native_shape_contains',
    parameters: ['bytes', 'bytes'],
    returns: 'bigint',
    nullable: true,
    compute: ([outer, inner]) => {
      const contains = geometry.shapeContains(text(outer), text(inner))
      return contains === undefined ? null : BigInt(contains)
    },
  },
]

/** Whether it takes or gives a set: such a function is never put off. */
export const isOfSets = ({ parameters, returns }: NativeFunction): boolean =>
  [...parameters, returns].includes('members')

export const nativeFunctions: readonly NativeFunction[] = [
  ...geometries,
  {
    name: 'native_xx_hash_64',
    parameters: ['bytes', 'bigint'],
    returns: 'bigint',
    compute: ([value, seed]) => xxHash64(bytes(value), whole(seed)),
  },
  {
    name: 'native_xx_hash_128',
    parameters: ['bytes'],
    returns: 'bytes',
    compute: ([value]) => Buffer.from(xxHash128(bytes(value))),
  },
  {
    name: 'native_read_date',
    parameters: ['bytes', 'bytes'],
    returns: 'bigint',
    nullable: true,
    compute: ([written, format]) => readDate(text(written), text(format)) ?? null,
  },
  {
    // The last value differs from row to row, so that DuckDB does not take one answer for all.
    name: 'native_random',
    parameters: ['bigint', 'bigint', 'double'],
    returns: 'double',
    compute: ([seed, statement]) => seededRandom(whole(seed), whole(statement)),
  },
  {
    name: 'native_crc32',
    parameters: ['bytes'],
    returns: 'bigint',
    compute: ([value]) => BigInt(crc32Of(bytes(value))),
  },
  {
    name: 'native_murmur32',
    parameters: ['bytes', 'bigint'],
    returns: 'bigint',
    compute: ([value, seed]) => BigInt(murmur32(bytes(value), Number(seed))),
  },
  {
    name: 'native_sha2',
    parameters: ['bytes', 'bigint'],
    returns: 'bytes',
    nullable: true,
    compute: ([value, bits]) => sha2Of(bytes(value), Number(bits)) ?? null,
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
    nullable: true,
    compute: ([a, b]) => {
      const order = compareJsonBytes(bytes(a), bytes(b))
      return order === undefined ? null : BigInt(Math.sign(order))
    },
  },
  {
    name: 'native_time_zone',
    parameters: ['bytes'],
    returns: 'bytes',
    nullable: true,
    compute: ([name]) => {
      const found = timeZoneNamed(Buffer.from(bytes(name)).toString())
      return found === undefined ? null : Buffer.from(found)
    },
  },
  {
    name: 'native_aes_encrypt',
    parameters: ['bytes', 'bytes'],
    returns: 'bytes',
    compute: ([value, key]) => encryptAes(bytes(value), bytes(key)),
  },
  {
    name: 'native_aes_decrypt',
    parameters: ['bytes', 'bytes'],
    returns: 'bytes',
    nullable: true,
    compute: ([value, key]) => decryptAes(bytes(value), bytes(key)) ?? null,
  },
]
