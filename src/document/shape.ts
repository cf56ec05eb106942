import type { z } from 'zod';

/** The parts of a zod schema's definition that this room walks through. */
interface Def {
  type: string;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
  options?: readonly z.core.$ZodType[];
}

/** The schema of what stands at `path`; undefined where that cannot be told. */
function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path) {
    const def: Def | undefined = at === undefined ? undefined : bare(at);
    if (def === undefined) return undefined;
    if (def.shape !== undefined && typeof part === 'string')
      at = Object.hasOwn(def.shape, part) ? def.shape[part] : undefined;
    else at = def.element ?? def.valueType;
  }
  return at;
}

/** The keys that a mapping at `path` may have; empty where it is no mapping with fixed keys. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const at = schemaAt(schema, path);
  return Object.keys((at === undefined ? undefined : bare(at).shape) ?? {});
}

/** The description of what stands at `path`, as the schema has it. */
export function descriptionAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string | undefined {
  let at = schemaAt(schema, path);
  while (at !== undefined) {
    const description = (at as z.ZodType).description;
    if (description !== undefined) return description;
    const def: Def = at._zod.def;
    at = def.innerType ?? def.in;
  }
  return undefined;
}

/** The definition inside optional, default, prefault, transform and the like. */
function bare(schema: z.core.$ZodType): Def {
  let def: Def = schema._zod.def;
  for (;;) {
    const inner = def.innerType ?? def.in;
    if (inner === undefined) return oneOf(def);
    def = inner._zod.def;
  }
}

/** Of a union, what stands for a mapping and what for a list: one condition, or several. */
function oneOf(def: Def): Def {
  if (def.options === undefined) return def;
  const options = def.options.map(bare);
  const shape = options.find((option) => option.shape !== undefined)?.shape;
  const element = options.find((option) => option.element !== undefined)?.element;
  return { ...def, ...(shape === undefined ? {} : { shape }), ...(element === undefined ? {} : { element }) };
}
