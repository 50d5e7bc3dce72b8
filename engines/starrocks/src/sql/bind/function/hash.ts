/** Hashes and ciphers that DuckDB lacks: functions of the engine's own (src/native). A text counts as its bytes. */
import { once } from '../../emit/text.ts'
import { define, noted, signature, variadic } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const MURMUR_SEED = 104_729

/** The hash of one text is the seed of the next. */
const murmurOf = (texts: readonly string[]): string =>
  texts.reduce(
    (seed, text) => `native_murmur32(encode(${text}), ${seed})`,
    `${MURMUR_SEED}::BIGINT`,
  )

const signed = (hash: string): string =>
  once(
    hash,
    (x) => `CAST(${x} - CASE WHEN ${x} >= 2147483648 THEN 4294967296 ELSE 0 END AS INTEGER)`,
  )

export const hashFunctions: readonly FunctionSpec[] = [
  ...define(
    'murmur_hash3_32',
    variadic(['varchar'], 1, 'int', (texts) => signed(murmurOf(texts))),
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
  ...define('crc32', signature(['varchar'], 'bigint', 'native_crc32(encode($1))')),
  ...noted(
    [
      ...define(
        'aes_encrypt',
        signature(
          ['varchar', 'varchar'],
          'varbinary',
          'native_aes_encrypt(encode($1), encode($2))',
        ),
        signature(['varbinary', 'varchar'], 'varbinary', 'native_aes_encrypt($1, encode($2))'),
      ),
      ...define(
        'aes_decrypt',
        signature(['varbinary', 'varchar'], 'varbinary', 'native_aes_decrypt($1, encode($2))'),
      ),
    ],
    'VARBINARY where StarRocks has a VARCHAR of any bytes',
  ),
]
