import type { DetectorState } from '../evaluate-rule.ts';
import type { UsePicture } from '../quota-state.ts';
import type { SeasonalPicture } from '../seasonal-picture.ts';
import { gaugeFrom, gaugeHotText, gaugePictureFrom, gaugePictureText } from './gauge-text.ts';
import {
  metricFrom,
  metricHotText,
  metricPictureDay,
  metricPictureFrom,
  metricPictureText,
  type MetricPicture,
} from './metric-text.ts';
import { noDataFrom, noDataText } from './no-data-text.ts';
import { operationRateFrom, operationRateText } from './operation-rate-text.ts';
import { throttlingFrom, throttlingText } from './throttling-text.ts';
import {
  quotaFrom,
  quotaHotText,
  telemetryFrom,
  telemetryHotText,
  usePictureFrom,
  usePictureText,
} from './use-text.ts';

type Detector = DetectorState['detector'];

/** What is written with every evaluation. */
export interface StoredState {
  readonly detector: Detector;
  /** At most 1,024 characters (base64). */
  readonly hot: string;
  /** The day of the seasonal picture that belongs to it; `undefined` if this detector has none. */
  readonly pictureDay: number | undefined;
}

/** A seasonal picture that was read from its text: it serves every evaluation until its day is over, so keep it. */
export type ReadPicture =
  | { readonly detector: 'connected-devices'; readonly picture: SeasonalPicture }
  | { readonly detector: 'quota' | 'telemetry'; readonly picture: UsePicture }
  | { readonly detector: 'metric'; readonly picture: MetricPicture };

export function storedState(known: DetectorState): StoredState {
  const { detector, state } = known;
  switch (detector) {
    case 'connected-devices':
      return { detector, hot: gaugeHotText(state), pictureDay: state.picture.day };
    case 'quota':
      return { detector, hot: quotaHotText(state), pictureDay: state.picture.day };
    case 'telemetry':
      return { detector, hot: telemetryHotText(state), pictureDay: state.picture.day };
    case 'throttling':
      return { detector, hot: throttlingText(state), pictureDay: undefined };
    case 'no-data':
      return { detector, hot: noDataText(state), pictureDay: undefined };
    case 'operation-rate':
      return { detector, hot: operationRateText(state), pictureDay: undefined };
    case 'metric':
      return { detector, hot: metricHotText(state), pictureDay: metricPictureDay(state) };
  }
}

/** The text of a state's seasonal picture, at most 16,384 characters: write it when its day is not the one that was written last. */
export function storedPicture(known: DetectorState): string | undefined {
  const { detector, state } = known;
  switch (detector) {
    case 'connected-devices':
      return gaugePictureText(state.picture);
    case 'quota':
    case 'telemetry':
      return usePictureText(state.picture);
    case 'metric':
      return metricPictureText(state);
    case 'throttling':
    case 'no-data':
    case 'operation-rate':
      return undefined;
  }
}

/** `undefined` if the text is damaged or of another version: the state is then rebuilt from history. */
export function readPicture(detector: Detector, text: string): ReadPicture | undefined {
  switch (detector) {
    case 'connected-devices': {
      const picture = gaugePictureFrom(text);
      return picture && { detector, picture };
    }
    case 'quota':
    case 'telemetry': {
      const picture = usePictureFrom(text);
      return picture && { detector, picture };
    }
    case 'metric': {
      const picture = metricPictureFrom(text);
      return picture && { detector, picture };
    }
    case 'throttling':
    case 'no-data':
    case 'operation-rate':
      return undefined;
  }
}

/**
 * The state of before. `undefined` if it is damaged, of another version, or does not belong to the picture (which was not
 * written, say): it is then rebuilt from history.
 */
export function readState({ detector, hot }: StoredState, kept: ReadPicture | undefined): DetectorState | undefined {
  switch (detector) {
    case 'connected-devices': {
      const state = kept?.detector === detector ? gaugeFrom(hot, kept.picture) : undefined;
      return state && { detector, state };
    }
    case 'quota': {
      const state = kept?.detector === detector ? quotaFrom(hot, kept.picture) : undefined;
      return state && { detector, state };
    }
    case 'telemetry': {
      const state = kept?.detector === detector ? telemetryFrom(hot, kept.picture) : undefined;
      return state && { detector, state };
    }
    case 'throttling': {
      const state = throttlingFrom(hot);
      return state && { detector, state };
    }
    case 'no-data': {
      const state = noDataFrom(hot);
      return state && { detector, state };
    }
    case 'operation-rate': {
      const state = operationRateFrom(hot);
      return state && { detector, state };
    }
    case 'metric': {
      const state = kept?.detector === detector ? metricFrom(hot, kept.picture) : undefined;
      return state && { detector, state };
    }
  }
}
