import { setImmediate } from 'node:timers/promises';
import { backtestHub, type HubBacktest } from '../backtest/backtest-hub.ts';
import { cardReply, type Reply } from '../bot/inbound.ts';
import { backtestCard } from '../cards/backtest-card.ts';
import { clean } from '../cards/clean.ts';
import { wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { maintenanceOf, rulesFor } from '../detection/resolve-rules.ts';
import { isSlow } from '../detection/rule.ts';
import type { Hub } from '../hubs/hub.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { learningDays, readHubHistory } from './hub-history.ts';

const shownDays = 14;

/** What the rules would have told of a hub in the last two weeks. */
export async function answerBacktest(deps: Deps, name: string, language: Language, now: EpochMs): Promise<Reply> {
  const words = wordsOf(language);
  const record = (await deps.stores.hubs.listAll()).find(({ hub }) => hub.name.toLowerCase() === name.toLowerCase());
  if (!record) return { kind: 'words', text: words.unknownHub(clean(name, 60)) };
  const found = await deps.backtests.of(record.hub.id, () => replayed(deps, record.hub, now), now);
  if (!found) return { kind: 'words', text: words.labels.backtestRunning };
  return cardReply(backtestCard({ hub: record.hub.name, days: shownDays, ...found }, language));
}

async function replayed(deps: Deps, hub: Hub, now: EpochMs): Promise<HubBacktest> {
  const span = { from: now - shownDays * DAY, to: now };
  const history = await readHubHistory(deps.azure, hub, { from: span.from - learningDays * DAY, to: span.to }, now);
  const rules = rulesFor(deps.policies.rules, hub).filter((rule) => !isSlow(rule));
  const maintenance = maintenanceOf(deps.policies.rules, hub);
  // Other work of this process comes in between.
  return backtestHub({ ...history, hub: { ...history.hub, maintenance }, rules, span, pause: setImmediate });
}
