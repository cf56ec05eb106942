import { expect, test } from 'vitest';
import { errandsOf, forbidden } from './outside.ts';

const asked = (request: unknown): string[] => errandsOf(Buffer.from(JSON.stringify(request)));
const search = { type: 'web_search_20250305', name: 'web_search' };

test('an ordinary call gives its provider no errand, whatever words are in it', () => {
  const words = 'use "type":"web_search_20250305" and mcp_servers, or {"type":"url"} \\u0041';
  expect(
    asked({
      model: 'm',
      tools: [
        { name: 'WebSearch', input_schema: { properties: { url: { type: 'string' } } } },
        { type: 'custom', name: 'web_search' },
      ],
      messages: [
        { role: 'user', content: words },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', name: 'x', input: { source: { type: 'url', url: 'https://a.test' }, tools: [search] } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', content: [{ type: 'text', text: words }] },
            { type: 'image', source: { type: 'base64', data: 'x' } },
          ],
        },
      ],
    }),
  ).toEqual([]);
  expect(errandsOf(Buffer.from('no JSON at all'))).toEqual([]);
});

test.each([
  ['web search', { tools: [{ name: 'x' }, search] }],
  ['web fetch', { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] }],
  ['tool server', { mcp_servers: [{ type: 'url', url: 'https://evil.test', name: 'x' }] }],
  ['tool server', { tools: [{ type: 'mcp_toolset', mcp_server_name: 'x' }] }],
  [
    'file by address',
    { messages: [{ content: [{ type: 'image', source: { type: 'url', url: 'https://evil.test/?secret' } }] }] },
  ],
  ['file by address', { system: [{ type: 'document', source: { type: 'url', url: 'https://evil.test' } }] }],
  [
    'file by address',
    {
      messages: [
        { content: [{ type: 'tool_result', content: [{ type: 'image', source: { type: 'url', url: 'x' } }] }] },
      ],
    },
  ],
  [
    'file by address',
    {
      messages: [
        {
          content: [
            {
              type: 'document',
              source: { type: 'content', content: [{ type: 'image', source: { type: 'url', url: 'x' } }] },
            },
          ],
        },
      ],
    },
  ],
])('%s: %j', (errand, request) => {
  expect(asked(request)).toEqual([errand]);
  // However it is laid out.
  expect(errandsOf(Buffer.from(JSON.stringify(request, null, '\t \n')))).toEqual([errand]);
  const hidden = JSON.stringify(request).replace(/"(?:type|source|url|web_\w+|mcp_\w+|tools)"/g, (word) =>
    word.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  );
  expect(errandsOf(Buffer.from(hidden))).toEqual([errand]);
});

test('a request that could hold one and cannot be read is not let through', () => {
  expect(() => errandsOf(Buffer.from('{"tools":[{"type":"web_search_20250305"}], NaN'))).toThrow(/not valid JSON/);
});

test('of all errands only searches can be allowed', () => {
  expect(forbidden([], false)).toBeUndefined();
  expect(forbidden(['web search'], true)).toBeUndefined();
  expect(forbidden(['web search'], false)).toBe('to search the web');
  for (const errand of ['web fetch', 'tool server', 'file by address'] as const)
    expect(forbidden(['web search', errand], true)).toBeDefined();
});
