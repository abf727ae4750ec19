import { isAxiosError } from 'axios';
import { explain, explainField, type FieldError } from './explain';

/** What went wrong; its message is for people. `status` 0 means that no answer came. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly requestId = '',
    readonly retryAfter: number | null = null,
    readonly more: Record<string, unknown> = {},
  ) {
    super(status === 0 ? '' : explain(code, detail, status));
  }

  /** Messages by field name, for forms. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((error) => [error.field, explainField(error)]));
  }
}

/** Reads a failed call; whatever it was, an ApiProblem comes out. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (!isAxiosError(error) || !error.response) return new ApiProblem(0, 'unreachable', '');
  const { status, headers, data } = error.response;
  const wait = Number(headers['retry-after']);
  const body = readBody(data);
  return new ApiProblem(
    status,
    typeof body.code === 'string' ? body.code : 'error',
    typeof body.detail === 'string' ? body.detail : '',
    Array.isArray(body.errors) ? (body.errors as FieldError[]) : [],
    typeof body.request_id === 'string' ? body.request_id : String(headers['x-request-id'] ?? ''),
    Number.isFinite(wait) && wait > 0 ? wait : null,
    body,
  );
}

function readBody(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}
