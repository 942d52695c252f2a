/** Variables of an environment, such as that of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;
