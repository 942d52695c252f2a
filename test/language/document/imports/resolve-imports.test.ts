import { symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type CapabilityError, isCapabilityError } from "../../../../src/base/capability-error.ts";
import type { Aggregate, CapabilityDocument, ExposesRest } from "../../../../src/language/document/document-types.ts";
import { ownNamespaces } from "../../../../src/language/document/own-namespaces.ts";
import { readDocument } from "../../../../src/language/document/read-document.ts";
import { resolveDocument } from "../../../../src/language/document/resolve-document.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

type Files = Readonly<Record<string, string>>;

const registry = `
naftiko: 1.0.0-alpha3
binds: [ { namespace: registry-env, keys: { TOKEN: TOKEN } } ]
consumes:
- { type: http, namespace: registry, baseUri: https://registry.test }
- { type: http, namespace: ports, baseUri: https://ports.test }
`;

/** Returns a capability in `main.yaml` that consumes what the text says. */
function main(consumes: string, more = ""): string {
  return `naftiko: 1.0.0-alpha3\n${more}capability:\n  consumes: ${consumes}\n`;
}

async function resolve(files: Files) {
  const folder = await temporaryFolder(files);
  return { folder, ...(await resolveDocument(await readDocument(path.join(folder, "main.yaml")))) };
}

interface Adapters {
  readonly capability?: { readonly consumes?: readonly { readonly namespace: string }[] };
  readonly consumes?: readonly { readonly namespace: string }[];
  readonly binds?: readonly { readonly namespace: string }[];
}

function names(list: readonly { readonly namespace: string }[] | undefined): string[] {
  return (list ?? []).map(({ namespace }) => namespace);
}

const resolved: readonly {
  readonly what: string;
  readonly files: Files;
  readonly consumes: readonly string[];
  readonly binds?: readonly string[];
}[] = [
  {
    what: "an adapter of a shared file, with the file's binds",
    files: {
      "main.yaml": main("[ { import: registry, location: ./shared/r.yaml } ]"),
      "shared/r.yaml": registry,
    },
    consumes: ["registry"],
    binds: ["registry-env"],
  },
  {
    what: "under another namespace, in the place of its entry",
    files: {
      "main.yaml": main(
        "[ { import: ports, location: r.yaml, as: p }, { type: http, namespace: own, baseUri: 'https://own.test' }, { import: registry, location: r.yaml } ]",
      ),
      "r.yaml": registry,
    },
    consumes: ["p", "own", "registry"],
    binds: ["registry-env"],
  },
  {
    what: "one adapter twice",
    files: {
      "main.yaml": main("[ { import: ports, location: r.yaml, as: a }, { import: ports, location: r.yaml, as: b } ]"),
      "r.yaml": registry,
    },
    consumes: ["a", "b"],
    binds: ["registry-env"],
  },
  {
    what: "with the words of the newer generation, from a capability",
    files: {
      "main.yaml": "ikanos: 1.0.0-beta5\ncapability:\n  consumes: [ { from: ./cap.yaml, import: own } ]\n",
      "cap.yaml": main("[ { type: http, namespace: own, baseUri: 'https://own.test' } ]"),
    },
    consumes: ["own"],
  },
  {
    what: "a file: URL, absolute or relative",
    files: {
      "main.yaml": main("[ { import: registry, location: 'file:///./shared/r%20r.yaml' } ]"),
      "shared/r r.yaml": registry,
    },
    consumes: ["registry"],
    binds: ["registry-env"],
  },
  {
    what: "binds",
    files: {
      "main.yaml": `ikanos: x\nbinds: [ { from: b.yaml, import: secrets, as: s } ]\ncapability: { consumes: [] }\n`,
      "b.yaml": "ikanos: x\nbinds: [ { namespace: secrets, location: 'file:///./s.yaml', keys: { A: a } } ]\n",
    },
    consumes: [],
    binds: ["s"],
  },
  {
    what: "all adapters and binds of the files that the root lists, and of those that they list",
    files: {
      "main.yaml":
        "naftiko: x\nimports: [ ./a.yaml, ./b.yaml ]\nbinds: [ { namespace: env, keys: { KEY: KEY } } ]\ncapability: { description: A stub }\n",
      "a.yaml": `naftiko: x\nimports: [ c.yaml ]\nbinds: [ { namespace: env, keys: { KEY: OTHER } } ]\ncapability: { consumes: [ { type: http, namespace: a, baseUri: 'https://a.test' } ] }\n`,
      "b.yaml": `naftiko: x\nbinds: [ { namespace: env, keys: { KEY: KEY } } ]\nconsumes: [ { type: http, namespace: b, baseUri: 'https://b.test' } ]\n`,
      "c.yaml": `naftiko: x\ncapability: { consumes: [ { import: registry, location: r.yaml } ] }\n`,
      "r.yaml": registry,
    },
    consumes: ["a", "registry", "b"],
    binds: ["env", "env", "registry-env", "env"],
  },
];

describe("resolveDocument() brings in", () => {
  it.each(resolved)("$what", async ({ files, consumes, binds = [] }) => {
    const { value } = (await resolve(files)) as unknown as { value: Adapters };
    expect(names(value.capability?.consumes)).toEqual(consumes);
    expect(names(value.binds)).toEqual(binds);
    expect(value).not.toHaveProperty("imports");
  });

  it("servers and aggregates", async () => {
    const { value } = await resolve({
      "main.yaml":
        "ikanos: x\ncapability:\n  exposes: [ { from: e.yaml, import: desk, as: front } ]\n  aggregates: [ { from: a.yaml, import: sums } ]\n",
      "e.yaml": "ikanos: x\nexposes: [ { type: rest, namespace: desk, port: 8080, resources: { r: { path: /r } } } ]\n",
      "a.yaml": "ikanos: x\naggregates: [ { namespace: sums, flows: { add: { description: Adds } } } ]\n",
    });
    expect(value).toEqual({
      naftiko: "x",
      capability: {
        exposes: [{ type: "rest", namespace: "front", port: 8080, resources: [{ name: "r", path: "/r" }] }],
        aggregates: [{ namespace: "sums", functions: [{ name: "add", description: "Adds" }] }],
      },
    });
    const { exposes = [], aggregates = [] } = (value as CapabilityDocument).capability ?? {};
    // What their own files say of their inputs holds under the other namespace too.
    expect(ownNamespaces(exposes[0] as ExposesRest)).toEqual(["front", "desk"]);
    expect(ownNamespaces(aggregates[0] as Aggregate)).toEqual(["sums"]);
  });

  it("from another folder only where that is allowed", async () => {
    const files = {
      "main.yaml": "",
      "in/main.yaml": main("[ { import: registry, location: ../r.yaml } ]"),
      "r.yaml": registry,
    };
    const folder = await temporaryFolder(files);
    const document = await readDocument(path.join(folder, "in/main.yaml"));
    await expect(resolveDocument(document)).rejects.toMatchObject({
      details: { diagnostics: [{ remedy: { option: "importRoots", value: [folder] } }] },
    });
    const { value } = await resolveDocument(document, { importRoots: [folder] });
    expect(names((value as Adapters).capability?.consumes)).toEqual(["registry"]);
  });

  it("and remembers where it stands", async () => {
    const { folder, value, origins } = await resolve({
      "main.yaml": main(
        "[ { type: http, namespace: own, baseUri: 'https://own.test' }, { import: shop, from: s.yaml } ]",
      ),
      "s.yaml":
        "ikanos: x\ninfo: {}\ncapability:\n  consumes:\n  - { type: http, namespace: other, baseUri: '' }\n  - { type: http, namespace: shop, baseUri: '', resources: { items: { path: /i, operations: { get: { method: GET } } } } }\n",
    });
    expect(origins.find(value, "/capability/consumes/1/resources/0/operations/0/method")).toMatchObject({
      document: { file: path.join(folder, "s.yaml") },
      pointer: "/capability/consumes/1/resources/items/operations/get/method",
    });
    expect(origins.find(value, "/capability/consumes/0/baseUri")).toMatchObject({
      document: { file: path.join(folder, "main.yaml") },
      pointer: "/capability/consumes/0/baseUri",
    });
  });
});

/** Everything has `main.yaml:line` as its place. */
const refused: readonly {
  readonly what: string;
  readonly files: Files;
  readonly line: number;
  readonly says: RegExp;
}[] = [
  {
    what: "a file that imports itself",
    files: { "main.yaml": "naftiko: x\nimports: [ main.yaml ]\ncapability: {}\n" },
    line: 2,
    says: /^Import cycle: main\.yaml → main\.yaml$/,
  },
  {
    what: "a cycle over other files",
    files: {
      "main.yaml": "naftiko: x\nimports:\n- a.yaml\ncapability: {}\n",
      "a.yaml": "naftiko: x\nimports: [ b.yaml ]\ncapability: {}\n",
      "b.yaml": "naftiko: x\nimports: [ ./sub/../main.yaml ]\ncapability: {}\n",
    },
    line: 0,
    says: /^Import cycle: main\.yaml → a\.yaml → b\.yaml → main\.yaml$/,
  },
  {
    what: "a file that is not there",
    files: { "main.yaml": main("[ { import: r, location: ./none.yaml } ]") },
    line: 3,
    says: /^Cannot import "\.\/none\.yaml": there is no file .*none\.yaml$/,
  },
  {
    what: "a folder",
    files: { "main.yaml": main("[ { import: r, location: sub } ]"), "sub/r.yaml": registry },
    line: 3,
    says: /it is not a file/,
  },
  {
    what: "a namespace that the file has not",
    files: { "main.yaml": main("[ { import: registri, location: r.yaml } ]"), "r.yaml": registry },
    line: 3,
    says: /has no "registri" in its consumes; did you mean "registry"\? \(it has registry, ports\)$/,
  },
  {
    what: "what the file imports itself",
    files: {
      "main.yaml": main("[ { import: registry, location: a.yaml } ]"),
      "a.yaml": main("[ { import: registry, location: r.yaml } ]"),
      "r.yaml": registry,
    },
    line: 3,
    says: /a\.yaml imports "registry" itself, and imports are not followed: import it from "r\.yaml"$/,
  },
  {
    what: "a file outside the folder, whether it is there or not",
    files: { "main.yaml": main("[ { import: r, location: ../../../etc/hostname } ]") },
    line: 3,
    says: /is outside /,
  },
  {
    what: "an absolute path outside the folder",
    files: { "main.yaml": main("[ { import: r, location: /etc/hostname } ]") },
    line: 3,
    says: /^Cannot import "\/etc\/hostname": \/etc\/hostname is outside/,
  },
  {
    what: "a URL",
    files: { "main.yaml": main("[ { import: r, location: 'https://evil.test/r.yaml' } ]") },
    line: 3,
    says: /only files can be imported, not https: URLs$/,
  },
  {
    what: "a path with NUL",
    files: { "main.yaml": main('[ { import: r, location: "a\\0b" } ]') },
    line: 3,
    says: /it is not the path of a file$/,
  },
  {
    what: "YAML of another kind",
    files: { "main.yaml": "naftiko: x\nimports: [ a.yaml ]\ncapability: {}\n", "a.yaml": "openapi: 3.1.0\n" },
    line: 2,
    says: /a\.yaml has neither "naftiko" nor "ikanos" at its root$/,
  },
  {
    what: "an entry without a namespace",
    files: { "main.yaml": main("[ { location: r.yaml } ]"), "r.yaml": registry },
    line: 3,
    says: /^The import has no "import"/,
  },
  {
    what: "an entry without a file",
    files: { "main.yaml": main("[ { import: r } ]") },
    line: 3,
    says: /^The import has no "location" \(or "from"\)/,
  },
  {
    what: "an alias that is no name",
    files: { "main.yaml": main("[ { import: registry, location: r.yaml, as: 5 } ]"), "r.yaml": registry },
    line: 3,
    says: /^The "as" of the import must be a namespace$/,
  },
  {
    what: "root imports that are no list",
    files: { "main.yaml": "naftiko: x\nimports: a.yaml\ncapability: {}\n" },
    line: 2,
    says: /^"imports" must be a list of files$/,
  },
  {
    what: "root imports that are no paths",
    files: { "main.yaml": "naftiko: x\nimports: [ 5 ]\ncapability: {}\n" },
    line: 2,
    says: /must be the path of a file$/,
  },
  {
    what: "binds of two files that differ",
    files: {
      "main.yaml": "naftiko: x\nimports: [ a.yaml, b.yaml ]\ncapability: {}\n",
      "a.yaml": "naftiko: x\nbinds: [ { namespace: env, keys: { KEY: A_KEY } } ]\ncapability: {}\n",
      "b.yaml": "naftiko: x\nbinds: [ { namespace: env, keys: { KEY: B_KEY } } ]\ncapability: {}\n",
    },
    line: 1,
    says: /a\.yaml and .*b\.yaml bind env\.KEY to different values/,
  },
];

describe("resolveDocument() refuses", () => {
  it.each(refused)("$what", async ({ files, line, says }) => {
    const error = await failure(resolve(files));
    const [first] = error.details.diagnostics;
    expect(first).toMatchObject({ rule: "imports", severity: "error", message: expect.stringMatching(says) });
    if (line > 0) expect(first?.source).toMatchObject({ file: expect.stringMatching(/main\.yaml$/), line });
    expect(error.message).toContain("main.yaml is not a valid capability: ");
  });

  it("every wrong import at once, and shows what is wrong in the imported file", async () => {
    const error = await failure(
      resolve({
        "main.yaml": main("\n  - { import: a, location: broken.yaml }\n  - { import: b, location: none.yaml }"),
        "broken.yaml": "naftiko: x\nconsumes: [\n",
      }),
    );
    const { diagnostics } = error.details;
    expect(diagnostics.map(({ rule, source }) => [rule, path.basename(source?.file ?? ""), source?.line])).toEqual([
      ["imports", "main.yaml", 4],
      ["imports", "main.yaml", 5],
      ["yaml", "broken.yaml", 3],
    ]);
  });

  it("a symbolic link that leads out of the folder", async () => {
    const outside = await temporaryFolder({ "r.yaml": registry });
    const folder = await temporaryFolder({ "main.yaml": main("[ { import: registry, location: r.yaml } ]") });
    await symlink(path.join(outside, "r.yaml"), path.join(folder, "r.yaml"));
    const document = await readDocument(path.join(folder, "main.yaml"));
    await expect(resolveDocument(document)).rejects.toThrow(/is outside/);
    await expect(resolveDocument(document, { importRoots: [outside] })).resolves.toBeDefined();
  });

  it("imports of a document without a file", async () => {
    const value = { naftiko: "x", imports: ["a.yaml"], capability: {} };
    await expect(resolveDocument({ name: "x", value })).rejects.toThrow(/a document without a file has no folder/);
  });

  it("more files than anyone means", async () => {
    const many = Array.from({ length: 201 }, (_, index) => `f${index}.yaml`);
    const error = await failure(
      resolve({
        "main.yaml": `naftiko: x\nimports: [ ${many.join(", ")} ]\ncapability: {}\n`,
        ...Object.fromEntries(many.map(name => [name, "naftiko: x\ncapability: {}\n"])),
      }),
    );
    expect(error.details.diagnostics.map(({ message }) => message)).toEqual([
      'Cannot import "f200.yaml": more than 200 files are imported',
    ]);
  });
});

describe("what imports take", () => {
  /** Returns files of which each imports the next twice and holds an adapter: there are 2 ^ levels ways to the last. */
  function diamonds(levels: number): Files {
    const file = (level: number) => [
      `l${level}.yaml`,
      `naftiko: x\nimports: [ l${level + 1}.yaml, ./l${level + 1}.yaml, m${level + 1}.yaml ]\nconsumes:\n- { type: http, namespace: n${level}, baseUri: 'https://a.test' }\n`,
    ];
    const side = (level: number) => [`m${level}.yaml`, `naftiko: x\nimports: [ l${level + 1}.yaml ]\n`];
    const last = "naftiko: x\nconsumes:\n- { type: http, namespace: last, baseUri: 'https://a.test' }\n";
    return {
      "main.yaml": "naftiko: x\nimports: [ l0.yaml, m0.yaml ]\ncapability: {}\n",
      ...Object.fromEntries(Array.from({ length: levels }, (_, level) => [file(level), side(level)]).flat()),
      [`l${levels}.yaml`]: last,
      [`m${levels}.yaml`]: "naftiko: x\n",
    };
  }

  it("is in proportion to the files, however many ways lead to one", async () => {
    const { value } = await resolve(diamonds(17));
    const { capability } = value as Adapters;
    expect(names(capability?.consumes).toSorted()).toEqual(
      [...Array.from({ length: 17 }, (_, level) => `n${level}`), "last"].toSorted(),
    );
  });

  it("is bounded by how many files import one another in a row", async () => {
    const chain = Array.from({ length: 30 }, (_, level) => [
      `f${level}.yaml`,
      `naftiko: x\nimports: [ f${level + 1}.yaml ]\n`,
    ]);
    const error = await failure(
      resolve({
        "main.yaml": "naftiko: x\nimports: [ f0.yaml ]\ncapability: {}\n",
        ...Object.fromEntries(chain),
      }),
    );
    expect(error.details.diagnostics.map(({ message }) => message)).toEqual([
      'Cannot import "f20.yaml": more than 20 files import one another in a row',
    ]);
  });

  it("is bounded by how much the files hold", async () => {
    const large = `naftiko: x\n${`# ${"c".repeat(1_000)}\n`.repeat(4_000)}`;
    const files = Array.from({ length: 6 }, (_, index) => `f${index}.yaml`);
    const error = await failure(
      resolve({
        "main.yaml": `naftiko: x\nimports: [ ${files.join(", ")} ]\ncapability: {}\n`,
        ...Object.fromEntries(files.map(name => [name, large])),
      }),
    );
    expect(error.details.diagnostics.map(({ message }) => message)).toEqual([
      'Cannot import "f5.yaml": the imported files have more than 16 million characters',
    ]);
  });

  it("ends with so many problems that nobody reads more", async () => {
    const entries = Array.from({ length: 5_000 }, (_, index) => `{ import: none${index}, location: r.yaml }`);
    const error = await failure(resolve({ "main.yaml": main(`[ ${entries.join(", ")} ]`), "r.yaml": registry }));
    expect(error.details.diagnostics).toHaveLength(50);
  });
});

async function failure(opening: Promise<unknown>): Promise<CapabilityError<"CAPABILITY_INVALID">> {
  const error: unknown = await opening.then(
    () => new Error("It was resolved"),
    thrown => thrown,
  );
  if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
  return error;
}
