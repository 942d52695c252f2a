/** One file of a description, as read. */
export interface DescriptionFile {
  /** Absolute path, or URL without its fragment. */
  readonly location: string;
  /** Its text, for the places of findings. */
  readonly text: string;
  /** The value as written: JSON types only. */
  readonly value: unknown;
}
