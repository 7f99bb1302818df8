import type { OperationRateState } from '../operation-rate.ts';
import { f32, list, optional, record, span, textOf, time, valueOf, type Stored } from './bytes.ts';

const stored: Stored<OperationRateState> = {
  layout: 'operation-rate',
  field: record<OperationRateState>({
    grainMs: span,
    judgedUntil: time,
    calls: list(f32),
    sinceAt: optional(time, undefined),
  }),
};

export function operationRateText(state: OperationRateState): string {
  return textOf(stored, state);
}

/** `undefined` if the text is damaged or of another version. */
export function operationRateFrom(hot: string): OperationRateState | undefined {
  return valueOf(stored, hot);
}
