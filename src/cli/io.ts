/** What a command may touch of the terminal: `process` fits. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly stdin: AsyncIterable<string | Uint8Array>;
}

/** Enough for a command that reads no input. */
export type Output = Pick<Io, 'stdout' | 'stderr'>;
