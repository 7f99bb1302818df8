import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './ports.ts';

/** Microsoft's Agents Playground: a Teams client on this machine, talking to the bot over HTTP. */
export interface Playground {
  /** The page to open. */
  readonly url: string;
  /** Where the bot's answers and posts go; the bot must accept it as a service URL's origin. */
  readonly origin: string;
  close(): Promise<void>;
}

const readyMs = 30_000;
/** Ends the Playground when this process is gone, however that happened: its standard input closes then. */
const endWithParent = `data:text/javascript,${encodeURIComponent("process.stdin.on('close', () => process.exit(0)).resume()")}`;
const require = createRequire(import.meta.url);

/** The people and conversations of the stage. Five other users is what the Playground insists on. */
export const stage = {
  channelId: '19:alerts@thread.tacv2',
  generalId: '19:general@thread.tacv2',
  personalId: 'a:personal-olivia',
  groupId: '19:group@thread.v2',
  olivia: person('29:olivia', 'Olivia Oncall', 'a0'),
  others: [
    person('29:megan', 'Megan Bowen', 'a1'),
    person('29:adele', 'Adèle Martin', 'a2'),
    person('29:diego', 'Diego Siciliani', 'a3'),
    person('29:lee', 'Lee Gu', 'a4'),
    person('29:nestor', 'Nestor Wilke', 'a5'),
  ],
} as const;

function person(id: string, name: string, suffix: string) {
  const [givenName = '', surname = ''] = name.split(' ');
  const email = `${givenName
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')}@contoso.example`;
  return {
    id,
    name,
    userPrincipleName: email,
    aadObjectId: `00000000-0000-0000-0000-0000000000${suffix}`,
    givenName,
    surname,
    email,
  };
}

/** Starts the Playground for a bot. @throws {Error} if it does not come up, with what it printed */
export async function startPlayground(botUrl: string, wantedPort = 56150): Promise<Playground> {
  const folder = mkdtempSync(join(tmpdir(), 'hubwatch-playground-'));
  const config = join(folder, 'playground.yml');
  writeFileSync(
    config,
    stringify({
      version: '0.1.1',
      tenantId: '99999999-0000-0000-0000-000000000000',
      bot: { id: '28:11111111-2222-3333-4444-555555555555', name: 'Hubwatch' },
      currentUser: stage.olivia,
      users: stage.others,
      personalChat: { id: stage.personalId },
      groupChat: { id: stage.groupId, name: 'IoT war room' },
      team: {
        id: stage.generalId,
        name: 'IoT Operations',
        aadGroupId: '00000000-0000-0000-0000-000000000031',
        channels: [{ id: stage.channelId, name: 'IoT Alerts' }],
      },
    }),
  );
  const port = await freePort(wantedPort);
  const child = spawn(
    process.execPath,
    [
      '--import',
      endWithParent,
      require.resolve('@microsoft/m365agentsplayground/cli.js'),
      'start',
      '-e',
      botUrl,
      '-p',
      String(port),
      '--disable-telemetry',
    ],
    {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TEAMSAPPTESTER_BROWSER: 'none',
        M365_AGENTS_PLAYGROUND_CONFIG_PATH: config,
        M365_AGENTS_PLAYGROUND_LOGFILE: join(folder, 'playground.log'),
      },
    },
  );
  let printed = '';
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killing = setTimeout(() => child.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(killing);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const actual = await new Promise<number>((resolve, reject) => {
      const failed = (): void => {
        reject(new Error(`The Agents Playground did not start. It printed:\n${printed.slice(-2_000)}`));
      };
      const timer = setTimeout(failed, readyMs);
      const read = (chunk: Buffer): void => {
        printed += chunk.toString();
        const listening = /Listening on (\d+)/.exec(printed)?.[1];
        if (listening === undefined) return;
        clearTimeout(timer);
        resolve(Number(listening));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void ended.then(failed);
    });
    // The Playground names itself "localhost" in the service URL that it gives to the bot.
    return { url: `http://127.0.0.1:${String(actual)}`, origin: `http://localhost:${String(actual)}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
