/** Contents of a size, in the shapes that cost a careless reader most: for queries and forms, for JSON, for headers and for paths. */

/** Makes a content of about so many bytes. */
export type Fill<T> = (bytes: number) => T

/** Several times what anything may have of names of their own; more of them take long to make. */
const WIDE = process.env['EMRYS_LONG'] === '1' ? 1_000_000 : 50_000

/** Names and decoded values, as a client that signs them has them; names in order, so that signing them here is quick. */
export const parameterSets: Readonly<Record<string, Fill<Readonly<Record<string, string>>>>> = {
  wide: (bytes) => numbered(Math.min(bytes / 11, WIDE), () => '1'),
  full: (bytes) => numbered(4_900, () => 'x'.repeat(Math.max(1, bytes / 4_900 - 8))),
  deep: (bytes) => ({ [`A${'.A'.repeat(400)}`]: 'x'.repeat(bytes - 900) }),
  dotted: (bytes) => ({ ['.'.repeat(Math.min(bytes, 70_000))]: '1' }),
  underscored: (bytes) => ({ ['_'.repeat(Math.min(bytes, 1_000))]: 'x'.repeat(bytes - 1_000) }),
  escaped: (bytes) => ({ A: '/'.repeat(bytes / 3) }),
  long: (bytes) => ({ A: 'x'.repeat(bytes) }),
}

/** Texts that no client would sign. */
export const pairTexts: Readonly<Record<string, Fill<string>>> = {
  repeated: (bytes) => 'a=1&'.repeat(bytes / 4),
  empty: (bytes) => '&'.repeat(bytes),
  equals: (bytes) => '='.repeat(bytes),
  spaces: (bytes) => `a=${'+'.repeat(bytes)}`,
  percents: (bytes) => `a=${'%'.repeat(bytes)}`,
  'escaped pairs': (bytes) => 'a=%41&'.repeat(bytes / 6),
}

export const jsonTexts: Readonly<Record<string, Fill<string>>> = {
  'wide object': (bytes) => `{${series(Math.min(bytes / 12, WIDE), (at) => `"k${at}":1`)}}`,
  'wide list': (bytes) => `{"A":[${'1,'.repeat(bytes / 2)}1]}`,
  'wide objects': (bytes) => `{"A":[${'{"a":1},'.repeat(bytes / 8)}1]}`,
  full: (bytes) =>
    `{${series(9_500, (at) => `"k${at}":"${'x'.repeat(Math.max(1, bytes / 9_500 - 12))}"`)}}`,
  'full list': (bytes) =>
    `{"Tag":[${series(9_000, () => `"${'x'.repeat(Math.max(1, bytes / 9_000 - 4))}"`)}]}`,
  'deep lists': (bytes) => `{"A":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}`,
  'deep objects': (bytes) => `${'{"A":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  repeated: (bytes) => `{${'"A":1,'.repeat(bytes / 6)}"A":1}`,
  escaped: (bytes) => `{"InstanceName":"${'\\u0041'.repeat(bytes / 6)}"}`,
  quotes: (bytes) => `{"InstanceName":"${'\\"'.repeat(bytes / 2)}"}`,
  'long text': (bytes) => `{"InstanceName":"${'x'.repeat(bytes)}"}`,
  'long secret': (bytes) => `{"AdminPassword":"${'aA1!'.repeat(bytes / 4)}"}`,
  'long name': (bytes) => `{"${'x'.repeat(bytes)}":1}`,
  'long number': (bytes) => `{"PageSize":${'1'.repeat(bytes)}}`,
  'wide list in a text': (bytes) => `{"VSwitches":"[${'1,'.repeat(bytes / 2)}1]"}`,
  'deep list in a text': (bytes) => `{"VSwitches":"${'['.repeat(bytes)}"}`,
  spaces: (bytes) => `{"A":${' '.repeat(bytes)}1}`,
  'no JSON': (bytes) => 'x'.repeat(bytes),
}

/** The prefix is one that the vendor's signature looks at. */
export const headers: Readonly<
  Record<string, (prefix: string, bytes: number) => Readonly<Record<string, string | string[]>>>
> = {
  wide: (prefix, bytes) => numbered(bytes / 20, () => '1', prefix),
  repeated: (prefix, bytes) => ({
    [`${prefix}a`]: Array<string>(Math.floor(bytes / 14)).fill('1'),
  }),
  long: (prefix, bytes) => ({ [`${prefix}a`]: 'x'.repeat(bytes) }),
  spaces: (prefix, bytes) => ({ [`${prefix}a`]: `a${'\t '.repeat(bytes / 2)}b` }),
  type: (_, bytes) => ({ 'content-type': `application/json;${' charset=a;'.repeat(bytes / 11)}` }),
  signature: (_, bytes) => ({
    authorization: `TC3-HMAC-SHA256 ${'Credential=,'.repeat(bytes / 12)}`,
  }),
  'acs signature': (_, bytes) => ({ authorization: `ACS3-HMAC-SHA256 ${','.repeat(bytes)}` }),
  'signed headers': (_, bytes) => ({
    authorization: `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=${series(bytes / 9, (at) => `x${String(at).padStart(7, '0')}`, ';')},Signature=a`,
  }),
  'roa signature': (_, bytes) => ({ authorization: `acs ${'a:'.repeat(bytes / 2)}` }),
}

export const paths: Readonly<Record<string, Fill<string>>> = {
  long: (bytes) => `/webapi/${'x'.repeat(bytes)}`,
  deep: (bytes) => `/webapi${'/a'.repeat(bytes / 2)}`,
  slashes: (bytes) => `/webapi/${'/'.repeat(bytes)}`,
  escaped: (bytes) => `/webapi/${'%41'.repeat(bytes / 3)}`,
  percents: (bytes) => `/webapi/${'%'.repeat(bytes)}`,
}

function numbered(count: number, value: () => string, prefix = 'k'): Record<string, string> {
  const made: Record<string, string> = {}
  for (let at = 0; at < count; at++) made[`${prefix}${String(at).padStart(7, '0')}`] = value()
  return made
}

function series(count: number, piece: (at: number) => string, between = ','): string {
  return Array.from({ length: count }, (_, at) => piece(at)).join(between)
}
