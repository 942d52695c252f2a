import type { BatchOptions, BatchResult } from "../batch/batch-options.ts";
import type { CallOptions, PagesOptions, RunResult, WaitOptions } from "../engine/call-options.ts";
import type { Page } from "../engine/pagination/page.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import type { StreamItem } from "../engine/response/stream-items.ts";
import type { OperationDescription } from "../language/model/describe-operation.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { Capability } from "./capability.ts";

/** Inputs of an operation that takes none. */
export type NoInputs = Readonly<Record<string, never>>;

type InputsOf<Operation> = Operation extends { readonly inputs: infer Given } ? Given : Inputs;

type OutputsOf<Operation> = Operation extends { readonly outputs: infer Outputs } ? Outputs : unknown;

/** Arguments behind the reference. The inputs may be left out if no input is required. */
type Arguments<Operations, Operation extends keyof Operations, Options> =
  IsOptional<Operations, Operation> extends true
    ? [inputs?: InputsOf<Operations[Operation]> | undefined, options?: Options | undefined]
    : [inputs: InputsOf<Operations[Operation]>, options?: Options | undefined];

/**
 * Tells whether the inputs may be left out. They may for all operations at once, which the compiler tries for a reference
 * that is unknown: so its message is about the reference.
 */
type IsOptional<Operations, Operation extends keyof Operations> = [keyof Operations & string] extends [Operation]
  ? true extends IsUnion<Operation>
    ? true
    : HasNoRequired<InputsOf<Operations[Operation]>>
  : HasNoRequired<InputsOf<Operations[Operation]>>;

type HasNoRequired<Given> = NoInputs extends Given ? true : false;

type IsUnion<Type, All = Type> = Type extends unknown ? ([All] extends [Type] ? false : true) : never;

declare const declared: unique symbol;

/** Mark of a call without a type argument: its outputs are the declared ones. */
type Declared = typeof declared;

/** Argument list of no call. The compiler passes over a signature whose number of arguments cannot fit, silently. */
type Uncallable = [never, never, never, never, never, never, never, never];

/** The arguments of a call whose type argument stands for the declared outputs. Its inputs are not checked. */
type Stated<Outputs, Arguments extends unknown[]> = unknown extends Outputs
  ? Arguments
  : [Declared] extends [Outputs]
    ? Uncallable
    : Arguments;

/** `Outputs`, which the compiler does not infer from the place where the result goes. */
type AsStated<Outputs> = [Outputs][Outputs extends unknown ? 0 : never];

/**
 * An opened capability whose operations TypeScript knows. `Operations` holds the types of inputs and outputs by
 * reference.
 *
 * Each way to call has two signatures. The first is for a type argument, which stands for the declared outputs:
 * `run<{ id: string }>(…)`. The second is for calls without one.
 */
export interface TypedCapability<Operations> extends Capability {
  /** Every operation by its shortest unambiguous reference, in the order of the file. */
  readonly operations: ReadonlyMap<keyof Operations & string, OperationDescription>;

  /** Returns one operation. */
  operation(reference: keyof Operations & string): OperationDescription;

  /** Builds the request of an operation. Nothing is sent. */
  prepare<Unchecked = Declared>(
    ...given: Stated<Unchecked, [reference: keyof Operations & string, inputs?: Inputs, options?: CallOptions]>
  ): Promise<HttpRequest>;
  prepare<Operation extends keyof Operations & string>(
    reference: Operation,
    ...given: Arguments<Operations, Operation, CallOptions>
  ): Promise<HttpRequest>;

  /** Calls an operation and extracts its outputs. */
  run<Outputs = Declared>(
    ...given: Stated<Outputs, [reference: keyof Operations & string, inputs?: Inputs, options?: CallOptions]>
  ): Promise<RunResult<AsStated<Outputs>>>;
  run<Operation extends keyof Operations & string>(
    reference: Operation,
    ...given: Arguments<Operations, Operation, CallOptions>
  ): Promise<RunResult<OutputsOf<Operations[Operation]>>>;

  /** Walks the pages of a list: each is asked for when the loop comes to it. */
  pages<Outputs = Declared>(
    ...given: Stated<Outputs, [reference: keyof Operations & string, inputs?: Inputs, options?: PagesOptions]>
  ): AsyncGenerator<Page<AsStated<Outputs>>, void, undefined>;
  pages<Operation extends keyof Operations & string>(
    reference: Operation,
    ...given: Arguments<Operations, Operation, PagesOptions>
  ): AsyncGenerator<Page<OutputsOf<Operations[Operation]>>, void, undefined>;

  /** Calls an operation again and again until its answer is as wanted, and gives that answer. */
  waitFor<Outputs = Declared>(
    ...given: Stated<Outputs, [reference: keyof Operations & string, inputs: Inputs, options: WaitOptions<Outputs>]>
  ): Promise<RunResult<AsStated<Outputs>>>;
  waitFor<Operation extends keyof Operations & string>(
    reference: Operation,
    inputs: InputsOf<Operations[Operation]>,
    options: WaitOptions<OutputsOf<Operations[Operation]>>,
  ): Promise<RunResult<OutputsOf<Operations[Operation]>>>;

  /** Calls an operation for each row, several at once, and gives the end of each row. */
  batch<Outputs = Declared>(
    ...given: Stated<
      Outputs,
      [reference: keyof Operations & string, rows: AsyncIterable<Inputs> | Iterable<Inputs>, options?: BatchOptions]
    >
  ): AsyncGenerator<BatchResult<AsStated<Outputs>>, void, undefined>;
  batch<Operation extends keyof Operations & string>(
    reference: Operation,
    rows: AsyncIterable<InputsOf<Operations[Operation]>> | Iterable<InputsOf<Operations[Operation]>>,
    options?: BatchOptions,
  ): AsyncGenerator<BatchResult<OutputsOf<Operations[Operation]>>, void, undefined>;

  /** Calls an operation whose answer is a stream, and gives each item as it arrives. */
  stream<Outputs = Declared>(
    ...given: Stated<Outputs, [reference: keyof Operations & string, inputs?: Inputs, options?: CallOptions]>
  ): AsyncGenerator<StreamItem<AsStated<Outputs>>, void, undefined>;
  stream<Operation extends keyof Operations & string>(
    reference: Operation,
    ...given: Arguments<Operations, Operation, CallOptions>
  ): AsyncGenerator<StreamItem<OutputsOf<Operations[Operation]>>, void, undefined>;
}
