/**
 * Calls of the engine's own functions (src/native), which run between the turns of the thread that all sessions share. Of what takes longer
 * than a turn may, the rows that are left are NULL at first and are asked for again: by two names in turn, as Node goes on with one name's
 * calls for as long as there are any. What is still left after many turns is computed at last, and refused where that takes a second.
 */
import { nested, onceAll } from './text.ts'

interface NativeForm {
  /** In DuckDB's words. */
  readonly returns: 'BIGINT' | 'BLOB' | 'DOUBLE'
  /** It may answer NULL by itself: then each answer is a list, of nothing or of a value. */
  readonly nullable?: boolean
  /** How many turns a row of this first argument may wait for, beside a few; without it, its answers may be long, which a loop would copy each time. */
  readonly turns?: string
}

const OF_BYTES = 'octet_length(%) // 500'

export const nativeForms = {
  native_aes_decrypt: { returns: 'BLOB', nullable: true },
  native_aes_encrypt: { returns: 'BLOB' },
  native_crc32: { returns: 'BIGINT', turns: OF_BYTES },
  native_json_compare: { returns: 'BIGINT', nullable: true, turns: OF_BYTES },
  native_murmur32: { returns: 'BIGINT', turns: OF_BYTES },
  native_random: { returns: 'DOUBLE', turns: '0' },
  native_read_date: { returns: 'BIGINT', nullable: true, turns: '0' },
  native_sha2: { returns: 'BLOB', nullable: true, turns: OF_BYTES },
  native_shape_circle: { returns: 'BLOB', nullable: true, turns: '0' },
  native_shape_contains: { returns: 'BIGINT', nullable: true, turns: OF_BYTES },
  native_shape_from_text_any: { returns: 'BLOB', nullable: true },
  native_shape_from_text_line: { returns: 'BLOB', nullable: true },
  native_shape_from_text_polygon: { returns: 'BLOB', nullable: true },
  native_shape_point: { returns: 'BLOB', nullable: true, turns: '0' },
  native_shape_text: { returns: 'BLOB', nullable: true },
  native_shape_x: { returns: 'DOUBLE', nullable: true, turns: '0' },
  native_shape_y: { returns: 'DOUBLE', nullable: true, turns: '0' },
  native_time_zone: { returns: 'BLOB', nullable: true, turns: '0' },
  native_xx_hash_128: { returns: 'BLOB', turns: OF_BYTES },
  native_xx_hash_64: { returns: 'BIGINT', turns: OF_BYTES },
} satisfies Readonly<Record<string, NativeForm>>

export type NativeName = keyof typeof nativeForms

const FEW = 6
/** Turns of a function whose answers may be long, by two. */
const PAIRS = 15

/** The number tells a call from those beside it: DuckDB would compute equal ones ahead, of all rows. */
export const nativeCall = (name: NativeName, ...args: readonly string[]): string =>
  onceAll(args, (values) => {
    const { returns, nullable, turns }: NativeForm = nativeForms[name]
    const call = (which: 'first' | 'second' | 'last', number: number): string =>
      `${name}_${which}(${[...values, `${number}::BIGINT`].join(', ')})`
    const pair = (number: number): string => `${call('second', number)}, ${call('first', number)}`
    const type = `${returns}${nullable ? '[]' : ''}`
    const rounds = `${FEW} + ${turns?.replace('%', values[0] ?? '') ?? ''}`
    const later =
      turns === undefined
        ? Array.from({ length: PAIRS }, (_, round) => pair(round + 1)).join(', ')
        : nested(
            (found) =>
              `list_reduce(repeat([CAST(NULL AS ${type})], ${rounds}), lambda ${found}, none: coalesce(${found}, ${pair(1)}))`,
          )
    const known = values.map((value) => `${value} IS NOT NULL`).join(' AND ')
    const sql = `CASE WHEN ${known} THEN coalesce(${call('first', 0)}, ${later}, ${call('last', 0)}) END`
    return nullable ? `list_extract(${sql}, 1)` : sql
  })

/** Functions of sets: DuckDB plans again with each call around a constant set, so that they are called once, and put nothing off. */
export const setCall = (
  name: 'native_bitmap_from_bytes' | 'native_bitmap_to_bytes',
  argument: string,
): string => `${name}_last(${argument}, 0::BIGINT)`
