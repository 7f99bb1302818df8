// Bundles the triggers of functions/ into dist/, as the Functions host loads them: ES modules, split, so that the SDKs
// are read only by the invocation that needs them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** botbuilder requires the CommonJS build of Azure's packages while the app imports the ES build: one copy is enough. */
const oneCopyOfAzure: Plugin = {
  name: 'one-copy-of-azure',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@(?:azure|typespec|azure-rest)\// }, async (args) => {
      if (
        args.pluginData === 'resolved' ||
        args.kind === 'import-statement' ||
        args.path.startsWith('@azure/functions')
      )
        return undefined;
      return resolve(args.path, {
        kind: 'import-statement',
        importer: args.importer,
        resolveDir: args.resolveDir,
        pluginData: 'resolved',
      });
    });
  },
};

// A test builds into a folder of its own.
const outdir = process.argv[2] ?? join(root, 'dist');

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['functions/*.ts'],
  outdir,
  outbase: '.',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: true,
  // Names of errors and classes stand in logs.
  keepNames: true,
  sourcemap: process.argv[2] === undefined ? 'linked' : false,
  sourcesContent: false,
  legalComments: 'linked',
  // The host provides it.
  external: ['@azure/functions-core'],
  // CommonJS packages inside the bundle still call require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
  plugins: [oneCopyOfAzure],
  logLevel: 'info',
});
