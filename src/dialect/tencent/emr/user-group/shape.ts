/** What became of each item of a request about groups (reference: api.json, ResultItem). */
import { flag, object, text } from '../../../../shape/shape.ts'

export const resultItem = object({ Item: text(), Result: flag(), Reason: text() })

export function done(item: string) {
  return { Item: item, Result: true, Reason: '' }
}

export function failed(item: string, reason: string) {
  return { Item: item, Result: false, Reason: reason }
}
