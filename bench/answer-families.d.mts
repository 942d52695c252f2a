/** Answers of one shape, of any size. */
export interface AnswerFamily {
  /** A raw format; of a stream, its content type. */
  readonly format: string;
  readonly name: string;
  /** `outputSchema`, where the family needs one of its own. */
  readonly schema?: string | undefined;
  readonly contentType?: string | undefined;
  /** Returns a body of about so many bytes. */
  body(size: number): Uint8Array;
}

export const families: readonly AnswerFamily[];
export const streamFamilies: readonly AnswerFamily[];
/** The schemas that the families of Avro and Protobuf are read by. */
export const AVSC: string;
export const PROTO: string;
