import { parseDatetime } from '../datetimes.ts';
import type { PlainFunction } from './parameters.ts';
import { parseTimespan } from '../timespans.ts';
import { isNumeric, type KustoType, type Value } from '../values.ts';
import { wordsOf } from '../words.ts';

type Convert = (value: Value, type: KustoType) => Value;

function conversion(gives: KustoType, convert: Convert): PlainFunction {
  return {
    takes: ['any'],
    gives,
    call: ([value], [type]) => {
      if (value === undefined || value === null) return null;
      return convert(value, type ?? 'dynamic');
    },
  };
}

const isWhole = (text: string): boolean => /^\s*[+-]?\d{1,15}\s*$/.test(text);
const isReal = (text: string): boolean => /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(text);

const toWhole: Convert = (value, type) => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return isWhole(value) ? Number(value) : null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return isNumeric(type) || type === 'dynamic' ? Math.trunc(value) : null;
};
const toReal: Convert = (value, type) => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return isReal(value) ? Number(value) : null;
  return typeof value === 'number' && (isNumeric(type) || type === 'dynamic') ? value : null;
};
const toDatetime: Convert = (value, type) => {
  if (type === 'datetime') return value;
  return typeof value === 'string' ? (parseDatetime(value) ?? null) : null;
};
const toTimespan: Convert = (value, type) => {
  if (type === 'timespan') return value;
  return typeof value === 'string' ? (parseTimespan(value) ?? null) : null;
};
const toBool: Convert = (value) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : null;
};
/** A string that is no JSON stays a string; a value that is a dynamic already is not read again. */
const toJson: Convert = (value, type) => {
  if (type !== 'string' || typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value === '' ? null : value;
  }
};

const parsing: PlainFunction = {
  takes: ['any'],
  gives: ([type]) => (type === 'string' || type === 'dynamic' ? 'dynamic' : undefined),
  call: ([value], [type]) => toJson(value ?? null, type ?? 'string'),
};

/** `tostring`, `toint` … : null for what cannot be converted. */
export const conversionFunctions: Readonly<Record<string, PlainFunction>> = {
  tostring: { takes: ['any'], gives: 'string', call: ([value], [type]) => wordsOf(value ?? null, type ?? 'dynamic') },
  toint: conversion('int', toWhole),
  tolong: conversion('long', toWhole),
  toreal: conversion('real', toReal),
  todouble: conversion('real', toReal),
  todatetime: conversion('datetime', toDatetime),
  totimespan: conversion('timespan', toTimespan),
  tobool: conversion('bool', toBool),
  toboolean: conversion('bool', toBool),
  parse_json: parsing,
  parsejson: parsing,
  todynamic: parsing,
};
