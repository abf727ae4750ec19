import { isAxiosError } from 'axios';

export interface FieldError {
  field: string;
  message: string;
}

/** What went wrong, in words that a person can act on. `status` 0 means that no answer came. */
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
    super(detail);
  }

  /** Messages by field name, for forms. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((error) => [error.field, sentence(error.message)]));
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
    typeof body.detail === 'string' ? sentence(body.detail) : '',
    Array.isArray(body.errors) ? (body.errors as FieldError[]) : [],
    typeof body.request_id === 'string' ? body.request_id : String(headers['x-request-id'] ?? ''),
    Number.isFinite(wait) && wait > 0 ? wait : null,
    body,
  );
}

function readBody(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

/** The API writes fragments ("must not be negative"); people read sentences. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return '';
  const capital = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
