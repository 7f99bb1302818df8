#!/usr/bin/env node
import type { Io } from './io.ts';

interface Command {
  readonly usage: string;
  /** Runs the command; the number is the exit code. Loaded only when it is asked for. */
  load(): Promise<(args: readonly string[], io: Io) => Promise<number>>;
}

const commands: Readonly<Record<string, Command>> = {
  explain: {
    usage: 'explain "<code, log line or what you see>" [--lang en|fr] [--json]',
    load: async () => (await import('./explain.ts')).explain,
  },
  backtest: {
    usage: 'backtest --recording DIR | --hub NAME [--days 14] [--standin URL] [options]',
    load: async () => {
      const [{ backtest }, { azureWorld }] = await Promise.all([import('./backtest.ts'), import('./azure-world.ts')]);
      return (args, io) => backtest(args, io, azureWorld);
    },
  },
  detect: {
    usage: 'detect --in DIR --out DIR',
    load: async () => (await import('./detect.ts')).detect,
  },
  evaluate: {
    usage: 'evaluate --scenario FILE | --standin URL --from T --to T [--json]',
    load: async () => (await import('./evaluate.ts')).evaluate,
  },
  answer: {
    usage: 'answer --jsonl < questions.jsonl',
    load: async () => (await import('./answer.ts')).answer,
  },
};

const usage = `Usage: npm run --silent hubwatch -- <command>\n\n${Object.values(commands)
  .map((command) => `  ${command.usage}\n`)
  .join('')}`;

/** Runs what the arguments name. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return (await command.load())(rest, io);
  if (/^(?:--help|-h|help)$/.test(name)) {
    io.stdout.write(usage);
    return 0;
  }
  io.stderr.write(name === '' ? usage : `No such command: ${name.slice(0, 40)}\n\n${usage}`);
  return 2;
}

if (import.meta.main) {
  // Whoever reads the output may have left: `hubwatch answer … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.exitCode = await main(process.argv.slice(2), process);
}
