/** The part of fs-native-extensions that locks. The package has no types of its own. */
declare module "fs-native-extensions" {
  /**
   * Locks an open file for this descriptor alone.
   *
   * @returns whether it is locked; `false` where another descriptor of any process has it
   * @throws Error of the system, with its `code`
   */
  export function tryLock(descriptor: number): boolean;
}
