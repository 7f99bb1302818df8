import { registerHooks } from 'node:module';

/** A function as `@azure/functions` registers it with its host. */
export interface RegisteredFunction {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly callback: (input: unknown, context: unknown) => unknown;
}

/** What has been registered in this process so far, by name. */
export const registered = new Map<string, RegisteredFunction>();

const core = {
  version: '3.12.0',
  hostVersion: '4.1041.0',
  Disposable: class {
    dispose(): void {
      // nothing to give back
    }
  },
  log: (): void => {
    // The library's own messages to the host; functions log by themselves.
  },
  setProgrammingModel: (): void => {
    // There is one programming model here.
  },
  getProgrammingModel: (): undefined => undefined,
  registerHook: (): { dispose(): void } => ({ dispose: () => undefined }),
  registerFunction: (
    metadata: { readonly name: string; readonly bindings: RegisteredFunction['bindings'] },
    callback: RegisteredFunction['callback'],
  ): { dispose(): void } => {
    registered.set(metadata.name, { name: metadata.name, bindings: metadata.bindings, callback });
    return { dispose: () => registered.delete(metadata.name) };
  },
};

const url = 'hubwatch:functions-core';
const slot = Symbol.for('hubwatch.functions-core');

/**
 * Stands in for `@azure/functions-core`, the module through which the real host collects registrations. Must run before
 * anything imports `@azure/functions`.
 */
export function provideFunctionsCore(): void {
  const holder = globalThis as unknown as Record<symbol, unknown>;
  if (holder[slot]) return;
  holder[slot] = core;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core'
        ? { url, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (target, context, next) =>
      target === url
        ? {
            format: 'commonjs',
            shortCircuit: true,
            source: `module.exports = globalThis[Symbol.for('hubwatch.functions-core')]`,
          }
        : next(target, context),
  });
}
