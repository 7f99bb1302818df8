import { backtestHub } from '../backtest/backtest-hub.ts';
import { backtestCard } from '../cards/backtest-card.ts';
import type { Card } from '../cards/elements.ts';
import type { Language } from '../cards/words/words.ts';
import { maintenanceOf, rulesFor } from '../detection/resolve-rules.ts';
import { isSlow } from '../detection/rule.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { learningDays, readHubHistory } from './hub-history.ts';

const shownDays = 14;

/** What the rules would have told of a hub in the last two weeks; `undefined` if no hub of that name is watched. */
export async function backtestOf(
  deps: Deps,
  name: string,
  language: Language,
  now: EpochMs,
): Promise<Card | undefined> {
  const record = (await deps.stores.hubs.listAll()).find(({ hub }) => hub.name.toLowerCase() === name.toLowerCase());
  if (!record) return undefined;
  const span = { from: now - shownDays * DAY, to: now };
  const history = await readHubHistory(
    deps.azure,
    record.hub,
    { from: span.from - learningDays * DAY, to: span.to },
    now,
  );
  const rules = rulesFor(deps.policies.rules, record.hub).filter((rule) => !isSlow(rule));
  const maintenance = maintenanceOf(deps.policies.rules, record.hub);
  const { episodes, picture } = backtestHub({ ...history, hub: { ...history.hub, maintenance }, rules, span });
  return backtestCard({ hub: record.hub.name, days: shownDays, episodes, picture }, language);
}
