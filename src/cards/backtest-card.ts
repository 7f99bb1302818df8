import type { Evaluation, Picture } from '../detection/evaluation.ts';
import type { EpochMs } from '../time/time.ts';
import { chart } from './chart.ts';
import { clean } from './clean.ts';
import { bullets, card, runs, say, type Card } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language } from './words/words.ts';

/** What the rules would have told of one hub. */
export interface HubBacktest {
  readonly hub: string;
  readonly days: number;
  readonly episodes: readonly {
    readonly metric: string;
    readonly kind: string;
    readonly from: EpochMs;
    readonly to: EpochMs | undefined;
  }[];
  readonly picture: Picture | undefined;
}

const episodesShown = 15;

/** The devices of the last days with their usual level, and every incident that there would have been. */
export function backtestCard({ hub, days, episodes, picture }: HubBacktest, language: Language): Card {
  const words = wordsOf(language);
  const devices: Evaluation = {
    rule: 'connected-devices',
    signal: 'connected-devices',
    metric: 'connectedDeviceCount',
    verdict: 'normal',
    reason: 'backtest',
    severity: 'information',
    numbers: {},
    ...(picture ? { picture } : {}),
  };
  const title = words.backtest(clean(hub), days, episodes.length);
  const newest = episodes.toSorted((a, b) => b.from - a.from);
  return card(
    [
      { type: 'RichTextBlock', inlines: runs(clean(hub), { weight: 'Bolder', size: 'Large' }) },
      say(title),
      ...chart(devices, words),
      ...bullets(
        newest
          .slice(0, episodesShown)
          .map((episode) =>
            clean(words.episode(clean(episode.kind, 60), clean(episode.metric, 90), episode.from, episode.to), 200),
          ),
      ),
      ...(newest.length > episodesShown ? [say(words.andMore(newest.length - episodesShown), { isSubtle: true })] : []),
    ],
    [],
    title,
  );
}
