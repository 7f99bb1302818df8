import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseScenario, type Scenario } from '../../../src/simulator/scenario.ts';
import { diceOf } from './dice.ts';
import { drawHub } from './hub.ts';
import { connectionStories } from './stories-connections.ts';
import { mixedStories } from './stories-mixed.ts';
import { throttlingStories } from './stories-throttling.ts';
import type { Label, Story } from './story.ts';

export const stories: Readonly<Record<string, Story>> = { ...throttlingStories, ...connectionStories, ...mixedStories };

/** `develop` may be looked at while the diagnosis is worked on; `measure` only says how good it is. */
export const seeds = z
  .strictObject({ develop: z.array(z.int()), measure: z.array(z.int()), sample: z.array(z.int()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'seeds.json'), 'utf8')));

export interface Labelled {
  readonly story: string;
  readonly seed: number;
  /** Whether the logs tell something: a hub without a diagnostic setting has none, and not everybody may read them. */
  readonly logs: 'read' | 'no diagnostic setting' | 'refused' | 'failing';
  readonly scenario: Scenario;
  readonly label: Label;
  /** Rules for metrics without a detector of their own matter here. */
  readonly otherMetrics: boolean;
}

/** The scenario of one story and seed, with its label. */
export function labelled(story: string, seed: number): Labelled {
  const tell = stories[story];
  if (!tell) throw new Error(`There is no story ${story}`);
  const dice = diceOf(seed, story);
  const logs = dice.chance(0.65)
    ? 'read'
    : dice.pick('no diagnostic setting', 'no diagnostic setting', 'refused', 'failing');
  const { limitPerMinute: _limit, quota: _quota, ...hub } = drawHub(dice, logs !== 'no diagnostic setting');
  const told = tell(dice, { ...hub, limitPerMinute: _limit, quota: _quota });
  const unreadable = { refused: 403, failing: dice.pick<number | string>(429, 500, 'malformed') } as const;
  const scenario = parseScenario(
    `${story} ${String(seed)}`,
    JSON.stringify({
      title: story,
      about: `${story}, drawn with seed ${String(seed)}`,
      startsAt: told.startsAt ?? '2026-03-10T09:00:00Z',
      length: `${String(told.minutes ?? 34)}m`,
      seed,
      hubs: [{ ...hub, ...told.hub }],
      events: [
        ...told.events,
        ...(logs === 'refused' || logs === 'failing'
          ? [{ kind: 'azure', at: '0s', api: 'logs', answer: unreadable[logs] }]
          : []),
      ],
    }),
  );
  return {
    story,
    seed,
    logs,
    scenario,
    label: logs === 'read' ? told.label.read : told.label.unread,
    otherMetrics: told.otherMetrics === true,
  };
}
