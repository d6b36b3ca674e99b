import { ClarityType, type ClarityValue } from '@stacks/transactions';

/** Any JSON that a decoded Clarity value can be. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * A Clarity value as a v1 node with `decode_clarity_values` writes it (`serialize_to_json` of chainhook-sdk): whole
 * numbers bare, buffers as hex, `none` as null, `some` as what it holds.
 * @throws RangeError for a number beyond 2^53, which a bare JavaScript number would falsify.
 */
export function plainClarity(value: ClarityValue): Plain {
  switch (value.type) {
    case ClarityType.Int:
    case ClarityType.UInt:
      return exact(BigInt(value.value));
    case ClarityType.BoolTrue:
      return true;
    case ClarityType.BoolFalse:
      return false;
    case ClarityType.StringASCII:
    case ClarityType.StringUTF8:
    case ClarityType.PrincipalStandard:
    case ClarityType.PrincipalContract:
      return value.value;
    case ClarityType.Buffer:
      return `0x${value.value}`;
    case ClarityType.OptionalNone:
      return null;
    case ClarityType.OptionalSome:
      return plainClarity(value.value);
    case ClarityType.ResponseOk:
    case ClarityType.ResponseErr:
      return { result: { success: value.type === ClarityType.ResponseOk, value: plainClarity(value.value) } };
    case ClarityType.List:
      return value.value.map(plainClarity);
    case ClarityType.Tuple:
      return Object.fromEntries(Object.entries(value.value).map(([name, field]) => [name, plainClarity(field)]));
  }
}

function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
    throw new RangeError(`${value} cannot be a bare JavaScript number`);
  return Number(value);
}
