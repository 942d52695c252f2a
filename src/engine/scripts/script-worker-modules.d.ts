// The build makes these modules.
declare module "quickjs-wasi/quickjs.wasm" {
  /** The program of the virtual machine. */
  export const bytes: Uint8Array<ArrayBuffer>;
}

declare module "#script-worker-text" {
  /** The program that a thread runs. */
  export const text: string;
}

// TypeScript declares it for browsers alone.
declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
}
