import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { isJsonObject, type JsonObject } from "../../src/base/json-object.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// The manifests are held against the schemas of Kubernetes, of which `kubernetes-models` has made validators and types. Its
// validators let members through that no schema has, as Kubernetes' own do: the types do not.

const root = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(root, "deploy/kubernetes");
const require = createRequire(import.meta.url);

interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const manifests = readdirSync(FOLDER).flatMap(file =>
  parseAllDocuments(readFileSync(path.join(FOLDER, file), "utf8")).map(document => {
    expect(document.errors).toEqual([]);
    return { file, manifest: document.toJS() as Manifest };
  }),
);

function found(kind: string): Manifest[] {
  return manifests.flatMap(({ manifest }) => (manifest.kind === kind ? [manifest] : []));
}

/** Returns the value at a path of members and places. */
function at(value: unknown, ...names: readonly (string | number)[]): unknown {
  return names.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown> | undefined)?.[name], value);
}

describe("manifests of Kubernetes", () => {
  it.each(manifests.map(({ file, manifest }) => [file, manifest.kind, manifest.metadata.name, manifest] as const))(
    "%s: %s %s is valid",
    (_file, kind, _name, manifest) => {
      const models = require(`kubernetes-models/${manifest.apiVersion}`) as Record<
        string,
        new (
          data: unknown,
        ) => Model
      >;
      const Kind = models[kind];
      expect(Kind).toBeDefined();
      expect(() => Kind && new Kind(manifest).validate()).not.toThrow();
    },
  );

  it("have no member that their schemas do not have", async () => {
    const folder = await temporaryFolder({});
    await mkdir(path.join(folder, "node_modules"));
    for (const name of ["kubernetes-models", "@kubernetes-models"])
      await symlink(path.join(root, "node_modules", name), path.join(folder, "node_modules", name), "junction");
    const lines = manifests.map(({ manifest }, index) => {
      const type = `import("kubernetes-models/${manifest.apiVersion}").I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};\n`;
    });
    // A typing error in one of these is one in the manifest of that line.
    await writeFile(path.join(folder, "manifests.ts"), lines.join(""));
    const compiler = path.join(root, "node_modules/typescript/bin/tsc");
    const args = [
      compiler,
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--types",
      "",
      "manifests.ts",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(error => error);
    expect(stdout).toBe("");
  });

  it("have what runs many copies", () => {
    expect(found("Deployment").map(({ metadata }) => metadata.name)).toEqual(["naftiko-server", "naftiko-worker"]);
    for (const kind of ["PodDisruptionBudget", "HorizontalPodAutoscaler"])
      expect(found(kind).map(({ metadata }) => metadata.name)).toEqual(["naftiko-server", "naftiko-worker"]);
    expect(found("NetworkPolicy")).toHaveLength(3);
  });

  it("select pods that are there", () => {
    const labels = [...found("Deployment"), ...found("StatefulSet")].map(manifest =>
      at(manifest, "spec", "template", "metadata", "labels"),
    );
    const selectors = manifests.flatMap(({ manifest: { kind, spec } }) => [
      at(spec, "selector", "matchLabels"),
      at(spec, "podSelector", "matchLabels"),
      kind === "Service" ? at(spec, "selector") : undefined,
    ]);
    const wanted = selectors.filter(isJsonObject);
    expect(wanted).toHaveLength(10);
    for (const selector of wanted) expect(labels).toContainEqual(expect.objectContaining(selector));
  });

  describe.each([...found("Deployment"), ...found("StatefulSet")].map(manifest => [manifest.metadata.name, manifest]))(
    "%s",
    (_name, manifest) => {
      const pod = at(manifest, "spec", "template", "spec") as JsonObject;
      const container = at(pod, "containers", 0) as JsonObject;

      it("has no rights and no folder of the image to write to", () => {
        expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
        expect(container["securityContext"]).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(at(container, "resources", "limits", "memory")).toBeDefined();
      });

      it("has probes at ports that it has", () => {
        const names = (container["ports"] as { readonly name: string }[]).map(({ name }) => name);
        for (const probe of ["readinessProbe", "livenessProbe"]) {
          const { httpGet, tcpSocket } = container[probe] as Record<string, { readonly port: string } | undefined>;
          expect(names).toContain((httpGet ?? tcpSocket)?.port);
        }
      });

      it("mounts volumes that it has", () => {
        const volumes = [
          ...(pod["volumes"] as Named[]),
          ...((at(manifest, "spec", "volumeClaimTemplates") ?? []) as Claim[]),
        ];
        const names = volumes.map(volume => ("metadata" in volume ? volume.metadata.name : volume.name));
        for (const { name } of container["volumeMounts"] as Named[]) expect(names).toContain(name);
      });
    },
  );
});

interface Model {
  validate(): void;
}

interface Named {
  readonly name: string;
}

interface Claim {
  readonly metadata: Named;
}
