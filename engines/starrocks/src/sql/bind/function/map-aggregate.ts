/** map_agg: a map of what rows hold. reference: StarRocks 3.5, be/src/exprs/agg/map_agg.h */
import { once } from '../../emit/text.ts'
import { wrappedKey } from '../../map-key.ts'
import { analyzingError } from '../../sql-error.ts'
import { printType, simpleType } from '../../type.ts'
import { isComparable, isNested } from '../comparison.ts'
import type { AggregateSignature, AggregateSpec, Render } from './aggregate.ts'
import { checked } from './spec.ts'

/** Rows without a key are left out; of several with the same key the first one counts. */
const mapOf = ([key = '', value = '']: readonly string[], render: Render): string => {
  const rows = render('list', `struct_pack(k := ${key}, v := ${value})`)
  const known = `list_filter(coalesce(${rows}, []), lambda entry: (entry).k IS NOT NULL)`
  const numbered = `list_transform(${known}, lambda entry, place: struct_pack(k := (entry).k, p := place, v := (entry).v))`
  return once(`list_sort(${numbered})`, (sorted) => {
    const isFirst = `place = 1 OR (entry).k <> (list_extract(${sorted}, place - 1)).k`
    const first = `list_filter(${sorted}, lambda entry, place: ${isFirst})`
    return `map_from_entries(list_transform(${first}, lambda entry: struct_pack(k := ${wrappedKey('(entry).k')}, v := (entry).v)))`
  })
}

const signature: AggregateSignature = {
  parameters: ['any', 'any'],
  returns: ([key, value]) => ({
    kind: 'map',
    key: key ?? simpleType('null'),
    value: value ?? simpleType('null'),
  }),
  sql: mapOf,
}

export const mapAggregate: AggregateSpec = {
  name: 'map_agg',
  signatures: [
    checked(([key]) => {
      if (key && (isNested(key.type) || !isComparable(key.type) || key.type.kind === 'null'))
        throw analyzingError(`map_agg() does not take keys of type ${printType(key.type)}.`)
    }, signature),
  ],
  distinct: false,
  window: false,
  orderBy: false,
  note: 'of StarRocks from 3.5 on',
}
