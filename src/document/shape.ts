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
  getter?: () => z.core.$ZodType;
}

/** Names, for a schema that chooses by itself among others, the schema that shows what may stand there: `.meta({ [standsFor]: schema })`. */
export const standsFor = 'standsFor';

/** What a schema is but for a default, a transform and the like around it; undefined where nothing is around it. */
function inside(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const def: Def = schema._zod.def;
  const named = (schema as z.ZodType).meta()?.[standsFor];
  return (named as z.core.$ZodType | undefined) ?? def.innerType ?? def.in ?? def.getter?.();
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
    at = inside(at);
  }
  return undefined;
}

/** The definition inside optional, default, prefault, transform and the like. */
function bare(schema: z.core.$ZodType): Def {
  let at = schema;
  for (let next = inside(at); next !== undefined; next = inside(at)) at = next;
  return oneOf(at._zod.def);
}

/** Of a union, what stands for a mapping (the keys of all that do) and what for a list: one condition, or several. */
function oneOf(def: Def): Def {
  if (def.options === undefined) return def;
  const options = def.options.map(bare);
  const shapes = options.map((option) => option.shape).filter((shape) => shape !== undefined);
  const shape = shapes.length === 0 ? undefined : (Object.assign({}, ...shapes) as NonNullable<Def['shape']>);
  const element = options.find((option) => option.element !== undefined)?.element;
  return { ...def, ...(shape === undefined ? {} : { shape }), ...(element === undefined ? {} : { element }) };
}
