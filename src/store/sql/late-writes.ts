/** What the units of a batch write down late, once for all of them. */
export interface LateWrites {
  /** Writes down what waits; to be called before the commit. */
  flush(): Promise<void>
  /** What was done up to now is kept when what follows is undone. */
  mark(): void
  /** What was done since the mark is undone. */
  undo(): void
  /** Nothing waits, and nothing is known: at the beginning of a batch. */
  clear(): void
}
