/** Readers of settings: each takes the text of a setting and returns its value, or throws a sentence that says what is legal. */
import { postgresAddress, type PostgresAddress } from '../store/postgres/address.ts'

/** `embedded`, or a database that several servers share. */
export function storePlace(text: string): 'embedded' | PostgresAddress {
  return text === 'embedded' ? text : postgresAddress(text)
}

export function anyText(text: string): string {
  return text
}

export function directoryName(text: string): string {
  if (text === '' || text.includes('\0')) throw new Error('it must be the path of a directory')
  return text
}

export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new Error(`\`${text}\` is not a whole number from ${min} to ${max}`)
    return value
  }
}

export function httpAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const whole = url?.username === '' && url.password === '' && url.pathname === '/'
  if (!whole || !/^https?:$/.test(url.protocol))
    throw new Error('it must be an address such as https://127.0.0.1:8200')
  return url.origin
}

/** One with a path, such as collectors behind a proxy have. */
export function collectorAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new Error('it must be an address such as http://127.0.0.1:4318')
  if (url.username !== '' || url.password !== '')
    throw new Error(
      'it must not hold a name or password, which would be shown wherever settings are',
    )
  return url.href
}

/** One with a path. A password in it would be shown wherever settings are. */
export function folderAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new Error('it must be an address such as https://mirror.example/python/simple')
  if (url.username !== '' || url.password !== '')
    throw new Error("it must not hold a name or password; pip's own configuration may")
  return url.href
}

export function pathOf(text: string): string {
  if (!/^[\w-]+(\/[\w-]+)*$/.test(text)) throw new Error(`\`${text}\` is not the path of a mount`)
  return text
}

export function trueOrFalse(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error(`\`${text}\` is neither true nor false`)
  return text === 'true'
}

export function oneOf<const V extends string>(values: readonly V[]) {
  return (text: string): V => {
    const found = values.find((value) => value === text)
    if (found === undefined) throw new Error(`\`${text}\` is none of ${values.join(', ')}`)
    return found
  }
}

export function emptyOr<T>(check: (text: string) => T) {
  return (text: string): T | undefined => (text === '' ? undefined : check(text))
}

export function decimal(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max)
      throw new Error(`\`${text}\` is not a number from ${min} to ${max}`)
    return value
  }
}

export function someText(text: string): string {
  if (text.trim() === '') throw new Error('it must not be empty')
  return text
}
