/** Hashes and ciphers; what DuckDB lacks of them are functions of the engine's own (src/native). A text counts as its bytes. */
import { nativeCall } from '../../emit/native.ts'
import { once } from '../../emit/text.ts'
import { define, noted, signature, variadic } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const MURMUR_SEED = 104_729

/** The hash of one text is the seed of the next. */
const murmurOf = (texts: readonly string[]): string =>
  texts.reduce(
    (seed, text) => nativeCall('native_murmur32', `encode(${text})`, seed),
    `${MURMUR_SEED}::BIGINT`,
  )

const signed = (hash: string): string =>
  once(
    hash,
    (x) => `CAST(${x} - CASE WHEN ${x} >= 2147483648 THEN 4294967296 ELSE 0 END AS INTEGER)`,
  )

/** 128 bits, the first of which is the sign. */
const numberOfDigest = (hex: string): string =>
  `(CAST(CAST('0x' || substring(${hex}, 1, 16) AS UBIGINT) AS HUGEINT) - CASE WHEN ${hex} >= '8' THEN 18446744073709551616::HUGEINT ELSE 0 END) * 18446744073709551616::HUGEINT + CAST('0x' || substring(${hex}, 17, 16) AS UBIGINT)`

export const hashFunctions: readonly FunctionSpec[] = [
  ...define(
    'murmur_hash3_32',
    variadic(['varchar'], 1, 'int', (texts) => signed(murmurOf(texts))),
  ),
  ...define(
    'xx_hash3_64',
    variadic(['varchar'], 1, 'bigint', (texts) =>
      texts.reduce(
        (seed, text) => nativeCall('native_xx_hash_64', `encode(${text})`, seed),
        '0::BIGINT',
      ),
    ),
  ),
  ...define(
    'xx_hash3_128',
    variadic(['varchar'], 1, 'largeint', (texts) =>
      once(
        `decode(${nativeCall('native_xx_hash_128', `encode(${texts.join(' || ')})`)})`,
        numberOfDigest,
      ),
    ),
  ),
  ...define(
    'bitmap_hash',
    signature(['varchar'], 'bitmap', ([text = '']) =>
      once(
        text,
        (value) =>
          `CASE WHEN ${value} IS NULL THEN CAST([] AS UBIGINT[]) ELSE [CAST(${murmurOf([value])} AS UBIGINT)] END`,
      ),
    ),
  ),
  ...define('md5', signature(['varchar'], 'varchar', 'md5($1)')),
  ...define(
    'md5sum',
    variadic(['varchar'], 1, 'varchar', (args) => `md5(concat(${args.join(', ')}))`),
  ),
  ...define(
    'md5sum_numeric',
    variadic(['varchar'], 1, 'largeint', (args) =>
      once(`md5(concat(${args.join(', ')}))`, numberOfDigest),
    ),
  ),
  ...define(
    'sha2',
    signature(
      ['varchar', 'int'],
      'varchar',
      ([text = '', bits = '']) =>
        `decode(${nativeCall('native_sha2', `encode(${text})`, `CAST(${bits} AS BIGINT)`)})`,
    ),
  ),
  ...define(
    'crc32',
    signature(['varchar'], 'bigint', ([text = '']) =>
      nativeCall('native_crc32', `encode(${text})`),
    ),
  ),
  ...noted(
    [
      ...define(
        'aes_encrypt',
        signature(['varchar', 'varchar'], 'varbinary', ([text = '', key = '']) =>
          nativeCall('native_aes_encrypt', `encode(${text})`, `encode(${key})`),
        ),
        signature(['varbinary', 'varchar'], 'varbinary', ([bytes = '', key = '']) =>
          nativeCall('native_aes_encrypt', bytes, `encode(${key})`),
        ),
      ),
      ...define(
        'aes_decrypt',
        signature(['varbinary', 'varchar'], 'varbinary', ([bytes = '', key = '']) =>
          nativeCall('native_aes_decrypt', bytes, `encode(${key})`),
        ),
      ),
    ],
    'VARBINARY where StarRocks has a VARCHAR of any bytes',
  ),
]
