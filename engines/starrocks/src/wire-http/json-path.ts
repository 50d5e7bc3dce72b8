/**
 * The paths of the headers `jsonpaths` and `json_root`: `$.a.b[0]`, `$."a.b"`, `$["a"]`. Wildcards are refused.
 * reference: StarRocks documentation, STREAM LOAD, "jsonpaths", "json_root"
 */
import { SqlError } from '../session.ts'

export type JsonStep = string | number
export type JsonPath = readonly JsonStep[]

/** Above StarRocks' 10 000 columns of a table nothing can be meant. */
const PATHS_MAX = 10_000

const STEP = /\.(?:"((?:[^"\\]|\\.)*)"|([^.[\]"*]+))|\[(?:(\d{1,9})|"((?:[^"\\]|\\.)*)")\]/y

export function readJsonPath(header: string, text: string): JsonPath {
  const trimmed = text.trim()
  const malformed = () =>
    new SqlError(`Invalid ${header}: '${trimmed.slice(0, 200)}' is no path that is supported`)
  if (!trimmed.startsWith('$')) throw malformed()
  const steps: JsonStep[] = []
  for (let at = 1; at < trimmed.length; at = STEP.lastIndex) {
    STEP.lastIndex = at
    const found = STEP.exec(trimmed)
    if (!found) throw malformed()
    const [, quoted, plain, index, bracketed] = found
    steps.push(
      index === undefined ? (unescaped(quoted ?? bracketed) ?? plain ?? '') : Number(index),
    )
  }
  return steps
}

const unescaped = (text: string | undefined) => text?.replaceAll(/\\(.)/gs, '$1')

/** The header is a JSON array of paths. */
export function readJsonPaths(header: string, text: string): readonly JsonPath[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    list = undefined
  }
  if (!Array.isArray(list) || list.length === 0 || list.length > PATHS_MAX) {
    throw new SqlError(`Invalid ${header}: a JSON array of paths is expected`)
  }
  return list.map((path) => {
    if (typeof path !== 'string') throw new SqlError(`Invalid ${header}: a path is a string`)
    return readJsonPath(header, path)
  })
}
