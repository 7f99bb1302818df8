import type { ILineChart, ILineChartData } from '@microsoft/teams.cards';
import type { Evaluation, Picture } from '../detection/evaluation.ts';
import { HOUR, MINUTE } from '../time/time.ts';
import { clean } from './clean.ts';
import { say, type Element } from './elements.ts';
import type { Words } from './words/words.ts';

/** As many points stay readable in the narrow card of a channel. */
const maxPoints = 30;

/** The metric with its limit or usual level, and the same in words for clients that draw no charts and people who do not see. */
export function chart(evaluation: Evaluation, words: Words): readonly Element[] {
  const { picture, numbers } = evaluation;
  const summary = say(words.picture(evaluation), { isSubtle: true, size: 'Small' }, { spacing: 'Small' });
  if (!picture || picture.values.every((value) => value === null)) return [summary];
  const bins = thinned(picture);
  const scale = timeScale(picture, words);
  const line = (
    legend: string,
    color: NonNullable<ILineChartData['color']>,
    at: (bin: number) => number | null | undefined,
  ): ILineChartData[] => {
    const values = bins.flatMap((bin) => {
      const y = at(bin);
      return y === null || y === undefined ? [] : [{ x: scale.x(bin), y: round(y) }];
    });
    return values.length === 0 ? [] : [{ legend, color, values }];
  };
  const limit = picture.limit ?? undefined;
  const drawing: ILineChart = {
    type: 'Chart.Line',
    title: clean(words.signal(evaluation.signal), 60),
    xAxisTitle: scale.title,
    data: [
      ...line(words.labels.value, 'attention', (bin) => picture.values[bin]),
      ...line(words.labels.expected, 'good', (bin) => picture.expected?.[bin] ?? undefined),
      ...(limit === undefined ? [] : line(words.labels.limit, 'warning', () => limit)),
      ...(limit === undefined && numbers.fireLevel !== undefined && picture.expected === undefined && picture.lower
        ? line(words.labels.limit, 'warning', (bin) => picture.lower?.[bin])
        : []),
    ],
    fallback: say(words.picture(evaluation)),
  };
  return [drawing, summary];
}

/** Indexes of the bins to draw: evenly spread, the newest always among them, and so many that the axis can be cut in four. */
function thinned({ values }: Picture): readonly number[] {
  const step = Math.ceil(values.length / maxPoints);
  const bins: number[] = [];
  for (let i = values.length - 1; i >= 0; i -= step) bins.unshift(i);
  return bins.length > 8 ? bins.slice((bins.length - 1) % 4) : bins;
}

/**
 * Clients cut text labels that do not fit (a handful does), so the axis is numeric: minutes or hours before the newest
 * bin, whose time stands in the title.
 */
function timeScale(picture: Picture, words: Words): { readonly title: string; x(bin: number): number } {
  const last = picture.values.length - 1;
  const inHours = last * picture.grainMs > 3 * HOUR;
  const unitMs = inHours ? HOUR : MINUTE;
  const newest = picture.from + last * picture.grainMs;
  return {
    title: inHours ? words.hoursBefore(newest) : words.minutesBefore(newest),
    x: (bin) => round(((bin - last) * picture.grainMs) / unitMs),
  };
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
