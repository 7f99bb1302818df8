import type { Harmless, ThrottlingPhase, ThrottlingState } from '../throttling-state.ts';
import {
  coarseList,
  f32,
  f64,
  i32,
  kind,
  oneKindOf,
  oneOf,
  record,
  span,
  textOf,
  time,
  u32,
  valueOf,
  type Stored,
} from './bytes.ts';

const harmless = record<Harmless>({
  refused: f32,
  refusedTwice: f32,
  refusedThrice: f32,
  busyShort: f32,
  busyLong: f32,
  attempts: f32,
});

type Phase<Kind extends ThrottlingPhase['kind']> = Extract<ThrottlingPhase, { readonly kind: Kind }>;

const stored: Stored<ThrottlingState> = {
  layout: 'throttling',
  field: record<ThrottlingState>({
    grainMs: span,
    judgedUntil: time,
    refused: coarseList,
    attempts: coarseList,
    day: i32,
    today: harmless,
    yesterday: harmless,
    past: harmless,
    daysSeen: u32,
    phase: oneKindOf<ThrottlingPhase>({
      calm: record<Phase<'calm'>>({ kind: kind('calm'), since: time }),
      breach: record<Phase<'breach'>>({
        kind: kind('breach'),
        cause: oneOf(['sustained', 'recurring', 'attempts']),
        sinceAt: time,
        firedAt: time,
        refused: f64,
        attempts: f64,
      }),
    }),
  }),
};

export function throttlingText(state: ThrottlingState): string {
  return textOf(stored, state);
}

/** `undefined` if the text is damaged or of another version. */
export function throttlingFrom(text: string): ThrottlingState | undefined {
  return valueOf(stored, text);
}
