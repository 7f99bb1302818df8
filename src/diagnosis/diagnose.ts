import type { Evaluation } from '../detection/evaluation.ts';
import type { Candidate, Diagnosis, Evidence } from './diagnosis.ts';

/** The error families that explain a breach, best first. */
export function diagnose(evaluation: Evaluation, evidence: Evidence): Diagnosis {
  return { candidates: candidatesOf(evaluation), evidence };
}

function candidatesOf(evaluation: Evaluation): readonly Candidate[] {
  switch (evaluation.signal) {
    case 'throttling':
      // The metric counts refused device-to-cloud sends and nothing else: it is 429001 by definition.
      return [{ family: '429xxx', code: '429001', confidence: 'established', reason: 'throttle-metric' }];
    case 'quota':
      return [
        {
          family: '403xxx',
          code: '403002',
          confidence: (evaluation.numbers.ratio ?? 0) >= 1 ? 'established' : 'likely',
          reason: (evaluation.numbers.ratio ?? 0) >= 1 ? 'quota-exhausted' : 'quota-near',
        },
      ];
    case 'connected-devices':
      return [
        { family: '404xxx', code: '404104', confidence: 'possible', reason: 'connections-lost' },
        { family: '500xxx', confidence: 'possible', reason: 'hub-side-fault' },
        { family: '401xxx', code: '401003', confidence: 'possible', reason: 'credentials' },
      ];
    default:
      return [];
  }
}
