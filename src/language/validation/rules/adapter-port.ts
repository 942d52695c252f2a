import type { ExposedRule } from "../exposed-rule.ts";

/** Finds servers that cannot listen beside each other (language chapter 7.5). */
export const adapterPort: ExposedRule = {
  name: "adapter-port",
  kinds: ["error", "warning"],
  explanation: "Two servers have the same port, or there is more than one control server.",
  fix: "Give each server a port of its own, and keep one control server.",
  check({ adapters }, report) {
    let control: string | undefined;
    const owners = new Map<number, { readonly name: string; readonly isControl: boolean; readonly address: string }>();
    for (const { declaration, pointer } of adapters) {
      const isControl = declaration.type === "control";
      if (isControl && control !== undefined) {
        report("error", pointer, "There is a second control server: a capability has one at most");
        continue;
      }
      if (isControl) control = pointer;
      const { port, address = "" } = declaration;
      if (port === undefined || port === 0) continue;
      const name = declaration.type === "control" ? "the control server" : `"${declaration.namespace}"`;
      const other = owners.get(port);
      if (other === undefined) owners.set(port, { name, isControl, address });
      else if (isControl || other.isControl)
        report("error", `${pointer}/port`, `Port ${port} is that of ${other.name} too: the control server shares none`);
      else if (other.address === address)
        report("warning", `${pointer}/port`, `Port ${port} is that of ${other.name} too: only one of them can listen`);
    }
  },
};
