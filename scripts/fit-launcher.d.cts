/** Changes the launcher where `env` cannot start it, and tells whether it did. */
export function fitLauncher(file: string, env?: string): boolean;
