/**
 * A response as the API describes it, without the unnamed fields that an upstream may add: pages use what has a name, and a name that
 * leaves the schema is a type error here.
 */
export type Known<T> = T extends readonly (infer Item)[]
  ? Known<Item>[]
  : T extends object
    ? { [Name in keyof T as string extends Name ? never : Name]: Known<T[Name]> }
    : T;
