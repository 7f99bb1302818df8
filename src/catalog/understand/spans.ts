/** A piece of a text. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** Tells whether a span overlaps one of `spans`. Both those and the ones asked about come in order of appearance. */
export function overlapping(spans: readonly Span[]): (span: Span) => boolean {
  let next = 0;
  return ({ at, end }) => {
    for (let span = spans[next]; span && span.end <= at; span = spans[++next]);
    return (spans[next]?.at ?? Infinity) < end;
  };
}
