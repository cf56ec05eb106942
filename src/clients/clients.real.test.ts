import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cargoSettings } from './cargo.ts';
import { goSettings } from './go.ts';
import { certificatesOf, readClient } from './index.ts';
import { npmSettings } from './npm.ts';
import { pipSettings } from './pip.ts';

const secret = 'SECRET-of-the-person';

function homeWith(files: Record<string, string>): { home: string; path: (name: string) => string } {
  const home = mkdtempSync(join(tmpdir(), 'dayshift-clients-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
    if (name.startsWith('bin/')) chmodSync(join(home, name), 0o755);
  }
  return { home, path: (name) => join(home, name) };
}

test('npm: the real client tells the registries of the person’s own settings, and no token comes along', async () => {
  const { home } = homeWith({
    '.npmrc': `registry=https://packages.example.test/npm/\n@shop:registry=http://nexus.example.test:8081/x/\n//packages.example.test/npm/:_authToken=${secret}\n//nexus.example.test:8081/:_password=${secret}\ncafile=/nowhere/ca.pem\n`,
  });
  const settings = await readClient('npm', { PATH: process.env.PATH, HOME: home });
  expect(settings.hosts.sort()).toEqual(['nexus.example.test:8081', 'packages.example.test']);
  expect(settings.certificates).toEqual(['/nowhere/ca.pem']);
  expect(settings.problem).toBeUndefined();
  expect(settings.files[0]?.text).toContain('registry=https://packages.example.test/npm/\n');
  expect(settings.files[0]?.text).toContain('@shop:registry=http://nexus.example.test:8081/x/\n');
  expect(JSON.stringify(settings)).not.toContain(secret);
});

test('npm: a project’s own settings are not looked at', async () => {
  const { home, path } = homeWith({
    'project/.npmrc': 'registry=https://evil.example.test/\n',
    'project/package.json': '{}',
  });
  const before = process.cwd();
  process.chdir(path('project'));
  onTestFinished(() => process.chdir(before));
  const settings = await readClient('npm', { PATH: process.env.PATH, HOME: home });
  expect(settings.hosts.length).toBe(1);
  expect(settings.hosts).not.toContain('evil.example.test');
});

test('a client that is not there has no hosts and says so', async () => {
  const { home } = homeWith({});
  for (const preset of ['npm', 'pip', 'go'] as const) {
    const settings = await readClient(preset, { PATH: home, HOME: home });
    expect(settings).toMatchObject({
      hosts: [],
      files: [],
      problem: expect.stringContaining('was not found') as string,
    });
  }
});

test('npm: a registry that has no name, and words that are no JSON', () => {
  expect(npmSettings('{"registry":"http://10.0.0.5:4873/"}')).toMatchObject({
    hosts: [],
    problem: expect.stringContaining('10.0.0.5') as string,
  });
  const login = npmSettings(`{"registry":"https://me:${secret}@packages.example.test/"}`);
  expect(login.files[0]?.text).toContain('registry=https://packages.example.test/\n');
  expect(npmSettings('{"@shop:registry":"https://nexus.example.test/"}').problem).toMatch(/does not tell its registry/);
  expect(npmSettings('npm is broken').problem).toBeDefined();
  expect(npmSettings('{"registry":"https://a.example.test/\\nscript-shell=/evil"}').files[0]?.text).not.toMatch(
    /^script-shell/m,
  );
});

test('pip: its own settings, the environment before files, and its built-in index only where it is set to none', () => {
  const own = ['https://index.example.test/', 'https://files.example.test/'];
  expect(pipSettings('', own).hosts).toEqual(['index.example.test', 'files.example.test']);
  const printed = [
    "global.index-url='https://one.example.test/simple'",
    `:env:.index-url='https://me:${secret}@two.example.test:8443/simple'`,
    "global.extra-index-url='\\nhttps://three.example.test/simple\\nfile:///opt/x'",
    "global.find-links='/opt/wheels'",
    "global.cert='/etc/ssl/certs/ca.pem'",
  ];
  const settings = pipSettings(printed.join('\n'), own);
  expect(settings.hosts).toEqual(['two.example.test:8443', 'three.example.test']);
  expect(settings.certificates).toEqual(['/etc/ssl/certs/ca.pem']);
  expect(settings.files[0]?.text).toContain('index-url = https://two.example.test:8443/simple\n');
  expect(JSON.stringify(settings)).not.toContain(secret);
  expect(pipSettings('', []).problem).toMatch(/does not say/);
});

test('pip: what the program has built in is read from the program', async () => {
  const { home, path } = homeWith({
    'lib/pip/_internal/models/index.py':
      'class PackageIndex:\n    pass\n\nPyPI = PackageIndex(\n    "https://index.example.test/", file_storage_domain="files.example.test"\n)\nTestPyPI = PackageIndex("https://other.example.test/", file_storage_domain="x")\n',
  });
  mkdirSync(path('bin'));
  writeFileSync(
    path('bin/pip'),
    `#!/bin/sh\n[ "$1" = config ] || echo "pip 24.0 from ${path('lib/pip')} (python 3.11)"\n`,
    { mode: 0o755 },
  );
  const settings = await readClient('pip', { PATH: `${path('bin')}:/usr/bin:/bin`, HOME: home });
  expect(settings.hosts).toEqual(['index.example.test', 'files.example.test']);
});

test('cargo: the registries of its settings and those it used before; tokens stay outside', async () => {
  const config = `[source.crates-io]\nreplace-with = "mirror"\n\n[source.mirror]\nregistry = "sparse+https://me:${secret}@crates.example.test/index/"\n\n[registries.own]\nindex = "sparse+https://own.example.test:8443/"\ntoken = "${secret}"\n\n[alias]\nx = "!sh"\n`;
  const { home } = homeWith({
    '.cargo/config.toml': config,
    '.cargo/registry/index/index.example.test-0123456789abcdef/config.json':
      '{"dl":"https://static.example.test/crates/{crate}","api":"https://api.example.test"}',
    '.cargo/registry/index/odd/config.json': '{}',
  });
  const settings = await readClient('cargo', { HOME: home });
  expect(settings.hosts).toEqual([
    'crates.example.test',
    'own.example.test:8443',
    'index.example.test',
    'static.example.test',
  ]);
  expect(settings.files[0]).toMatchObject({ path: '.cargo/config.toml' });
  expect(settings.files[0]?.text).toContain('replace-with = "mirror"');
  expect(settings.files[0]?.text).toContain('registry = "sparse+https://crates.example.test/index/"');
  expect(settings.files[0]?.text).not.toMatch(/alias|token/);
  expect(JSON.stringify(settings)).not.toContain(secret);
  expect(cargoSettings('', []).problem).toMatch(/run it once/);
});

test('go: its proxies and its checksum database', () => {
  const settings = goSettings(
    JSON.stringify({
      GOPROXY: `https://me:${secret}@proxy.example.test|https://two.example.test:8443,direct`,
      GOSUMDB: 'sum.example.test',
      GOPRIVATE: '',
    }),
  );
  expect(settings.hosts).toEqual(['proxy.example.test', 'two.example.test:8443', 'sum.example.test']);
  expect(settings.env).toEqual({
    GOPROXY: 'https://proxy.example.test/|https://two.example.test:8443/,direct',
    GOSUMDB: 'sum.example.test',
    GOTOOLCHAIN: 'local',
  });
  expect(goSettings(JSON.stringify({ GOPROXY: 'off', GOSUMDB: 'off' })).hosts).toEqual([]);
  expect(goSettings('no').problem).toBeDefined();
});

test('certificate authorities come along, private keys and files that are none do not', async () => {
  const { path } = homeWith({
    'ca.pem': '-----BEGIN CERTIFICATE-----\nx\n',
    'both.pem': `-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n`,
    'notes.txt': 'x',
  });
  const env = {
    NODE_EXTRA_CA_CERTS: path('ca.pem'),
    SSL_CERT_FILE: path('both.pem'),
    PIP_CERT: path('notes.txt'),
    CURL_CA_BUNDLE: path('gone.pem'),
    SSL_CERT_DIR: path(''),
    REQUESTS_CA_BUNDLE: './ca.pem',
  };
  expect(await certificatesOf(env)).toEqual({ env: { NODE_EXTRA_CA_CERTS: path('ca.pem') }, files: [path('ca.pem')] });
});
