/** A lifecycle is a table: state → event → next state. The table is the only place that says which change is legal. */

export type Table<S extends string, E extends string> = {
  readonly [state in S]: { readonly [event in E]?: S }
}

export interface Lifecycle<S extends string, E extends string> {
  readonly name: string
  readonly table: Table<S, E>
  readonly states: readonly S[]
  /** The state after `event`, or undefined when the event is not legal in `state`. */
  next(state: S, event: E): S | undefined
}

export function lifecycle<S extends string, E extends string>(
  name: string,
  table: Table<S, E>,
): Lifecycle<S, E> {
  return {
    name,
    table,
    states: Object.keys(table) as S[],
    next: (state, event) => table[state][event],
  }
}
