import type { Heard, NoDataState } from '../no-data.ts';
import { byName, f32, f64, kind, oneKindOf, oneOf, record, text, textOf, time, valueOf, type Stored } from './bytes.ts';

type Phase<Kind extends NoDataState['phase']['kind']> = Extract<NoDataState['phase'], { readonly kind: Kind }>;

const stored: Stored<NoDataState> = {
  layout: 'no-data',
  field: record<NoDataState>({
    heard: byName(
      record<Heard>({
        until: time,
        value: f64,
        sameSince: time,
        longestSameMs: f32,
        longestGapMs: f32,
        since: time,
      }),
    ),
    phase: oneKindOf<NoDataState['phase']>({
      calm: record<Phase<'calm'>>({ kind: kind('calm') }),
      breach: record<Phase<'breach'>>({
        kind: kind('breach'),
        cause: oneOf(['silent-metric', 'silent-hub', 'stuck-metric']),
        metric: text,
        sinceAt: time,
      }),
    }),
  }),
};

export function noDataText(state: NoDataState): string {
  return textOf(stored, state);
}

/** `undefined` if the text is damaged or of another version. */
export function noDataFrom(hot: string): NoDataState | undefined {
  return valueOf(stored, hot);
}
