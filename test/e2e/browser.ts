import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where screenshots are kept, to be looked at; git ignores it. */
export const artifacts = join(import.meta.dirname, '../../artifacts');

/** Debian's Chromium, or the one that CHROMIUM names. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`There is no ${executablePath}: install Debian's chromium, or name another with CHROMIUM.`);
  mkdirSync(artifacts, { recursive: true });
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(artifacts, `${name}.png`) });
}

export async function cardScreenshot(page: Page, index: number, name: string): Promise<void> {
  await cards(page)
    .nth(index)
    .screenshot({ path: join(artifacts, `${name}.png`) });
}

export function cards(page: Page) {
  return page.locator('.ac-adaptiveCard');
}

/** Types into the Playground's compose box, as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  const { height = 0 } = page.viewportSize() ?? {};
  await page.mouse.click(560, height - 48);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}
