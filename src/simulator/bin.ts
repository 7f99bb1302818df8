/** One bin of a metric as Azure Monitor gives it, with all its aggregations. */
export interface Bin {
  readonly total: number;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
}
