/** Why an artifact cannot be had, as one sentence for whoever runs the machine. */
export class ArtifactProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ArtifactProblem'
  }
}
