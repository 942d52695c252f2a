import { randomBytes } from "node:crypto";
import type { BindSource } from "../../../engine/binds/bind-source.ts";
import type { BindVariable } from "../../../language/document/declared-binds.ts";
import type { Operation } from "../../../language/model/types.ts";
import { usageError } from "../usage-error.ts";
import { encodingsOfProbe, PROBE } from "./encodings.ts";
import type { Piece, Pieces, VariablePiece } from "./pieces.ts";

/** A source of marks instead of values, which are found again in the finished request. */
export interface MarkerSource extends BindSource {
  readonly names: VariableNames;
  /** Cuts `text` at its marks. */
  split(text: string): Pieces;
  /** Returns whether bytes contain a mark. */
  isIn(bytes: Uint8Array): boolean;
}

/**
 * Creates a source of unpredictable marks. A mark contains the {@link PROBE}, whose form in the request tells how the
 * value is encoded. A mark in a base URI is without it, because only characters of host names are allowed there.
 */
export function createMarkerSource({ adapter }: Pick<Operation, "adapter">): MarkerSource {
  const key = randomBytes(8).toString("hex");
  const names = new VariableNames();
  const variables: BindVariable[] = [];
  const inBaseUri = adapter.baseUri.kind === "template" ? adapter.baseUri.template.parts : [];
  const encodings = encodingsOfProbe();
  const mark = new RegExp(`(?:https://w|m)${key}x(\\d+)x(.*?)${key}n`, "gs");

  function reference(index: string, probe: string): VariablePiece {
    const variable = variables[Number(index)];
    const chain = probe === "" ? [] : encodings.get(probe);
    if (variable !== undefined && chain !== undefined)
      return { kind: "reference", name: names.of(variable), encodings: chain };
    throw unshowable(variable);
  }

  function literal(text: string): string {
    if (text.includes(key)) throw unshowable(undefined);
    return text;
  }

  return {
    names,
    describe: () => "a mark",
    serves: () => true,
    lookup(variable) {
      const index = variables.push(variable) - 1;
      // By name: the operation may come from another opening of the file.
      const { namespace, name } = variable;
      const place = inBaseUri.findIndex(
        part =>
          typeof part === "object" &&
          part.kind === "bind" &&
          part.variable.namespace === namespace &&
          part.variable.name === name,
      );
      const text = `${key}x${index}x${place < 0 ? PROBE : ""}${key}n`;
      return place === 0 ? `https://w${text}` : `m${text}`;
    },
    split(text) {
      const pieces: Piece[] = [];
      let end = 0;
      for (const match of text.matchAll(mark)) {
        if (match.index > end) pieces.push(literal(text.slice(end, match.index)));
        pieces.push(reference(match[1] ?? "", match[2] ?? ""));
        end = match.index + match[0].length;
      }
      return end === text.length ? pieces : [...pieces, literal(text.slice(end))];
    },
    isIn: bytes => Buffer.from(bytes).includes(key),
  };
}

function unshowable(variable: BindVariable | undefined): Error {
  return usageError(
    `Cannot show the call: the value of ${variable?.name ?? "a variable"} is encoded in a way that no reference can express; --show-secrets prints the value`,
  );
}

/** The names of variables in the environment of a printed call. */
export class VariableNames {
  readonly #names = new Map<string, string>();
  readonly #variables = new Map<string, BindVariable>();

  /** Returns the variable's own name, or a similar one if the name is taken or not valid in a shell. */
  of(variable: BindVariable): string {
    const { location = "", key } = variable;
    const identity = JSON.stringify([location, key]);
    const known = this.#names.get(identity);
    if (known !== undefined) return known;
    const plain = /^[A-Za-z_]\w*$/.test(key)
      ? key
      : key
          .toUpperCase()
          .replace(/\W/g, "_")
          .replace(/^(?=\d|$)/, "_");
    let name = plain;
    for (let number = 2; this.#variables.has(name); number++) name = `${plain}_${number}`;
    this.#names.set(identity, name);
    this.#variables.set(name, variable);
    return name;
  }

  /** Returns every name so far with its variable. */
  entries(): Iterable<readonly [name: string, variable: BindVariable]> {
    return this.#variables;
  }
}
