/**
 * Metrics without a detector of their own, and the errors that usually stand behind them: which code, most documented
 * first, and in which log categories it would be shown.
 * @see https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes
 */
interface MetricFamily {
  readonly metrics: RegExp;
  readonly codes: readonly [string, ...string[]];
  readonly categories: RegExp;
}

const families: readonly MetricFamily[] = [
  { metrics: /^c2d\.methods\.failure$/i, codes: ['404103', '504101'], categories: /^DirectMethods$/i },
  {
    metrics: /^(?:c2d|d2c)\.twin\.(?:read|update)\.failure$/i,
    codes: ['429002', '404001'],
    categories: /^(?:C2D|D2C)TwinOperations$/i,
  },
  { metrics: /^twinQueries\.failure$/i, codes: ['429002', '400003'], categories: /^TwinQueries$/i },
  { metrics: /^jobs\./i, codes: ['429004', '403003'], categories: /^JobsOperations$/i },
  {
    metrics: /^(?:d2c\.telemetry\.egress\.|d2c\.endpoints\.|Routing)/i,
    codes: ['403004', '503008', '401002'],
    categories: /^Routes$/i,
  },
  {
    metrics: /^(?:C2DMessagesExpired|c2d\.commands\.)/i,
    codes: ['403004', '412002', '404001'],
    categories: /^C2DCommands$/i,
  },
  { metrics: /^EventGrid/i, codes: ['503008'], categories: /^Routes$/i },
];

/** What a metric of this name points to; nothing for one that has no family. */
export function familyOfMetric(metric: string): MetricFamily | undefined {
  return families.find(({ metrics }) => metrics.test(metric));
}
