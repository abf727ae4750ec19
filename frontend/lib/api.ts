// The only module that talks to the API.
import axios, { type AxiosRequestConfig } from 'axios';
import { newId } from './id';
import { ApiProblem, problemOf } from './problems';
import { csrfToken, secondsLeft, session } from './session';
import { events } from './sse';
import type { Statement } from './statements';
import type * as t from './types';

export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null at the end. */
  next: string | null;
  /** What the words of a search were read as, where they were not found as typed. */
  corrected?: string;
}

const http = axios.create({ timeout: 20_000, withCredentials: true });

/** Renew a token that ends within this time, so that no call meets its end. */
const MARGIN_SECONDS = 20;

// --- calls --------------------------------------------------------------------

interface Options extends AxiosRequestConfig {
  /** The call carries no token even when somebody is signed in: public answers are shared. */
  anonymous?: boolean;
}

async function send<Answer>(method: string, url: string, options: Options = {}) {
  const { anonymous = false, ...config } = options;
  const token = anonymous ? null : await freshToken();
  const call = (bearer: string | null) =>
    http.request<Answer>({
      ...config,
      method,
      url,
      headers: { ...config.headers, ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) },
    });
  try {
    return await call(token);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status !== 401 || !token) throw problem;
    const renewed = await renew(token);
    if (!renewed) throw problem;
    return await call(renewed).catch((again: unknown) => {
      throw problemOf(again);
    });
  }
}

async function ask<Answer>(method: string, url: string, options: Options = {}): Promise<Answer> {
  return (await send<Answer>(method, url, options)).data;
}

async function page<Item>(url: string, options: Options = {}): Promise<Page<Item>> {
  const answer = await send<Item[]>('GET', url, options);
  return { items: answer.data, next: nextCursor(String(answer.headers.link ?? '')) };
}

/** The cursor of `rel="next"` in a Link header (RFC 8288). */
export function nextCursor(link: string): string | null {
  const found = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link);
  return found ? new URL(found[1]!, 'http://any').searchParams.get('cursor') : null;
}

// --- session --------------------------------------------------------------------

/** The refresh token goes into a cookie: none of what is read here outlives the page. */
const COOKIE = { session: 'cookie' } as const;

interface Signed {
  access: string;
  user: t.Self;
}

function keep({ access, user }: Signed): t.Self {
  session.signedIn(access, user);
  return user;
}

const guarded = () => ({ 'X-CSRF-Token': csrfToken() ?? undefined });

async function freshToken(): Promise<string | null> {
  const held = session.access;
  if (!held || secondsLeft(held) > MARGIN_SECONDS) return held;
  return (await renew(held)) ?? held;
}

let renewing: Promise<string | null> | null = null;

/** A new access token in place of a spent one; null when the session is over. One renewal at a time, over all tabs. */
function renew(spent: string | null): Promise<string | null> {
  renewing ??= exclusively(() => renewNow(spent)).finally(() => {
    renewing = null;
  });
  return renewing;
}

function exclusively<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  // Browsers offer locks on safe origins only (https, localhost).
  return navigator.locks ? (navigator.locks.request('vetted.renewal', work) as Promise<Answer>) : work();
}

async function renewNow(spent: string | null): Promise<string | null> {
  // Another tab may have renewed it while this one waited for its turn.
  if (session.access && session.access !== spent) return session.access;
  if (!csrfToken()) return over();
  try {
    const { data } = await http.post<{ access: string }>('/api/token/refresh/', undefined, { headers: guarded() });
    const user = session.state.user ?? (await me(data.access));
    session.signedIn(data.access, user);
    return data.access;
  } catch (error) {
    const problem = problemOf(error);
    // Out of reach is not signed out: the next call tries again.
    if (problem.status !== 401 && problem.status !== 403) throw problem;
    return over();
  }
}

async function me(access: string): Promise<t.Self> {
  return (await http.get<t.Self>('/api/me/', { headers: { Authorization: `Bearer ${access}` } })).data;
}

function over(): null {
  session.expired();
  return null;
}

/** Takes up the session of the cookie after a page load; leaves "out" where there is none. */
export async function resume(): Promise<void> {
  if (session.state.status !== 'unknown') return;
  // Without an answer nobody knows whether somebody is signed in.
  await renew(null).catch((error: unknown) => session.unreachable(problemOf(error)));
}

export async function login(username: string, password: string): Promise<t.Self> {
  return keep(await ask<Signed>('POST', '/api/login/', { anonymous: true, data: { username, password, ...COOKIE } }));
}

export interface Registration {
  business_name: string;
  username: string;
  email: string;
  password: string;
  first_name?: string;
  last_name?: string;
}

/** The new business's admin, signed in; null where a mailed code has to confirm the address first. */
export async function register(data: Registration): Promise<t.Self | null> {
  const answer = await ask<Signed | { confirmation: 'mailed' }>('POST', '/api/register/', { anonymous: true, data: { ...data, ...COOKIE } });
  return 'access' in answer ? keep(answer) : null;
}

export async function confirmRegistration(code: string): Promise<t.Self> {
  return keep(await ask<Signed>('POST', '/api/register/confirm/', { anonymous: true, data: { code, ...COOKIE } }));
}

export async function logout(everywhere = false): Promise<void> {
  try {
    await ask('POST', '/api/logout/', { data: { everywhere }, headers: guarded() });
  } finally {
    session.signedOut();
  }
}

export interface Acceptance {
  code: string;
  username: string;
  password: string;
  first_name?: string;
  last_name?: string;
}

export async function acceptInvitation(data: Acceptance): Promise<t.Self> {
  return keep(await ask<Signed>('POST', '/api/invitations/accept/', { anonymous: true, data: { ...data, ...COOKIE } }));
}

/** What whoever holds the code is about to accept. */
export const previewInvitation = (code: string, signal?: AbortSignal) =>
  ask<t.InvitationPreview>('POST', '/api/invitations/preview/', { anonymous: true, data: { code }, signal });

export const askPasswordReset = (email: string) =>
  ask<void>('POST', '/api/password-reset/', { anonymous: true, data: { email } });

export const resetPassword = (code: string, password: string) =>
  ask<void>('POST', '/api/password-reset/confirm/', { anonymous: true, data: { code, password } });

// --- public catalogue ------------------------------------------------------------

export type Ordering = 'relevance' | '-published_at' | 'price' | '-price' | 'name';

export interface Filters {
  q?: string;
  business?: string;
  category?: string;
  currency?: string;
  min_price?: string;
  max_price?: string;
  /** "false" takes words as they were typed. */
  correct?: string;
}

export async function listings(filters: Filters & { ordering?: Ordering }, cursor?: string | null, signal?: AbortSignal): Promise<Page<t.Listing>> {
  const answer = await send<t.Listing[]>('GET', '/api/products/public/', {
    anonymous: true,
    signal,
    params: { ...filters, page_size: 24, cursor: cursor ?? undefined },
  });
  return { items: answer.data, next: nextCursor(String(answer.headers.link ?? '')), corrected: correctedOf(answer.headers) };
}

/** What a search was corrected to, percent-encoded in a header; undefined where it was not. */
export function correctedOf(headers: Record<string, unknown>): string | undefined {
  const { 'x-search-matched': matched, 'x-search-corrected': corrected } = headers;
  if (matched !== 'similar' || typeof corrected !== 'string' || !corrected) return undefined;
  try {
    return decodeURIComponent(corrected);
  } catch {
    return undefined;
  }
}

/** What somebody who typed so far may mean. */
export const suggestions = (q: string, signal?: AbortSignal) =>
  ask<t.Suggestions>('GET', '/api/products/public/suggestions/', { anonymous: true, signal, params: { q } });

export const facets = (filters: Filters, signal?: AbortSignal) =>
  ask<t.Facets>('GET', '/api/products/public/facets/', { anonymous: true, signal, params: filters });

export const listing = (id: number, signal?: AbortSignal) =>
  ask<t.Listing>('GET', `/api/products/public/${id}/`, { anonymous: true, signal });

// --- products of the business -----------------------------------------------------

export interface ProductFilters {
  status?: string;
  q?: string;
  category?: string;
  created_by?: number;
}

export const products = (filters: ProductFilters, cursor?: string | null, signal?: AbortSignal) =>
  page<t.Product>('/api/products/', { signal, params: { ...filters, page_size: 50, cursor: cursor ?? undefined } });

export interface Loaded<Item> {
  item: Item;
  /** Names the state that was read; a write sends it along, so that nobody overwrites what they have not seen. */
  etag: string | null;
}

async function load<Item>(url: string, signal?: AbortSignal): Promise<Loaded<Item>> {
  const answer = await send<Item>('GET', url, { signal });
  return { item: answer.data, etag: answer.headers.etag ? String(answer.headers.etag) : null };
}

export const product = (id: number, signal?: AbortSignal) => load<t.Product>(`/api/products/${id}/`, signal);

export const createProduct = (data: t.ProductWish) =>
  ask<t.Product>('POST', '/api/products/', { data, headers: { 'Idempotency-Key': newId() } });

export const changeProduct = (id: number, data: t.ProductWish, etag?: string | null) =>
  ask<t.Product>('PATCH', `/api/products/${id}/`, { data, headers: etag ? { 'If-Match': etag } : {} });

/** Goes through even while the page is being left. */
export const deleteProduct = (id: number) =>
  ask<void>('DELETE', `/api/products/${id}/`, { adapter: 'fetch', fetchOptions: { keepalive: true } });

export type Move = 'submit' | 'withdraw' | 'approve' | 'reject' | 'unpublish' | 'revert';


export const revisions = (id: number, cursor?: string | null, signal?: AbortSignal) =>
  page<t.Revision>(`/api/products/${id}/revisions/`, { signal, params: { page_size: 50, cursor: cursor ?? undefined } });

// --- whatever is vetted: products, and pages of information ---------------------------

/** One of the things that go through review: its number is its own among its kind only. */
export interface Vetted {
  type: t.VettedType;
  id: number;
}

const addressOf = ({ type, id }: Vetted) => `/api/${type}s/${id}`;

export const move = (what: Vetted, to: Move, data: { comment?: string; version?: number } = {}) =>
  ask<unknown>('POST', `${addressOf(what)}/${to}/`, { data });

export const moveProduct = (id: number, to: Move, data: { comment?: string; version?: number } = {}) =>
  move({ type: 'product', id }, to, data) as Promise<t.Product>;

export const diff = (what: Vetted, signal?: AbortSignal) => ask<t.Diff>('GET', `${addressOf(what)}/diff/`, { signal });

export const history = (what: Vetted, cursor?: string | null, signal?: AbortSignal) =>
  page<t.HistoryEntry>(`${addressOf(what)}/history/`, { signal, params: { page_size: 100, cursor: cursor ?? undefined } });

export const commentOn = (what: Vetted, comment: string) =>
  ask<t.HistoryEntry>('POST', `${addressOf(what)}/comments/`, { data: { comment } });

// --- pages of information ---------------------------------------------------------------

/** A seller with its approved pages. */
export const seller = (id: number, signal?: AbortSignal) =>
  ask<t.Seller>('GET', `/api/businesses/public/${id}/`, { anonymous: true, signal });

export const informationPages = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.InformationPage>('/api/pages/', { signal, params: { page_size: 100, cursor: cursor ?? undefined } });

export const informationPage = (id: number, signal?: AbortSignal) => load<t.InformationPage>(`/api/pages/${id}/`, signal);

export const createInformationPage = (data: { kind: t.InformationKind; language: string; text: string }) =>
  ask<t.InformationPage>('POST', '/api/pages/', { data, headers: { 'Idempotency-Key': newId() } });

export const changeInformationPage = (id: number, text: string, etag: string | null) =>
  ask<t.InformationPage>('PATCH', `/api/pages/${id}/`, { data: { text }, headers: etag ? { 'If-Match': etag } : {} });

export const deleteInformationPage = (id: number) => ask<void>('DELETE', `/api/pages/${id}/`);

export const pageRevisions = (id: number, cursor?: string | null, signal?: AbortSignal) =>
  page<t.PageRevision>(`/api/pages/${id}/revisions/`, { signal, params: { page_size: 50, cursor: cursor ?? undefined } });

// --- review ------------------------------------------------------------------------

export interface QueueFilters {
  q?: string;
  category?: string;
  submitted_by?: number;
  /** Only what the caller may approve. */
  decidable?: boolean;
}

export const approvals = (filters: QueueFilters, cursor?: string | null, signal?: AbortSignal) =>
  page<t.Approval>('/api/approvals/', { signal, params: { ...filters, page_size: 50, cursor: cursor ?? undefined } });

export const decideAll = async (items: t.BulkItem[]): Promise<t.BulkResult[]> =>
  (await ask<{ results: t.BulkResult[] }>('POST', '/api/approvals/bulk/', { data: { items } })).results;

export const policy = (signal?: AbortSignal) => ask<t.Policy>('GET', '/api/products/policy/', { signal });

export const changePolicy = (data: Partial<t.Policy>) => ask<t.Policy>('PUT', '/api/products/policy/', { data });

/** What was decided on each of the last days (UTC), how long it took, and what waits. */
export const statistics = (days: number, signal?: AbortSignal) =>
  ask<t.Statistics>('GET', '/api/approvals/statistics/', { signal, params: { days } });

// --- people and business -------------------------------------------------------------

export const users = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.User>('/api/users/', { signal, params: { page_size: 100, cursor: cursor ?? undefined } });

export const changeUser = (id: number, data: t.UserWish) => ask<t.User>('PATCH', `/api/users/${id}/`, { data });

export const deleteUser = (id: number) => ask<void>('DELETE', `/api/users/${id}/`);

export const invitations = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.Invitation>('/api/invitations/', { signal, params: { page_size: 100, cursor: cursor ?? undefined } });

export const invite = (email: string, role: t.Role) =>
  ask<t.InvitationMade>('POST', '/api/invitations/', { data: { email, role } });

export const revokeInvitation = (id: number) => ask<void>('DELETE', `/api/invitations/${id}/`);

export const business = (id: number, signal?: AbortSignal) => ask<t.Business>('GET', `/api/businesses/${id}/`, { signal });

export const changeBusiness = (id: number, data: t.BusinessWish) =>
  ask<t.Business>('PATCH', `/api/businesses/${id}/`, { data });

export const businesses = (q: string, cursor?: string | null, signal?: AbortSignal) =>
  page<t.Business>('/api/businesses/', { signal, params: { q: q || undefined, page_size: 50, cursor: cursor ?? undefined } });

export const moveBusiness = (id: number, move: 'suspend' | 'restore') =>
  ask<t.Business>('POST', `/api/businesses/${id}/${move}/`, { data: {} });

export const audit = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.AuditEntry>('/api/audit/', { signal, params: { page_size: 50, cursor: cursor ?? undefined } });

// --- service accounts --------------------------------------------------------------

export const serviceAccounts = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.ServiceAccount>('/api/service-accounts/', { signal, params: { page_size: 100, cursor: cursor ?? undefined } });

export const createServiceAccount = (data: { name: string; scopes: t.Scope[] }) =>
  ask<t.ServiceAccountMade>('POST', '/api/service-accounts/', { data });

export const rotateServiceAccount = (id: number) =>
  ask<t.ServiceAccountMade>('POST', `/api/service-accounts/${id}/rotate/`, { data: {} });

export const deleteServiceAccount = (id: number) => ask<void>('DELETE', `/api/service-accounts/${id}/`);

// --- own account ---------------------------------------------------------------------

export const changeMe = (data: { first_name?: string; last_name?: string }) =>
  ask<t.Self>('PATCH', '/api/me/', { data });

/** Has a code mailed to the new address. */
export const askEmailChange = (email: string, password: string) => ask<void>('POST', '/api/me/email/', { data: { email, password } });

export const confirmEmailChange = (code: string) => ask<void>('POST', '/api/me/email/confirm/', { anonymous: true, data: { code } });

export const changePassword = (old_password: string, new_password: string) =>
  ask<void>('POST', '/api/me/password/', { data: { old_password, new_password } });

export const sessions = (signal?: AbortSignal) => ask<t.Session[]>('GET', '/api/sessions/', { signal });

export const endSession = (id: string) => ask<void>('DELETE', `/api/sessions/${id}/`);

// --- chat -------------------------------------------------------------------------

export interface Question {
  message: string;
  conversation_id?: number;
}

/** An answer on its way: what is being done, and the statements that are complete. */
export interface Part {
  progress?: string;
  statements?: Statement[];
}

/** Asks the assistant; `onPart` hears of the answer as it comes. */
export async function chat(question: Question, onPart: (part: Part) => void, signal?: AbortSignal): Promise<t.Turn> {
  const answer = await send<ReadableStream<Uint8Array>>('POST', '/api/chatbot/', {
    data: question,
    signal,
    adapter: 'fetch',
    responseType: 'stream',
    timeout: 130_000,
    headers: { Accept: 'text/event-stream, application/json;q=0.5' },
  });
  if (!String(answer.headers['content-type']).startsWith('text/event-stream')) {
    return (await new Response(answer.data).json()) as t.Turn;
  }
  const statements: Statement[] = [];
  for await (const event of events(answer.data)) {
    if (event.name === 'done') return JSON.parse(event.data) as t.Turn;
    if (event.name === 'error') {
      const body = JSON.parse(event.data) as { status?: number; code?: string; detail?: string };
      throw new ApiProblem(body.status ?? 502, body.code ?? 'error', body.detail ?? '');
    }
    if (event.name === 'progress') onPart({ progress: (JSON.parse(event.data) as { text: string }).text });
    if (event.name !== 'token') continue;
    statements.push((JSON.parse(event.data) as { statement: Statement }).statement);
    onPart({ statements: [...statements] });
  }
  throw new ApiProblem(0, 'interrupted', '');
}

export const conversations = (cursor?: string | null, signal?: AbortSignal) =>
  page<t.Conversation>('/api/conversations/', { signal, params: { page_size: 50, cursor: cursor ?? undefined } });

export const conversation = (id: number, signal?: AbortSignal) =>
  ask<t.WholeConversation>('GET', `/api/conversations/${id}/`, { signal });

export const deleteConversation = (id: number) => ask<void>('DELETE', `/api/conversations/${id}/`);

export const clearChats = () => ask<void>('DELETE', '/api/clear-chat-history/');

export const chatUsage = (since: string, cursor?: string | null, signal?: AbortSignal) =>
  page<t.ChatUsage>('/api/chat/usage/', { signal, params: { since, page_size: 100, cursor: cursor ?? undefined } });

// --- the pages themselves -----------------------------------------------------------

/** Settles when a page answers, whatever it says, and fails where nothing does. */
export const answers = (address: string) => http.head(address, { validateStatus: () => true });
