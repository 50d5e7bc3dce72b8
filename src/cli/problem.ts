/** A failure of the command, as one sentence that says what to do next. It is printed as it is, with exit code 1. */
export class CommandProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandProblem'
  }
}
