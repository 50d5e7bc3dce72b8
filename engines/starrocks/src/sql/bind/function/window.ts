/** Window functions that are no aggregates. */

export interface WindowSpec {
  /** `rank`: no value argument; `value`: one of the frame; `offset`: one some rows away, with a default; `session`: session_number(). */
  readonly form: 'rank' | 'value' | 'offset' | 'session'
  readonly arguments: number
  /** Takes a frame clause. */
  readonly frame: boolean
  /** StarRocks wants an ORDER BY in OVER. */
  readonly ordered: boolean
}

const rank: WindowSpec = { form: 'rank', arguments: 0, frame: false, ordered: false }
const value: WindowSpec = { form: 'value', arguments: 1, frame: true, ordered: false }
const offset: WindowSpec = { form: 'offset', arguments: 3, frame: false, ordered: false }
const session: WindowSpec = { form: 'session', arguments: 2, frame: false, ordered: false }

export const windowFunctions: ReadonlyMap<string, WindowSpec & { readonly name: string }> = new Map(
  Object.entries({
    row_number: rank,
    rank,
    dense_rank: rank,
    cume_dist: rank,
    percent_rank: rank,
    ntile: { ...rank, arguments: 1, ordered: true },
    first_value: value,
    last_value: value,
    lead: offset,
    lag: offset,
    session_number: session,
  }).map(([name, spec]) => [name, { name, ...spec }]),
)
