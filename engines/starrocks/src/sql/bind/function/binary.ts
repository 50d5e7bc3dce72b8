/** Between texts and VARBINARY, by the formats hex (the default), encode64 and utf8. A format that is none of them is hex. */
import { once, quote, tried } from '../../emit/text.ts'
import type { Operand } from '../../bound.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const HEX = '^(?:[0-9a-fA-F]{2})+$'
const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$'

const fromHex = (text: string): string =>
  once(
    text,
    (value) =>
      `CASE WHEN regexp_matches(${value}, ${quote(HEX)}) THEN unhex(${value}) WHEN ${value} IS NOT NULL THEN ''::BLOB END`,
  )

/** A text of another form is NULL. */
export const fromBase64 = (text: string): string =>
  once(
    text,
    (value) =>
      `CASE WHEN regexp_matches(${value}, ${quote(BASE64)}) THEN from_base64(${value}) END`,
  )

const reading: Readonly<Record<string, (text: string) => string>> = {
  encode64: fromBase64,
  utf8: (text) => `encode(${text})`,
}

const writing: Readonly<Record<string, (blob: string) => string>> = {
  encode64: (blob) => `base64(${blob})`,
  utf8: (blob) => tried(blob, (value) => `decode(${value})`),
}

const chosen = (
  forms: Readonly<Record<string, (value: string) => string>>,
  format: Operand | undefined,
): ((value: string) => string) | undefined => {
  const name = format?.literal?.text.toLowerCase() ?? ''
  return Object.hasOwn(forms, name) ? forms[name] : undefined
}

export const binaryFunctions: readonly FunctionSpec[] = [
  ...define(
    'base64_decode_binary',
    signature(['varchar'], 'varbinary', ([text = '']) => fromBase64(text)),
  ),
  ...define(
    'hex_decode_binary',
    signature(['varchar'], 'varbinary', ([text = '']) => fromHex(text)),
  ),
  ...define(
    'to_binary',
    signature(['varchar'], 'varbinary', ([text = '']) => fromHex(text)),
    signature(['varchar', 'varchar'], 'varbinary', ([text = ''], [, format]) =>
      (chosen(reading, format) ?? fromHex)(text),
    ),
  ),
  ...define(
    'from_binary',
    signature(['varbinary'], 'varchar', 'hex($1)'),
    signature(['varbinary', 'varchar'], 'varchar', ([blob = ''], [, format]) =>
      (chosen(writing, format) ?? ((value: string) => `hex(${value})`))(blob),
    ),
  ),
]
