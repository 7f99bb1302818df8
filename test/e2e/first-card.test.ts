import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cards, cardScreenshot, openBrowser, say, screenshot } from './browser.ts';

// What a newcomer sees: `npm start`, a page, a card that comes by itself, and a button that works.

const root = join(import.meta.dirname, '../..');

describe('a newcomer', () => {
  let start: ChildProcess;
  let printed = '';
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    start = spawn(process.execPath, ['src/simulator/main.ts', '--scenario', 'throttling', '--speed', '3'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += chunk.toString();
        const found = /Open\s+(http:\/\/\S+)/.exec(printed)?.[1];
        if (found) resolve(found);
      };
      start.stdout?.on('data', read);
      start.stderr?.on('data', read);
      start.once('exit', () => {
        reject(new Error(`npm start ended:\n${printed}`));
      });
    });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1300, height: 1200 } });
    await page.goto(url);
  });
  afterAll(async () => {
    await browser.close();
    start.kill('SIGKILL');
  });

  it('sees a card without typing, acknowledges it in place, and asks what the code means', async () => {
    const card = cards(page).first();
    await card.waitFor({ timeout: 60_000 });
    await card.getByText('plant-berlin', { exact: true }).waitFor();
    await cardScreenshot(page, 0, 'e2e-firing');

    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await card.getByText(/Acknowledged by Olivia Oncall/).waitFor();
    expect(await cards(page).count()).toBe(1);
    expect(await card.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    await cardScreenshot(page, 0, 'e2e-acknowledged');

    await say(page, 'explain 429001');
    const answer = cards(page).nth(1);
    await answer.getByText('429001 ThrottlingException').waitFor();
    await screenshot(page, 'e2e-explained');

    await card
      .getByText(/^Resolved/)
      .first()
      .waitFor({ timeout: 60_000 });
    await cardScreenshot(page, 0, 'e2e-resolved');
    expect(await card.getByText('plant-berlin').count()).toBeGreaterThan(0);
  });

  it('stops everything with Ctrl-C', async () => {
    const ended = new Promise<number | null>((resolve) => start.once('exit', resolve));
    start.kill('SIGINT');
    expect(await ended).toBe(0);
    const address = /Open\s+(http:\/\/\S+)/.exec(printed)?.[1] ?? '';
    await expect(fetch(address)).rejects.toThrow();
  });
});
