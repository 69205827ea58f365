/**
 * The one way to the server.
 *
 * Every answer that is not a success becomes an `ApiError` with the server's own words: `message` says what went wrong, `hint` how to mend it.
 */

export interface ErrorDetail {
  code: string;
  message: string;
  hint?: string;
  /** What the reader of a file must be told before it can go on. */
  questions?: { option: string; text: string; choices: string[] }[];
  /** The row as it is now, after a stale edit (409). */
  current?: unknown;
  /** Field name -> what is wrong with it. */
  fields?: Record<string, string>;
}

export interface ErrorBody {
  error: ErrorDetail;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string = '',
    /** The whole answer. */
    readonly payload: unknown = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** What the server said beyond message and hint; null when the answer was not the server's own. */
  get detail(): ErrorDetail | null {
    return (this.payload as ErrorBody | null)?.error ?? null;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

const BASE = '/api';
let onSignedOut: () => void = () => undefined;

/** Called once by the app: what to do when the server says that nobody is signed in (any more). */
export function whenSignedOut(handler: () => void) {
  onSignedOut = handler;
}

/** `/projects/1` and `{limit: 5}` to `/api/projects/1?limit=5`; empty values are left out. Also for links to downloads. */
export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : '');
}

function csrfToken(): string {
  const match = /(?:^|;\s*)mote_csrf=([^;]*)/.exec(document.cookie);
  return match ? decodeURIComponent(match[1]) : '';
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** An error for any answer, also for one that did not come from our server (a proxy's HTML page). */
export function errorFrom(status: number, payload: unknown): ApiError {
  const error = (payload as ErrorBody | null)?.error;
  if (error?.message) return new ApiError(status, error.code, error.message, error.hint ?? '', payload);
  if (status === 413) return new ApiError(status, 'too_large', 'That is larger than the server takes in one request.', 'Send fewer or smaller files.');
  if (status >= 502 && status <= 504)
    return new ApiError(status, 'unreachable', 'The server is not answering.', 'It may be restarting; try again in a moment.');
  return new ApiError(status, 'unexpected', `The server gave an answer that was not expected (${status}).`, 'The log of the server says more.');
}

export const unreachable = () =>
  new ApiError(0, 'unreachable', 'The server cannot be reached.', 'Check that Mote Studio is running and that this computer is connected.');

function signedOut(path: string, error: ApiError) {
  if (error.status === 401 && path !== '/session') onSignedOut();
}

async function request<T>(method: string, path: string, { query, body, signal }: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken();
  let response: Response;
  try {
    response = await fetch(apiUrl(path, query), {
      method,
      headers,
      signal,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable();
  }
  const payload = parse(await response.text());
  if (response.ok) return payload as T;
  const error = errorFrom(response.status, payload);
  signedOut(path, error);
  throw error;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, signal?: AbortSignal) => request<T>('POST', path, { body, signal }),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  delete: <T = void>(path: string, body?: unknown) => request<T>('DELETE', path, { body }),
};

/** A POST of a form with files. XMLHttpRequest, because fetch does not tell how much has been sent. */
export function upload<T>(path: string, form: FormData, onSent: (bytes: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    xhr.open('POST', apiUrl(path));
    xhr.setRequestHeader('X-CSRF-Token', csrfToken());
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.upload.onprogress = (event) => onSent(event.loaded);
    xhr.onload = () => {
      const payload = parse(xhr.responseText);
      if (xhr.status >= 200 && xhr.status < 300) return resolve(payload as T);
      const error = errorFrom(xhr.status, payload);
      signedOut(path, error);
      return reject(error);
    };
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'));
    xhr.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) return reject(new DOMException('The upload was stopped.', 'AbortError'));
    return xhr.send(form);
  });
}
