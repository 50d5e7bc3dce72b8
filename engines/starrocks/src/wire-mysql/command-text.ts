/** The text that a command carries behind its first byte. */
import { isUtf8 } from 'node:buffer'
import { refusal } from './protocol-error.ts'

/** What follows a command byte, as text. Bytes that are not UTF-8 are refused (1300), never replaced. */
export function readText(payload: Buffer): string {
  const bytes = payload.subarray(1)
  if (!isUtf8(bytes)) throw refusal.invalidText()
  return bytes.toString('utf8')
}
