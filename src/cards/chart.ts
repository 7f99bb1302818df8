import type { ILineChart, ILineChartData } from '@microsoft/teams.cards';
import type { Evaluation, Picture } from '../detection/evaluation.ts';
import { HOUR, type EpochMs } from '../time/time.ts';
import { say, type Element } from './elements.ts';
import type { Words } from './words/words.ts';

/** In the narrow card of a channel no more labels than this fit under the axis, and as few points stay readable. */
const maxPoints = 24;

/** The metric with its limit or usual level, and the same in words for clients that draw no charts and people who do not see. */
export function chart(evaluation: Evaluation, words: Words): readonly Element[] {
  const { picture, numbers } = evaluation;
  const summary = say(words.picture(evaluation), { isSubtle: true, size: 'Small' }, { spacing: 'Small' });
  if (!picture || picture.values.every((value) => value === null)) return [summary];
  const bins = thinned(picture);
  const line = (
    legend: string,
    color: NonNullable<ILineChartData['color']>,
    at: (bin: number) => number | null | undefined,
  ): ILineChartData[] => {
    const values = bins.flatMap((bin) => {
      const y = at(bin);
      return y === null || y === undefined
        ? []
        : [{ x: label(picture.from + bin * picture.grainMs, picture), y: round(y) }];
    });
    return values.length === 0 ? [] : [{ legend, color, values }];
  };
  const limit = picture.limit ?? undefined;
  const drawing: ILineChart = {
    type: 'Chart.Line',
    title: words.signal(evaluation.signal),
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

/** Indexes of the bins to draw: evenly spread, the newest always among them. */
function thinned({ values }: Picture): readonly number[] {
  const step = Math.ceil(values.length / maxPoints);
  const bins: number[] = [];
  for (let i = values.length - 1; i >= 0; i -= step) bins.unshift(i);
  return bins;
}

/** `09:12`, or with the day where the picture is longer than a day: anything longer is cut off by the client. */
function label(at: EpochMs, picture: Picture): string {
  const text = new Date(at).toISOString();
  return picture.values.length * picture.grainMs > 24 * HOUR
    ? `${text.slice(5, 10)} ${text.slice(11, 13)}h`
    : text.slice(11, 16);
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
