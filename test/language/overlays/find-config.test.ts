import { chmod, chown, lchown, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findConfig } from "../../../src/language/overlays/find-config.ts";
import { readFoundOverlays } from "../../../src/language/overlays/load-overlays.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = "naftiko.config.yaml";
const FOREIGN = expect.objectContaining({
  code: "CONFIG_INVALID",
  message: expect.stringContaining("belongs to another user (1234)") as string,
  remedies: [{ action: "nameConfig", file: expect.stringContaining(FILE) as string }],
}) as Error;

describe("findConfig()", () => {
  it.each([
    { what: "in the working folder", files: [`a/b/${FILE}`, `a/${FILE}`], found: `a/b/${FILE}` },
    { what: "in the nearest folder above", files: [`a/${FILE}`, FILE], found: `a/${FILE}` },
    { what: "above before the user's", files: [FILE, `home/.config/naftiko/${FILE}`], found: FILE },
    {
      what: "of the user",
      files: [`home/.config/naftiko/${FILE}`],
      found: `home/.config/naftiko/${FILE}`,
    },
    {
      what: "of the user where XDG_CONFIG_HOME says",
      files: [`home/.config/naftiko/${FILE}`, `xdg/naftiko/${FILE}`],
      xdg: "xdg",
      found: `xdg/naftiko/${FILE}`,
    },
    { what: "nowhere", files: ["a/b/other.yaml", `a/b/${FILE}/not-a-file`], found: undefined },
  ])("finds one $what", async ({ files, xdg, found }) => {
    const folder = await temporaryFolder(Object.fromEntries(files.map(file => [file, ""])));
    const cwd = path.join(folder, "a", "b");
    const env = {
      HOME: path.join(folder, "home"),
      ...(xdg === undefined ? {} : { XDG_CONFIG_HOME: path.join(folder, xdg) }),
    };
    expect(findConfig({ cwd, env })).toBe(found === undefined ? undefined : path.join(folder, found));
  });

  it("asks no environment that does not say where the user's folder is", async () => {
    const folder = await temporaryFolder({});
    expect(findConfig({ cwd: folder, env: { XDG_CONFIG_HOME: "relative" } })).toBeUndefined();
  });

  it("is refused where all users may write it, and not where a group may", async () => {
    const folder = await temporaryFolder({ [FILE]: "" });
    await chmod(path.join(folder, FILE), 0o664);
    expect(findConfig({ cwd: folder, env: {} })).toBe(path.join(folder, FILE));
    await chmod(path.join(folder, FILE), 0o666);
    expect(() => findConfig({ cwd: folder, env: {} })).toThrow("all users may write it (chmod o-w changes that)");
  });

  // Only root can give files away.
  describe.runIf(process.getuid?.() === 0)("of another user", () => {
    it("is refused above the working folder", async () => {
      const folder = await temporaryFolder({ [FILE]: "", "a/file": "" });
      await chmod(folder, 0o777);
      await chown(path.join(folder, FILE), 1234, 1234);
      expect(() => findConfig({ cwd: path.join(folder, "a"), env: {} })).toThrow(FOREIGN);
    });

    it("is refused in that user's folder, which is the working one", async () => {
      const folder = await temporaryFolder({ [FILE]: "" });
      await chown(folder, 1234, 1234);
      await chown(path.join(folder, FILE), 1234, 1234);
      expect(() => findConfig({ cwd: folder, env: {} })).toThrow(FOREIGN);
    });

    it("is refused in the user's configuration folder", async () => {
      const folder = await temporaryFolder({ [`home/.config/naftiko/${FILE}`]: "", "a/file": "" });
      await chown(path.join(folder, "home/.config/naftiko", FILE), 1234, 1234);
      const env = { HOME: path.join(folder, "home") };
      expect(() => findConfig({ cwd: path.join(folder, "a"), env })).toThrow(FOREIGN);
    });

    it.each([
      { what: "a link of theirs to a file of the user", link: 1234, target: 0 },
      { what: "a link of the user to a file of theirs", link: 0, target: 1234 },
    ])("is refused as $what", async ({ link, target }) => {
      const folder = await temporaryFolder({ "elsewhere.yaml": "" });
      await symlink(path.join(folder, "elsewhere.yaml"), path.join(folder, FILE));
      await lchown(path.join(folder, FILE), link, link);
      await chown(path.join(folder, "elsewhere.yaml"), target, target);
      expect(() => findConfig({ cwd: folder, env: {} })).toThrow(FOREIGN);
    });

    it("is refused where it is put in place after it was found", async () => {
      const folder = await temporaryFolder({ [FILE]: "capabilities: {}" });
      const file = findConfig({ cwd: folder, env: {} }) ?? "";
      await chown(file, 1234, 1234);
      await expect(readFoundOverlays(file, {})).rejects.toThrow(FOREIGN);
    });
  });
});
