/** How much of a table is as it was analyzed, from 0 to 1. StarRocks counts the rows that loads changed; here, by how many rows there are more or fewer. */
export const health = (then: number, now: number): number =>
  Math.max(then, now) === 0 ? 1 : Math.min(then, now) / Math.max(then, now)
