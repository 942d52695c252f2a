// The build makes the module.
declare module "#decode-worker-text" {
  /** The program that a thread runs. */
  export const text: string;
}
