import { ApiError, api, apiUrl, errorFrom, whenSignedOut } from './api';

function answer(status: number, body: unknown) {
  return { ok: status < 400, status, text: async () => (body === undefined ? '' : JSON.stringify(body)) };
}

afterEach(() => {
  document.cookie = 'mote_csrf=; max-age=0';
});

test('empty values are left out of an address', () => {
  expect(apiUrl('/projects', { limit: 5, search: '', label: null, at: undefined, flag: false })).toBe('/api/projects?limit=5&flag=false');
});

test('a change repeats the CSRF cookie in its header, a read does not', async () => {
  document.cookie = 'mote_csrf=abc%3D';
  const fetched = jest.fn().mockResolvedValue(answer(200, { ok: true }));
  global.fetch = fetched as unknown as typeof fetch;
  await api.post('/projects', { name: 'x' });
  await api.get('/projects');
  expect(fetched.mock.calls[0][1].headers['X-CSRF-Token']).toBe('abc=');
  expect(fetched.mock.calls[1][1].headers['X-CSRF-Token']).toBeUndefined();
});

test('an answer without a body is null', async () => {
  global.fetch = jest.fn().mockResolvedValue(answer(204, undefined)) as unknown as typeof fetch;
  await expect(api.delete('/projects/1')).resolves.toBeNull();
});

test('the words of the server become the error', () => {
  const error = errorFrom(409, { error: { code: 'conflict', message: 'Too late.', hint: 'Load it again.', current: { version: 3 } } });
  expect(error).toMatchObject({ status: 409, code: 'conflict', message: 'Too late.', hint: 'Load it again.' });
  expect(error.detail?.current).toEqual({ version: 3 });
});

test('an answer that is not ours still gets words', () => {
  expect(errorFrom(502, null).code).toBe('unreachable');
  expect(errorFrom(413, null).code).toBe('too_large');
  expect(errorFrom(418, '<html>').message).toContain('418');
});

test('a lost session is told to the app, except by the question who is signed in', async () => {
  const signedOut = jest.fn();
  whenSignedOut(signedOut);
  global.fetch = jest.fn().mockResolvedValue(answer(401, { error: { code: 'not_signed_in', message: 'No.' } })) as unknown as typeof fetch;
  await expect(api.get('/session')).rejects.toBeInstanceOf(ApiError);
  expect(signedOut).not.toHaveBeenCalled();
  await expect(api.get('/projects')).rejects.toBeInstanceOf(ApiError);
  expect(signedOut).toHaveBeenCalledTimes(1);
});

test('no network is an error in words', async () => {
  global.fetch = jest.fn().mockRejectedValue(new TypeError('Failed to fetch')) as unknown as typeof fetch;
  await expect(api.get('/projects')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
});
